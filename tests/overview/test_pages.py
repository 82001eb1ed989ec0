"""What a reader finds on the overview, in the lists and on a lot's page."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canglin.overview.queries import flows, reports
from canglin.overview.queries.standing import standing
from canglin.registry.models import Depot, StorageLot
from tests.accounts.conftest import held
from tests.overview.cast import AGREEING, DIFFERING, EMPTY, TIANXIN, card, place, province
from tests.stock.ledger_cast import WHEAT, inbound, outbound

pytestmark = pytest.mark.django_db
MOST_QUERIES = 25
LOT_TABS = ("custody", "inbound", "outbound", "changes", "quality", "inspections", "condition", "records")
DEPOT_TABS = ("lots", "buildings", "tickets", "contracts", "books", "cards", "staff", "equipment", "chemicals")


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_the_overview_adds_up_to_the_ledger(visit):
    province()
    home = text(visit("/"))
    assert "3 个库点，4 个货位" in home
    assert "白色软质冬小麦" in home or "小麦" in home
    assert ">1<" in home.replace("\n", "")  # one lot differs
    assert "176" in home or "175.5" in home  # 3 × 58,500 kg


def test_an_overview_without_any_depot_says_what_to_do(visit):
    assert "还没有库点" in text(visit("/"))


def test_a_lot_without_grain_and_card_says_so(visit):
    province()
    page = text(visit(f"/lots/{EMPTY}/"))
    assert "空置货位" in page
    assert "空仓" in page
    assert "没有货位卡" in page
    assert "还没有账" in page


def test_a_card_that_agrees_is_said_to_agree(visit):
    province()
    page = text(visit(f"/lots/{AGREEING}/"))
    assert "货位卡与总账一致" in page
    assert "58,500" in page
    assert "差异的可能来源" not in page


def test_a_difference_is_shown_with_the_ticket_that_explains_it(visit):
    province()
    page = text(visit(f"/lots/{DIFFERING}/"))
    assert "-30,500" in page
    assert "实际数量差异的可能来源" in page
    assert "申报未计入此单" in page
    assert DIFFERING in text(visit("/"))


def test_a_difference_no_ticket_explains_is_left_to_people(visit):
    province()
    card(DIFFERING, Decimal(12_345), timezone.now() + timedelta(minutes=1))
    assert "需现场核查" in text(visit(f"/lots/{DIFFERING}/"))


def test_markup_in_names_is_text(visit):
    province()
    name = '<script>alert(1)</script>"货位"'
    StorageLot.objects.filter(key=AGREEING).update(lot_name=name)
    Depot.objects.filter(key=TIANXIN).update(depot_name=f"<b>{'长' * 200}</b>")
    for address in ("/", "/lots/", "/depots/", f"/lots/{AGREEING}/", f"/depots/{TIANXIN}/"):
        page = text(visit(address))
        assert "<script>alert(1)" not in page
        assert "<b>长" not in page


@pytest.mark.parametrize("tab", LOT_TABS)
def test_every_tab_of_a_lot_opens_alone_and_with_its_page(visit, tab):
    province()
    assert "<html" in text(visit(f"/lots/{AGREEING}/?tab={tab}"))
    alone = text(visit(f"/lots/{AGREEING}/?tab={tab}", headers={"HX-Request": "true", "HX-Target": "section#tab"}))
    assert "<html" not in alone
    assert 'id="tab"' in alone


@pytest.mark.parametrize("tab", DEPOT_TABS)
def test_every_tab_of_a_depot_opens(visit, tab):
    province()
    assert f"?tab={tab}" in text(visit(f"/depots/{TIANXIN}/?tab={tab}"))


def test_an_unknown_tab_is_the_first(visit):
    province()
    assert "分仓保管账" in text(visit(f"/lots/{AGREEING}/?tab=nonsense"))


def test_the_custody_tab_shows_running_balances(visit):
    province()
    page = text(visit(f"/lots/{AGREEING}/?tab=custody"))
    assert "28,000" in page
    assert "58,500" in page


def test_lots_are_found_by_state_use_and_grain(visit):
    province()
    sealed = text(visit("/lots/?state=3"))
    assert "相符货位" in sealed
    assert "空置货位" not in sealed
    assert "相符货位" in text(visit(f"/lots/?varieties={WHEAT}"))
    full = text(visit("/lots/?used_pct_from=5.8&used_pct_to=5.9"))
    assert "相符货位" in full
    assert "空置货位" not in full
    assert "外地货位" not in text(visit("/lots/?region_code=430100"))
    assert "没有符合条件的行" in text(visit("/lots/?q=查无此仓"))


def test_a_thousand_lots_cost_no_more_queries_than_four(visit, person, client):
    province()
    for number in range(4, 1004):
        code = f"{TIANXIN}{number:04d}00101"
        row = held("1105", code, code[:18], code[:21], hwdm=code, hwmc=f"{number} 号货位", ajdm=code[:28], hwrl=500)
        assert row.pk == code
    client.force_login(person("stock", "43"))
    client.get("/")
    for address in (
        "/", "/lots/", "/lots/?size=200&sort=-weighed_kg", "/depots/", "/enterprises/", f"/depots/{TIANXIN}/", f"/lots/{AGREEING}/",
        *(f"/lots/{AGREEING}/?tab={tab}" for tab in LOT_TABS), *(f"/depots/{TIANXIN}/?tab={tab}" for tab in DEPOT_TABS),
    ):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        assert answer.status_code == 200
        assert len(queries) <= MOST_QUERIES, f"{address}: {len(queries)}"
    assert "1,004" in client.get("/lots/").content.decode()


def test_a_truck_that_comes_now_is_seen_now(visit):
    book = province()
    assert "58,500" in text(visit(f"/lots/{AGREEING}/"))
    book.post(inbound(AGREEING, Decimal(1_500), f"{timezone.localtime():%Y-%m-%d %H:%M:%S}"))
    assert "60,000" in text(visit(f"/lots/{AGREEING}/"))


def test_month_flows_count_trucks_and_what_was_taken_back():
    book = province()
    today = f"{timezone.localdate():%Y-%m-%d} 00:00:01"
    before = flows.month_flows()[-1]
    key = book.post(inbound(AGREEING, Decimal(1_000), today))
    book.post(outbound(AGREEING, Decimal(400), today))
    this = flows.month_flows()[-1]
    assert (this.in_kg - before.in_kg, this.out_kg - before.out_kg) == (1_000, 400)
    book.receive((key, None))
    assert flows.month_flows()[-1].in_kg == before.in_kg
    assert flows.month_flows([])[-1].in_kg == 0
    assert len(flows.month_flows()) == 12


def test_a_depot_that_has_been_silent_too_long_is_named(visit):
    province()
    now = timezone.now()
    everything = list(standing().value.depots.values())
    for depot in Depot.objects.all():
        Depot.objects.filter(key=depot.key).update(received_at=now - timedelta(hours=1))
    reports.last_reports.forget()
    assert reports.silent(everything, now) == []
    Depot.objects.filter(key=TIANXIN[:-1] + "2").update(received_at=now - timedelta(hours=30))
    reports.last_reports.forget()
    assert [row["depot_name"] for row in reports.silent(everything, now)] == ["演示开福粮库"]
    assert len(reports.silent(everything, now + timedelta(days=3))) == 3


def test_a_lot_fuller_than_it_is_large_stands_out(visit):
    book = province()
    place(TIANXIN + "000900101", "满溢", 10)
    book.post(inbound(TIANXIN + "000900101", Decimal(20_000), "2026-01-05 10:00:00"))
    assert "row-warn" in text(visit("/lots/"))
    assert "200.0%" in text(visit("/lots/"))
