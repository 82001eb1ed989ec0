"""The page of one weighing ticket (检斤单): times, weighing, deductions with what the inspection says, settlement, contract,
ledger, log."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.registry.facts import facts
from canglin.registry.models import StorageLot
from canglin.standard import codes, units
from canglin.standard.tables import table
from canglin.stock.models import Contract, InboundSettlement, InboundTicket, OutboundSettlement, OutboundTicket
from canglin.stock.pages import receipt
from canglin.stock.pages.parts import to
from canglin.stock.pages.weighing import picture
from canglin.stock.rules.settlements import TOLERANCE_CNY_PER_KG
from canglin.ui.parts import Crumb, Event

ZERO = Decimal(0)
#: The nine parts of 质检扣量, and the items of LS/T 1704.1 that each follows from ("" where the list has none).
QUALITY_PARTS = {
    "moisture_deduction_kg": "020101",
    "impurity_deduction_kg": "01010301",
    "imperfect_kernel_deduction_kg": "01010401",
    "mixture_deduction_kg": "01010201",
    "mould_deduction_kg": "01010405",
    "head_rice_deduction_kg": "01012104",
    "brown_rice_deduction_kg": "",
    "yellow_kernel_deduction_kg": "01012102",
    "other_quality_deduction_kg": "",
}
OTHER_PARTS = ("cleaning_deduction_kg", "packaging_deduction_kg", "other_deduction_kg", "site_deduction_kg")


@dataclass(frozen=True)
class Item:
    """One item of an inspection (1203)."""

    code: str
    label: str
    value: str
    deduction_kg: str
    price_adjustment: str


@dataclass(frozen=True)
class Deduction:
    """One part of what was taken off (negative) or put on, kg; with the inspection's value and its own figure."""

    label: str
    standard_id: str
    kg: Decimal
    tested: str
    tested_kg: Decimal | None
    share: Decimal | None

    @property
    def differs(self) -> bool:
        """Whether ticket and inspection state different amounts."""
        return self.tested_kg is not None and self.tested_kg != self.kg


@dataclass(frozen=True)
class Settled:
    """A settlement (1204, 1206) checked against ticket and contract. Price 元/公斤."""

    row: Any
    computed_cny: Decimal
    amount_fits: bool
    quantity_fits: bool
    contract_price: Decimal | None

    @property
    def price_gap(self) -> Decimal | None:
        """Settled − contract price, 元/公斤."""
        return None if self.contract_price is None else self.row.price_cny_per_kg - self.contract_price


def inspections(ticket: Any) -> list[tuple[Any, list[Item]]]:
    """The inspections of a truck (1203, of a room above this one) with their items."""
    model: Any = table("1203").model
    found = []
    for row in model.objects.filter(in_depot=ticket.in_depot, ticket_no=ticket.ticket_no, lot_code=ticket.lot_code).order_by(
        "tested_at"
    ):
        lists = (
            codes.parts(text or "") for text in (row.test_items, row.test_values, row.deductions_kg, row.price_adjustments_cny)
        )
        items = [
            Item(code, codes.label("jyxm", code), value, kg, price)
            for code, value, kg, price in zip_longest(*lists, fillvalue="")
            if code
        ]
        found.append((row, items))
    return found


def _figure(text: str) -> Decimal | None:
    try:
        value = Decimal(text)
    except ArithmeticError:
        return None
    return value if value.is_finite() else None


def deductions(ticket: InboundTicket, tested: Mapping[str, Item]) -> list[Deduction]:
    """Every part that is not zero or that the inspection speaks of."""
    spec, base = table("1202"), ticket.gross_kg - ticket.tare_kg
    found = []
    for attribute, code in [*QUALITY_PARTS.items(), *((name, "") for name in OTHER_PARTS)]:
        kg: Decimal = getattr(ticket, attribute) or ZERO
        item = tested.get(code)
        if kg or item:
            field = spec.by_attribute[attribute]
            found.append(
                Deduction(
                    field.name.removeprefix("其中："),
                    f"1202.{field.id}",
                    kg,
                    item.value if item else "",
                    _figure(item.deduction_kg) if item else None,
                    kg / base if base else None,
                )
            )
    return found


def adjustments(ticket: Any) -> list[tuple[str, Decimal]]:
    """Name and signed kg of everything between gross − tare and net."""
    if isinstance(ticket, OutboundTicket):
        # The specification leaves open whether 扣(增)量 enters the net weight: it does where the figures say so.
        kg = ticket.adjustment_kg or ZERO
        return [("扣（增）量", kg)] if ticket.net_kg == ticket.gross_kg - ticket.tare_kg + kg else []
    spec = table("1202")
    parts = [name for name in QUALITY_PARTS if getattr(ticket, name)]
    if sum((getattr(ticket, name) for name in parts), ZERO) != ticket.quality_deduction_kg:
        parts = ["quality_deduction_kg"]
    names = [*parts, *OTHER_PARTS]
    return [(spec.by_attribute[name].name.removeprefix("其中："), getattr(ticket, name) or ZERO) for name in names]


def _settlement(model: Any, ticket: Any, contract: Contract | None) -> Settled | None:
    row = model.objects.filter(key=ticket.settlement_no).first() if ticket.settlement_no else None
    if row is None:
        return None
    computed = row.settled_kg * row.price_cny_per_kg
    fits = abs(row.amount_cny - computed) <= TOLERANCE_CNY_PER_KG * abs(row.settled_kg)
    price = units.price_per_kg(contract.contract_price_cny_per_t) if contract else None
    return Settled(row, computed, fits, row.settled_kg == ticket.net_kg, price)


def _events(ticket: Any, tests: list[tuple[Any, list[Item]]], settled: Settled | None) -> list[Event]:
    inbound = isinstance(ticket, InboundTicket)
    gross = Event(
        ticket.gross_at, "毛重计量", f"{ticket.gross_kg:,.0f} 公斤", _people(ticket.gross_weigher, ticket.gross_witness), "scale"
    )
    tare = Event(
        ticket.tare_at, "皮重计量", f"{ticket.tare_kg:,.0f} 公斤", _people(ticket.tare_weigher, ticket.tare_witness), "scale"
    )
    events = [
        Event(ticket.registered_at, "登记", ticket.plate_no, ticket.registered_by or "", "clipboard-text"),
        *((gross, tare) if inbound else (tare, gross)),
        Event(ticket.gate_out_at, "出门", "", ticket.gate_out_by or "", "logout-2", "good"),
    ]
    for row, _ in tests:
        events.append(Event(row.sampled_at, "扦样", "", row.sampled_by, "test-pipe"))
        verdict = codes.label("jyjg", row.verdict)
        events.append(Event(row.tested_at, "检验", verdict, row.tested_by, "microscope", "good" if row.verdict == "1" else "warn"))
    if settled is not None:
        events.append(Event(settled.row.settled_at, "结算", f"{settled.row.amount_cny:,.2f} 元", "", "receipt-2"))
    events.sort(key=lambda event: event.at)
    return [*events, Event(ticket.received_at, "平台接收", f"日志 {ticket.number:,}", "", "database-import", "info")]


def _people(weigher: str | None, witness: str | None) -> str:
    return "，".join(f"{what} {who}" for what, who in (("计量员", weigher), ("监磅员", witness)) if who)


@policy.page("stock.view")
def inbound(request: HttpRequest, key: str) -> HttpResponseBase:
    """A truck in (1202)."""
    return _page(request, get_object_or_404(policy.rows(request.user, InboundTicket.everything), key=key), InboundSettlement)


@policy.page("stock.view")
def outbound(request: HttpRequest, key: str) -> HttpResponseBase:
    """A truck out (1205)."""
    return _page(request, get_object_or_404(policy.rows(request.user, OutboundTicket.everything), key=key), OutboundSettlement)


def _page(request: HttpRequest, ticket: Any, settlements: Any) -> HttpResponseBase:
    is_in = isinstance(ticket, InboundTicket)
    contract = (
        Contract.everything.filter(contract_no=ticket.contract_no, enterprise_code=ticket.in_enterprise).first()
        if ticket.contract_no
        else None
    )
    lot = StorageLot.everything.filter(key=ticket.lot_code).first()
    tests = inspections(ticket) if is_in else []
    tested = {item.code: item for _, items in tests for item in items}
    settled = _settlement(settlements, ticket, contract)
    names = place_names({ticket.in_depot, ticket.in_enterprise})
    notes = [_people(ticket.gross_weigher, ticket.gross_witness), _people(ticket.tare_weigher, ticket.tare_witness)]
    code, word = ticket.Standard.code, "入库" if is_in else "出库"
    links = {
        "lot_code": to("stock:custody", ticket.lot_code),
        "settlement_no": settled and to("records:history", "1204" if is_in else "1206", ticket.settlement_no),
        "contract_no": to("stock:contract", contract.key) if contract else "",
    }
    list_name = "stock:inbound_tickets" if is_in else "stock:outbound_tickets"
    return render(
        request,
        "stock/ticket.html",
        {
            "title": f"{word}检斤单 {ticket.ticket_no}",
            "crumbs": [Crumb(f"{word}检斤单", to(list_name)), Crumb(ticket.ticket_no)],
            "ticket": ticket,
            "is_in": is_in,
            "word": word,
            "code": code,
            "depot": names[ticket.in_depot],
            "enterprise": names[ticket.in_enterprise],
            "lot": lot,
            "lot_url": to("overview:lot", ticket.lot_code) or to("stock:custody", ticket.lot_code),
            "depot_url": to("registry:depot", ticket.in_depot),
            "contract": contract,
            "settled": settled,
            "picture": picture(ticket.gross_kg, ticket.tare_kg, ticket.net_kg, adjustments(ticket), notes),
            "events": _events(ticket, tests, settled),
            "tests": tests,
            "deductions": deductions(ticket, tested) if is_in else [],
            "base_kg": ticket.gross_kg - ticket.tare_kg,
            "faults": receipt.faults(ticket),
            "moves": receipt.moves(code, ticket.key),
            "facts": facts(ticket, links={name: address or "" for name, address in links.items()}),
            "tested": tested,
            "may_prove": policy.may(request.user, "records.view"),
        },
    )
