"""A lot as the depot's own book has it, and what the book allows it to lose."""

from dataclasses import dataclass, field

from canglin.simulator.cast import Customer, Lot
from canglin.simulator.grain import Grain, grade
from canglin.simulator.stories import Step


@dataclass(eq=False)
class State:
    """A lot as the depot's own book has it. Priced weights in hundredths of a kg, weighed in kg."""

    lot: Lot
    grain: Grain
    nature: str
    steps: list[Step]
    at: int = 0
    status: str = "1"
    year: int = 0
    origin: str = ""
    entered: str = ""
    sealed: str = ""
    last_in: str = ""
    last_out: str = ""
    emptied: str = ""
    priced: int = 0
    weighed: int = 0
    in_priced: int = 0
    out_priced: int = 0
    trucks_in: int = 0
    value_sums: list[int] = field(default_factory=list)
    grade_code: str = "03"
    left_kg: int = 0
    pace: int = 1
    shift: float = 0.0
    contracts: list[tuple[str | None, Customer]] = field(default_factory=list)
    notice: str = ""
    plan: str | None = None
    water_kg: int = 0
    #: Of a sale: all it sells, its quality adjustment, and what of that no truck has yet (hundredths of a kg).
    sale_kg: int = 0
    adjust_total: int = 0
    adjust_left: int = 0
    moisture_out: int = 0

    @property
    def step(self) -> Step | None:
        """What is being done or comes next."""
        return self.steps[self.at] if self.at < len(self.steps) else None

    def mean(self, index: int) -> int:
        """Mean of a test's value over the trucks brought in, in tenths."""
        return round(self.value_sums[index] / self.trucks_in) if self.trucks_in else 0

    @property
    def mean_grade(self) -> int:
        """The lot's grade by the mean of the grading index, which stands third among the tests; what is poorer than the
        poorest grade still lies in the last."""
        return 1 if self.grain.oil else min(5, grade(self.mean(2), self.grain.grade_steps))


def quota_bp(grain: Grain, months: int) -> int:
    """Natural loss allowed in hundredths of a percent, cumulative: grain 0.10/0.15/0.20 %, oil 0.08/0.10/0.12 %, to 6,
    to 12 and over 12 months (国家粮食和物资储备局, reply of 29 April 2022)."""
    steps = (8, 10, 12) if grain.oil else (10, 15, 20)
    return steps[0 if months <= 6 else 1 if months <= 12 else 2]
