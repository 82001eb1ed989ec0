"""Records as description lists: every field of the standard, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone

from canglin.registry.facts import facts, shown
from canglin.registry.models import Depot, Staff, Warehouse
from canglin.standard.tables import tables
from canglin.stock.models import Customer, StockCard


def fact(row, name):
    return next(each for each in facts(row) if each.label == name)


@pytest.mark.parametrize("code", sorted(tables()))
def test_every_table_shows_each_of_its_fields_once(code):
    spec = tables()[code]
    found = facts(spec.model())
    assert [each.standard_id for each in found] == [f"{code}.{field.id}" for field in spec.fields if field.id != "czbz"]


def test_codes_regions_units_and_times_are_in_words():
    at = datetime(2026, 3, 1, 8, 5, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
    card = StockCard(
        variety_code="1131001", nature_code="121", lot_status="3", priced_kg="58500.120000", country_code="CHN",
        origin_code="430103", stated_at=at,
    )
    assert fact(card, "粮食品种代码").shown == "早籼稻谷"
    assert fact(card, "货位(油罐)状态").shown == "封仓"
    assert (fact(card, "计价数量").shown, fact(card, "计价数量").unit) == ("58,500.12", "公斤")
    assert fact(card, "国别").shown == "中国"
    assert fact(card, "产地").shown == "湖南省长沙市天心区"
    assert fact(card, "最后更新时间").shown == "2026-03-01 08:05:06"
    assert fact(card, "备注").shown == "—"
    assert fact(Depot(region_code="430103"), "行政区划代码").shown == "湖南省长沙市天心区"


def test_a_code_that_is_in_no_list_is_shown_as_it_came():
    assert fact(Warehouse(warehouse_type="9999999"), "仓房类型代码").shown == "9999999"


def test_a_person_is_masked_and_a_company_is_not():
    person = Staff(id_card="430103199001011234", mobile="13812345678", stated_at=timezone.now())
    assert fact(person, "身份证号码").shown == "430103**********34"
    assert fact(person, "移动电话").shown == "138****5678"
    code = tables()["1212"].by_id["khtyshxydmhsfzh"]
    assert shown(code, "91430103MA4TEST018") == "91430103MA4TEST018"
    assert shown(code, "430103199001011234") == "430103**********34"
    assert fact(Customer(customer_account_no="6222021234567890123"), "客户方账号").shown.endswith("0123")


def test_addresses_and_notes_go_to_their_fields_and_nowhere_else():
    found = facts(Depot(depot_code="A", enterprise_code="B"), links={"enterprise_code": "/e/"}, notes={"enterprise_code": "演示"})
    linked = [each for each in found if each.href or each.note]
    assert [(each.label, each.href, each.note) for each in linked] == [("单位代码", "/e/", "演示")]
