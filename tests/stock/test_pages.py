"""The stock's pages as people use them: sums equal the ledger, nobody sees beyond his area, what is written is shown as
text."""

import html
import re
from decimal import Decimal
from io import BytesIO
from urllib.parse import quote

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from canglin.accounts import roles
from canglin.accounts.models import AuditEntry
from canglin.stock.models import InboundTicket, Move
from canglin.stock.queries import contents
from canglin.stock.queries.custody import custody_account
from tests.accounts.conftest import person
from tests.interface.samples import Depot
from tests.records.conftest import depot, log, send

__all__ = ["depot", "log", "person", "send"]
pytestmark = pytest.mark.django_db
HOSTILE = '"><script>alert(1)</script>'


@pytest.fixture(autouse=True)
def nothing_remembered():
    contents.forget()
    yield
    contents.forget()


@pytest.fixture
def trade(send, depot: Depot):
    """A contract with three trucks in (one corrected, one removed, one settled) and one out."""
    lot, supplier, buyer = depot.lot_code, depot.customer(), depot.customer()
    contract, sale = depot.contract(supplier, "2"), depot.contract(buyer, "1")
    settled = depot.inbound(lot, hth=contract["hth"], klyy=HOSTILE)
    received = depot.settlement("1204", contract, lot, settled["jz"])
    settled |= {"rkjsdh": received["rkjsdh"]}
    changed, gone = depot.inbound(lot, hth=contract["hth"]), depot.inbound(lot)
    sold = depot.outbound(lot, hth=sale["hth"])
    outcomes = send([
        ("1212", supplier), ("1212", buyer), ("1201", contract), ("1201", sale), ("1204", received), ("1202", settled),
        ("1202", changed), ("1202", gone), ("1203", depot.inspection(settled)), ("1205", sold),
    ])  # fmt: skip
    outcomes += send([
        ("1202", changed | {"bz": "更正", "mz": changed["mz"] + 20, "jz": changed["jz"] + 20, "zhgxsj": depot.stated()}),
        ("1202", gone | {"czbz": "d", "zhgxsj": depot.stated()}),
    ])  # fmt: skip
    assert [each.status for each in outcomes] == ["taken"] * 12
    depot.trade = {"settled": settled, "changed": changed, "gone": gone, "sold": sold, "contract": contract}
    return depot


@pytest.fixture
def visit(client, person):
    def go(address, role="plans", area="00", status=200, **more):
        client.force_login(person(role, area))
        answer = client.get(address, **more)
        assert answer.status_code == status, answer.content[:500]
        return answer

    return go


def key_of(ticket):
    return f"{ticket.get('rkywdh') or ticket.get('ckywdh')}|{ticket['hwdm']}"


def at(page, ticket):
    return f"/stock/{page}/{quote(key_of(ticket), safe='')}/"


def words(answer):
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode()))


def addresses(depot):
    lot, trade = depot.lot_code, depot.trade
    contract = quote(f"{trade['contract']['hth']}|{depot.enterprise}", safe="")
    return [
        "/stock/inbound/", "/stock/outbound/", "/stock/contracts/", "/stock/totals/", "/stock/claims/", "/stock/claims/books/",
        "/stock/transfers/", "/stock/gain-loss/", "/stock/nature-changes/", at("inbound", trade["settled"]),
        at("inbound", trade["gone"]), at("outbound", trade["sold"]), f"/stock/contracts/{contract}/", f"/stock/custody/{lot}/",
        f"/stock/custody/{lot}/?paper=1",
    ]  # fmt: skip


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_opens_for_those_who_hold_its_verb_and_for_nobody_else(visit, trade, role):
    area = "00" if "nation" in roles.ROLES[role].areas else trade.enterprise
    for address in addresses(trade):
        visit(address, role, area, status=200 if roles.grants(role, "stock.view") else 403)


def test_every_page_sends_strangers_to_sign_in(client, trade):
    for address in addresses(trade):
        assert client.get(address).url.startswith("/accounts/login/?next="), address


def test_an_officer_of_another_county_sees_no_ticket_and_no_sum_of_it(visit, trade):
    here = f"{trade.region[:4]}{'01' if trade.region[4:] != '01' else '02'}"
    for address in addresses(trade):
        single = not re.fullmatch(r"/stock/[a-z-]+/(books/)?", address)
        answer = visit(address, "county", here, status=404 if single else 200)
        for ticket in trade.trade.values():
            assert (ticket.get("rkywdh") or ticket.get("ckywdh") or ticket["hth"]) not in words(answer), address
    assert "没有库存" in words(visit("/stock/totals/", "county", here))


def test_the_foot_of_the_list_is_the_ledger_to_the_gram(visit, trade):
    booked = sum((move.priced_kg for move in Move.objects.filter(table_code="1202")), Decimal(0))
    answer = visit("/stock/inbound/")
    foot = re.search(r"<tfoot>(.*?)</tfoot>", answer.content.decode())[1]
    assert f"{booked.normalize():,f}" in foot
    assert booked == sum(InboundTicket.objects.values_list("net_kg", flat=True))


def test_filters_narrow_the_rows_and_their_sum(visit, trade):
    settled, changed = trade.trade["settled"]["rkywdh"], trade.trade["changed"]["rkywdh"]
    for query, seen, unseen in (
        ("settled=1", settled, changed), ("settled=0", changed, settled),
        (f"contract={trade.trade['contract']['hth']}", settled, "—无—"),
        (f"lot={trade.lot_code}", settled, "—无—"), ("plate=湘A12345", settled, "—无—"), ("doubt_in=0", settled, "—无—"),
        (f"party={trade.trade['contract']['khmc']}", settled, trade.trade["gone"]["rkywdh"]),
        (f"in_depot={trade.code}", settled, "—无—"), ("lot=没有这个货位", "没有符合条件的行", settled),
    ):  # fmt: skip
        said = words(visit(f"/stock/inbound/?{query}"))
        assert seen in said, query
        assert unseen not in said, query


def test_a_ticket_shows_the_weighing_the_settlement_and_every_move_it_caused(visit, trade):
    said = words(visit(at("inbound", trade.trade["settled"])))
    net = f"{trade.trade['settled']['jz'].normalize():,f}"
    for expected in (
        net, "42,360", "-15,360", "水分增扣量", "-120.5", "与净重一致", "数量×单价相符", "合同 2.65 元/公斤，一致", "供粮方",
    ):  # fmt: skip
        assert expected in said, expected
    corrected = words(visit(at("inbound", trade.trade["changed"])))
    assert "冲销日志" in corrected
    assert "已由上报单位删除" in words(visit(at("inbound", trade.trade["gone"])))


def test_what_a_depot_wrote_is_shown_as_text(visit, trade):
    page = visit(at("inbound", trade.trade["settled"])).content.decode()
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page


def test_personal_data_is_masked_on_the_page(visit, trade):
    said = visit(at("inbound", trade.trade["settled"])).content.decode()
    person_number = trade.trade["settled"]["sfzh"]
    assert person_number not in said
    assert f"{person_number[:6]}**********{person_number[-2:]}" in said


def test_the_contract_counts_what_its_tickets_delivered(visit, trade):
    delivered = trade.trade["settled"]["jz"] + trade.trade["changed"]["jz"] + 20
    contract = quote(f"{trade.trade['contract']['hth']}|{trade.enterprise}", safe="")
    said = words(visit(f"/stock/contracts/{contract}/"))
    assert f"{delivered.normalize():,f}" in said
    assert f"{delivered / 10_000:.2f}" in said  # of 1,000,000 kg, percent
    # Added up truck by truck, so the list shows it when it is asked for.
    assert f"{delivered.normalize():,f}" in words(visit("/stock/contracts/?columns=contract_no&columns=delivered_kg"))


def test_the_custody_account_adds_up_on_screen_on_paper_and_in_the_workbook(visit, trade):
    book = custody_account(trade.lot_code)
    closing = f"{book.closing_priced_kg.normalize():,f}"
    address = f"/stock/custody/{trade.lot_code}/"
    assert closing in words(visit(address))
    paper = words(visit(f"{address}?paper=1"))
    for expected in ("分 仓 保 管 账", "期初结存", "本期合计及期末结存", closing, trade.lot_code, trade.trade["settled"]["rkywdh"]):
        assert expected in paper, expected
    answer = visit(f"{address}?file=xlsx")
    sheet = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [rows[1][2], rows[-1][2]] == ["期初结存", "本期合计及期末结存"]
    headings = list(rows[0])
    income, outgo, left = (headings.index(f"计价{name}(公斤)") for name in ("收入", "支出", "结存"))
    assert Decimal(str(rows[-1][left])) == book.closing_priced_kg
    assert sum(Decimal(str(r[income] or 0)) - Decimal(str(r[outgo] or 0)) for r in rows[2:-1]) == book.closing_priced_kg
    assert len(rows) == 3 + len(book.lines)


def test_a_keeper_may_look_at_the_account_but_not_take_it_away(visit, trade):
    address = f"/stock/custody/{trade.lot_code}/"
    assert "Excel" not in words(visit(address, "keeper", trade.code))
    visit(f"{address}?file=xlsx", "keeper", trade.code, status=403)


def test_whatever_is_taken_out_is_in_the_audit_trail(visit, trade):
    visit(f"/stock/custody/{trade.lot_code}/?file=xlsx")
    visit("/stock/inbound/?plate=湘A12345&export=csv")
    book, tickets = AuditEntry.objects.filter(verb="stock.export").order_by("pk")
    assert "分仓保管账" in book.object_key
    assert tickets.object_key == "入库检斤单"
    assert tickets.detail == "2 行（车船号：湘A12345）"


def test_reversed_pairs_are_shown_when_asked_for(visit, trade):
    address = f"/stock/custody/{trade.lot_code}/"
    gone = trade.trade["gone"]["rkywdh"]
    assert gone not in words(visit(address))
    shown = words(visit(f"{address}?reversed=1"))
    assert shown.count(gone) == 2
    assert "冲销日志" in shown


def test_an_impossible_period_is_named_and_shows_the_whole_account(visit, trade):
    said = words(visit(f"/stock/custody/{trade.lot_code}/?from=2026-02-30"))
    assert "请填写存在的日期" in said
    assert "下列为全部期间" in said


def test_a_card_that_counts_a_truck_too_few_is_explained_by_that_truck(visit, send, trade):
    book = custody_account(trade.lot_code)
    missing = trade.trade["settled"]
    card = trade.stock_card(
        trade.lot_code, book.closing_priced_kg - missing["jz"], book.closing_weighed_kg - missing["mz"] + missing["pz"],
        zhgxsj=trade.stated(),
    )  # fmt: skip
    assert send([("1208", card)])[0].status == "taken"
    listed = words(visit("/stock/claims/"))
    assert f"-{missing['jz'].normalize():,f}" in listed
    said = words(visit(f"/stock/claims/{trade.lot_code}/"))
    assert missing["rkywdh"] in said
    assert "申报未计入此单" in said


def test_a_card_that_still_counts_a_ticket_as_it_was_before_its_correction_is_explained_by_both_versions(visit, send, trade):
    book = custody_account(trade.lot_code)
    card = trade.stock_card(trade.lot_code, book.closing_priced_kg - 20, book.closing_weighed_kg - 20, zhgxsj=trade.stated())
    send([("1208", card)])
    said = words(visit(f"/stock/claims/{trade.lot_code}/"))
    number = trade.trade["changed"]["rkywdh"]
    pairs = rf"{number} ?：申报仍计入已冲销的此单，影响 27,000 公斤 {number} ?：申报未计入此单，影响 -27,020 公斤"
    assert re.search(pairs, re.sub(r"\s+", " ", said))


def test_claims_without_a_difference_are_hidden_until_asked_for(visit, send, trade):
    book = custody_account(trade.lot_code)
    card = trade.stock_card(trade.lot_code, book.closing_priced_kg, book.closing_weighed_kg, zhgxsj=trade.stated())
    send([("1208", card)])
    assert "没有差异" in words(visit("/stock/claims/"))
    assert "共 1 行" in re.sub(r"\s+", " ", words(visit("/stock/claims/?all=1")))


def test_totals_know_what_was_true_and_what_was_known(visit, trade):
    held = f"{custody_account(trade.lot_code).closing_priced_kg / 1000:,.3f}"
    for by in ("depot", "enterprise", "region", "variety", "nature", "grade", "harvest_year", "owner"):
        assert held in words(visit(f"/stock/totals/?by={by}")), by
    now = timezone.localtime()
    assert held in words(visit(f"/stock/totals/?at={now:%Y-%m-%dT%H:%M}"))
    assert held in words(visit(f"/stock/totals/?at={now:%Y-%m-%d}&known_at={now:%Y-%m-%dT%H:%M}"))
    assert "没有库存" in words(visit("/stock/totals/?at=2020-01-01"))
    assert "没有库存" in words(visit("/stock/totals/?known_at=2020-01-01"))
    assert "请填写存在的日期或时间" in words(visit("/stock/totals/?at=2026-13-01"))


def test_pages_ask_the_same_few_questions_whatever_the_number_of_rows(client, person, send, trade):
    client.force_login(person("plans", "00"))

    def asked(address):
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        return len(queries)

    before = {address: asked(address) for address in addresses(trade)}
    send([("1202", trade.inbound(trade.lot_code)) for _ in range(30)])
    for address, count in before.items():
        assert count <= 25, address
        assert asked(address) <= count + 1, address
