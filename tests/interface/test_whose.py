"""403: nobody reports for another enterprise or for a depot that is not theirs, however the record says so."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.interface.client import Client
from tests.interface.conftest import CreateApp, Place, create_token, refusal
from tests.interface.generator import ENDPOINTS, Record
from tests.interface.samples import Depot
from tests.served import Served

NewEnterprise = Callable[[], Depot]
TwoDepots = tuple[Client, Client, list[Depot]]

FOREIGN: dict[str, Callable[[Place], Record]] = {
    "1101": lambda p: p.depot.enterprise_record(),
    "1102": lambda p: p.depot.depot_record(),
    "1103": lambda p: p.depot.warehouse(),
    "1104": lambda p: p.depot.compartment(p.warehouse),
    "1105": lambda p: p.depot.lot(p.compartment),
    "1106": lambda p: p.depot.tank(),
    "1107": lambda p: p.depot.equipment(),
    "1108": lambda p: p.depot.chemical(),
    "1110": lambda p: p.depot.lot_label(p.lot),
    "1111": lambda p: p.depot.camera_label(),
    "1112": lambda p: p.depot.staff(),
    "1201": lambda p: p.depot.contract(p.customer()),
    "1202": lambda p: p.depot.inbound(p.lot),
    "1203": lambda p: p.depot.inspection(p.depot.inbound(p.lot)),
    "1204": lambda p: p.depot.settlement("1204", p.contract(), p.lot, Decimal(10)),
    "1205": lambda p: p.depot.outbound(p.lot),
    "1207": lambda p: p.depot.transfer(p.lot, p.lot[:-2] + "02", Decimal(10)),
    "1208": lambda p: p.depot.stock_card(p.lot, Decimal(0), Decimal(0)),
    "1209": lambda p: p.depot.loss(p.lot, Decimal(10), Decimal(9)),
    "1210": lambda p: p.depot.nature_change(p.lot, Decimal(10), Decimal(9)),
    "1211": lambda p: p.depot.month_book(2024, 5, Decimal(0), Decimal(0), Decimal(0)),
    "1212": lambda p: p.depot.customer(),
    "1301": lambda p: p.depot.safety_risk(),
    "1302": lambda p: p.depot.temperature_scan(p.lot),
    "1303": lambda p: p.depot.pest_inspection(p.lot),
    "1304": lambda p: p.depot.gas_reading(p.lot),
    "1305": lambda p: p.depot.ventilation(p.warehouse, p.lot),
    "1306": lambda p: p.depot.fumigation(p.warehouse, None),
    "1308": lambda p: p.depot.alarm("0" * 20),
    "1309": lambda p: p.depot.warning(),
    "1310": lambda p: p.depot.quality_report(p.lot),
}


@pytest.mark.parametrize("table", FOREIGN)
def test_another_enterprises_data_is_403(place: Place, neighbour: Place, table: str) -> None:
    refusal(place.client.send(ENDPOINTS[table], FOREIGN[table](neighbour)), 403)


@pytest.mark.parametrize("table", FOREIGN)
def test_a_batch_of_another_enterprises_data_is_refused_row_by_row(place: Place, neighbour: Place, table: str) -> None:
    answer = place.client.batch(table, [FOREIGN[table](neighbour)])
    assert answer.http == 403 or (answer.json["taken"], answer.json["refused"]) == (0, 1), answer


def test_a_removal_of_another_enterprises_record_is_403(place: Place, neighbour: Place) -> None:
    record = neighbour.take("1107", neighbour.depot.equipment())
    removal = record | {"czbz": "d", "zhgxsj": neighbour.depot.stated()}
    refusal(place.client.send(ENDPOINTS["1107"], removal), 403)
    assert neighbour.client.batch("1107", [record]).json["same"] == 1


def test_grain_cannot_be_moved_out_of_a_neighbours_lot(place: Place, neighbour: Place) -> None:
    theft = neighbour.depot.transfer(neighbour.lot, place.lot, Decimal(1000), drdw=place.depot.code)
    refusal(place.send("1207", theft), 403)


def test_a_neighbours_stock_and_proofs_stay_closed(served: Served, place: Place, neighbour: Place) -> None:
    record = neighbour.take("1107", neighbour.depot.equipment())
    number = neighbour.client.batch("1107", [record]).json["rows"][0]["number"]
    keeper = create_token(served, f"keeper-of-{place.depot.enterprise}", "viewer", place.depot.enterprise)
    for token in (keeper, place.client.token):
        assert place.client.get(f"/api/v1/records/{number}/proof", token=token).http in (401, 403, 404)
        stock = place.client.get("/api/v1/stock", token=token, by="lot", depot=neighbour.depot.code)
        assert stock.http in (401, 403) or stock.json == [], stock


@pytest.fixture(scope="module")
def two_depots(app: CreateApp, new_enterprise: NewEnterprise) -> tuple[Client, Client, list[Depot]]:
    """An enterprise of three depots: the client of all of it, a client of the first two, and the depots."""
    first: Depot = new_enterprise()
    depots = [first, *(Depot(first._serial, number) for number in ("002", "003"))]
    everything = app(first.enterprise)
    assert everything.send(ENDPOINTS["1101"], first.enterprise_record()).code == 200
    for depot in depots:
        assert everything.send(ENDPOINTS["1102"], depot.depot_record()).code == 200
    return everything, app(first.enterprise, depots=(depots[0].code, depots[1].code)), depots


def test_an_account_of_two_depots_reports_for_these_and_not_for_the_third(two_depots: TwoDepots) -> None:
    everything, some, depots = two_depots
    for depot in depots:
        assert everything.send(ENDPOINTS["1103"], depot.warehouse()).code == 200
    for depot in depots[:2]:
        assert some.send(ENDPOINTS["1103"], depot.warehouse()).code == 200
        assert some.send(ENDPOINTS["1107"], depot.equipment()).code == 200
    refusal(some.send(ENDPOINTS["1103"], depots[2].warehouse()), 403)
    refusal(some.send(ENDPOINTS["1107"], depots[2].equipment()), 403)
    refusal(some.send(ENDPOINTS["1102"], depots[2].depot_record()), 403)


def test_stock_house_must_name_one_of_the_accounts_depots(two_depots: TwoDepots, neighbour: Place) -> None:
    _, some, depots = two_depots
    for depot in depots[:2]:
        assert some.send(ENDPOINTS["1107"], depot.equipment(), stock_house=depot.code).code == 200
    for wrong in (depots[2].code, neighbour.depot.code, "", "no depot"):
        refusal(some.send(ENDPOINTS["1107"], depots[0].equipment(), stock_house=wrong), 403)


def test_a_garbled_stock_house_is_refused(two_depots: TwoDepots) -> None:
    _, some, depots = two_depots
    reply = some.send(ENDPOINTS["1107"], depots[0].equipment(), headers={"stockHouse": "not a cipher"})
    assert reply.code in (400, 403), reply
