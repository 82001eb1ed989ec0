"""Which of several dated values holds. Pure; no database."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True)
class Rule:
    """A value as other rooms get it. ``id`` is the version a finding keeps; ``confirmed`` False means: show 待确认
    beside it."""

    id: int
    code: str
    name: str
    value: Any
    unit: str
    region: str
    variety: str
    nature: str
    subject: str
    valid_from: date
    valid_to: date | None
    source: str
    mark: str
    confirmed: bool

    def holds(self, at: date, region: str, variety: str, nature: str, subject: str) -> bool:
        """Whether it applies on that day to that region, variety, nature (codes; it applies to all that begin with
        its own) and subject (its own, or any when it names none)."""
        return (
            self.valid_from <= at
            and (self.valid_to is None or at <= self.valid_to)
            and region.startswith(self.region)
            and variety.startswith(self.variety)
            and nature.startswith(self.nature)
            and self.subject in ("", subject)
        )

    @property
    def specific(self) -> tuple[int, int, int, int, date]:
        """Sorts by how narrowly it is meant: the region counts first (a county's own rule over the nation's), then
        variety, nature, subject; of equals the later one."""
        return len(self.region), len(self.variety), len(self.nature), len(self.subject), self.valid_from


def most_specific(
    found: Iterable[Rule], at: date, region: str = "", variety: str = "", nature: str = "", subject: str = ""
) -> Rule | None:
    """The rule that holds, or None."""
    return max((r for r in found if r.holds(at, region, variety, nature, subject)), key=lambda r: r.specific, default=None)
