"""What others may ask of the gateway: how much came, from whom, of which table, and why some of it was refused."""

import time
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from threading import Lock
from typing import Any

from django.db.models import Max, QuerySet, Sum
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.models import User
from canglin.gateway.models import Refusal, Tally, UploadedFile
from canglin.rulebook import queries as rulebook
from canglin.standard import rulecodes

#: Used where the rulebook has no data.silent_hours.
SILENT_HOURS = Decimal(24)
TOP_RULES = 3


@dataclass
class Counts:
    """Records of a period. ``same`` were repeats that changed nothing; ``noted`` counts faults noted on records that were taken.
    ``rules`` and ``notes`` count by rule; a refused record counts under each rule it broke."""

    taken: int = 0
    same: int = 0
    refused: int = 0
    noted: int = 0
    last_at: datetime | None = None
    rules: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)

    @property
    def received(self) -> int:
        """All that came."""
        return self.taken + self.same + self.refused

    @property
    def refused_share(self) -> Decimal | None:
        """Refused of all that came; None when nothing came."""
        return Decimal(self.refused) / self.received if self.received else None

    def add(self, outcome: str, rule: str, count: int, last_at: datetime | None = None) -> None:
        """One line of the tally."""
        if outcome == "noted":
            self.noted += count
            self.notes[rule] += count
        elif rule:
            self.rules[rule] += count
        else:
            setattr(self, outcome, getattr(self, outcome) + count)
        if last_at is not None and (self.last_at is None or last_at > self.last_at):
            self.last_at = last_at


def first_day(days: int) -> date:
    """The first of the last ``days`` days, today included (China's days)."""
    return timezone.localdate() - timedelta(days=days - 1)


def _lines(user: Any, days: int, source: str | None) -> QuerySet[Tally]:
    found: QuerySet[Tally] = policy.rows(user, Tally.objects).filter(day__gte=first_day(days))
    return found if source is None else found.filter(source=source)


#: value, outcome, rule, count, when last
_Line = tuple[Any, str, str, int, datetime]


def _grouped(lines: QuerySet[Tally], column: str) -> list[_Line]:
    return list(lines.values_list(column, "outcome", "rule").annotate(Sum("count"), Max("last_at")).order_by())


class _Settled:
    """Sums over days that are over, whose counts do not change any more: a province's month is a million lines, and everybody asks
    for the same ones. Per area, for an hour at most; the latest asked for are kept."""

    HELD, FRESH_S = 256, 3600.0
    #: A commit that began before midnight may still count for the day before.
    SETTLING = timedelta(hours=1)

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: OrderedDict[tuple[Any, ...], tuple[float, list[_Line]]] = OrderedDict()

    def until(self) -> date:
        """The first day that may still change."""
        return timezone.localdate(timezone.now() - self.SETTLING)

    def lines(self, user: User, column: str, days: int, source: str | None) -> list[_Line]:
        """Sums of the settled ones of the last ``days`` days."""
        until = self.until()
        name = user.area.text, column, first_day(days), until, source
        now = time.monotonic()
        with self._lock:
            held = self._held.get(name)
            if held is not None and now - held[0] < self.FRESH_S:
                self._held.move_to_end(name)
                return held[1]
        found = _grouped(_lines(user, days, source).filter(day__lt=until), column)
        with self._lock:
            self._held[name] = now, found
            while len(self._held) > self.HELD:
                self._held.popitem(last=False)
        return found

    def forget(self) -> None:
        """Ask anew (tests; after the database was restored)."""
        with self._lock:
            self._held.clear()


settled = _Settled()


def _by(column: str, user: User, days: int, source: str | None = None) -> dict[Any, Counts]:
    found: dict[Any, Counts] = defaultdict(Counts)
    until = settled.until()
    lines = settled.lines(user, column, days, source) if first_day(days) < until else []
    for value, outcome, rule, count, last_at in [*lines, *_grouped(_lines(user, days, source).filter(day__gte=until), column)]:
        found[value].add(outcome, rule, count, last_at)
    return dict(found)


def by_source(user: User, days: int) -> dict[str, Counts]:
    """Counts of the last days per source (``app:…``, ``user:…``), of the person's area."""
    return _by("source", user, days)


def by_table(user: User, days: int, source: str | None = None) -> dict[str, Counts]:
    """The same per table; of one source, when given."""
    return _by("table_code", user, days, source)


def by_day(user: User, days: int, source: str | None = None) -> dict[date, Counts]:
    """The same per day, days without anything included, oldest first."""
    found = _by("day", user, days, source)
    start = first_day(days)
    return {day: found.get(day, Counts()) for day in (start + timedelta(days=i) for i in range(days))}


def by_table_and_rule(user: Any, days: int, source: str) -> list[Mapping[str, Any]]:
    """Lines (table_code, outcome, rule, count, last_at) of one source over the last days."""
    lines = _lines(user, days, source).values("table_code", "outcome", "rule").annotate(total=Sum("count"), last_at=Max("last_at"))
    return list[Mapping[str, Any]](lines.order_by("table_code", "outcome", "rule"))


def refused_by_day(user: User, days: int) -> dict[date, Counts]:
    """Refused records per day and rule from the refusals themselves: for accounts of single depots, whose counts the tally does not
    keep apart."""
    start = first_day(days)
    found = {start + timedelta(days=i): Counts() for i in range(days)}
    since = timezone.make_aware(datetime.combine(start, datetime.min.time()))
    lines = refusals(user).filter(received_at__gte=since).values_list("received_at", "violations")
    for received_at, violations in lines.iterator():
        counts = found.get(timezone.localdate(received_at))
        if counts is None:
            continue  # came after midnight, while we count
        counts.add("refused", "", 1, received_at)
        for rule in {each["rule"] for each in violations}:
            counts.add("refused", rule, 1)
    return found


def total(counts: Iterable[Counts]) -> Counts:
    """All of them together."""
    whole = Counts()
    for each in counts:
        whole.taken += each.taken
        whole.same += each.same
        whole.refused += each.refused
        whole.noted += each.noted
        whole.rules += each.rules
        whole.notes += each.notes
        if each.last_at is not None and (whole.last_at is None or each.last_at > whole.last_at):
            whole.last_at = each.last_at
    return whole


def rules_in_words(counts: Mapping[str, int], most: int = TOP_RULES) -> str:
    """The most frequent rules with their counts: ``代码错误 12、必填项缺失 3``."""
    top = Counter(counts).most_common(most)
    said = "、".join(f"{rulecodes.rule(rule).name} {count:,}" for rule, count in top)
    return f"{said} 等" if len(counts) > most else said


def refusals(user: Any) -> QuerySet[Refusal]:
    """The refused records that somebody may see."""
    return policy.rows(user, Refusal.objects)


def files(user: Any) -> QuerySet[UploadedFile]:
    """The files that somebody may see."""
    return policy.rows(user, UploadedFile.objects)


def silent_hours(region: str = "") -> Decimal:
    """After how many hours without a record a source counts as silent (rulebook: data.silent_hours)."""
    try:
        return Decimal(rulebook.value("data.silent_hours", at=timezone.localdate(), region=region))
    except rulebook.NoRule:
        return SILENT_HOURS


def last_seen(since: date) -> Sequence[tuple[str, datetime]]:
    """(source, when its newest record came) for the sources heard of since that day."""
    found = Tally.objects.filter(day__gte=since).values_list("source").annotate(Max("last_at")).order_by()
    return [(source, last_at) for source, last_at in found]
