"""411: what must exist first, what is older than what is held, and a book that does not add up."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.interface.client import Client
from tests.interface.conftest import CreateApp, Place, refusal
from tests.interface.generator import ENDPOINTS, Record, shanghai_now, time_text
from tests.interface.identifiers import credit_code
from tests.interface.samples import Depot

Case = Callable[[Place], tuple[str, Record]]


def absent_depot(place: Place) -> str:
    return f"{place.depot.enterprise}888"


def absent_building(place: Place) -> str:
    return f"{place.depot.code}8888"


def absent_compartment(place: Place) -> str:
    return f"{place.warehouse}888"


def absent_lot(place: Place) -> str:
    return f"{place.compartment}99"


def unknown_customer(place: Place) -> Record:
    return place.depot.customer()


def unknown_contract(place: Place) -> Record:
    return place.depot.contract(place.customer())


CASES: dict[str, Case] = {
    "1101 region": lambda p: ("1101", p.depot.enterprise_record(xzqhdm="999999")),
    "1101 parent": lambda p: (
        "1101",
        p.depot.enterprise_record(sjdwdm=credit_code("430121", 999_999), sjdwmc="演示上级"),
    ),
    "1103 depot": lambda p: ("1103", p.depot.warehouse(kqdm=absent_depot(p), cfdm=f"{absent_depot(p)}0001")),
    "1106 depot": lambda p: ("1106", p.depot.tank(kqdm=absent_depot(p), ygdm=f"{absent_depot(p)}0001")),
    "1104 building": lambda p: ("1104", p.depot.compartment(absent_building(p))),
    "1105 compartment": lambda p: ("1105", p.depot.lot(absent_compartment(p))),
    "1107 depot": lambda p: ("1107", p.depot.equipment(kqdm=absent_depot(p))),
    "1108 depot": lambda p: ("1108", p.depot.chemical(kqdm=absent_depot(p))),
    "1111 depot": lambda p: ("1111", p.depot.camera_label(kqdm=absent_depot(p))),
    "1112 depot": lambda p: ("1112", p.depot.staff(kqdm=absent_depot(p))),
    "1109 file": lambda p: ("1109", p.depot.attachment("0" * 20)),
    "1110 lot": lambda p: ("1110", p.depot.lot_label(absent_lot(p))),
    "1201 client": lambda p: ("1201", p.depot.contract(unknown_customer(p))),
    "1204 lot": lambda p: ("1204", p.depot.settlement("1204", p.contract(), absent_lot(p), Decimal(100))),
    "1204 contract": lambda p: ("1204", p.depot.settlement("1204", unknown_contract(p), p.lot, Decimal(100))),
    "1202 lot": lambda p: ("1202", p.depot.inbound(absent_lot(p))),
    "1202 contract": lambda p: ("1202", p.depot.inbound(p.lot, hth="演示无此合同")),
    "1202 settlement": lambda p: ("1202", p.depot.inbound(p.lot, rkjsdh=f"{p.depot.code}202501019999")),
    "1203 ticket": lambda p: ("1203", p.depot.inspection(p.depot.inbound(p.lot))),
    "1206 contract": lambda p: ("1206", p.depot.settlement("1206", unknown_contract(p), None, Decimal(100))),
    "1205 lot": lambda p: ("1205", p.depot.outbound(absent_lot(p))),
    "1205 contract": lambda p: ("1205", p.depot.outbound(p.lot, hth="演示无此合同")),
    "1205 settlement": lambda p: ("1205", p.depot.outbound(p.lot, ckjsdh=f"{p.depot.code}202501019999")),
    "1207 origin": lambda p: ("1207", p.depot.transfer(absent_lot(p), p.lot, Decimal(10))),
    "1207 target": lambda p: ("1207", p.depot.transfer(p.lot, absent_lot(p), Decimal(10))),
    "1207 depot in": lambda p: ("1207", p.depot.transfer(p.lot, p.new_lot(), Decimal(10), drdw=absent_depot(p))),
    "1208 lot": lambda p: ("1208", p.depot.stock_card(absent_lot(p), Decimal(0), Decimal(0))),
    "1208 owner": lambda p: (
        "1208",
        p.depot.stock_card(p.lot, Decimal(0), Decimal(0), lqgsdwdm=credit_code("430121", 999_998)),
    ),
    "1208 country": lambda p: ("1208", p.depot.stock_card(p.lot, Decimal(0), Decimal(0), gb="QQQ")),
    "1208 region": lambda p: ("1208", p.depot.stock_card(p.lot, Decimal(0), Decimal(0), cd="999999")),
    "1209 lot": lambda p: ("1209", p.depot.loss(absent_lot(p), Decimal(10), Decimal(9))),
    "1210 lot": lambda p: ("1210", p.depot.nature_change(absent_lot(p), Decimal(10), Decimal(9))),
    "1211 depot": lambda p: (
        "1211",
        p.depot.month_book(2024, 1, Decimal(0), Decimal(0), Decimal(0), kqdm=absent_depot(p)),
    ),
    "1301 depot": lambda p: ("1301", p.depot.safety_risk(kqdm=absent_depot(p))),
    "1302 lot": lambda p: ("1302", p.depot.temperature_scan(absent_lot(p))),
    "1303 lot": lambda p: ("1303", p.depot.pest_inspection(absent_lot(p))),
    "1304 lot": lambda p: ("1304", p.depot.gas_reading(absent_lot(p))),
    "1305 building": lambda p: ("1305", p.depot.ventilation(absent_building(p), f"{absent_building(p)}00101")),
    "1306 building": lambda p: ("1306", p.depot.fumigation(absent_building(p), None)),
    "1306 inspection": lambda p: ("1306", p.depot.fumigation(p.warehouse, p.depot.pest_inspection(p.lot))),
    "1307 building": lambda p: ("1307", p.depot.snapshot(absent_building(p), f"{absent_building(p)}00101", "0" * 20)),
    "1307 lot": lambda p: ("1307", p.depot.snapshot(p.warehouse, absent_lot(p), "0" * 20)),
    "1307 file": lambda p: ("1307", p.depot.snapshot(p.warehouse, p.lot, "0" * 20)),
    "1310 lot": lambda p: ("1310", p.depot.quality_report(absent_lot(p))),
}


@pytest.mark.parametrize("case", CASES)
def test_a_record_whose_reference_is_missing_is_refused(place: Place, case: str) -> None:
    table, record = CASES[case](place)
    refusal(place.send(table, record), 411)


def test_nothing_can_be_reported_before_the_enterprise_and_its_depot(app: CreateApp, new_enterprise: Callable[[], Depot]) -> None:
    depot: Depot = new_enterprise()
    client: Client = app(depot.enterprise)
    for table, record in [
        ("1102", depot.depot_record()),
        ("1212", depot.customer()),
        ("1103", depot.warehouse()),
        ("1107", depot.equipment()),
        ("1112", depot.staff(kqdm=None)),
    ]:
        assert client.send(ENDPOINTS[table], record).code == 411, table
    assert client.send(ENDPOINTS["1101"], depot.enterprise_record()).code == 200
    assert client.send(ENDPOINTS["1102"], depot.depot_record()).code == 200


def test_a_private_persons_contract_needs_no_customer_record(place: Place) -> None:
    """The document asks for the customer record of an enterprise client only."""
    person = {"khlx": "2", "khtyshxydmhsfzh": "43012119800101007X", "khmc": "演示农户"}
    place.take("1201", place.depot.contract(person))


def test_a_tank_cannot_take_a_warehouses_number(place: Place) -> None:
    assert place.send("1106", place.depot.tank(ygdm=place.warehouse)).code in (408, 411)
    tank = place.take("1106", place.depot.tank())
    assert place.send("1103", place.depot.warehouse(cfdm=tank["ygdm"])).code in (408, 411)


def test_a_tanks_compartment_and_lot_stand_on_the_tank(place: Place) -> None:
    tank = place.take("1106", place.depot.tank())["ygdm"]
    place.take("1104", place.depot.compartment(tank, ajdh=f"{tank}000"))
    place.take("1105", place.depot.lot(f"{tank}000", hwdm=f"{tank}00001"))


# Older than what is held


def test_an_older_statement_than_the_one_held_is_refused_and_says_so(place: Place) -> None:
    older = place.depot.equipment()
    newer = older | {"sbms": "演示新说明", "zhgxsj": place.depot.stated()}
    place.take("1107", newer)
    reply = place.send("1107", older)
    refusal(reply, 411)
    assert "zhgxsj" in (reply.msg or ""), reply
    place.take("1107", newer)


def test_an_older_removal_is_refused_too(place: Place) -> None:
    record = place.depot.equipment()
    stale = record["zhgxsj"]
    place.take("1107", record | {"zhgxsj": place.depot.stated()})
    refusal(place.send("1107", record | {"czbz": "d", "zhgxsj": stale}), 411)


# The book


def test_a_month_whose_opening_receipts_and_issues_do_not_give_its_closing_is_refused(place: Place) -> None:
    book = place.depot.month_book(2023, 1, Decimal("100.5"), Decimal(50), Decimal(20), lspzdm="1112001")
    refusal(place.send("1211", book | {"qmye": Decimal("130.501")}), 411)
    place.take("1211", book)


def test_a_month_that_does_not_open_with_last_months_closing_is_refused(place: Place) -> None:
    depot, wheat = place.depot, {"lspzdm": "1111001"}
    place.take("1211", depot.month_book(2022, 11, Decimal(0), Decimal(70), Decimal(0), **wheat))
    refusal(place.send("1211", depot.month_book(2022, 12, Decimal(71), Decimal(0), Decimal(0), **wheat)), 411)
    place.take("1211", depot.month_book(2022, 12, Decimal(70), Decimal(0), Decimal(30), **wheat))
    refusal(place.send("1211", depot.month_book(2023, 1, Decimal(41), Decimal(0), Decimal(0), **wheat)), 411)
    place.take("1211", depot.month_book(2023, 1, Decimal(40), Decimal(0), Decimal(0), **wheat))


def test_two_depots_may_use_the_same_ticket_number(place: Place, neighbour: Place) -> None:
    """入库业务单号 are unique within a depot only."""
    ours = place.take("1202", place.depot.inbound(place.lot))
    theirs = neighbour.take("1202", neighbour.depot.inbound(neighbour.lot, rkywdh=ours["rkywdh"]))
    assert ours["rkywdh"] == theirs["rkywdh"]
    for where, record in ((place, ours), (neighbour, theirs)):
        assert where.client.batch("1202", [record]).json["same"] == 1
    neighbour.take("1203", neighbour.depot.inspection(theirs))


def test_an_inspection_cannot_lean_on_another_depots_ticket(place: Place, neighbour: Place) -> None:
    ours = place.take("1202", place.depot.inbound(place.lot, rkywdh=f"14{place.depot.start:%y%m%d}9990"))
    refusal(neighbour.send("1203", neighbour.depot.inspection(ours | {"hwdm": neighbour.lot})), 411)


def test_times_are_those_of_shanghai(place: Place) -> None:
    """A statement of this very minute in Shanghai lies neither in the future nor before what was stated an hour ago."""
    minute = time_text(shanghai_now())
    place.take("1302", place.depot.temperature_scan(place.lot, jcsj=minute, zhgxsj=minute))
