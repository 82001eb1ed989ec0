"""What came in and went out: by month from the ledger's monthly closings, and the newest tickets."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from django.db import connection

from canglin.overview.kept import Answer, Kept
from canglin.overview.queries.standing import tree_size
from canglin.registry.models import Depot
from canglin.stock.ledger.balances import CHINA
from canglin.stock.models import InboundTicket, OutboundTicket

ZERO = Decimal(0)
#: How many tickets the overview shows at most.
NEWEST = 8


@dataclass(frozen=True)
class Flow:
    """A month's purchases and sales by ticket, weighed kg (实际数量)."""

    month: date
    in_kg: Decimal
    out_kg: Decimal


# A depot's supplier account falls with every truck in and its customer account rises with every truck out, so their
# closings are the month's flows; no ticket is read.
_FLOWS = """
    SELECT n.month, -coalesce(sum(n.weighed_kg) FILTER (WHERE a.kind = 'supplier'), 0),
        coalesce(sum(n.weighed_kg) FILTER (WHERE a.kind = 'customer'), 0)
    FROM stock_account a JOIN stock_monthnet n ON n.account_id = a.id
    WHERE a.kind IN ('supplier', 'customer') AND n.month >= %(since)s AND n.month <= %(until)s
        AND (%(depots)s::text[] IS NULL OR a.depot_code = ANY(%(depots)s))
    GROUP BY 1
"""


def _back(month: date, months: int) -> date:
    count = month.year * 12 + month.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def month_flows(depots: Collection[str] | None = None, *, months: int = 12, now: datetime | None = None) -> list[Flow]:
    """The flows of the last ``months`` months, the present one last; a month without any is there with zeros."""
    this = (now or datetime.now(CHINA)).astimezone(CHINA).date().replace(day=1)
    since = _back(this, months - 1)
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"since": since, "until": this, "depots": None if depots is None else list(depots)})
        found = {month: (came_kg, went_kg) for month, came_kg, went_kg in cursor.fetchall()}
    every = [_back(this, back) for back in range(months - 1, -1, -1)]
    return [Flow(month, *found.get(month, (ZERO, ZERO))) for month in every]


# Newest by day within each depot (an index range each), then newest of those.
_LATEST = """
    SELECT t.* FROM unnest(%(depots)s::text[]) AS depot(code) CROSS JOIN LATERAL (
        SELECT key, number, ticket_no, lot_code, plate_no, variety_code, gross_kg, tare_kg, net_kg, gate_out_at
        FROM {relation} WHERE in_depot = depot.code AND NOT removed ORDER BY business_date DESC LIMIT %(each)s
    ) AS t ORDER BY gate_out_at DESC, key LIMIT %(limit)s
"""


def latest_tickets(depots: Sequence[str], limit: int, each: int | None = None) -> list[dict[str, Any]]:
    """The ``limit`` newest tickets of the depots, in and out together, by the time they left the gate; of one depot no
    more than ``each``."""
    found: list[dict[str, Any]] = []
    values: dict[str, Any] = {"depots": list(depots), "each": each or limit, "limit": limit}
    for model, inward in ((InboundTicket, True), (OutboundTicket, False)):
        with connection.cursor() as cursor:
            cursor.execute(_LATEST.format(relation=model._meta.db_table), values)
            names = [column.name for column in cursor.description or ()]
            for row in cursor.fetchall():
                ticket = dict(zip(names, row, strict=True))
                weighed_kg = ticket["gross_kg"] - ticket["tare_kg"]
                own = {"inward": inward, "kind": "in" if inward else "out", "table_code": model.Standard.code}
                found.append(ticket | own | {"weighed_kg": weighed_kg})
    return sorted(found, key=lambda ticket: (ticket["gate_out_at"], ticket["key"]), reverse=True)[:limit]


def _newest_of_each() -> list[dict[str, Any]]:
    depots = list(Depot.objects.values_list("depot_code", flat=True))
    return latest_tickets(depots, 2 * NEWEST * len(depots), NEWEST)


# The newest of every depot, so that they serve any area.
_newest = Kept(_newest_of_each, tree_size, fresh_s=15, bound_s=120)


def newest_tickets(depots: Collection[str], limit: int = NEWEST) -> Answer[list[dict[str, Any]]]:
    """The ``limit`` (at most NEWEST) newest tickets of any number of depots, kept for all readers."""
    answer = _newest()
    wanted = (ticket for ticket in answer.value if ticket["lot_code"][:21] in depots)
    return Answer(list(islice(wanted, limit)), answer.as_of)


_DAYS = """
    SELECT n.day, sum(n.priced_kg), sum(n.weighed_kg)
    FROM stock_account a JOIN stock_daynet n ON n.account_id = a.id
    WHERE a.lot_code = %s AND a.kind = 'lot' GROUP BY 1 ORDER BY 1
"""


@dataclass(frozen=True)
class Level:
    """What a lot held at the end of a day, kg."""

    day: date
    priced_kg: Decimal
    weighed_kg: Decimal


def lot_levels(lot: str) -> list[Level]:
    """The lot's balance at the end of each day on which it changed."""
    with connection.cursor() as cursor:
        cursor.execute(_DAYS, [lot])
        rows = cursor.fetchall()
    found, priced_kg, weighed_kg = [], ZERO, ZERO
    for day, priced, weighed in rows:
        priced_kg, weighed_kg = priced_kg + priced, weighed_kg + weighed
        found.append(Level(day, priced_kg, weighed_kg))
    return found
