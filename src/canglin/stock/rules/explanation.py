"""Which tickets could explain a difference between what a depot states and what the ledger holds. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from typing import Literal

Reason = Literal["not_in_claim", "only_in_claim", "taken_back"]
#: What each reason means, as people read it.
REASONS: dict[Reason, str] = {
    "not_in_claim": "申报未计入此单", "only_in_claim": "申报已计入时点之后的此单", "taken_back": "申报仍计入已冲销的此单",
}
# Three tickets chosen from more than this match almost any difference by chance, and take long.
MOST_IN_TRIPLES = 120


@dataclass(frozen=True, slots=True)
class Candidate:
    """A ticket that may have been counted by one side only. ``effect_kg``: what it adds to claim − ledger if it was."""

    table_code: str
    key: str
    number: int
    reason: Reason
    effect_kg: Decimal


Explanation = tuple[Candidate, ...]


def explanations(difference_kg: Decimal, candidates: Sequence[Candidate], most: int = 5) -> list[Explanation]:
    """Sets of one, two or three candidates whose effects add up to ``difference_kg`` exactly; the fewest tickets first,
    at most ``most``.

    Exact to the milligram: weights have a division of 20 kg, so an approximate match would prove nothing. A larger set
    is only looked for when no smaller one explains the difference.
    """
    if not difference_kg:
        return []
    for found in (_singles(difference_kg, candidates), _pairs(difference_kg, candidates), _triples(difference_kg, candidates)):
        some = [explanation for explanation, _ in zip(found, range(most), strict=False)]
        if some:
            return some
    return []


def _singles(difference_kg: Decimal, candidates: Sequence[Candidate]) -> Iterator[Explanation]:
    return ((candidate,) for candidate in candidates if candidate.effect_kg == difference_kg)


def _pairs(difference_kg: Decimal, candidates: Sequence[Candidate]) -> Iterator[Explanation]:
    seen: dict[Decimal, list[Candidate]] = {}
    for candidate in candidates:
        for other in seen.get(difference_kg - candidate.effect_kg, ()):
            if other.key != candidate.key or _corrected(other, candidate):
                yield other, candidate
        seen.setdefault(candidate.effect_kg, []).append(candidate)


def _corrected(one: Candidate, other: Candidate) -> bool:
    """Two versions of one ticket: the claim still counts the old one and does not know the new one yet."""
    return {one.reason, other.reason} == {"taken_back", "not_in_claim"}


def _triples(difference_kg: Decimal, candidates: Sequence[Candidate]) -> Iterator[Explanation]:
    few = candidates[:MOST_IN_TRIPLES]
    place: dict[Decimal, list[int]] = {}
    for index, candidate in enumerate(few):
        place.setdefault(candidate.effect_kg, []).append(index)
    for (i, one), (j, two) in combinations(enumerate(few), 2):
        for k in place.get(difference_kg - one.effect_kg - two.effect_kg, ()):
            if k > j > i and len({one.key, two.key, few[k].key}) == 3:
                yield one, two, few[k]
