"""Pages of data intake: who sees what, what hostile records look like on them, and how many queries they cost."""

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from canglin.accounts import actions, roles
from canglin.accounts.policy import CONSOLE
from canglin.gateway import ports, queries
from canglin.gateway.intake import Job
from canglin.gateway.models import Import, Refusal, Tally
from canglin.gateway.refusals import Refused
from canglin.standard.tables import Violation
from tests.gateway.test_intake import SOURCE, entry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
OTHER = "91430203MA4TEST026"
MARKUP = "<script>alert(1)</script>"


@pytest.fixture
def reported(intake, depot, app):
    """A depot that has reported itself, and had some of it refused."""
    source = f"app:{app.application.appid}"
    samples, _, _ = depot.place()
    made = [entry(code, record) for code, record in samples]
    for each in made:
        each.source = source
    intake.submit_and_wait(Job(made))
    faults = [Violation("cfmc", "too-long", MARKUP, "最多 50 字"), Violation("czbz", "code", "x", "i 新增")]
    payload = json.dumps({"cfdm": depot.code + "0009", "cfmc": MARKUP, "kqdm": depot.code, "xyz": "1"})
    mine = Refused(source, "v2022", "1103", "", 410, faults, payload, depot.enterprise, "")
    theirs = Refused(SOURCE, "v2022", "1103", "", 410, faults, payload, OTHER, OTHER + "001")
    intake.submit_and_wait(Job((), [mine, theirs]))
    return app.application


ADDRESSES = [
    "", "refusals/", "files/", "imports/", "tables/", "tables/1202/", "tables/1202/template.xlsx", "tables/1202/schema.json",
]  # fmt: skip


@pytest.mark.parametrize("role", roles.ROLES)
def test_every_page_opens_for_those_who_hold_its_verb_and_for_nobody_else(client, person, reported, depot, role):
    area = "43" if "region" in roles.ROLES[role].areas else depot.enterprise
    client.force_login(person(role, area))
    pages = [*ADDRESSES, f"of/{reported.appid}/", f"refusals/{Refusal.objects.get(in_enterprise=depot.enterprise).pk}/"]
    for address in pages:
        expected = 200 if roles.grants(role, "gateway.view") else 403
        assert client.get(f"/gateway/{address}").status_code == expected, address


@pytest.mark.parametrize("address", ["of/none/", "refusals/0/", "refusals/99999999999999999999/", "files/none/", "imports/0/",
                                     "imports/99999999999999999999/", "tables/9999/", "tables/9999/template.xlsx"])  # fmt: skip
def test_what_is_not_there_is_404(client, person, address):
    client.force_login(person("viewer", "00"))
    assert client.get(f"/gateway/{address}").status_code == 404


def test_a_depot_sees_its_own_refusals_and_nobody_elses(client, person, reported, depot):
    mine, theirs = (Refusal.objects.get(in_enterprise=code) for code in (depot.enterprise, OTHER))
    client.force_login(person("keeper", depot.code))
    listed = client.get("/gateway/refusals/").content.decode()
    assert f"/gateway/refusals/{mine.pk}/" in listed
    assert f"/gateway/refusals/{theirs.pk}/" not in listed
    assert client.get(f"/gateway/refusals/{mine.pk}/").status_code == 200
    assert client.get(f"/gateway/refusals/{theirs.pk}/").status_code == 404


def test_hostile_text_is_shown_as_text_wherever_it_stands(client, person, reported, depot):
    client.force_login(person("manager", depot.enterprise))
    mine = Refusal.objects.get(in_enterprise=depot.enterprise)
    for address in ("/gateway/refusals/", f"/gateway/refusals/{mine.pk}/", f"/gateway/of/{reported.appid}/", "/gateway/"):
        page = client.get(address).content.decode()
        assert MARKUP not in page, address
    assert "&lt;script&gt;" in client.get(f"/gateway/refusals/{mine.pk}/").content.decode()


def test_a_refusal_says_which_field_which_rule_what_was_found_and_what_would_pass(client, person, reported, depot):
    client.force_login(person("manager", depot.enterprise))
    mine = Refusal.objects.get(in_enterprise=depot.enterprise)
    page = client.get(f"/gateway/refusals/{mine.pk}/").content.decode()
    for said in ("仓房名称", "长度超限", "最多 50 字", "保存 90 天", mine.key, "此后没有接收到同一主键的记录"):
        assert said in page, said


def test_once_the_record_came_right_the_page_says_so(client, person, reported, depot, intake):
    mine = Refusal.objects.get(in_enterprise=depot.enterprise)
    intake.submit_and_wait(Job([entry("1103", depot.warehouse(cfdm=mine.key))]))
    client.force_login(person("manager", depot.enterprise))
    assert "此后已接收同一主键的记录" in client.get(f"/gateway/refusals/{mine.pk}/").content.decode()


CARD = "430121199001011239"


@pytest.fixture
def personal(depot):
    """A refused record of staff with an ID number, as sent and as found at fault."""
    return Refusal.objects.create(
        received_at=timezone.now(), source=SOURCE, channel="v2022", table_code="1112", key="", code=410,
        violations=[{"field": "sfzhm", "rule": "format", "found": CARD, "expected": "18 位"}],
        payload=json.dumps({"sfzhm": CARD, "dwdm": depot.enterprise, "mm": CARD}), in_enterprise=depot.enterprise, in_depot="",
    )


def test_personal_data_is_masked_for_those_who_may_not_take_records_out(client, person, personal, depot):
    addresses = ["/gateway/refusals/", f"/gateway/refusals/{personal.pk}/", "/gateway/refusals/?print=1"]
    client.force_login(person("keeper", depot.enterprise))
    for address in addresses:
        assert CARD not in client.get(address).content.decode(), address
    client.force_login(person("manager", depot.enterprise))
    assert CARD in client.get(addresses[1]).content.decode()


def test_what_cannot_be_read_cannot_be_masked_and_is_not_shown(client, person, personal, depot):
    Refusal.objects.update(payload='{"sfzhm": "' + CARD)
    client.force_login(person("keeper", depot.enterprise))
    page = client.get(f"/gateway/refusals/{personal.pk}/").content.decode()
    assert CARD not in page
    assert "报文不能解析" in page


@pytest.mark.parametrize(("query", "count"), [
    ("rule=too-long", 2), ("rule=code", 2), ("rule=required", 0), ("table_code=1103", 2), ("table_code=1101", 0),
    ("source=user:", 0), ("in_depot=none", None), ("received_at_from=2026-02-30", None), ("rule=nonsense", None),
])  # fmt: skip
def test_refusals_are_found_by_rule_table_source_and_day(client, person, reported, query, count):
    client.force_login(person("viewer", "00"))
    table = client.get(f"/gateway/refusals/?{query}").context["table"]
    assert len(table.page.rows) == (count or 0)
    assert bool(table.faulty) is (count is None), "what cannot be meant is said, not dropped"


def test_refusals_are_taken_out_only_by_those_who_may(client, person, reported, depot):
    client.force_login(person("viewer", "00"))
    assert client.get("/gateway/refusals/?export=csv").status_code == 403
    client.force_login(person("manager", depot.enterprise))
    answer = client.get("/gateway/refusals/?export=csv")
    assert answer.status_code == 200
    assert "长度超限" in b"".join(answer.streaming_content).decode("utf-8-sig")


def test_the_monitor_counts_what_came_and_why_some_was_refused(client, person, reported, depot):
    client.force_login(person("manager", depot.enterprise))
    page = client.get("/gateway/").context
    row, = (row for row in page["table"].given["rows"] if row["appid"] == reported.appid)
    assert (row["taken"], row["refused"], row["received"], row["state"]) == (5, 1, 6, "active")
    assert "长度超限 1" in row["rules"]
    assert {row["code"]: row["taken"] for row in page["by_table"].given["rows"]} == dict.fromkeys(
        ("1101", "1102", "1104", "1105"), 1) | {"1103": 1}  # fmt: skip


def test_an_account_of_one_depot_is_told_what_of_its_own_was_refused(client, person, reported, depot):
    client.force_login(person("keeper", depot.code))
    page = client.get("/gateway/")
    assert page.context["figures"][0].value == 1
    assert "长度超限 1" in page.context["figures"][0].note
    client.force_login(person("keeper", OTHER + "002"))
    assert client.get("/gateway/").context["figures"][0].value == 0


def test_an_application_that_has_been_silent_too_long_stands_out(client, person, reported, depot):
    long_ago = timezone.now() - timedelta(hours=300)
    Tally.objects.update(last_at=long_ago, day=timezone.localdate() - timedelta(days=12))
    client.force_login(person("manager", depot.enterprise))
    page = client.get("/gateway/?days=30")
    assert page.context["table"].given["rows"][0]["state"] == "silent"
    actions.disable_application(CONSOLE, reported)
    assert client.get("/gateway/?days=30").context["table"].given["rows"][0]["state"] == "disabled"


def test_silent_depots_are_those_that_the_rooms_above_name(client, person, reported, monkeypatch):
    monkeypatch.setattr(ports, "_silence", [lambda user: [
        {"key": "x", "depot_name": "演示静默库", "region": "演示", "last_at": None, "hours": 24}]])  # fmt: skip
    client.force_login(person("viewer", "00"))
    assert "演示静默库" in client.get("/gateway/").content.decode()
    monkeypatch.setattr(ports, "_silence", [])
    assert "未上报库点" not in client.get("/gateway/").content.decode()


def test_days_that_are_over_are_summed_once_and_today_always(person, depot, django_assert_num_queries):
    def count(days_ago, taken):
        day = timezone.localdate() - timedelta(days=days_ago)
        Tally.objects.update_or_create(
            day=day, source="app:x", in_enterprise=depot.enterprise, table_code="1103", outcome="taken", rule="",
            defaults={"count": taken, "last_at": timezone.now()},
        )

    viewer = person("viewer", "00")
    count(0, 1), count(5, 10), count(29, 100), count(30, 1000)
    assert queries.by_source(viewer, 30)["app:x"].taken == 111
    count(0, 2)
    with django_assert_num_queries(1):
        assert queries.by_source(viewer, 30)["app:x"].taken == 112
    assert queries.by_source(viewer, 1)["app:x"].taken == 2
    assert [c.taken for c in queries.by_day(viewer, 30).values()] == [100, *[0] * 23, 10, *[0] * 4, 2]
    assert queries.by_source(person("viewer", "43"), 30) != {}, "another area is another question"
    assert queries.by_source(person("viewer", "44"), 30) == {}


def test_a_period_that_is_none_is_today(client, person, reported):
    client.force_login(person("viewer", "00"))
    assert client.get("/gateway/?days=-1").context["tabs"][0].current


@pytest.mark.parametrize(("address", "most"), [("", 20), ("refusals/", 12), ("files/", 10), ("imports/", 10), ("tables/1202/", 8)])
def test_pages_cost_few_queries_whatever_they_list(client, person, reported, depot, django_assert_max_num_queries, address, most):
    for n in range(30):
        actions.create_application(CONSOLE, depot.enterprise, f"演示系统{n}")
    client.force_login(person("admin", "00"))
    with django_assert_max_num_queries(most):
        assert client.get(f"/gateway/{address}").status_code == 200


def test_imports_belong_to_whoever_uploaded_them(client, person, depot):
    owner, other = person("manager", depot.enterprise), person("manager", depot.enterprise)
    job = Import.objects.create(user=owner, table_code="1103", name=MARKUP, stored="x.xlsx", state="failed", failure="原因")
    client.force_login(other)
    for part in ("", "progress/", "result/"):
        assert client.get(f"/gateway/imports/{job.pk}/{part}").status_code == 404
    assert MARKUP.replace("<", "&lt;").replace(">", "&gt;") not in client.get("/gateway/imports/").content.decode()
    client.force_login(owner)
    page = client.get(f"/gateway/imports/{job.pk}/").content.decode()
    assert "原因" in page
    assert MARKUP not in page
    assert client.get(f"/gateway/imports/{job.pk}/result/").status_code == 404


@pytest.mark.parametrize(("state", "asks_again"), [("waiting", True), ("reading", True), ("sending", True), ("done", False),
                                                   ("failed", False)])  # fmt: skip
def test_progress_asks_again_until_the_import_has_ended(client, person, depot, state, asks_again):
    owner = person("manager", depot.enterprise)
    job = Import.objects.create(user=owner, table_code="1103", name="a.xlsx", stored="x.xlsx", state=state, rows=10, done=5)
    client.force_login(owner)
    answer = client.get(f"/gateway/imports/{job.pk}/progress/", headers={"HX-Request": "true"})
    assert ("hx-get" in answer.content.decode()) is asks_again
    assert ("HX-Refresh" in answer) is not asks_again


def test_the_form_says_what_is_wrong_with_an_upload(client, person, depot):
    client.force_login(person("manager", depot.enterprise))
    empty = client.post("/gateway/imports/", {}).content.decode()
    assert "请选择文件" in empty
    client.force_login(person("viewer", depot.enterprise))
    assert "没有可填报的数据表" in client.get("/gateway/imports/").content.decode()


def test_the_catalogue_has_every_table_and_leads_to_what_a_field_refers_to(client, person):
    client.force_login(person("viewer", "00"))
    assert client.get("/gateway/tables/").context["table"].page.total == 40
    page = client.get("/gateway/tables/1202/").content.decode()
    for said in ("毛重", "公斤", "lsrkxx", 'href="/gateway/tables/1105/"', "粮食品种"):
        assert said in page, said
    schema = client.get("/gateway/tables/1202/schema.json").json()
    assert schema["x-table"] == "1202"
