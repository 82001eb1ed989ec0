"""The rules between fields, each broken once: what is refused names a field that takes part, and what passes passes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from tests.interface.client import Reply
from tests.interface.conftest import Place
from tests.interface.generator import Record
from tests.interface.trade import INBOUND_PARTS

Case = tuple[str, Callable[[Place], Record], set[str]]


def inbound(**values: object) -> Callable[[Place], Record]:
    return lambda place: place.depot.inbound(place.lot) | values


def inbound_with(**amounts: Decimal) -> Callable[[Place], Record]:
    """A ticket with these added to its fields, everything else as it was."""

    def build(place: Place) -> Record:
        record = place.depot.inbound(place.lot)
        return record | {name: record[name] + amount for name, amount in amounts.items()}

    return build


def late(table: str, name: str) -> Callable[[Place], Record]:
    def build(place: Place) -> Record:
        record = place.depot.inbound(place.lot) if table == "1202" else place.depot.outbound(place.lot)
        return record | {name: f"{record['djsj'][:10]} 23:59:59"}

    return build


def settled(table: str, **values: Decimal) -> Callable[[Place], Record]:
    def build(place: Place) -> Record:
        kind, lot = ("2", place.lot) if table == "1204" else ("1", None)
        return place.depot.settlement(table, place.contract(kind), lot, Decimal(26_831)) | values

    return build


def scan(**values: object) -> Callable[[Place], Record]:
    return lambda place: place.depot.temperature_scan(place.lot) | values


def report(**values: object) -> Callable[[Place], Record]:
    return lambda place: place.depot.quality_report(place.lot) | values


WEIGHTS = {"jz", "mz", "pz", "zjklxj", "zlfyzkl", "bzwkl", "qtkl", "xckl", *INBOUND_PARTS}
INBOUND_TIMES = {"djsj", "mzjlsj", "pzjlsj", "cmsj"}
SETTLEMENT = {"jssl", "jsdj", "jsje"}
SCAN = {"lszgw", "lszdw", "lspjw", "lswdzjh"}
GRAM = Decimal("0.001")

BROKEN: dict[str, Case] = {
    "a net weight one gram too high": ("1202", inbound_with(jz=GRAM), WEIGHTS),
    "a gross weight that does not give the net": ("1202", inbound_with(mz=Decimal(20)), WEIGHTS),
    "a tare that does not give the net": ("1202", inbound_with(pz=Decimal(-20)), WEIGHTS),
    "a cleaning fee that is not deducted": ("1202", inbound_with(zlfyzkl=Decimal(-1)), WEIGHTS),
    "packing that is not deducted": ("1202", inbound_with(bzwkl=Decimal(-1)), WEIGHTS),
    "another deduction that is not deducted": ("1202", inbound_with(qtkl=Decimal(-1)), WEIGHTS),
    "an on-site deduction that is not deducted": ("1202", inbound_with(xckl=Decimal(-1)), WEIGHTS),
    "a test deduction that is not deducted": ("1202", inbound_with(zjklxj=Decimal(-1)), WEIGHTS),
    **{
        f"a part {part} beyond the sum": ("1202", inbound_with(**{part: Decimal(-1)}), {"zjklxj", *INBOUND_PARTS})
        for part in INBOUND_PARTS
    },
    "a truck in registered after it was weighed": ("1202", late("1202", "djsj"), INBOUND_TIMES),
    "a truck in weighed full after it was weighed empty": ("1202", late("1202", "mzjlsj"), INBOUND_TIMES),
    "a truck in weighed empty after it left": ("1202", late("1202", "pzjlsj"), INBOUND_TIMES),
    "a truck out registered after it was weighed": ("1205", late("1205", "djsj"), INBOUND_TIMES),
    "a truck out weighed empty after it was weighed full": ("1205", late("1205", "pzjlsj"), INBOUND_TIMES),
    "a truck out weighed full after it left": ("1205", late("1205", "mzjlsj"), INBOUND_TIMES),
    "a purchase whose amount is not its price": ("1204", settled("1204", jsje=Decimal(72_000)), SETTLEMENT),
    "a purchase in yuan a tonne": ("1204", settled("1204", jsdj=Decimal(2650)), SETTLEMENT),
    "a sale whose amount is not its price": ("1206", settled("1206", jsje=Decimal(72_000)), SETTLEMENT),
    "a sale whose price is two fen off": ("1206", settled("1206", jsdj=Decimal("2.67")), SETTLEMENT),
    "a purchase of nothing": ("1204", settled("1204", jssl=Decimal(0)), SETTLEMENT),
    "a lowest temperature above the mean": ("1302", scan(lszdw=Decimal(20)), SCAN),
    "a highest temperature below the mean": ("1302", scan(lszgw=Decimal(19)), SCAN),
    "a highest temperature that no sensor read": ("1302", scan(lszgw=Decimal(30)), SCAN),
    "a lowest temperature that no sensor read": ("1302", scan(lszdw=Decimal(10)), SCAN),
    "a mean that is not the sensors' mean": ("1302", scan(lspjw=Decimal("21.4")), SCAN),
    "a reading without its place": ("1302", scan(lswdzjh="18.0|19.0"), SCAN),
    "a reading that is no number": ("1302", scan(lswdzjh="warm,1,1,1"), SCAN),
    "a reading in no row": ("1302", scan(lswdzjh="18.0,1,,1"), SCAN),
    "more verdicts than index classes": ("1310", report(zbjgpd="达标#宜存#合格"), {"zblb", "zbjgpd"}),
    "fewer verdicts than index classes": ("1310", report(zbjgpd="达标"), {"zblb", "zbjgpd"}),
    "a storage verdict on quality indices": ("1310", report(zbjgpd="宜存#宜存"), {"zblb", "zbjgpd"}),
    "a quality verdict on storage indices": ("1310", report(zbjgpd="达标#达标"), {"zblb", "zbjgpd"}),
    "a verdict nobody knows": ("1310", report(zbjgpd="达标#还行"), {"zblb", "zbjgpd"}),
    "an index class nobody knows": ("1310", report(zblb="1#7"), {"zblb", "zbjgpd"}),
    "a report tested before it was sampled": ("1310", report(jysj="2020-01-01 08:00:00"), {"qysj", "jysj"}),
}


def blames(reply: Reply, fields: set[str]) -> bool:
    return any(name in (reply.msg or "") for name in fields)


@pytest.mark.parametrize("case", BROKEN)
def test_a_record_that_breaks_a_rule_between_fields_is_refused(place: Place, case: str) -> None:
    table, build, fields = BROKEN[case]
    reply = place.send(table, build(place))
    assert (reply.http, reply.code in (410, 411)) == (200, True), reply
    assert blames(reply, fields), reply


PASSING: dict[str, tuple[str, Callable[[Place], Record]]] = {
    "all times at the same second": (
        "1202",
        lambda p: (r := p.depot.inbound(p.lot)) | dict.fromkeys(INBOUND_TIMES, r["djsj"]),
    ),
    "a net weight to the milligram": (
        "1202",
        lambda p: p.depot.inbound(p.lot, Decimal("42360.000001")),
    ),
    "a settlement price within a fen": ("1204", settled("1204", jsdj=Decimal("2.659"))),
    "a dead temperature sensor": (
        "1302",
        scan(lswdzjh="18.0,1,1,1|-100,1,1,2|20.0,1,2,1", lszgw=Decimal(20), lszdw=Decimal(18), lspjw=Decimal(19)),
    ),
    "a dead humidity sensor": ("1302", scan(lssdzjh="65.0,1,1,1|-1,1,1,2")),
    "frost in the grain": (
        "1302",
        scan(lswdzjh="-4.5,1,1,1|-2.5,1,1,2", lszgw=Decimal("-2.5"), lszdw=Decimal("-4.5"), lspjw=Decimal("-3.5")),
    ),
    "a silo: value, ring, point, layer": (
        "1302",
        scan(lswdzjh="18.0,1,12,30|20.0,2,24,30", lszgw=Decimal(20), lszdw=Decimal(18), lspjw=Decimal(19)),
    ),
    "one class, one verdict": ("1310", report(zblb="3", zbjgpd="合格", jyxm="02010812", jyxmz="0.05")),
    "three classes, three verdicts": (
        "1310",
        report(zblb="1#2#3", zbjgpd="不达标#轻度不宜存#不合格|综合判定", jyxm="020101#040201#02010812", jyxmz="1#2#3"),
    ),
    "a transfer numbered in the depot's own way": (
        "1207",
        lambda p: p.depot.transfer(p.lot, p.new_lot(), Decimal(10), dcdh=f"倒2025-{p.depot.next('own way'):04d}"),
    ),
    "an inspection numbered in the depot's own way": (
        "1203",
        lambda p: p.depot.inspection(p.take("1202", p.depot.inbound(p.lot)), rkjydh=f"JY-{p.depot.next('own way'):04d}"),
    ),
    "an inbound ticket settled by its contract": ("1202", inbound(rkjsdh="")),
    "an outbound ticket settled by its contract": ("1205", lambda p: p.depot.outbound(p.lot) | {"ckjsdh": ""}),
}


@pytest.mark.parametrize("case", PASSING)
def test_a_record_at_the_edge_of_a_rule_is_taken(place: Place, case: str) -> None:
    table, build = PASSING[case]
    place.take(table, build(place))


def test_one_truck_one_settlement_counts_the_tickets_net_weight(place: Place) -> None:
    """一车一结: the settled quantity is the ticket's 净重, so a settlement of another weight does not belong to it."""
    ticket = place.depot.inbound(place.lot)
    right = place.take("1204", place.depot.settlement("1204", place.contract(), place.lot, ticket["jz"]))
    place.take("1202", ticket | {"rkjsdh": right["rkjsdh"], "hth": right["hth"]})


def test_numbers_of_documents_must_belong_to_what_they_number(place: Place) -> None:
    """A warehouse's code begins with its depot's, a compartment's with its warehouse's, and so on."""
    other = place.take("1103", place.depot.warehouse())["cfdm"]
    wrong = [
        ("1104", place.depot.compartment(place.warehouse, ajdh=f"{other}777")),
        ("1105", place.depot.lot(place.compartment, hwdm=f"{other}77701")),
        ("1103", place.depot.warehouse(cfdm=f"{place.depot.code}77")),
    ]
    for table, record in wrong:
        assert place.send(table, record).code in (410, 411), (table, record)
