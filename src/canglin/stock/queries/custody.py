"""The custody account (分仓保管账) of a lot: opening, every line with its ticket, running balance, closing, for any
period."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from canglin.stock.ledger.balances import Moment, balances
from canglin.stock.models import Contract, InboundTicket, OutboundTicket
from canglin.stock.rules.composition import Grain

ZERO = Decimal(0)
#: What a line is called, by the table its record belongs to and the way the grain went (True: in).
KINDS = {
    ("1202", True): "入库", ("1205", False): "出库", ("1207", True): "倒入", ("1207", False): "倒出",
    ("1209", True): "升溢", ("1209", False): "损耗", ("1210", True): "性质转入", ("1210", False): "性质转出",
}
_TICKETS = {"1202": True, "1205": False}


@dataclass(slots=True)
class Line:
    """One move of the account. Amounts are kg; of in and out one is zero. ``balance_*`` stand after the line.

    ``document_no`` is the ticket's or sheet's own number. ``counterpart`` is the customer, the carrier or the other
    lot. ``reversed_by`` is the log entry that took the line back, ``reverses`` the entry a line takes back; both None
    for what stands.
    """

    at: datetime
    received_at: datetime
    number: int
    table_code: str
    key: str
    kind: str
    document_no: str
    counterpart: str
    plate_no: str
    grain: Grain
    priced_in_kg: Decimal
    priced_out_kg: Decimal
    weighed_in_kg: Decimal
    weighed_out_kg: Decimal
    balance_priced_kg: Decimal
    balance_weighed_kg: Decimal
    reverses: int | None
    reversed_by: int | None


@dataclass
class CustodyAccount:
    """A lot's account from ``since`` to ``until`` (both included; None = open)."""

    lot_code: str
    since: datetime | None
    until: datetime | None
    known_at: datetime | None
    opening_priced_kg: Decimal = ZERO
    opening_weighed_kg: Decimal = ZERO
    lines: list[Line] = field(default_factory=list)

    @property
    def closing_priced_kg(self) -> Decimal:
        """计价数量 at the end of the period."""
        return self.lines[-1].balance_priced_kg if self.lines else self.opening_priced_kg

    @property
    def closing_weighed_kg(self) -> Decimal:
        """实际数量 at the end of the period."""
        return self.lines[-1].balance_weighed_kg if self.lines else self.opening_weighed_kg

    def sums(self) -> dict[str, Decimal]:
        """本期合计: what came in and went out, in both quantities. Lines that take each other back cancel out on their own
        side."""
        names = ("priced_in_kg", "priced_out_kg", "weighed_in_kg", "weighed_out_kg")
        return {name: sum((getattr(line, name) for line in self.lines), ZERO) for name in names}


_MOVES = """
    SELECT m.business_at, m.received_at, m.number, m.table_code, m.key, m.priced_kg, m.weighed_kg, m.reverses,
        a.variety_code, a.nature_code, a.harvest_year, a.other_lot_code
    FROM stock_account a JOIN stock_move m ON m.account_id = a.id
    WHERE a.lot_code = %(lot)s AND a.kind = 'lot'
        AND (%(since)s::timestamptz IS NULL OR m.business_at >= %(since)s)
        AND (%(until)s::timestamptz IS NULL OR m.business_at <= %(until)s)
        AND (%(known_at)s::timestamptz IS NULL OR m.received_at <= %(known_at)s)
    ORDER BY m.business_at, m.number, m.seq
"""


def custody_account(
    lot: str,
    since: datetime | None = None,
    until: datetime | None = None,
    *,
    known_at: datetime | None = None,
    with_reversed: bool = False,
) -> CustodyAccount:
    """The account of ``lot``; as it was known at ``known_at`` when given. Lines that were taken back are left out with
    the lines that took them back, unless ``with_reversed``; the balances are the same either way, because both stand at
    the same business time."""
    account = CustodyAccount(lot, since, until, known_at)
    if since is not None:
        # Business times have whole seconds.
        before = balances(Moment(since - timedelta(microseconds=1), known_at), lots=[lot])
        account.opening_priced_kg = sum((b.priced_kg for b in before), ZERO)
        account.opening_weighed_kg = sum((b.weighed_kg for b in before), ZERO)
    with connection.cursor() as cursor:
        cursor.execute(_MOVES, {"lot": lot, "since": since, "until": until, "known_at": known_at})
        rows = cursor.fetchall()
    reversed_by = {reverses: number for _, _, number, *_, reverses, _, _, _, _ in rows if reverses is not None}
    if not with_reversed:
        rows = [row for row in rows if row[7] is None and row[2] not in reversed_by]
    papers = _papers(lot, rows)
    priced_kg, weighed_kg = account.opening_priced_kg, account.opening_weighed_kg
    for at, received_at, number, table_code, key, priced, weighed, reverses, variety, nature, year, other_lot in rows:
        priced_kg, weighed_kg = priced_kg + priced, weighed_kg + weighed
        # A line that takes a truck in back is a negative line on the inbound side, as a clerk's red ink would be.
        inward = _TICKETS.get(table_code, ((priced or weighed) > 0) != (reverses is not None))
        paper = papers.get((table_code, key), {})
        account.lines.append(
            Line(
                at, received_at, number, table_code, key, KINDS.get((table_code, inward), table_code),
                paper.get("document_no", "") or key.partition("|")[0], other_lot or paper.get("counterpart", ""),
                paper.get("plate_no", ""), Grain(variety, nature, year),
                priced if inward else ZERO, ZERO if inward else -priced, weighed if inward else ZERO, ZERO if inward else -weighed,
                priced_kg, weighed_kg, reverses, None if reverses else reversed_by.get(number),
            )
        )
    return account


def _papers(lot: str, rows: Iterable[Sequence[Any]]) -> Mapping[tuple[str, str], Mapping[str, str]]:
    """(table, key) → number, plate and counterpart of the tickets: three queries whatever the number of lines."""
    keys: dict[str, set[str]] = {"1202": set(), "1205": set()}
    for row in rows:
        if row[3] in keys:
            keys[row[3]].add(row[4])
    tickets = [
        (code, *ticket)
        for code, model in (("1202", InboundTicket), ("1205", OutboundTicket)) if keys[code]
        for ticket in model.everything.filter(key__in=keys[code]).values_list(
            "key", "ticket_no", "contract_no", "plate_no", "carrier"
        )
    ]
    contracts = {contract_no for _, _, _, contract_no, _, _ in tickets if contract_no}
    customers = dict(
        Contract.everything.filter(enterprise_code=lot[:18], contract_no__in=contracts).values_list("contract_no", "customer_name")
    ) if contracts else {}
    return {
        (code, key): {
            "document_no": ticket_no, "plate_no": plate_no or "", "counterpart": customers.get(contract_no) or carrier or "",
        }
        for code, key, ticket_no, contract_no, plate_no, carrier in tickets
    }
