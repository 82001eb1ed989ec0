"""What accounts hold at a moment: of business time (``at``: what was true then) and of knowledge (``known_at``: what we
knew then).

balance at T = balance of everything − months after T's − days after T's in its month − moves after T on its day
             − (known at K) moves received after K with business time ≤ T.

So the work grows with what happened since, never with the length of the account. All amounts kg, Decimal.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
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


_ACCOUNTS = """
    SELECT id, lot_code, variety_code, nature_code, harvest_year, other_lot_code, priced_kg, weighed_kg, number
    FROM stock_account WHERE kind = 'lot'
"""
# {mine} narrows to some accounts when they are few; each part then is an index range per account.
_SINCE = """
    SELECT account_id, sum(priced_kg), sum(weighed_kg) FROM (
        SELECT account_id, priced_kg, weighed_kg FROM stock_monthnet WHERE month > %(month)s {mine}
        UNION ALL
        SELECT account_id, priced_kg, weighed_kg FROM stock_daynet WHERE day > %(day)s AND day < %(next_month)s {mine}
        UNION ALL
        SELECT account_id, priced_kg, weighed_kg FROM stock_move WHERE business_at > %(at)s AND business_at < %(next_day)s
            AND account_id = ANY(ARRAY(SELECT account_id FROM stock_daynet WHERE day = %(day)s {mine}))
        {unknown}
    ) AS since GROUP BY account_id
"""
# Counter accounts have months but no days; they are left out here, where only lots are asked for, by the merge in
# Python.
_UNKNOWN_AT = """
        UNION ALL
        SELECT account_id, priced_kg, weighed_kg FROM stock_move WHERE received_at > %(known_at)s AND business_at <= %(at)s {mine}
"""
_UNKNOWN = """
    SELECT account_id, sum(priced_kg), sum(weighed_kg) FROM stock_move WHERE received_at > %(known_at)s {mine} GROUP BY account_id
"""
_FEW = 4000


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


def _since(moment: Moment, ids: Sequence[int] | None) -> Iterator[tuple[int, Decimal, Decimal]]:
    """Per account what must be taken off the balance of everything."""
    mine = "" if ids is None else "AND account_id = ANY(%(ids)s)"
    values: dict[str, Any] = {"ids": ids, "known_at": moment.known_at}
    if moment.at is not None:
        local = moment.at.astimezone(CHINA)
        day = local.date()
        values |= {
            "at": moment.at, "day": day, "month": day.replace(day=1), "next_month": _next_month(day),
            "next_day": datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA),
        }
        query = _SINCE.format(mine=mine, unknown=_UNKNOWN_AT.format(mine=mine) if moment.known_at else "")
    else:
        query = _UNKNOWN.format(mine=mine)
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        yield from cursor.fetchall()


def balances(
    moment: Moment = NOW, *, lots: Collection[str] | None = None, depots: Collection[str] | None = None,
) -> list[Balance]:
    """Accounts of the lots in scope with their balances at ``moment``; None = all. Accounts that held nothing then are
    included."""
    query, values = _ACCOUNTS, []
    for column, codes in (("lot_code", lots), ("depot_code", depots)):
        if codes is not None:
            query += f" AND {column} = ANY(%s)"
            values.append(list(codes))
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        rows = cursor.fetchall()
    if moment != NOW and rows:
        ids = [row[0] for row in rows] if len(rows) <= _FEW and values else None
        since = {account_id: amounts for account_id, *amounts in _since(moment, ids)}
        nothing = (Decimal(0), Decimal(0))
        rows = [
            (*row[:6], row[6] - (off := since.get(row[0], nothing))[0], row[7] - off[1], row[8])
            for row in rows
        ]
    return list(map(Balance._make, rows))


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
