"""Varieties: how they are tested, graded, paid and kept, in whole numbers.

Index values are integers in tenths (13.5 % is 135), bulk density in whole g/L; deductions are integers in hundredths of
a percent. Whole steps are whole by construction: no float ever decides one. Sources: GB 1350, GB 1351, GB 1353 (grades
and common limits), 国粮发〔2010〕178号 (deductions), GB/T 20569–20571 (storage quality). Distributions and prices are
the simulator's own.
"""

from dataclasses import dataclass
from random import Random
from statistics import NormalDist
from typing import NamedTuple

MOISTURE, IMPURITY, IMPERFECT = "020101", "01010301", "01010401"
MIXED, YELLOW, HEAD_RICE = "01010201", "01012102", "01012104"
#: Between the values of one list, and between the groups of a quality report.
COMMA, GROUP = ",", "#"


@dataclass(frozen=True)
class Index:
    """One index of a test: its code (LS/T 1704.1), mean and spread over trucks, and the bounds a depot still takes."""

    code: str
    mean: float
    spread: float
    low: int
    high: int
    whole: bool = False


@dataclass(frozen=True)
class Grain:
    """A variety (LS/T 1703): tests, grade steps (least value of grade 1…5), season, price, density, storage quality."""

    code: str
    name: str
    indices: tuple[Index, ...]
    grade_steps: tuple[int, ...]
    standard_moisture: int
    season: tuple[tuple[int, int], tuple[int, int]]
    origins: tuple[str, ...]
    price_milli: int
    density: float
    storage_years: int
    #: Storage quality (code, when new, change a year), then the taste score.
    keeping: tuple[tuple[str, float, float], ...]
    safety: tuple[tuple[str, float], ...]
    support_price: bool = False

    @property
    def oil(self) -> bool:
        """Whether it is kept in tanks."""
        return self.code.startswith("2")

    @property
    def codes(self) -> str:
        """The test's items as the specification lists them."""
        return COMMA.join(i.code for i in self.indices)


class Test(NamedTuple):
    """What the laboratory found on one truck."""

    values: tuple[int, ...]
    grade: int
    moisture_bp: int
    impurity_bp: int

    @property
    def total_bp(self) -> int:
        """All deductions, in hundredths of a percent of (gross − tare); negative takes away."""
        return self.moisture_bp + self.impurity_bp


def moisture_deduction(tenths: int, standard: int) -> int:
    """178号: below the standard each whole 0.5 point adds 0.75 %, to 2.5 points; above it each takes 1.0 %."""
    if tenths <= standard:
        return min((standard - tenths) // 5, 5) * 75
    return -((tenths - standard) // 5) * 100


def impurity_deduction(tenths: int, standard: int = 10) -> int:
    """178号: each whole 0.5 point below adds 0.75 %, above takes 1.5 %."""
    if tenths <= standard:
        return (standard - tenths) // 5 * 75
    return -((tenths - standard) // 5) * 150


def grade(value: int, steps: tuple[int, ...]) -> int:
    """1–5 by the grading index, 6 when below them all. Without steps (oil) it is 1."""
    for number, least in enumerate(steps, 1):
        if value >= least:
            return number
    return 6 if steps else 1


#: Quantiles of the normal distribution: six draws a truck, two million trucks.
_NORMAL = [NormalDist().inv_cdf((i + 0.5) / 4096) for i in range(4096)]


def examine(grain: Grain, rng: Random, shift: float, finest: int) -> Test:
    """One truck's sample. ``shift`` moves the moisture's mean (tenths): lots differ by week and weather. ``finest`` is
    the poorest grade taken: what is worse is turned away at the gate and leaves no ticket."""
    draw = rng.random
    values = []
    for index in grain.indices:
        mean = index.mean + shift if index.code == MOISTURE else index.mean
        value = int(mean + index.spread * _NORMAL[int(draw() * 4096)] + 0.5)
        values.append(index.low if value < index.low else index.high if value > index.high else value)
    if grain.oil:
        return Test(tuple(values), 1, 0, 0)
    least = grain.grade_steps[finest - 1]
    if values[2] < least:
        values[2] = least + rng.randrange(3)
    return Test(tuple(values), grade(values[2], grain.grade_steps),
                moisture_deduction(values[0], grain.standard_moisture), impurity_deduction(values[1]))


def decimal_text(tenths: int) -> str:
    """135 → ``13.5``."""
    return f"{tenths // 10}.{tenths % 10}"


_TENTHS = [decimal_text(i) for i in range(1200)]


def values_text(grain: Grain, values: tuple[int, ...]) -> str:
    """The values of a test as the specification lists them."""
    return COMMA.join([str(v) if i.whole else _TENTHS[v] for i, v in zip(grain.indices, values, strict=True)])


def _paddy(code: str, name: str, season: tuple[tuple[int, int], tuple[int, int]], price_milli: int,
           husked: float) -> Grain:
    indices = (
        Index(MOISTURE, 131, 4, 112, 145), Index(IMPURITY, 8.2, 2, 3, 18), Index("01012101", husked, 9, 700, 830),
        Index(HEAD_RICE, 540, 15, 500, 620), Index(YELLOW, 4, 1.5, 0, 12), Index(MIXED, 22, 8, 0, 48))
    return Grain(code, name, indices, (790, 770, 750, 730, 710), 135, season,
                 ("430000", "430400", "430600", "430700", "430900", "431100"), price_milli, 0.57, 3,
                 (("040201", 17.5, 3.1), ("040302", 82, -2.6)),
                 (("02030201", 1.6), ("02010812", 0.11), ("02010811", 0.06)), support_price=True)


EARLY = _paddy("1131001", "早籼稻谷", ((7, 15), (8, 31)), 2540, 774)
LATE = _paddy("1131002", "晚籼稻谷", ((10, 10), (12, 10)), 2580, 776)
WHEAT = Grain(
    "1111002", "白色软质冬小麦",
    (Index(MOISTURE, 121, 4, 100, 134), Index(IMPURITY, 8, 2, 3, 17), Index("01010701", 775, 13, 700, 830, whole=True),
     Index(IMPERFECT, 44, 7, 10, 59), Index("01010408", 10, 4, 0, 30), Index("01010304", 2, 1, 0, 4)),
    (790, 770, 750, 730, 710), 125, ((6, 10), (7, 31)), ("411300", "411600", "411700", "420600"), 2420, 0.76, 5,
    (("040103", 204, -3.5), ("040302", 84, -1.8)), (("02030202", 320), ("02010811", 0.05)))
MAIZE = Grain(
    "1121000", "黄玉米",
    (Index(MOISTURE, 136, 4, 110, 146), Index(IMPURITY, 7.5, 2, 2, 16),
     Index("01010701", 703, 14, 640, 770, whole=True), Index(IMPERFECT, 27, 6, 5, 39), Index("01010405", 8, 3, 0, 19)),
    (720, 690, 660, 630, 600), 140, ((10, 15), (12, 31)), ("220100", "220300", "231200"), 2310, 0.72, 3,
    (("040201", 34, 9), ("040302", 81, -4)), (("02030201", 3.2), ("0902", 22), ("02030202", 260)))
RAPESEED_OIL = Grain(
    "2113000", "菜籽压榨油", (Index("02010331", 12, 3, 4, 25), Index("02010332", 15, 4, 4, 40),
                              Index(MOISTURE, 1, 0.3, 0, 2)),
    (), 0, ((6, 1), (8, 20)), ("430700", "430600"), 9650, 0.915, 2, (("02010331", 1.2, 0.35),), (("02030201", 1.1),))

GRAINS: dict[str, Grain] = {g.code: g for g in (EARLY, LATE, WHEAT, MAIZE, RAPESEED_OIL)}
