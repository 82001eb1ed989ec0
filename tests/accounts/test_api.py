"""/api/v1 of people and rules: a token sees what its owner sees, and nothing secret."""

import pytest

from canglin.accounts import actions
from canglin.accounts.models import AuditEntry
from canglin.accounts.policy import CONSOLE
from tests.accounts.conftest import CHANGSHA, ZHUZHOU

pytestmark = pytest.mark.django_db


@pytest.fixture
def asks(client, person):
    """``asks("viewer", "43", "/rules")`` → the answer, with a token of a new person."""

    def ask(role, area, path, **query):
        user = person(role, area)
        _, text = actions.create_token(user, user, "演示")
        return client.get(f"/api/v1{path}", query, headers={"Authorization": f"Bearer {text}"})

    return ask


def test_who_am_i(asks):
    answer = asks("keeper", CHANGSHA, "/me").json()
    assert (answer["role"], answer["area"]) == ("keeper", CHANGSHA)
    assert "records.submit" in answer["may"]
    assert "people.view" not in answer["may"]


@pytest.mark.parametrize(
    "header", [{}, {"Authorization": "Bearer clt_x"}, {"Authorization": "Basic eDp5"}, {"Authorization": "Bearer "}]
)
def test_without_a_token_nothing_is_told(client, header):
    for path in ("/me", "/applications", "/audit", "/rules", "/rules/value?code=idle.months"):
        assert client.get(f"/api/v1{path}", headers=header).status_code == 401


def test_applications_of_the_area_without_their_keys(asks, province):
    mine = actions.create_application(CONSOLE, CHANGSHA, "演示长沙")
    actions.create_application(CONSOLE, ZHUZHOU, "演示株洲")
    answer = asks("admin", "4301", "/applications")
    assert [app["appid"] for app in answer.json()] == [mine.application.appid]
    assert mine.secret not in answer.content.decode()
    assert mine.app_key not in answer.content.decode()


def test_a_refusal_is_json_and_in_the_trail(asks):
    answer = asks("viewer", "43", "/audit")
    assert (answer.status_code, answer.json()) == (403, {"detail": "没有权限：查看审计日志"})
    assert AuditEntry.objects.filter(verb="audit.view", result="denied", channel="api").exists()


def test_the_trail_is_read_page_by_page_without_a_gap(client, person):
    for n in range(7):
        actions.create_user(CONSOLE, f"演示{n}", "viewer", "43")
    user = person("audit", "43")
    _, text = actions.create_token(user, user, "演示")
    seen, cursor = [], None
    while True:
        query = {"limit": 3} | ({"cursor": cursor} if cursor else {})
        answer = client.get("/api/v1/audit", query, headers={"Authorization": f"Bearer {text}"}).json()
        seen += [line["id"] for line in answer["items"]]
        if not (cursor := answer["next"]):
            break
    assert seen == list(AuditEntry.objects.order_by("-id").values_list("id", flat=True))


def test_a_value_says_its_source_and_whether_it_is_confirmed(asks):
    answer = asks("viewer", "43", "/rules/value", code="moisture.safe", variety="1131001").json()
    assert (float(answer["value"]), answer["mark"], answer["confirmed"]) == (13.5, "K-m", True)
    assert asks("viewer", "43", "/rules/value", code="conversion.oil", variety="1411001").status_code == 404
    assert asks("viewer", "43", "/rules/value", code="idle.months", at="2026-02-30").status_code == 422


@pytest.mark.parametrize("cursor", ["", "x", "%%%", "MQ", "-1"])
def test_a_cursor_that_is_not_ours_breaks_nothing(asks, cursor):
    assert asks("viewer", "43", "/rules", limit=2, cursor=cursor).status_code in (200, 422)
