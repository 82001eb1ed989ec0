"""Claims against the ledger: stock cards (1208) and month books (1211) with their differences and what could explain
them.

A claim is compared with the ledger at the claim's own time: a card at the moment it states, a month book at the ends of
its month. Differences are claim − ledger, kg: positive when the depot states more than its tickets prove.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from canglin.stock.ledger.balances import CHINA, NOW, Moment
from canglin.stock.models import BookStock
from canglin.stock.queries.cards import Card, newest_cards
from canglin.stock.queries.contents import contents
from canglin.stock.rules.explanation import Candidate, Explanation, Reason, explanations

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class CardDifference:
    """A lot's newest card beside the ledger at the card's time."""

    card: Card
    ledger_priced_kg: Decimal
    ledger_weighed_kg: Decimal

    @property
    def priced_kg(self) -> Decimal:
        """计价数量: card − ledger."""
        return self.card.priced_kg - self.ledger_priced_kg

    @property
    def weighed_kg(self) -> Decimal:
        """实际数量: card − ledger."""
        return self.card.weighed_kg - self.ledger_weighed_kg


# Each lot at its own time: balance of everything − days after − moves after on the day itself.
_LEDGER_THEN = """
    SELECT lot.code,
        coalesce(sum(a.priced_kg - coalesce(days.priced_kg, 0) - coalesce(moves.priced_kg, 0)), 0),
        coalesce(sum(a.weighed_kg - coalesce(days.weighed_kg, 0) - coalesce(moves.weighed_kg, 0)), 0)
    FROM unnest(%s::text[], %s::timestamptz[], %s::date[], %s::timestamptz[]) AS lot(code, at, day, next_day)
    LEFT JOIN stock_account a ON a.lot_code = lot.code AND a.kind = 'lot'
    LEFT JOIN LATERAL (
        SELECT sum(n.priced_kg) AS priced_kg, sum(n.weighed_kg) AS weighed_kg FROM stock_daynet n
        WHERE n.account_id = a.id AND n.day > lot.day
    ) AS days ON true
    LEFT JOIN LATERAL (
        SELECT sum(m.priced_kg) AS priced_kg, sum(m.weighed_kg) AS weighed_kg FROM stock_move m
        WHERE m.account_id = a.id AND m.business_at > lot.at AND m.business_at < lot.next_day
    ) AS moves ON true
    GROUP BY lot.code
"""


def ledger_then(moments: dict[str, datetime]) -> dict[str, tuple[Decimal, Decimal]]:
    """lot → (priced kg, weighed kg) in the ledger at the lot's own moment."""
    days = [at.astimezone(CHINA).date() for at in moments.values()]
    next_days = [datetime.combine(day + timedelta(days=1), datetime.min.time(), CHINA) for day in days]
    with connection.cursor() as cursor:
        cursor.execute(_LEDGER_THEN, [list(moments), list(moments.values()), days, next_days])
        return {lot: (priced_kg, weighed_kg) for lot, priced_kg, weighed_kg in cursor.fetchall()}


def card_differences(lots: Collection[str], moment: Moment = NOW) -> dict[str, CardDifference]:
    """lot → its newest card (stated by ``moment``) beside the ledger of today's knowledge; lots without a card are left
    out."""
    cards = newest_cards(lots, moment)
    held = ledger_then({lot: card.stated_at for lot, card in cards.items()}) if cards else {}
    return {lot: CardDifference(card, *held[lot]) for lot, card in cards.items()}


_AROUND = """
    SELECT m.table_code, m.key, m.number, m.reverses, m.priced_kg, m.weighed_kg, m.business_at
    FROM stock_account a JOIN stock_move m ON m.account_id = a.id
    WHERE a.lot_code = %(lot)s AND a.kind = 'lot' AND m.business_at >= %(since)s AND m.business_at <= %(until)s
    ORDER BY abs(extract(epoch FROM m.business_at - %(at)s)), m.number
    LIMIT 2000
"""


def candidates(lot: str, at: datetime, since: datetime | None = None, *, weighed: bool = False) -> list[Candidate]:
    """Tickets that a claim about ``lot`` at ``at`` may have counted differently, the nearest in time first.

    Standing tickets up to ``at`` (from ``since``, the filling; a year when not known) may be missing in the claim;
    tickets of the next three days may be in it already; versions that were taken back or corrected may still be in it.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AROUND, {
            "lot": lot, "at": at, "since": since or at - timedelta(days=366), "until": at + timedelta(days=3),
        })
        rows = cursor.fetchall()
    taken_back = {reverses for _, _, _, reverses, _, _, _ in rows if reverses is not None}
    found = []
    for table_code, key, number, reverses, priced_kg, weighed_kg, business_at in rows:
        if reverses is not None:
            continue
        kg: Decimal = weighed_kg if weighed else priced_kg
        reason: Reason = "taken_back" if number in taken_back else "not_in_claim" if business_at <= at else "only_in_claim"
        if kg:
            found.append(Candidate(table_code, key, number, reason, -kg if reason == "not_in_claim" else kg))
    return found


def explain(difference: CardDifference, *, weighed: bool = False) -> list[Explanation]:
    """The tickets (one, two or three) that would explain a card's difference exactly; [] when there is none, or none
    that do."""
    card = difference.card
    return explanations(
        difference.weighed_kg if weighed else difference.priced_kg,
        candidates(card.lot_code, card.stated_at, card.filled_at, weighed=weighed),
    )


@dataclass(frozen=True, slots=True)
class BookDifference:
    """A month book beside the ledger, kg priced (计价). ``*_kg`` are claim − ledger."""

    depot_code: str
    variety_code: str
    year: int
    month: int
    claim_opening_kg: Decimal
    claim_received_kg: Decimal
    claim_issued_kg: Decimal
    claim_closing_kg: Decimal
    ledger_opening_kg: Decimal
    ledger_received_kg: Decimal
    ledger_closing_kg: Decimal
    claimed: bool

    @property
    def ledger_issued_kg(self) -> Decimal:
        """支出 with losses, which state no variety of their own: what must have gone for the month to close as it did."""
        return self.ledger_opening_kg + self.ledger_received_kg - self.ledger_closing_kg

    @property
    def closing_kg(self) -> Decimal:
        """期末: claim − ledger."""
        return self.claim_closing_kg - self.ledger_closing_kg

    @property
    def opening_kg(self) -> Decimal:
        """期初: claim − ledger."""
        return self.claim_opening_kg - self.ledger_opening_kg

    @property
    def received_kg(self) -> Decimal:
        """收入: claim − ledger."""
        return self.claim_received_kg - self.ledger_received_kg

    @property
    def issued_kg(self) -> Decimal:
        """支出: claim − ledger."""
        return self.claim_issued_kg - self.ledger_issued_kg


# Inbound trucks and transfers from another depot; a reversal counts on the side of what it takes back.
_RECEIVED = """
    SELECT a.depot_code, a.variety_code, sum(m.priced_kg)
    FROM stock_account a JOIN stock_move m ON m.account_id = a.id
    WHERE a.kind = 'lot' AND (%(depots)s::text[] IS NULL OR a.depot_code = ANY(%(depots)s))
        AND m.business_at >= %(since)s AND m.business_at < %(until)s
        AND (m.table_code = '1202' OR (
            m.table_code = '1207' AND left(a.other_lot_code, 21) <> a.depot_code
            AND (m.priced_kg > 0) <> (m.reverses IS NOT NULL)
        ))
    GROUP BY 1, 2
"""


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """Start of the month and of the next, China's time."""
    start = datetime(year, month, 1, tzinfo=CHINA)
    return start, datetime(year + month // 12, month % 12 + 1, 1, tzinfo=CHINA)


def _by_variety(at: datetime, depots: Collection[str] | None) -> dict[tuple[str, str], Decimal]:
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for lot, inside in contents(Moment(at), depots=depots).items():
        for grain, (priced_kg, _) in inside.grains.items():
            held[lot[:21], grain.variety_code] += priced_kg
    return held


def book_differences(year: int, month: int, depots: Collection[str] | None = None) -> list[BookDifference]:
    """Month books of ``depots`` (None = all) beside the ledger, by depot and variety. A variety that only one side has
    is shown with zeros on the other; ``claimed`` says whether the depot stated it."""
    since, until = month_bounds(year, month)
    last = timedelta(microseconds=1)
    opening, closing = _by_variety(since - last, depots), _by_variety(until - last, depots)
    with connection.cursor() as cursor:
        cursor.execute(_RECEIVED, {"depots": None if depots is None else list(depots), "since": since, "until": until})
        received = {(depot, variety): kg for depot, variety, kg in cursor.fetchall()}
    books = BookStock.objects.filter(year=year, month__in=(f"{month:02d}", str(month)))
    if depots is not None:
        books = books.filter(depot_code__in=depots)
    claims = {
        (depot, variety): amounts
        for depot, variety, *amounts in books.values_list(
            "depot_code", "variety_code", "opening_kg", "received_kg", "issued_kg", "closing_kg"
        )
    }
    groups = claims.keys() | received.keys() | {k for k, kg in opening.items() if kg} | {k for k, kg in closing.items() if kg}
    found = []
    for depot, variety in sorted(groups):
        group = depot, variety
        claim_opening, claim_received, claim_issued, claim_closing = claims.get(group, (ZERO,) * 4)
        found.append(
            BookDifference(
                depot, variety, year, month, claim_opening, claim_received, claim_issued, claim_closing, opening.get(group, ZERO),
                received.get(group, ZERO), closing.get(group, ZERO), group in claims,
            )
        )
    return found
