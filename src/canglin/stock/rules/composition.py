"""What grain the unstated amounts of a lot are.

Transfers (1207) state only the variety, changes of nature (1210) no harvest year, gain and loss sheets (1209) nothing.
The ledger books them as stated; here, at reading, they are given to the grain that lay in the lot. Pure; totals are
kept to the milligram.

Grain leaves in the order it came (first in, first out): a lot is emptied before it is filled again, so what an old loss
sheet took came from the old grain. (Spreading it over what lies there now would leave a remainder of every earlier
filling and take as much from the new one.) The steps of `resolve`, for each of the two quantities on its own:

1. What was transferred in is of the kinds that left the other lot for this one.
2. What changed its nature is taken from the nature before and put to the nature after, with the years of what was
   taken.
3. What was transferred out, then what was lost, is taken from the oldest matching grain; a gain goes to the grain that
   lies there.
4. What matches nothing stays unstated (未注明).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_DOWN, Decimal
from typing import NamedTuple

ZERO = Decimal(0)
GRAM = Decimal("0.001")


class Grain(NamedTuple):
    """A kind of grain; '' and 0 where unknown."""

    variety_code: str
    nature_code: str
    harvest_year: int

    @property
    def stated(self) -> bool:
        """Whether all three are known."""
        return bool(self.variety_code and self.nature_code and self.harvest_year)

    def matches(self, pattern: "Grain") -> bool:
        """Whether this grain can be what ``pattern`` states in part."""
        return all(not wanted or wanted == own for own, wanted in zip(self, pattern, strict=True))

    def filled_from(self, other: "Grain") -> "Grain":
        """This with its gaps filled from ``other``."""
        return Grain(
            self.variety_code or other.variety_code, self.nature_code or other.nature_code, self.harvest_year or other.harvest_year
        )


NOTHING = Grain("", "", 0)
Shares = dict[Grain, Decimal]


class Part(NamedTuple):
    """The balance of one account of a lot. ``since`` sorts by when it first moved (ISO date, '' unknown)."""

    grain: Grain
    other_lot_code: str
    since: str
    priced_kg: Decimal
    weighed_kg: Decimal


@dataclass
class Contents:
    """A lot's grain: kind → (priced kg, weighed kg), and what left it for each other lot, the same way."""

    grains: dict[Grain, tuple[Decimal, Decimal]] = field(default_factory=dict)
    departed: dict[str, tuple[Shares, Shares]] = field(default_factory=dict)


def split(amount: Decimal, weights: Mapping[Grain, Decimal]) -> Shares:
    """``amount`` in proportion to positive ``weights``, to the gram; what rounding leaves goes to the largest
    weight."""
    total = sum(weights.values(), ZERO)
    shares = {grain: (amount * weight / total).quantize(GRAM, ROUND_DOWN) for grain, weight in weights.items()}
    largest = max(weights, key=lambda grain: (weights[grain], grain))
    shares[largest] += amount - sum(shares.values(), ZERO)
    return shares


class _Lot:
    """One quantity of one lot while it is being resolved."""

    def __init__(self, card: Grain | None) -> None:
        self.held: Shares = {}
        self.since: dict[Grain, str] = {}
        self.unknown: Shares = {}
        self.card = card

    def add(self, grain: Grain, kg: Decimal, since: str) -> None:
        self.held[grain] = self.held.get(grain, ZERO) + kg
        self.since[grain] = min(self.since.get(grain, since), since)

    def _matching(self, pattern: Grain, wanted: Callable[[Decimal], bool]) -> list[Grain]:
        found = (grain for grain, kg in self.held.items() if wanted(kg) and grain.matches(pattern))
        return sorted(found, key=lambda grain: (self.since[grain], grain.harvest_year, grain))

    def _settle(self, kg: Decimal, grains: Iterable[Grain]) -> tuple[Decimal, Shares]:
        """Net ``kg`` against amounts of the other sign, in order; returns what is left of it and what went where."""
        went: Shares = {}
        for grain in grains:
            if not kg:
                break
            part = min(abs(kg), abs(self.held[grain])).copy_sign(kg)
            self.held[grain] += part
            went[grain] = part
            kg -= part
        return kg, went

    def take(self, pattern: Grain, kg: Decimal) -> Shares:
        """Take ``kg`` (< 0) from what matches, oldest first; returns what was taken, as positive amounts."""
        left, went = self._settle(kg, self._matching(pattern, lambda held: held > 0))
        for grain in sorted(grain for grain, held in self.unknown.items() if held > 0):
            # Grain that came without its kind may go without it too.
            if left and (grain.matches(pattern) or pattern.matches(grain)):
                part = min(-left, self.unknown[grain])
                self.unknown[grain] -= part
                left += part
        self._leave(pattern, left)
        return {grain: -part for grain, part in went.items()}

    def put(self, pattern: Grain, kg: Decimal, since: str, weights: Shares) -> None:
        """Put ``kg`` (> 0) in: by ``weights`` of known kinds if any, else where grain of this kind was issued or lies,
        else unstated."""
        if not kg:
            return
        weights = {grain: weight for grain, weight in weights.items() if weight > 0}
        if not weights:
            kg, _ = self._settle(kg, self._matching(pattern, lambda held: held < 0))
            weights = {grain: self.held[grain] for grain in self._matching(pattern, lambda held: held > 0)}
        if not weights and pattern.nature_code:
            loose = pattern._replace(nature_code="")
            weights = {grain: self.held[grain] for grain in self._matching(loose, lambda held: held > 0)}
        if not weights and self.card is not None and self.card.stated and self.card.matches(pattern):
            weights = {self.card: Decimal(1)}
        if not weights:
            self._leave(pattern, kg)
        elif kg:
            for grain, share in split(kg, weights).items():
                self.add(pattern.filled_from(grain), share, since)

    def _leave(self, pattern: Grain, kg: Decimal) -> None:
        if kg:
            self.unknown[pattern] = self.unknown.get(pattern, ZERO) + kg

    def all(self) -> Shares:
        """Everything, known and unknown."""
        whole = dict(self.held)
        for grain, kg in self.unknown.items():
            whole[grain] = whole.get(grain, ZERO) + kg
        return whole


def _one(parts: Sequence[Part], index: int, origins: Mapping[str, Shares], card: Grain | None) -> tuple[Shares, dict[str, Shares]]:
    """Resolve one quantity (0 priced, 1 weighed)."""
    lot = _Lot(card)
    arrived: list[tuple[Part, Decimal]] = []
    left: list[tuple[Part, Decimal]] = []
    changed: list[tuple[Part, Decimal]] = []
    rest: list[tuple[Part, Decimal]] = []
    for part in sorted(parts, key=lambda part: (part.since, part)):
        kg = part.weighed_kg if index else part.priced_kg
        if part.grain.stated and not part.other_lot_code:
            lot.add(part.grain, kg, part.since)
        elif part.other_lot_code:
            (arrived if kg > 0 else left).append((part, kg))
        elif part.grain.nature_code:
            changed.append((part, kg))
        else:
            rest.append((part, kg))
    for part, kg in arrived:
        came = origins.get(part.other_lot_code, {})
        weights = {grain: weight for grain, weight in came.items() if grain.stated and grain.matches(part.grain)}
        lot.put(part.grain, kg, part.since, weights)
    years: dict[str, Shares] = {}
    for part, kg in changed:
        if kg < 0:
            taken = years.setdefault(part.grain.variety_code, {})
            for grain, taken_kg in lot.take(part.grain, kg).items():
                taken[grain] = taken.get(grain, ZERO) + taken_kg
    for part, kg in changed:
        if kg > 0:
            lot.put(part.grain, kg, part.since, years.get(part.grain.variety_code, {}))
    departed: dict[str, Shares] = {}
    for part, kg in left:
        departed[part.other_lot_code] = lot.take(part.grain, kg)
    for part, kg in rest:
        if kg < 0:
            lot.take(part.grain, kg)
        else:
            lot.put(part.grain, kg, part.since, {})
    return lot.all(), departed


def _plain(parts: Sequence[Part]) -> Contents | None:
    """The same as the steps above for the lots that nearly all are: stated grain and what was lost of it. None for others."""
    held: list[Part] = []
    lost: list[Part] = []
    for part in parts:
        if part.other_lot_code:
            return None
        if part.grain.stated:
            held.append(part)
        elif part.grain == NOTHING and part.priced_kg <= 0 and part.weighed_kg <= 0:
            lost.append(part)
        else:
            return None
    if len(lost) > 1 or len({part.grain for part in held}) < len(held):
        return None
    if len(held) > 1:
        held.sort(key=lambda part: (part.since, part.grain.harvest_year, part.grain))
    priced_kg, weighed_kg = (lost[0].priced_kg, lost[0].weighed_kg) if lost else (ZERO, ZERO)
    grains: dict[Grain, tuple[Decimal, Decimal]] = {}
    for part in held:
        priced_part = min(-priced_kg, max(part.priced_kg, ZERO))
        weighed_part = min(-weighed_kg, max(part.weighed_kg, ZERO))
        priced_kg, weighed_kg = priced_kg + priced_part, weighed_kg + weighed_part
        left = part.priced_kg - priced_part, part.weighed_kg - weighed_part
        if left[0] or left[1]:
            grains[part.grain] = left
    if priced_kg or weighed_kg:
        grains[NOTHING] = priced_kg, weighed_kg
    return Contents(dict(sorted(grains.items())))


def resolve(
    parts: Sequence[Part],
    origins: Mapping[str, tuple[Shares, Shares]] | None = None,
    card: Grain | None = None,
) -> Contents:
    """The grain of a lot whose accounts stand at ``parts``.

    ``origins``: other lot → what left it for this one (priced, weighed), from that lot's own `Contents.departed`.
    ``card``: the grain on the newest stock card, used where nothing else says what it is. Kinds whose two amounts are
    both zero are left out.
    """
    return _plain(parts) or _full(parts, origins or {}, card)


def _full(parts: Sequence[Part], origins: Mapping[str, tuple[Shares, Shares]], card: Grain | None) -> Contents:
    priced, priced_departed = _one(parts, 0, {lot: shares[0] for lot, shares in origins.items()}, card)
    weighed, weighed_departed = _one(parts, 1, {lot: shares[1] for lot, shares in origins.items()}, card)
    grains = {
        grain: (priced.get(grain, ZERO), weighed.get(grain, ZERO))
        for grain in sorted(priced.keys() | weighed.keys())
        if priced.get(grain) or weighed.get(grain)
    }
    departed = {
        lot: (priced_departed.get(lot, {}), weighed_departed.get(lot, {}))
        for lot in priced_departed.keys() | weighed_departed.keys()
    }
    return Contents(grains, departed)
