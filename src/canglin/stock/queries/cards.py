"""The newest stock card (货位卡, 1208) of each lot: what the depot says lies there. Grade and owner are on no ticket, only
here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from canglin.stock.ledger.balances import NOW, Moment
from canglin.stock.rules.composition import Grain


@dataclass(frozen=True, slots=True)
class Card:
    """A stock card as stated. ``priced_kg`` (计价数量) and ``weighed_kg`` (实际数量) are claims."""

    lot_code: str
    key: str
    number: int
    stated_at: datetime
    filled_at: datetime | None
    grain: Grain
    grade_code: str
    owner_code: str
    lot_status: str
    priced_kg: Decimal
    weighed_kg: Decimal


_NEWEST = """
    SELECT lot.code, card.key, card.number, card.stated_at, card.filled_at, coalesce(card.variety_code, ''),
        coalesce(card.nature_code, ''), coalesce(card.harvest_year, 0),
        coalesce(card.grade_code, ''), coalesce(card.owner_code, ''), card.lot_status,
        card.priced_kg, card.weighed_kg
    FROM unnest(%(lots)s::text[]) AS lot(code) CROSS JOIN LATERAL (
        SELECT * FROM stock_stockcard WHERE lot_code = lot.code AND NOT removed
            AND (%(at)s::timestamptz IS NULL OR stated_at <= %(at)s)
            AND (%(known_at)s::timestamptz IS NULL OR received_at <= %(known_at)s)
        ORDER BY stated_at DESC, number DESC LIMIT 1
    ) AS card
"""


def newest_cards(lots: Collection[str], moment: Moment = NOW) -> dict[str, Card]:
    """lot → its newest card stated by ``moment``; lots without a card are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, {"lots": list(lots), "at": moment.at, "known_at": moment.known_at})
        return {
            lot: Card(lot, key, number, stated_at, filled_at, Grain(variety, nature, year), *claim)
            for lot, key, number, stated_at, filled_at, variety, nature, year, *claim in cursor.fetchall()
        }
