"""What accounts hold at a moment: of business time (``at``: what was true then) and of knowledge (``known_at``: what we
knew then).

balance at T = balance of everything − months after T's − days after T's in its month − moves after T on its day
             − (known at K) moves received after K with business time ≤ T.

So the work grows with what happened since, never with the length of the account. All amounts kg, Decimal.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection

# The ledger's calendar. A fixed offset, as in the moves: summer time of 1986–1991 is not for grain books.
CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True)
class Moment:
    """Which past is asked for. ``at``: business time up to and including it, None = everything booked. ``known_at``:
    only what had been received by then, None = all."""

    at: datetime | None = None
    known_at: datetime | None = None


NOW = Moment()


class Balance(NamedTuple):
    """A lot's account and what it holds. ``number``: the last log entry that moved it, whenever asked."""

    account_id: int
    lot_code: str
    variety_code: str
    nature_code: str
    harvest_year: int
    other_lot_code: str
    priced_kg: Decimal
    weighed_kg: Decimal
    number: int


_COLUMNS = "id, lot_code, variety_code, nature_code, harvest_year, other_lot_code, priced_kg, weighed_kg, number"
# One statement, so one snapshot: a ticket committed between two would be taken off without having been put on. {mine}
# narrows the parts to the accounts in scope, each then an index range per account; for all lots whole tables are read
# instead.
_THEN = """
    WITH scope AS MATERIALIZED (SELECT {columns} FROM stock_account WHERE kind = 'lot' {scope}),
    since AS (
        SELECT account_id, sum(priced_kg) AS priced_kg, sum(weighed_kg) AS weighed_kg FROM ({since}) AS parts GROUP BY account_id
    )
    SELECT id, lot_code, variety_code, nature_code, harvest_year, other_lot_code,
        scope.priced_kg - coalesce(since.priced_kg, 0), scope.weighed_kg - coalesce(since.weighed_kg, 0), number
    FROM scope LEFT JOIN since ON since.account_id = scope.id
    ORDER BY id
"""
_AFTER = """
        SELECT account_id, priced_kg, weighed_kg FROM stock_monthnet WHERE month > %(month)s {mine}
        UNION ALL
        SELECT account_id, priced_kg, weighed_kg FROM stock_daynet WHERE day > %(day)s AND day < %(next_month)s {mine}
        UNION ALL
        SELECT account_id, priced_kg, weighed_kg FROM stock_move
        WHERE business_at > %(at)s AND business_at < %(next_day)s
            AND account_id = ANY(ARRAY(SELECT account_id FROM stock_daynet WHERE day = %(day)s {mine}))
"""
_LEARNT = """
        SELECT account_id, priced_kg, weighed_kg FROM stock_move
        WHERE received_at > %(known_at)s AND (%(at)s::timestamptz IS NULL OR business_at <= %(at)s) {mine}
"""


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def balances(
    moment: Moment = NOW, *, lots: Collection[str] | None = None, depots: Collection[str] | None = None,
) -> list[Balance]:
    """Accounts of the lots in scope with their balances at ``moment``; None = all. Accounts that held nothing then are
    included."""
    values: dict[str, Any] = {"at": moment.at, "known_at": moment.known_at}
    scope = ""
    for column, codes in (("lot_code", lots), ("depot_code", depots)):
        if codes is not None:
            scope += f" AND {column} = ANY(%({column})s)"
            values[column] = list(codes)
    query = f"SELECT {_COLUMNS} FROM stock_account WHERE kind = 'lot' {scope} ORDER BY id"  # noqa: S608 - only our own words
    if moment != NOW:
        parts = []
        if moment.at is not None:
            parts.append(_AFTER)
            day = moment.at.astimezone(CHINA).date()
            values |= {
                "day": day, "month": day.replace(day=1), "next_month": _next_month(day),
                "next_day": datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA),
            }
        if moment.known_at is not None:
            parts.append(_LEARNT)
        mine = "AND account_id = ANY(ARRAY(SELECT id FROM scope))" if scope else ""
        query = _THEN.format(columns=_COLUMNS, scope=scope, since=" UNION ALL ".join(parts).format(mine=mine))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(map(Balance._make, cursor.fetchall()))


class Sums(NamedTuple):
    """How many accounts lots have, and the sums of their ids, balances and last log numbers."""

    accounts: int
    ids: int
    priced_kg: Decimal
    weighed_kg: Decimal
    numbers: int

    def moved(self, old: Mapping[int, Balance], new: Sequence[Balance]) -> "Sums":
        """These sums once the ``new`` accounts have taken the place of the ``old``."""
        return Sums(
            self.accounts + len(new) - len(old),
            self.ids + sum(a.account_id for a in new) - sum(old),
            self.priced_kg + sum((a.priced_kg for a in new), _ZERO) - sum((a.priced_kg for a in old.values()), _ZERO),
            self.weighed_kg + sum((a.weighed_kg for a in new), _ZERO) - sum((a.weighed_kg for a in old.values()), _ZERO),
            self.numbers + sum(a.number for a in new) - sum(a.number for a in old.values()),
        )


_ZERO = Decimal(0)
_CHANGED = f"""
    WITH lots AS MATERIALIZED (SELECT {_COLUMNS} FROM stock_account WHERE kind = 'lot')
    SELECT {_COLUMNS} FROM lots WHERE number > %s
    UNION ALL
    SELECT NULL, '', '', coalesce(sum(id), 0)::text, count(*), '', coalesce(sum(priced_kg), 0), coalesce(sum(weighed_kg), 0),
        coalesce(sum(number), 0) FROM lots
    ORDER BY id
"""  # noqa: S608


def changed_since(number: int) -> tuple[list[Balance], Sums]:
    """Lots' accounts that a log entry after ``number`` moved, and the sums over all of them, of one moment."""
    with connection.cursor() as cursor:
        cursor.execute(_CHANGED, [number])
        *rows, last = cursor.fetchall()  # NULL sorts last
    return list(map(Balance._make, rows)), Sums(last[4], int(last[3]), last[6], last[7], int(last[8]))


def first_moved(account_ids: Iterable[int]) -> dict[int, str]:
    """account → ISO date of the first month in which it changed at all. A month whose tickets were all removed does not
    count."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT account_id, min(month) FROM stock_monthnet "
            "WHERE account_id = ANY(%s) AND (priced_kg <> 0 OR weighed_kg <> 0) GROUP BY account_id",
            [list(account_ids)],
        )
        return {account_id: month.isoformat() for account_id, month in cursor.fetchall()}
