"""Whose record it is, for every table, and that no record speaks of two owners at once."""

from typing import Any

import pytest

from canglin.standard.ownership import agreement, another_s, owner_of
from canglin.standard.tables import Row, Violation, table, tables
from tests.rows import DEPOT, ENTERPRISE, LOT, WAREHOUSE, named, row

OTHER = "91430100MA4L00002Y"
DAY4, DAY3 = "202611020001", "20261102001"
COMPARTMENT = LOT[:28]
WHOLE, SITE = (ENTERPRISE, ""), (ENTERPRISE, DEPOT)

LOT_ONLY: dict[str, Any] = {"lot_code": LOT}
#: What decides, and who then owns the record. Tables with two rows have two cases.
CASES: list[tuple[str, dict[str, Any], tuple[str, str]]] = [
    ("1101", {"enterprise_code": ENTERPRISE, "parent_code": OTHER}, WHOLE),
    ("1102", {"depot_code": DEPOT, "enterprise_code": ENTERPRISE}, SITE),
    ("1103", {"warehouse_code": WAREHOUSE, "depot_code": DEPOT}, SITE),
    ("1104", {"compartment_code": COMPARTMENT, "warehouse_code": WAREHOUSE}, SITE),
    ("1105", {"lot_code": LOT, "compartment_code": COMPARTMENT}, SITE),
    ("1106", {"tank_code": WAREHOUSE, "depot_code": DEPOT}, SITE),
    ("1107", {"depot_code": DEPOT, "enterprise_code": ENTERPRISE}, SITE),
    ("1108", {"depot_code": DEPOT, "enterprise_code": ENTERPRISE}, SITE),
    ("1109", {"depot_code": DEPOT}, SITE),
    ("1110", {"enterprise_code": ENTERPRISE, "depot_code": DEPOT, "lot_code": LOT}, SITE),
    ("1111", {"enterprise_code": ENTERPRISE, "depot_code": DEPOT}, SITE),
    ("1112", {"enterprise_code": ENTERPRISE, "depot_code": DEPOT}, SITE),
    ("1112", {"enterprise_code": ENTERPRISE}, WHOLE),
    ("1113", {"enterprise_code": ENTERPRISE}, WHOLE),
    ("1201", {"enterprise_code": ENTERPRISE, "customer_code": OTHER}, WHOLE),
    ("1202", LOT_ONLY | {"settlement_no": DEPOT + DAY4}, SITE),
    ("1203", LOT_ONLY, SITE),
    ("1204", LOT_ONLY | {"settlement_no": DEPOT + DAY4}, SITE),
    ("1205", LOT_ONLY | {"settlement_no": None}, SITE),
    ("1206", {"settlement_no": DEPOT + DAY4}, SITE),
    ("1207", {"from_depot_code": DEPOT, "to_depot_code": OTHER + "001", "from_lot_code": LOT,
              "to_lot_code": OTHER + LOT[18:]}, SITE),
    ("1208", LOT_ONLY | {"owner_code": OTHER}, SITE),
    ("1209", LOT_ONLY | {"sheet_no": LOT + DAY3}, SITE),
    ("1210", LOT_ONLY | {"change_no": LOT + DAY3}, SITE),
    ("1211", {"depot_code": DEPOT}, SITE),
    ("1212", {"enterprise_code": ENTERPRISE, "depot_code": DEPOT, "customer_code": OTHER}, SITE),
    ("1212", {"enterprise_code": ENTERPRISE, "customer_code": OTHER}, WHOLE),
    ("1301", {"depot_code": DEPOT, "enterprise_code": ENTERPRISE}, SITE),
    ("1302", LOT_ONLY | {"scan_no": LOT + DAY4}, SITE),
    ("1303", LOT_ONLY | {"pest_inspection_no": LOT + DAY4}, SITE),
    ("1304", LOT_ONLY | {"reading_no": LOT + DAY4}, SITE),
    ("1305", {"warehouse_code": WAREHOUSE, "job_no": LOT + DAY3}, SITE),
    ("1306", {"warehouse_code": WAREHOUSE, "job_no": WAREHOUSE + DAY3, "pest_inspection_no": LOT + DAY4}, SITE),
    ("1307", {"depot_code": DEPOT, "warehouse_code": WAREHOUSE, "lot_code": LOT}, SITE),
    ("1308", {"depot_code": DEPOT}, SITE),
    ("1309", {"subject_code": ENTERPRISE, "warning_no": DEPOT + DAY3}, WHOLE),
    ("1309", {"subject_code": DEPOT, "warning_no": DEPOT + DAY3}, SITE),
    ("1310", LOT_ONLY, SITE),
    ("1401", {"enterprise_code": ENTERPRISE}, WHOLE),
    ("1402", {"plan_no": "2026"}, ("", "")),
    ("1403", {"plan_no": "2026", "issued_by_code": OTHER}, ("", "")),
    ("1404", LOT_ONLY, SITE),
    ("1405", {"enterprise_code": ENTERPRISE}, WHOLE),
]


def said(code: str, given: Row) -> list[Violation]:
    rule = agreement(table(code))
    return list(rule(given)) if rule else []


def test_every_table_is_tried() -> None:
    assert {code for code, _, _ in CASES} == set(tables())


@pytest.mark.parametrize(("code", "values", "owner"), CASES)
def test_a_record_belongs_to_whom_its_codes_name(code: str, values: dict[str, Any], owner: tuple[str, str]) -> None:
    assert owner_of(code)(row(code, **values)) == owner
    assert said(code, row(code, **values)) == []


def own_codes(values: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value and value.startswith(ENTERPRISE)}


#: A warning (1309) may be published by one depot about another place.
WITH_SEVERAL = [(code, values) for code, values, _ in CASES if len(own_codes(values)) > 1 and code != "1309"]


@pytest.mark.parametrize(("code", "values"), WITH_SEVERAL)
def test_a_code_of_another_enterprise_beside_ones_own_is_noticed(code: str, values: dict[str, Any]) -> None:
    for name, value in own_codes(values).items():
        foreign = row(code, **values | {name: OTHER + value[18:]})
        assert [v.rule for v in said(code, foreign)] != []


def test_a_scan_of_ones_own_number_in_another_depots_lot_is_refused() -> None:
    found = said("1302", row("1302", lot_code=DEPOT[:-1] + "2" + LOT[21:], scan_no=LOT + DAY4))
    assert named(found) == {("wsdjcdh", "place.agree")}
    assert found[0].refuses


def test_whose_a_transfers_number_is_decides_nothing() -> None:
    # The interface does not compose it; taking grain out of another depot's lot is the area's rule to refuse.
    lots = {"from_lot_code": LOT, "from_depot_code": DEPOT, "to_lot_code": LOT[:-2] + "02", "to_depot_code": None}
    theft = row("1207", transfer_no=OTHER + "001" + DAY4, **lots)
    assert owner_of("1207")(theft) == SITE
    assert said("1207", theft) == []


def test_a_reference_one_need_not_give_is_only_noted() -> None:
    found = said("1202", row("1202", lot_code=LOT, settlement_no=OTHER + "001" + DAY4))
    assert [(v.field, v.refuses) for v in found] == [("rkjsdh", False)]


def test_a_code_of_wrong_form_is_left_to_the_rule_of_its_identifier() -> None:
    assert said("1302", row("1302", lot_code=LOT, scan_no="S-1")) == []
    assert said("1302", row("1302", lot_code="L-1", scan_no=LOT + DAY4)) == []


def test_an_oil_tanks_lot_lies_in_the_tank_whatever_its_compartment_is_called() -> None:
    tank_lot = WAREHOUSE + "00001"
    assert said("1105", row("1105", lot_code=tank_lot, compartment_code=WAREHOUSE + "001")) == []
    other_tank = DEPOT + "0002001"
    assert said("1105", row("1105", lot_code=tank_lot, compartment_code=other_tank)) != []


def test_a_number_that_another_holds_stays_the_others() -> None:
    site, next_door, elsewhere = SITE, (ENTERPRISE, ENTERPRISE + "002"), (OTHER, OTHER + "001")
    for code in ("1207", "1202", "1309"):
        assert not another_s(table(code), site, site)
        assert another_s(table(code), site, next_door)
        assert another_s(table(code), site, elsewhere)


def test_staff_may_change_depot_but_not_enterprise_and_the_bureau_may_give_its_plans_to_another() -> None:
    next_door, elsewhere = (ENTERPRISE, ENTERPRISE + "002"), (OTHER, OTHER + "001")
    for code in ("1112", "1212"):
        assert not another_s(table(code), SITE, next_door)
        assert not another_s(table(code), WHOLE, SITE)
        assert another_s(table(code), SITE, elsewhere)
    assert not another_s(table("1404"), SITE, elsewhere)
