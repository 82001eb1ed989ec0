"""折合原粮 and 折合油: amounts of different varieties as one, by the factors of the rulebook. A factor nobody has confirmed is
no factor."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from django.utils import timezone

from canglin.rulebook import queries as rulebook
from canglin.rulebook.rules import Rule, most_specific

Into = Literal["raw_grain", "oil"]


@dataclass
class Converted:
    """``kg`` of raw grain (or oil) from the varieties with a known factor; ``unknown`` holds those whose factor is to
    be confirmed (待确认), with their own kg. ``rules`` are the rule versions used. Varieties the rulebook does not count
    as such are left out."""

    kg: Decimal = Decimal(0)
    unknown: dict[str, Decimal] = field(default_factory=dict)
    rules: set[int] = field(default_factory=set)

    @property
    def complete(self) -> bool:
        """Whether every factor was known."""
        return not self.unknown


def factor(into: Into, variety: str, *, at: date | None = None, region: str = "") -> Rule | None:
    """The rule for one variety (``value`` None: to be confirmed); None when the variety does not count as raw grain
    (oil)."""
    day = at or timezone.localdate()
    return most_specific(rulebook.every(f"conversion.{into}", at=day), day, region, variety)


def convert(into: Into, amounts: Iterable[tuple[str, Decimal]], *, at: date | None = None, region: str = "") -> Converted:
    """The sum of (variety, kg) pairs converted."""
    converted, rules = Converted(), dict[str, Rule | None]()
    for variety, kg in amounts:
        if variety not in rules:
            rules[variety] = factor(into, variety, at=at, region=region)
        rule = rules[variety]
        if rule is None:
            continue
        converted.rules.add(rule.id)
        if rule.value is None:
            converted.unknown[variety] = converted.unknown.get(variety, Decimal(0)) + kg
        else:
            converted.kg += kg * Decimal(rule.value)
    return converted
