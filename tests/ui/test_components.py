"""Formats, navigation, icons, and the gallery that shows every component."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from canglin.accounts.models import User
from canglin.ui import formats, icons, navigation
from canglin.ui.parts import Figure


def drawn(source, **context):
    return Template("{% load canglin %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "digits", "shown"),
    [
        (Decimal("1234567.5"), None, "1,234,567.5"),
        (Decimal("-0.004"), 2, "0.00"),
        (Decimal("2.675"), 2, "2.68"),
        (Decimal("1E+3"), None, "1,000"),
        (0, None, "0"),
        (-1234.5, 1, "-1,234.5"),
        (None, 3, "—"),
        ("", None, "—"),
        (Decimal("NaN"), None, "—"),
    ],
)
def test_figures_are_written_exactly(value, digits, shown):
    assert formats.number(value, digits) == shown


@given(st.decimals(min_value=-(10**14), max_value=10**14, places=3))
def test_tonnes_to_three_places_lose_no_kilogram(net_t):
    assert Decimal(formats.tonnes(net_t * 1000).replace(",", "")) == net_t


def test_zero_is_a_figure_and_nothing_is_a_dash():
    source = "{{ zero|kg }}|{{ none|tonnes }}|{{ zero|dash }}|{{ none|dash }}"
    assert drawn(source, zero=0, none=None).split("|")[1:] == [
        '<span class="figure">—</span>', "0", "—",
    ]  # fmt: skip


def test_times_are_written_in_the_installation_s_zone():
    assert formats.moment(datetime(2026, 2, 28, 16, 0, 1, tzinfo=UTC)) == "2026-03-01 00:00:01"
    assert formats.day(datetime(2026, 2, 28, 16, tzinfo=UTC)) == "2026-03-01"


def test_a_code_without_its_list_is_shown_as_it_is(monkeypatch):
    monkeypatch.setattr(formats, "_writers", {})
    assert drawn('{{ "1110101"|code:"food_variety" }}') == "1110101"
    formats.register("code", lambda value, codes: f"{codes}:{value}")
    assert drawn('{{ "1"|code:"food_variety" }}') == "food_variety:1"


def test_an_unknown_icon_is_found_out_at_once():
    with pytest.raises(LookupError, match=r"icons\.txt"):
        icons.icon("no-such-icon")


def test_every_icon_named_in_navigation_and_templates_is_drawn():
    assert all(drawing.startswith("<path") for drawing in icons.drawings().values())
    for items in navigation._items.values():
        for item in items:
            icons.icon(item.icon)


def test_growth_of_what_is_bad_is_bad():
    assert Figure("拒收", 5, change=2, rising_is="bad").change_tone == "bad"
    assert Figure("库存", 5, change=-2, rising_is="good").change_tone == "bad"
    assert Figure("库存", 5, change=0, rising_is="good").change_tone == "neutral"


def test_navigation_shows_what_the_person_may_open_and_marks_where_they_are(monkeypatch):
    monkeypatch.setattr(navigation, "_groups", {})
    monkeypatch.setattr(navigation, "_items", {})
    secret = navigation.Item("秘密", "ui:job", "lock", permission=lambda user: user.chief)
    navigation.register(navigation.PEOPLE, secret)
    navigation.register(
        navigation.STOCK, navigation.Item("构件", "ui:gallery", "puzzle"), navigation.Item("无", "no:page", "x")
    )
    navigation.register(navigation.STOCK, navigation.Item("构件", "ui:gallery", "puzzle"))
    request = RequestFactory().get("/ui/job/")
    request.user = SimpleNamespace(is_authenticated=True, chief=False)
    assert [[entry.label for entry in section.entries] for section in navigation.visible(request)] == [["构件"]]
    request.user.chief = True
    entries = [entry for section in navigation.visible(request) for entry in section.entries]
    assert [(entry.label, entry.current) for entry in entries] == [("构件", False), ("秘密", True)]


def test_a_form_names_its_errors_to_those_who_cannot_see_red():
    class Form(forms.Form):
        net_kg = forms.DecimalField(label="净重", help_text="毛重减皮重")

    page = drawn("{% form_fields form %}", form=Form({"net_kg": "x"}))
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_net_kg-help id_net_kg-errors"' in page
    assert 'role="alert"' in page


def test_a_chart_s_data_cannot_leave_its_script():
    from canglin.ui.charts import Chart

    page = drawn("{% chart c %}", c=Chart("bar", "x", ["</script><b>"], {"<i>": [Decimal("1.5")]}))
    assert "</script><b>" not in page
    assert "&lt;i&gt;" in page


@pytest.fixture
def reader(client, db):
    user = User.objects.create(
        username="reader", name="演示 读者", role="auditor", area_codes=["00"], must_change_password=False
    )
    client.force_login(user)
    return client


def test_the_gallery_is_for_those_who_signed_in(client, db):
    assert client.get("/ui/").status_code == 302


def test_the_gallery_shows_every_state_without_a_style_or_script_of_its_own(reader):
    page = reader.get("/ui/").content.decode()
    for words in ("还没有货位", "暂时无法显示", "演示 40 号仓", "任务", "数据表", "-1,234.567"):
        assert words in page
    assert " style=" not in page
    assert "<script>" not in page
    assert "onclick" not in page


def test_an_update_of_one_table_of_the_gallery_is_that_table(reader):
    page = reader.get("/ui/?n-page=1", headers={"HX-Request": "true", "HX-Target": "section#table-n"}).content.decode()
    assert page.lstrip().startswith("<section")
    assert 'id="table-n"' in page


def test_times_of_a_running_job_are_asked_for_again(reader):
    assert "任务" in reader.get("/ui/job/").content.decode()


@pytest.mark.parametrize("template", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_nobody_and_nothing(template, rf):
    from django.template.loader import render_to_string

    page = render_to_string(template, request=rf.get("/"))
    assert "<h1" in page
    assert "/static/" in page
    assert render_to_string(template)  # the 500 page is drawn without a request


def test_age_is_said_in_the_largest_unit():
    now = datetime(2026, 3, 1, tzinfo=UTC)
    said = [formats.ago(now - timedelta(seconds=s), now) for s in (0, 59, 60, 3599, 3600, 86399, 86400)]
    assert said == ["0 秒前", "59 秒前", "1 分钟前", "59 分钟前", "1 小时前", "23 小时前", "1 天前"]
