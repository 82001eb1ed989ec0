"""A weighing as a picture: gross, tare, what remains, every deduction as a step down (or up), net. Pure layout; the
template draws one bar a row, so that words and figures keep their size on a phone."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

ZERO = Decimal(0)
WIDTH = 1000
#: A step of a few kilograms beside a truck of tonnes must still be seen.
LEAST = 4


@dataclass(frozen=True)
class Step:
    """A bar: from ``x`` over ``width`` of 1000. ``kind`` is total, taken or added; ``kg`` is signed for steps. ``guide``:
    where the level after this row stands."""

    label: str
    note: str
    kg: Decimal
    kind: str
    x: str
    width: str
    guide: str
    zoomed: bool = False

    @property
    def signed(self) -> bool:
        """Whether the figure is shown with its sign."""
        return self.kind in ("taken", "added")


@dataclass(frozen=True)
class Picture:
    """The rows on the scale of the truck, and the rows of deductions on a scale of their own (from ``zoom_from_kg`` to
    ``zoom_to_kg``)."""

    whole: list[Step]
    steps: list[Step]
    zoom_from_kg: Decimal
    zoom_to_kg: Decimal


def _at(kg: Decimal, low: Decimal, high: Decimal) -> Decimal:
    share = (kg - low) / (high - low) if high > low else ZERO
    return min(max(share, ZERO), Decimal(1)) * WIDTH


def _bar(
    label: str,
    note: str,
    kg: Decimal,
    kind: str,
    ends: tuple[Decimal, Decimal],
    after: Decimal,
    scale: tuple[Decimal, Decimal],
    zoomed: bool = False,
) -> Step:
    left, right = sorted((_at(ends[0], *scale), _at(ends[1], *scale)))
    width = max(right - left, Decimal(LEAST)) if kg else ZERO
    left = min(left, WIDTH - width)
    return Step(label, note, kg, kind, f"{left:.1f}", f"{width:.1f}", f"{_at(after, *scale):.1f}", zoomed)


def picture(
    gross_kg: Decimal,
    tare_kg: Decimal,
    net_kg: Decimal,
    adjustments: Sequence[tuple[str, Decimal]],
    notes: Sequence[str] = ("", ""),
) -> Picture:
    """Rows for a ticket. ``adjustments`` are signed (deductions negative), those of zero are left out; ``notes`` stand
    beside gross and tare."""
    grain_kg = gross_kg - tare_kg
    scale = ZERO, max(gross_kg, tare_kg, net_kg, Decimal(1))
    whole = [
        _bar("毛重", notes[0], gross_kg, "total", (ZERO, gross_kg), gross_kg, scale),
        _bar("皮重", notes[1], -tare_kg, "taken", (grain_kg, gross_kg), grain_kg, scale),
        _bar("毛重－皮重", "", grain_kg, "total", (ZERO, grain_kg), grain_kg, scale),
    ]
    moved = [(label, kg) for label, kg in adjustments if kg]
    steps: list[Step] = []
    low = high = grain_kg
    if moved:
        levels = [grain_kg]
        for _, kg in moved:
            levels.append(levels[-1] + kg)
        low, high = min(*levels, net_kg), max(*levels, net_kg)
        room = max((high - low) / 2, Decimal(1))
        low, high = max(ZERO, low - room), high + room / 4
        for (label, kg), before, after in zip(moved, levels, levels[1:], strict=False):
            steps.append(_bar(label, "", kg, "taken" if kg < 0 else "added", (before, after), after, (low, high), zoomed=True))
        whole.append(_bar("净重", "", net_kg, "net", (ZERO, net_kg), net_kg, scale))
        return Picture(whole, steps, low, high)
    whole.append(_bar("净重", "无扣（增）量", net_kg, "net", (ZERO, net_kg), net_kg, scale))
    return Picture(whole, steps, low, high)
