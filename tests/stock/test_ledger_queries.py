"""Custody account, claims, conversion and capacity on a small book."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from canglin.registry.models import Depot, StorageLot
from canglin.rulebook import queries as rulebook
from canglin.rulebook.rules import Rule
from canglin.stock.ledger.balances import CHINA, Moment
from canglin.stock.models import BookStock, InboundTicket, StockCard
from canglin.stock.queries.capacity import depots_use, lots_use
from canglin.stock.queries.claims import book_differences, card_differences, explain
from canglin.stock.queries.conversion import convert
from canglin.stock.queries.custody import custody_account
from canglin.stock.queries.totals import totals
from tests.stock.ledger_cast import (
    COMMERCIAL,
    DEPOT_A,
    DEPOT_B,
    LOT_1,
    LOT_2,
    LOT_3,
    PADDY,
    PROVINCIAL,
    WHEAT,
    empty_book,
    inbound,
    kg,
    loss,
    nature_change,
    outbound,
    transfer,
)

pytestmark = pytest.mark.django_db


def china(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHINA)


def card(lot: str, at: str, priced: Any, weighed: Any = None, **other: Any) -> StockCard:
    stated = {
        "variety_code": WHEAT, "nature_code": PROVINCIAL, "harvest_year": 2025, "grade_code": "03", "owner_code": DEPOT_B[:18],
        "lot_status": "3", "filled_at": china("2026-01-01 08:00:00"),
    } | other
    return StockCard.everything.create(
        key=f"{lot}|{WHEAT}|{at}", number=1, digest=b"", received_at=china(at), in_enterprise=lot[:18], in_depot=lot[:21],
        stated_at=china(at), lot_code=lot, priced_kg=priced, weighed_kg=priced if weighed is None else weighed, **stated,
    )


def test_the_custody_account_runs_from_opening_to_closing() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg("28000.123"), "2025-12-30 10:00:00", deducted=kg("20")))
        book.post(inbound(LOT_1, kg("30000"), "2026-01-02 10:00:00"))
        book.post(outbound(LOT_1, kg("12000.5"), "2026-01-03 09:00:00"))
        book.post(transfer(LOT_1, LOT_2, kg("1000"), "2026-01-03"))
        book.post(nature_change(LOT_1, kg("500"), "2026-01-04"))
        book.post(loss(LOT_1, kg("-7.5"), "2026-01-05"))
        book.post(loss(LOT_1, kg("10"), "2026-02-05"))
        account = custody_account(LOT_1, china("2026-01-01 00:00:00"), china("2026-01-31 23:59:59"))
        assert (account.opening_priced_kg, account.opening_weighed_kg) == (kg("28000.123"), kg("28020.123"))
        assert [(line.kind, line.priced_in_kg, line.priced_out_kg, line.balance_priced_kg) for line in account.lines] == [
            ("入库", kg(30000), 0, kg("58000.123")), ("出库", 0, kg("12000.5"), kg("45999.623")),
            ("倒出", 0, kg(1000), kg("44999.623")), ("性质转出", 0, kg(500), kg("44499.623")),
            ("性质转入", kg(500), 0, kg("44999.623")), ("升溢", kg("7.5"), 0, kg("45007.123")),
        ]
        assert account.lines[2].counterpart == LOT_2
        sums = account.sums()
        assert account.opening_priced_kg + sums["priced_in_kg"] - sums["priced_out_kg"] == account.closing_priced_kg
        assert account.opening_weighed_kg + sums["weighed_in_kg"] - sums["weighed_out_kg"] == account.closing_weighed_kg
        whole = custody_account(LOT_1)
        assert whole.opening_priced_kg == 0
        assert (whole.lines[-1].kind, whole.closing_priced_kg) == ("损耗", kg("44997.123"))


def test_what_was_taken_back_is_hidden_and_can_be_shown_without_changing_a_balance() -> None:
    with empty_book() as book:
        first = book.post(inbound(LOT_1, kg(1000), "2026-01-02 10:00:00"))
        corrected = book.receive((first, inbound(LOT_1, kg(900), "2026-01-02 11:00:00")))
        removed = book.post(outbound(LOT_1, kg(50), "2026-01-03 10:00:00"))
        book.receive((removed, None))
        shown = custody_account(LOT_1)
        assert [(line.kind, line.priced_in_kg) for line in shown.lines] == [("入库", 900)]
        everything = custody_account(LOT_1, with_reversed=True)
        assert [(line.kind, line.priced_in_kg or -line.priced_out_kg) for line in everything.lines] == [
            ("入库", 1000), ("入库", -1000), ("入库", 900), ("出库", -50), ("出库", 50),
        ]
        assert [line.reversed_by for line in everything.lines] == [2, None, None, 4, None]
        assert shown.closing_priced_kg == everything.closing_priced_kg == 900
        before = custody_account(LOT_1, known_at=corrected - timedelta(seconds=1))
        assert [(line.kind, line.priced_in_kg) for line in before.lines] == [("入库", 1000)]


def test_a_line_of_the_custody_account_names_its_ticket() -> None:
    with empty_book() as book:
        key = book.post(inbound(LOT_1, kg(1000), "2026-01-02 10:00:00"))
        at = china("2026-01-02 10:00:00")
        InboundTicket.everything.create(
            key=key, number=1, digest=b"", received_at=at, in_enterprise=LOT_1[:18], in_depot=DEPOT_A, stated_at=at,
            ticket_no="142601020001", lot_code=LOT_1, business_date=at.date(), carrier="演示承运人",
            carrier_phone="", carrier_id_card="", transport="1",
            plate_no="湘A00001", registered_at=at, variety_code=WHEAT, nature_code=PROVINCIAL, harvest_year=2025,
            origin_code="430100", weighing_type="1", gross_kg=16000, gross_at=at, tare_kg=15000, tare_at=at, quality_deduction_kg=0,
            net_kg=1000, gate_out_at=at,
        )
        line = custody_account(LOT_1).lines[0]
        assert (line.document_no, line.plate_no, line.counterpart) == ("142601020001", "湘A00001", "演示承运人")


def test_a_card_that_misses_a_truck_is_explained_by_that_truck() -> None:
    with empty_book() as book:
        for day, net in enumerate((28000, 29020, 30140), start=2):
            book.post(inbound(LOT_1, kg(net), f"2026-01-{day:02d} 10:00:00"))
        card(LOT_1, "2026-01-05 08:00:00", 28000 + 30140)
        difference = card_differences([LOT_1, LOT_2])[LOT_1]
        assert (difference.ledger_priced_kg, difference.priced_kg) == (87160, -29020)
        [(missed,)] = explain(difference)
        assert (missed.key, missed.reason) == ("1202:2", "not_in_claim")


def test_a_card_that_already_counts_tomorrows_trucks_is_explained_by_both_of_them() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(28000), "2026-01-02 10:00:00"))
        book.post(inbound(LOT_1, kg(29000), "2026-01-05 10:00:00"))
        book.post(outbound(LOT_1, kg(1500), "2026-01-06 10:00:00"))
        card(LOT_1, "2026-01-05 08:00:00", 28000 + 29000 - 1500)
        difference = card_differences([LOT_1])[LOT_1]
        assert difference.priced_kg == 27500
        [pair] = explain(difference)
        assert [(c.key, c.reason) for c in sorted(pair, key=lambda c: c.number)] == [
            ("1202:2", "only_in_claim"), ("1205:3", "only_in_claim"),
        ]


def test_a_card_that_still_counts_a_removed_ticket_is_explained_by_it() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(28000), "2026-01-02 10:00:00"))
        gone = book.post(inbound(LOT_1, kg(29000), "2026-01-03 10:00:00"))
        book.receive((gone, None))
        card(LOT_1, "2026-01-05 08:00:00", 57000)
        [(found,)] = explain(card_differences([LOT_1])[LOT_1])
        assert (found.key, found.reason, found.number) == (gone, "taken_back", 2)


def test_a_card_that_agrees_needs_no_explanation() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(28000), "2026-01-02 10:00:00"))
        card(LOT_1, "2026-01-05 08:00:00", 28000)
        difference = card_differences([LOT_1])[LOT_1]
        assert (difference.priced_kg, difference.weighed_kg, explain(difference)) == (0, 0, [])


def test_each_card_is_compared_with_the_ledger_at_its_own_moment() -> None:
    with empty_book() as book:
        for lot in (LOT_1, LOT_2):
            for day in (2, 3, 4):
                book.post(inbound(lot, kg(1000), f"2026-01-{day:02d} 10:00:00"))
        card(LOT_1, "2026-01-03 09:59:59", 1000)
        card(LOT_2, "2026-01-03 10:00:00", 2000)
        assert {lot: d.priced_kg for lot, d in card_differences([LOT_1, LOT_2]).items()} == {LOT_1: 0, LOT_2: 0}


def test_a_month_book_is_compared_line_by_line() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(5000), "2025-12-20 10:00:00"))
        book.post(inbound(LOT_1, kg(3000), "2026-01-31 23:59:59"))
        book.post(inbound(LOT_1, kg(9999), "2026-02-01 00:00:00"))
        book.post(outbound(LOT_1, kg(1000), "2026-01-10 10:00:00"))
        book.post(loss(LOT_1, kg(10), "2026-01-11"))
        book.post(inbound(LOT_3, kg(700), "2026-01-05 10:00:00"))
        book.post(transfer(LOT_3, LOT_2, kg(200), "2026-01-12"))
        book.post(transfer(LOT_1, LOT_2, kg(300), "2026-01-12"))
        at = china("2026-02-01 08:00:00")
        BookStock.everything.create(
            key="x", number=1, digest=b"", received_at=at, in_enterprise=DEPOT_A[:18], in_depot=DEPOT_A, stated_at=at,
            depot_code=DEPOT_A, variety_code=WHEAT, year=2026, month="01", opening_kg=5000, received_kg=3000, issued_kg=1010,
            closing_kg=6990, is_closed=0, business_date=at.date(),
        )
        ours, other = book_differences(2026, 1, [DEPOT_A, DEPOT_B])
        assert (ours.ledger_opening_kg, ours.ledger_received_kg, ours.ledger_issued_kg, ours.ledger_closing_kg) == (
            5000, 3200, 1010, 7190,
        )
        assert (ours.opening_kg, ours.received_kg, ours.issued_kg, ours.closing_kg) == (0, -200, 0, -200)
        assert (other.depot_code, other.claimed, other.ledger_closing_kg) == (DEPOT_B, False, 500)


def test_totals_by_everything_one_may_ask_for() -> None:
    with empty_book() as book:
        for code, region in ((DEPOT_A, "430102"), (DEPOT_B, "430201")):
            depot(code, region)
        book.post(inbound(LOT_1, kg(5000), "2026-01-02 10:00:00"))
        book.post(inbound(LOT_2, kg(700), "2026-01-02 10:00:00", variety=PADDY, nature=COMMERCIAL, year=2024))
        book.post(inbound(LOT_3, kg(20), "2026-01-02 10:00:00"))
        card(LOT_1, "2026-01-05 08:00:00", 5000, owner_code="91430000MA4L000099")

        def of(by: Any, **scope: Any) -> dict[str, Decimal]:
            return {total.group: total.priced_kg for total in totals(by, **scope)}

        assert of("lot") == {LOT_1: 5000, LOT_2: 700, LOT_3: 20}
        assert sum(t.priced_kg for t in totals("depot") if t.group == DEPOT_A) == 5700
        assert {(t.group, t.grain.variety_code) for t in totals("depot")} == {(DEPOT_A, WHEAT), (DEPOT_A, PADDY), (DEPOT_B, WHEAT)}
        assert sum(t.priced_kg for t in totals("enterprise")) == 5720
        assert {t.group: t.priced_kg for t in totals("region") if t.grain.variety_code == WHEAT} == {"430102": 5000, "430201": 20}
        assert of("variety") == {WHEAT: 5020, PADDY: 700}
        assert of("nature") == {PROVINCIAL: 5020, COMMERCIAL: 700}
        assert of("harvest_year") == {"2024": 700, "2025": 5020}
        assert of("grade") == {"03": 5000, "": 720}
        assert of("owner") == {"91430000MA4L000099": 5000, DEPOT_A[:18]: 720}
        assert of("variety", depots=[DEPOT_B]) == {WHEAT: 20}
        assert of("variety", depots=[]) == {}
        assert of("lot", moment=Moment(china("2026-01-02 09:59:59"))) == {}
        assert of("lot", moment=Moment(known_at=datetime(2025, 1, 1, tzinfo=UTC))) == {}


def depot(code: str, region: str) -> None:
    at = china("2026-01-01 08:00:00")
    Depot.everything.create(
        key=code, number=1, digest=b"", received_at=at, in_enterprise=code[:18], in_depot=code, stated_at=at, depot_code=code,
        enterprise_code=code[:18], depot_name="演示库", depot_address="", region_code=region, ownership="1", warehouse_capacity_t=9,
        tank_capacity_t=1, site_area_m2=1, warehouse_count=1, tank_count=0, longitude=113, latitude=28,
    )


def test_capacity_is_compared_in_tonnes() -> None:
    with empty_book() as book:
        depot(DEPOT_A, "430102")
        at = china("2026-01-01 08:00:00")
        for lot, capacity in ((LOT_1, 5), (LOT_2, None)):
            StorageLot.everything.create(
                key=lot, number=1, digest=b"", received_at=at, in_enterprise=lot[:18], in_depot=DEPOT_A, stated_at=at, lot_code=lot,
                lot_name="1号", compartment_code=lot[:28], in_use_since=at.date(), capacity_t=capacity,
            )
        book.post(inbound(LOT_1, kg(6000), "2026-01-02 10:00:00", deducted=kg(500)))
        uses = lots_use()
        assert (uses[LOT_1].held_t, uses[LOT_1].share) == (kg("6.5"), kg("1.3"))
        assert (uses[LOT_2].held_t, uses[LOT_2].share) == (0, None)
        assert depots_use()[DEPOT_A].share == kg("0.65")
        assert lots_use(depots=[DEPOT_B]) == {}


def test_unconfirmed_factors_are_shown_not_guessed(monkeypatch: pytest.MonkeyPatch) -> None:
    def known(code: str, *, at: Any = None) -> tuple[Rule, ...]:
        assert code == "conversion.raw_grain"
        factors = {"11": Decimal(1), "112": Decimal("0.9"), "236": None}
        return tuple(
            Rule(number, code, "折合原粮系数", factor, "", "", variety, "", "", date(2000, 1, 1), None, "演示", "C", True)
            for number, (variety, factor) in enumerate(factors.items(), start=1)
        )

    monkeypatch.setattr(rulebook, "every", known)
    converted = convert("raw_grain", [(WHEAT, kg(100)), ("1121000", kg(10)), ("2361001", kg(7)), ("2111000", kg(3))])
    assert (converted.kg, converted.unknown, converted.complete) == (109, {"2361001": 7}, False)
    assert converted.rules == {1, 2, 3}
