"""Who sees what: the overview, the lists and the pages of places stop at the edge of the reader's area."""

import pytest

from tests.accounts.conftest import CHANGSHA, ZHUZHOU
from tests.overview.cast import AGREEING, DIFFERING, FAR, HETANG, KAIFU, TIANXIN, province

pytestmark = pytest.mark.django_db


def text(answer) -> str:
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def test_a_county_officer_sees_only_the_county(visit):
    province()
    home = text(visit("/", "county", "430103"))
    assert "1 个库点，3 个货位" in home
    depots = text(visit("/depots/", "county", "430103"))
    assert "演示天心粮库" in depots
    assert "演示开福粮库" not in depots
    assert "演示荷塘粮库" not in depots
    lots = text(visit("/lots/", "county", "430103"))
    assert "相符货位" in lots
    assert "外地货位" not in lots


@pytest.mark.parametrize(
    "address",
    [
        f"/depots/{HETANG}/",
        f"/depots/{HETANG}/?tab=staff",
        f"/depots/{KAIFU}/",
        f"/warehouses/{FAR[:25]}/",
        f"/lots/{FAR}/",
        f"/lots/{FAR}/?tab=records",
        f"/lots/{FAR}/?tab=custody&custody-export=csv",
        f"/enterprises/{ZHUZHOU}/",
    ],
)
def test_what_lies_outside_is_not_there(visit, address):
    province()
    assert visit(address, "county", "430103").status_code == 404
    assert visit(address, "manager", TIANXIN).status_code == 404


def test_the_filters_offer_nothing_from_outside(visit):
    province()
    lots = text(visit("/lots/", "county", "430103"))
    assert "株洲" not in lots
    assert "荷塘" not in lots
    assert visit("/lots/?depot_code=" + HETANG, "county", "430103").content.decode().count("外地货位") == 0


def test_an_account_of_one_depot_sees_its_own_enterprise_but_no_sister_depot(visit):
    province()
    page = text(visit(f"/enterprises/{CHANGSHA}/", "keeper", TIANXIN))
    assert "演示天心粮库" in page
    assert "演示开福粮库" not in page


def test_nobody_opens_a_page_without_signing_in(client, db):
    province()
    for address in ("/", "/depots/", "/lots/", f"/lots/{AGREEING}/", f"/depots/{TIANXIN}/", "/enterprises/"):
        answer = client.get(address)
        assert answer.status_code == 302
        assert "/accounts/login/" in answer["Location"]


@pytest.mark.parametrize("role", ["security", "audit"])
def test_administrators_of_people_and_trail_see_no_places_and_no_links_to_them(visit, role):
    province()
    home = text(visit("/", role))
    assert 'href="/lots/"' not in home
    assert visit("/lots/", role).status_code == 403
    assert visit(f"/lots/{DIFFERING}/", role).status_code == 403


def test_only_those_who_may_export_take_a_file(visit):
    province()
    assert visit("/lots/?export=csv", "viewer").status_code == 403
    taken = visit("/lots/?export=csv", "county", "430103")
    assert taken.status_code == 200
    rows = b"".join(taken.streaming_content if taken.streaming else [taken.content]).decode("utf-8-sig")
    assert "相符货位" in rows
    assert "外地货位" not in rows


def test_personal_data_never_leave_whole(visit):
    province()
    page = text(visit(f"/depots/{TIANXIN}/?tab=staff&staff-columns=id_card&staff-columns=mobile&staff-columns=name", "stock"))
    assert "仓储科" not in page  # a column that was not chosen
    assert "430103**********34" in page
    assert "138****5678" in page
    file = visit(f"/depots/{TIANXIN}/?tab=staff&staff-export=csv&staff-columns=id_card&staff-columns=mobile", "stock")
    rows = b"".join(file.streaming_content if file.streaming else [file.content]).decode("utf-8-sig")
    for told in ("430103199001011234", "13812345678"):
        assert told not in page
        assert told not in rows
