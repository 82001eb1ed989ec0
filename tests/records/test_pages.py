"""The log's pages: versions as differences, areas, text shown as text."""

import html
import json
import re
from urllib.parse import quote, unquote

import pytest
from django.urls import resolve, reverse

from canglin.accounts import roles
from canglin.records.models import Record
from tests.accounts.conftest import person

__all__ = ["person"]
pytestmark = pytest.mark.django_db
HOSTILE = '</pre><script>alert("1")</script>'


@pytest.fixture
def versions(send, depot):
    """A ticket reported, corrected and removed: its key."""
    ticket = depot.inbound(depot.lot_code)
    send([("1202", ticket)])
    send([("1202", ticket | {"bz": HOSTILE, "mz": ticket["mz"] + 20, "jz": ticket["jz"] + 20, "zhgxsj": depot.stated()})])
    send([("1202", ticket | {"czbz": "d", "zhgxsj": depot.stated()})])
    return f"{ticket['rkywdh']}|{depot.lot_code}"


@pytest.fixture
def visit(client, person):
    def go(address, role="plans", area="00", status=200):
        client.force_login(person(role, area))
        answer = client.get(address)
        assert answer.status_code == status, answer.content[:400]
        return answer

    return go


def words(answer):
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())))


def history_of(key, table="1202"):
    return reverse("records:history", args=[table, key])


@pytest.mark.parametrize("key", ["142601010001|91430", "a/b|c", "..", ".", "%2F|x", "a b\n", "合同 1/2?#", "\\", "a%41"])
def test_any_key_survives_the_way_through_an_address(key):
    address = history_of(key)
    assert "//" not in address[1:]
    assert resolve(unquote(address)).kwargs == {"table": "1202", "key": key}


def test_the_history_says_what_each_version_changed(visit, versions):
    said = words(visit(history_of(versions)))
    assert "共 3 个版本" in said
    assert said.index("此版本删除了这条记录") < said.index("首次上报")
    assert "毛重 1202.mz 42,360 公斤 42,380 公斤" in said
    assert "备注 1202.bz 演示备注" in said


def test_what_a_depot_wrote_is_shown_as_text(visit, versions):
    page = visit(history_of(versions)).content.decode()
    assert HOSTILE not in page
    assert html.escape(HOSTILE) in page


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_opens_for_those_who_hold_the_verb_and_for_nobody_else(visit, versions, depot, role):
    number = Record.objects.get(key=versions, operation="d").number
    area = "00" if "nation" in roles.ROLES[role].areas else depot.enterprise
    for address in ("/records/", f"/records/{number}/", history_of(versions)):
        visit(address, role, area, 200 if roles.grants(role, "records.view") else 403)


def test_an_officer_of_another_county_finds_nothing(visit, versions, depot):
    here = f"{depot.region[:4]}{'01' if depot.region[4:] != '01' else '02'}"
    number = Record.objects.get(key=versions, operation="d").number
    visit(f"/records/{number}/", "county", here, 404)
    visit(history_of(versions), "county", here, 404)
    assert depot.lot_code not in words(visit("/records/", "county", here))
    for looked_for in (f"find_number={number}", f"find_table=1202&find_key={quote(versions)}"):
        assert "不在您的辖区内" in words(visit(f"/records/?{looked_for}", "county", here))


def test_looking_up_a_number_or_a_key_leads_there(visit, versions):
    number = Record.objects.get(key=versions, operation="d").number
    assert visit(f"/records/?find_number={number}", status=302).url == f"/records/{number}/"
    assert visit(f"/records/?find_table=1202&find_key={quote(versions)}", status=302).url == history_of(versions)
    for nonsense in ("find_number=1%00", "find_number=99999999999999999999", "find_number=-1", "find_table=x&find_key=y"):
        assert words(visit(f"/records/?{nonsense}"))
    visit("/records/99999999999999999999999/", status=404)


def test_personal_data_is_whole_only_for_those_who_may_export(visit, versions, depot):
    whole = json.loads(Record.objects.filter(key=versions).first().payload)["sfzh"]
    assert whole in visit(history_of(versions), "plans").content.decode()
    masked = visit(history_of(versions), "viewer").content.decode()
    assert whole not in masked
    assert f"{whole[:6]}**********{whole[-2:]}" in masked


def test_the_newest_entries_are_filtered_by_table(visit, versions, depot):
    assert depot.lot_code in words(visit("/records/?table_code=1202"))
    assert versions not in words(visit("/records/?table_code=1101"))
