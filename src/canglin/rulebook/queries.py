"""Which value held where, and when.

    value("loss.natural", at=ticket_day, region="430103", variety="1131001", nature="121")
    rule(…)                     the same with its id, source and mark
    severity("check-digit")     how hard the gateway applies a rule

Values are asked for constantly and change a few times a year, so all of them are kept in memory, at most ``FRESH_S``
old. A change made in this process is seen at once.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import DatabaseError, OperationalError, connection
from django.db.models import Q, QuerySet
from django.utils import timezone

from canglin.rulebook import rules
from canglin.rulebook.models import UNCONFIRMED, RuleValue
from canglin.rulebook.rules import Rule

__all__ = [
    "UNCONFIRMED",
    "NoRule",
    "Rule",
    "current",
    "every",
    "forget",
    "groups",
    "history",
    "past",
    "rule",
    "severity",
    "value",
]
FRESH_S = 2.0
log = logging.getLogger(__name__)
SEVERITIES = {"refuse": "拒收", "flag": "收下并标记", "ignore": "不检查"}


class NoRule(LookupError):
    """No value is in force for that code, day, region, variety, nature and subject, or its figure is not known."""

    def __init__(self, code: str, at: date, where: str, known: bool):
        self.code, self.at = code, at
        why = "is not known (to be confirmed)" if known else "is not in the rulebook"
        super().__init__(f"{code} on {at}{where} {why}")


class _Book:
    """All current values by code, as last read."""

    def __init__(self) -> None:
        self._by_code: dict[str, tuple[Rule, ...]] | None = None
        self._fresh_until = 0.0
        self._stamp: tuple[int, int, int] | None = None
        self._forgotten = 0
        self._reading = threading.Lock()

    def of(self, code: str) -> tuple[Rule, ...]:
        """All current values of a code. Raises OperationalError when nothing was ever read and the database is away."""
        if self._by_code is None or time.monotonic() > self._fresh_until:
            self._refresh()
        if self._by_code is None:
            raise OperationalError("the rulebook could not be read")
        return self._by_code.get(code, ())

    def forget(self) -> None:
        """Count what is held as stale. It still serves an event loop for the moment that reading takes."""
        self._forgotten += 1
        self._stamp, self._fresh_until = None, 0.0

    def _refresh(self) -> None:
        try:
            asyncio.get_running_loop()
        except RuntimeError:
            self._read()
            return
        # The event loop must not wait for the database, nor may it use Django's connection: a thread reads, the known
        # values serve meanwhile. Only the very first asking waits.
        first = self._by_code is None
        if first or not self._reading.locked():
            self._fresh_until = time.monotonic() + FRESH_S
            thread = threading.Thread(target=self._read_aside, name="rulebook", daemon=True)
            thread.start()
            if first:
                thread.join()

    def _read_aside(self) -> None:
        try:
            self._read()
        except DatabaseError as error:
            log.warning("the rulebook could not be read, the last known values hold: %s", error)
        finally:
            connection.close()

    def _read(self) -> None:
        with self._reading:
            forgotten, stamp = self._forgotten, _stamp()
            if self._by_code is None or stamp != self._stamp:
                by_code: dict[str, list[Rule]] = {}
                for row in RuleValue.objects.filter(replaced_at=None):
                    by_code.setdefault(row.code, []).append(as_rule(row))
                self._by_code = {code: tuple(found) for code, found in by_code.items()}
                self._stamp = stamp
            if forgotten == self._forgotten:
                self._fresh_until = time.monotonic() + FRESH_S
            else:  # changed while it was being read: the next asking reads again
                self._stamp, self._fresh_until = None, 0.0


def _stamp() -> tuple[int, int, int]:
    """Changes with every change of the rulebook: rows are only added, closed (valid_to) or replaced."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(max(id), 0), count(*) FILTER (WHERE replaced_at IS NOT NULL), count(valid_to) FROM rulebook_rulevalue"
        )
        found = cursor.fetchone()
    return found[0], found[1], found[2]


_book = _Book()


def forget() -> None:
    """Read the values anew at the next asking: after a change, and after a transaction that rolled back."""
    _book.forget()


def as_rule(row: RuleValue) -> Rule:
    """The row as other rooms get it."""
    return Rule(
        id=row.pk,
        code=row.code,
        name=row.name,
        value=row.value,
        unit=row.unit,
        region=row.region,
        variety=row.variety,
        nature=row.nature,
        subject=row.subject,
        valid_from=row.valid_from,
        valid_to=row.valid_to,
        source=row.source,
        mark=row.mark,
        confirmed=row.confirmed,
    )


def rule(code: str, *, at: date | None = None, region: str = "", variety: str = "", nature: str = "", subject: str = "") -> Rule:
    """The rule in force on ``at`` (today) for the most specific region, variety, nature and subject; with its id for
    the record.

    Raises NoRule when there is none or its figure is not known.
    """
    day = at or timezone.localdate()
    found = rules.most_specific(_book.of(code), day, region, variety, nature, subject)
    if found is None or found.value is None:
        where = "".join(
            f" {name} {given}"
            for name, given in (("region", region), ("variety", variety), ("nature", nature), ("subject", subject))
            if given
        )
        raise NoRule(code, day, where, known=found is not None)
    return found


def value(code: str, *, at: date | None = None, region: str = "", variety: str = "", nature: str = "", subject: str = "") -> Any:
    """Just the value: Decimal, str, or a table (dict or list with Decimals). Raises NoRule."""
    return rule(code, at=at, region=region, variety=variety, nature=nature, subject=subject).value


def every(code: str, *, at: date | None = None) -> tuple[Rule, ...]:
    """All values of a code in force on ``at`` (today), known or not: for computing over many lots without asking for
    each."""
    day = at or timezone.localdate()
    return tuple(r for r in _book.of(code) if r.valid_from <= day and (r.valid_to is None or day <= r.valid_to))


def severity(code: str) -> str | None:
    """How hard the rule ``code`` is applied to what depots send: refuse, flag or ignore; None when the rulebook says
    nothing. From memory; a change is heard within ``FRESH_S`` seconds. Safe in the event loop."""
    found = rules.most_specific(_book.of(f"severity.{code}"), timezone.localdate())
    return None if found is None or found.value not in SEVERITIES else str(found.value)


def current() -> QuerySet[RuleValue]:
    """The values of today and those to come."""
    still = Q(valid_to=None) | Q(valid_to__gte=timezone.localdate())
    return RuleValue.objects.filter(still, replaced_at=None)


def past(code: str) -> QuerySet[RuleValue]:
    """What a rule was: values that ended, and those replaced because they were wrong."""
    return RuleValue.objects.filter(code=code).exclude(pk__in=current().filter(code=code).values("pk"))


def history(code: str) -> QuerySet[RuleValue]:
    """Every value a rule ever had, newest first within each scope; replaced ones too."""
    return RuleValue.objects.filter(code=code).order_by("region", "variety", "nature", "subject", "-valid_from", "-id")


def groups() -> Iterable[str]:
    """The first parts of the codes."""
    codes = RuleValue.objects.filter(replaced_at=None).values_list("code", flat=True).distinct()
    return sorted({code.partition(".")[0] for code in codes})
