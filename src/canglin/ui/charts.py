"""Charts, described as data. ``static/ui/charts.js`` draws them with ECharts in the colours of the page.

Only plain values go to the browser: no functions, no HTML, so the strict content policy holds. Figures are rounded
by the caller; a chart is read by eye, the table beside it is exact.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

Value = Decimal | float | int | None
Kind = Literal["line", "bar", "stacked", "horizontal", "donut", "area"]


@dataclass(frozen=True)
class Chart:
    """A chart. ``series``: name → values in the order of ``categories`` (a donut takes one series).

    ``label`` says in words what it shows, for readers who do not see it. ``option`` is merged over what follows from
    the rest, for charts beyond the common forms.
    """

    kind: Kind
    label: str
    categories: Sequence[str] = ()
    series: Mapping[str, Sequence[Value]] = field(default_factory=dict)
    unit: str = ""
    digits: int = 0
    marks: Mapping[str, Value] = field(default_factory=dict)
    option: Mapping[str, Any] = field(default_factory=dict)

    @property
    def spec(self) -> dict[str, Any]:
        """What is sent to the browser."""
        return {
            "kind": self.kind,
            "categories": list(self.categories),
            "series": [{"name": name, "data": [_plain(v) for v in values]} for name, values in self.series.items()],
            "unit": self.unit,
            "digits": self.digits,
            "marks": [{"name": name, "value": _plain(value)} for name, value in self.marks.items()],
            "option": dict(self.option),
        }

    @property
    def rows(self) -> list[tuple[str, list[Value]]]:
        """The same figures as a table: category, one value a series."""
        return [
            (category, [values[at] if at < len(values) else None for values in self.series.values()])
            for at, category in enumerate(self.categories)
        ]


def _plain(value: Value) -> float | int | None:
    return float(value) if isinstance(value, Decimal) else value
