"""Every page of this room and of the rulebook, for every role; and what pages do."""

import re

import pytest
from django.contrib.sessions.models import Session

from canglin.accounts import actions, queries, roles
from canglin.accounts.models import Application, AuditEntry, Token, User
from canglin.accounts.policy import CONSOLE
from canglin.rulebook.models import RuleValue
from tests.accounts.conftest import CHANGSHA, ZHUZHOU

pytestmark = pytest.mark.django_db


@pytest.fixture
def pages(province, person):
    """Address → the verb it needs (None: everybody signed in)."""
    app = actions.create_application(CONSOLE, CHANGSHA, "演示系统").application
    user = person("viewer", "430103")
    line = AuditEntry.objects.first()
    row = RuleValue.objects.get(code="idle.months", region="")
    return {
        "/people/": "people.view",
        "/people/new/": "people.change",
        f"/people/of/{user.username}/": "people.view",
        "/applications/": "applications.view",
        "/applications/new/": "applications.change",
        f"/applications/of/{app.appid}/": "applications.view",
        "/audit/": "audit.view",
        f"/audit/{line.pk}/": "audit.view",
        "/account/password/": None,
        "/account/tokens/": None,
        "/rulebook/": "rulebook.view",
        "/rulebook/idle.months/": "rulebook.view",
        f"/rulebook/idle.months/{row.pk}/": "rulebook.change",
    }


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_opens_for_those_who_hold_its_verb_and_for_nobody_else(client, pages, person, role):
    client.force_login(person(role, "43" if "region" in roles.ROLES[role].areas else CHANGSHA))
    for address, verb in pages.items():
        expected = 200 if verb is None or roles.grants(role, verb) else 403
        assert client.get(address).status_code == expected, address


def test_every_page_sends_strangers_to_sign_in(client, pages):
    for address in pages:
        answer = client.get(address)
        assert answer.status_code == 302, address
        assert answer.url.startswith("/accounts/login/?next="), address


def test_acts_are_refused_to_those_who_only_look(client, pages, person):
    client.force_login(person("viewer", "43"))
    appid, user = Application.objects.get().appid, User.objects.exclude(role="admin").first()
    for address in (
        f"/people/of/{user.username}/state/",
        f"/people/of/{user.username}/reset/",
        f"/applications/of/{appid}/state/",
        f"/applications/of/{appid}/rotate/",
    ):
        assert client.get(address).status_code == 405
        assert client.post(address).status_code == 403, address
    assert AuditEntry.objects.filter(result="denied").count() == 4


def test_what_lies_outside_the_area_is_not_there(client, province, person):
    mine = actions.create_application(CONSOLE, CHANGSHA, "演示长沙系统").application
    other = actions.create_application(CONSOLE, ZHUZHOU, "演示株洲系统").application
    stranger = person("viewer", "4302")
    client.force_login(person("admin", "4301"))
    listed = client.get("/applications/").content.decode()
    assert mine.appid in listed
    assert other.appid not in listed
    assert client.get(f"/applications/of/{other.appid}/").status_code == 404
    assert client.post(f"/applications/of/{other.appid}/rotate/").status_code == 404
    assert stranger.username not in client.get("/people/").content.decode()
    assert client.get(f"/people/of/{stranger.username}/").status_code == 404
    assert client.post(f"/people/of/{stranger.username}/reset/").status_code == 404


def test_a_denied_page_is_in_the_audit_trail_with_who_and_where(client, person):
    user = person("keeper", CHANGSHA)
    client.force_login(user)
    client.get("/audit/")
    line = AuditEntry.objects.get(result="denied")
    assert (line.who, line.verb, line.address, line.detail) == (str(user), "audit.view", "127.0.0.1", "GET /audit/")


def test_an_account_is_opened_and_its_password_is_shown_once(client, person):
    client.force_login(person("admin", "43"))
    given = {"username": "演示新人", "name": "演示新人", "unit": "演示局", "role": "county", "area": "430103"}
    shown = client.post("/people/new/", given)
    user = User.objects.get(username="演示新人")
    password = re.search(r"<code>([A-Za-z0-9]{16})</code>", shown.content.decode()).group(1)
    assert user.check_password(password)
    assert shown.headers["Cache-Control"] == "no-store"
    assert password not in client.get("/people/of/演示新人/").content.decode()
    assert not any(password in str(session.get_decoded()) for session in Session.objects.all())


@pytest.mark.parametrize("slip", [{"area": "44"}, {"area": "x"}, {"role": "admin"}, {"role": "nobody"}, {"username": "<b>"}])
def test_what_makes_no_sense_is_said_on_the_form(client, person, slip):
    client.force_login(person("admin", "43"))
    given = {"username": "演示新人", "name": "演示新人", "role": "county", "area": "430103"} | slip
    answer = client.post("/people/new/", given)
    assert answer.status_code == 200
    assert answer.context["form"].errors
    assert not User.objects.filter(name="演示新人").exists()


def test_an_applications_keys_are_shown_once_and_work(client, province, person):
    client.force_login(person("admin", "43"))
    given = {
        "name": "演示系统",
        "enterprise": CHANGSHA,
        "depots": f"{CHANGSHA}001\n{CHANGSHA}002",
        "suites": ["v2022"],
        "per_minute": 600,
    }
    shown = client.post("/applications/new/", given).content.decode()
    app = Application.objects.get()
    assert app.secret in shown
    assert app.app_key in shown
    assert (app.depots, app.suites, app.per_minute) == ([f"{CHANGSHA}001", f"{CHANGSHA}002"], ["v2022"], 600)
    page = client.get(f"/applications/of/{app.appid}/").content.decode()
    assert app.secret not in page
    assert "演示天心粮库" in page
    first = app.secret
    rotated = client.post(f"/applications/of/{app.appid}/rotate/").content.decode()
    assert first not in rotated
    assert queries.application(app.appid).secret in rotated


def test_names_are_shown_as_text_and_never_as_markup(client, person):
    client.force_login(person("admin", "00"))
    actions.create_application(CONSOLE, CHANGSHA, "演示<script>alert(1)</script>")
    appid = Application.objects.get().appid
    for address in ("/applications/", f"/applications/of/{appid}/", "/audit/"):
        assert "<script>alert" not in client.get(address).content.decode()


def test_a_token_is_made_used_and_ended_by_its_owner(client, person):
    user, other = person("viewer", "43"), person("viewer", "43")
    client.force_login(user)
    shown = client.post("/account/tokens/", {"name": "演示报表", "days": 30}).content.decode()
    text = re.search(r"<code>(clt_[\w-]+)</code>", shown).group(1)
    assert queries.token(text).user == user
    assert text not in client.get("/account/tokens/").content.decode()
    number = Token.objects.get().pk
    client.force_login(other)
    assert client.post(f"/account/tokens/{number}/revoke/").status_code == 404
    client.force_login(user)
    client.post(f"/account/tokens/{number}/revoke/")
    assert queries.token(text) is None


def test_a_rule_is_changed_with_its_source_and_the_old_value_stays_readable(client, person):
    user = person("rules", "00")
    client.force_login(user)
    row = RuleValue.objects.get(code="idle.months", region="")
    given = {"text": "3", "valid_from": "2026-07-01", "mark": "S", "source": ""}
    address = f"/rulebook/idle.months/{row.pk}/"
    assert "source" in client.post(address, given).context["form"].errors
    assert client.post(address, given | {"source": "演示文件〔2026〕1号", "text": "three"}).context["form"].errors
    assert client.post(address, given | {"source": "演示文件〔2026〕1号"}).status_code == 302
    page = client.get("/rulebook/idle.months/").content.decode()
    assert "演示文件〔2026〕1号" in page
    assert "储备粮轮换通行规定" in page
    assert AuditEntry.objects.filter(verb="rulebook.change", who=str(user)).exists()


def test_a_table_is_changed_figure_by_figure_and_stays_exact(client, person):
    client.force_login(person("rules", "43"))
    row = RuleValue.objects.get(code="loss.natural", variety="11")
    address = f"/rulebook/loss.natural/{row.pk}/"
    form = client.get(address).context["form"]
    assert form.initial["region"] == "43"
    figures = {name: field.initial for name, field in form.fields.items() if name.startswith("figure")}
    assert [str(figure) for figure in figures.values()] == ["6", "0.10", "12", "0.15", "0.20"]
    given = {**figures, "figure1": "0.080", "valid_from": "2026-07-01", "mark": "S", "source": "演示文件", "variety": "11"}
    assert client.post(address, given).context["form"].errors["region"]
    assert client.post(address, given | {"figure1": "a", "region": "43"}).context["form"].errors["figure1"]
    assert client.post(address, given | {"region": "43"}).status_code == 302
    changed = RuleValue.objects.get(code="loss.natural", region="43")
    assert changed.text == '[{"months_to":6,"percent":0.080},{"months_to":12,"percent":0.15},{"percent":0.20}]'


def test_a_figure_nobody_found_is_shown_as_to_be_confirmed(client, person):
    client.force_login(person("viewer", "43"))
    assert "待确认" in client.get("/rulebook/?mark=unknown").content.decode()
    assert "待确认" in client.get("/rulebook/conversion.oil/").content.decode()


@pytest.mark.parametrize(
    "query", ["group=price", "group=nothing", "q=水分", "q=%27%3B--", "sort=-valid_from", "sort=nothing", "page=999999"]
)
def test_the_rulebooks_list_bears_any_question(client, person, query):
    client.force_login(person("viewer", "43"))
    assert client.get(f"/rulebook/?{query}").status_code == 200


def test_lists_cost_few_queries(client, province, person, django_assert_max_num_queries):
    for _ in range(20):
        person("viewer", "430103")
    client.force_login(person("admin", "43"))
    for address in ("/people/", "/applications/", "/audit/", "/rulebook/", "/rulebook/settlement.deduction/"):
        with django_assert_max_num_queries(14):
            client.get(address)


def test_the_audit_trail_can_be_exported_by_those_who_may_see_it(client, person):
    client.force_login(person("audit", "43"))
    answer = client.get("/audit/?export=csv")
    assert answer.status_code == 200
