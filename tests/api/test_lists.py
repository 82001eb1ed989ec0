"""/api/v1 of what the pages show: exact figures, one's own area only, every row once, personal data masked."""

import re
from decimal import Decimal
from urllib.parse import quote

import pytest

from canglin.accounts import roles
from tests.accounts.conftest import CHANGSHA, ZHUZHOU
from tests.api.conftest import ID_CARD, Ask
from tests.overview.cast import AGREEING, DIFFERING, EMPTY, FAR, HETANG, KAIFU, TIANXIN
from tests.stock.ledger_cast import PROVINCIAL, WHEAT

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_province")]

LISTS = (
    "/enterprises", "/depots", "/warehouses", "/tanks", "/equipment", "/chemicals", "/lots", "/claims", "/tickets/inbound",
    "/tickets/outbound", "/settlements/inbound", "/settlements/outbound", "/contracts", "/inspections", "/quality-reports",
)
ONES = {
    "/enterprises/": CHANGSHA, "/depots/": TIANXIN, "/warehouses/": AGREEING[:25], "/lots/": AGREEING,
    "/tickets/inbound/": f"142501010001|{AGREEING}", "/tickets/outbound/": f"152501020001|{AGREEING}",
    "/contracts/": f"演示合同一|{CHANGSHA}", "/inspections/": f"122501010001|{AGREEING}",
    "/quality-reports/": f"01202501010001|{AGREEING}",
}


def keys(answer: object) -> list[str]:
    """The keys of a list, paged or whole."""
    rows = answer["items"] if isinstance(answer, dict) else answer
    return [row.get("key") or row["lot"] for row in rows]  # type: ignore[union-attr]


@pytest.mark.parametrize("path", LISTS)
def test_a_list_is_read_page_by_page_without_a_gap_or_a_repeat(ask: Ask, path: str) -> None:
    whole = keys(ask(path, limit=1000))
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        answer = ask(path, limit=1, **cursor)
        assert set(answer) == {"items", "next"}
        seen += keys(answer)
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert seen == whole
    assert len(set(seen)) == len(seen)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_shows_ones_own_area_only(ask: Ask, path: str) -> None:
    everything = keys(ask(path, limit=1000))
    for area, whose in (("4301", CHANGSHA), ("4302", ZHUZHOU), (CHANGSHA, CHANGSHA), ("44", "nobody")):
        assert keys(ask(path, role="viewer" if len(area) < 18 else "manager", area=area, limit=1000)) == [
            key for key in everything if whose in key
        ], area


@pytest.mark.parametrize("path", LISTS)
@pytest.mark.parametrize("query", [
    {"limit": 0}, {"limit": 1001}, {"limit": "x"}, {"cursor": "!"}, {"cursor": "AA"}, {"cursor": "%00"}, {"region": "43x"},
    {"region": "\0"},
])
def test_what_cannot_be_asked_is_said_in_json(ask: Ask, path: str, query: dict[str, object]) -> None:
    answer = ask(path, expected=422, **query)
    assert isinstance(answer["detail"], str)
    if "limit" in query:
        assert [each["field"] for each in answer["errors"]] == ["limit"]


@pytest.mark.parametrize("path", ONES)
def test_one_row_has_all_its_fields_and_is_not_there_for_strangers(ask: Ask, path: str) -> None:
    address = path + quote(ONES[path], safe="")
    answer = ask(address, role="viewer", area="4301")
    assert (answer.get("lot") or answer)["key"] == ONES[path]
    assert ask(address, role="viewer", area="4302", expected=404) == {"detail": "没有这条记录，或不在您的辖区内"}
    assert ask(path + "nothing", expected=404)["detail"]
    ask(path + "%00", expected=422)


@pytest.mark.parametrize("path", LISTS)
def test_a_role_without_the_verb_is_refused(ask: Ask, path: str) -> None:
    assert "audit" in roles.ROLES
    assert ask(path, role="audit", expected=403)["detail"].startswith("没有权限")


def test_personal_data_is_masked_everywhere(ask: Ask) -> None:
    answers = [ask(path, limit=1000) for path in LISTS] + [ask(path + quote(key, safe="")) for path, key in ONES.items()]
    text = str(answers)
    assert ID_CARD not in text
    assert "13812345678" not in text
    assert "6222021234567890" not in text
    assert "430103" + "*" * 10 + "34" in text


def test_depots_say_what_lies_in_them(ask: Ask) -> None:
    rows = {row["key"]: row for row in ask("/depots")}
    assert set(rows) == {TIANXIN, KAIFU, HETANG}
    assert rows[TIANXIN]["weighed_kg"] == 117_000
    assert rows[KAIFU]["weighed_kg"] == 0
    assert keys(ask("/depots", enterprise=ZHUZHOU)) == [HETANG]
    assert keys(ask("/depots", region="430100")) == [TIANXIN, KAIFU]


def test_lots_by_place_grain_state_and_use(ask: Ask) -> None:
    assert keys(ask("/lots")) == [AGREEING, DIFFERING, EMPTY, FAR]
    assert keys(ask("/lots", depot=HETANG)) == keys(ask("/lots", region="430200")) == keys(ask("/lots", region="4302")) == [FAR]
    assert keys(ask("/lots", variety=WHEAT)) == keys(ask("/lots", variety="111")) == [AGREEING, DIFFERING, FAR]
    assert keys(ask("/lots", nature=PROVINCIAL)) == [AGREEING, DIFFERING, FAR]
    assert keys(ask("/lots", variety="1131001")) == []
    assert keys(ask("/lots", state="3")) == [AGREEING, DIFFERING]
    assert keys(ask("/lots", used_from=0.05)) == [AGREEING, DIFFERING, FAR]
    assert keys(ask("/lots", used_to=0.05)) == [EMPTY]
    ask("/lots", expected=422, state="7")
    ask("/lots", expected=422, used_from="nan")


def test_a_lot_with_its_card_composition_and_difference(ask: Ask) -> None:
    answer = ask(f"/lots/{DIFFERING}")
    assert answer["card"]["priced_kg"] == 28_000
    assert [(part["variety"], part["harvest_year"], part["net_kg"]) for part in answer["composition"]] == [(WHEAT, 2025, 58_500)]
    assert answer["claim"]["net_difference_kg"] == -30_500
    empty = ask(f"/lots/{EMPTY}")
    assert (empty["card"], empty["composition"], empty["claim"]) == (None, [], None)


def test_claims_and_those_that_differ(ask: Ask) -> None:
    assert keys(ask("/claims")) == [AGREEING, DIFFERING]
    assert keys(ask("/claims", differing=True)) == [DIFFERING]
    assert keys(ask("/claims", region="430200")) == []


def test_tickets_newest_first_by_lot_day_and_contract(ask: Ask) -> None:
    numbers = [key[:12] for key in keys(ask("/tickets/inbound", region="430100"))]
    assert numbers == [f"14250101000{n}" for n in (5, 4, 3, 2, 1)]
    assert len(keys(ask("/tickets/inbound"))) == 6
    assert keys(ask("/tickets/inbound", lot=FAR)) == [f"142501020001|{FAR}"]
    assert keys(ask("/tickets/inbound", contract="演示合同二")) == []
    assert keys(ask("/tickets/inbound", to="2020-01-01")) == []
    ask("/tickets/inbound", expected=422, **{"from": "2026-02-30"})
    row = ask("/tickets/inbound", lot=FAR)["items"][0]
    assert row["net_kg"] == Decimal("28000.5")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00", row["gate_out_at"])


def test_a_contract_number_may_hold_a_slash(ask: Ask) -> None:
    key = f"演示/合同 二|{ZHUZHOU}"
    assert ask(f"/contracts/{quote(key)}")["key"] == key
    assert ask(f"/contracts/{quote(key, safe='')}")["agreed_kg"] == 90_000
    assert keys(ask("/contracts", depot=TIANXIN)) == [f"演示合同一|{CHANGSHA}"]


def test_the_custody_account_is_the_same_by_either_address(ask: Ask) -> None:
    answer = ask("/custody", lot=AGREEING)
    assert answer == ask(f"/stock/lots/{AGREEING}/account")
    assert (len(answer["lines"]), answer["closing_net_kg"]) == (2, 58_500)
    ask("/custody", expected=422)
    ask("/custody", area="4302", role="viewer", expected=403, lot=AGREEING)


def test_the_overview_adds_up_for_ones_own_area(ask: Ask) -> None:
    every, city = ask("/overview"), ask("/overview", role="viewer", area="4301")
    assert (every["depots"], every["lots"], every["grain_weighed_kg"]) == (3, 4, 175_500)
    assert (city["depots"], city["lots"], city["grain_weighed_kg"], city["differing_lots"]) == (2, 3, 117_000, 1)
    assert sum(part["weighed_kg"] for part in every["by_variety"]) == every["grain_weighed_kg"] + every["oil_weighed_kg"]
    assert {row["depot"] for row in city["silent_depots"]} <= {TIANXIN, KAIFU}
