"""Data tables: what may be asked of them, and that nothing else is answered."""

import io
import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.db import OperationalError, connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils.html import format_html
from hypothesis import given
from hypothesis import strategies as st

from canglin.accounts.models import User
from canglin.ui import exports
from canglin.ui.rows import read_cursor, write_cursor
from canglin.ui.tables import Choice, Column, DateRange, Moment, Number, Search, Table


class Rows(Table):
    name = "rows"
    title = "演示"
    columns = [
        Column("code", "代码", link=lambda row: f"/lots/{row['code']}/"),
        Number("net_kg", "净重", unit="公斤", digits=1, sum=True),
        Moment("at", "时间"),
        Column("note", "备注", sort=False, hidden=True),
    ]
    filters = [
        Search("code", "note"),
        Choice("kind", "类别", choices=[(1, "甲"), (2, "乙")]),
        DateRange("at", "时间"),
    ]
    default_sort = "code"
    page_size = 20

    def rows(self, request):
        return self.given["rows"]


def rows(count=45):
    start = datetime(2026, 3, 1, tzinfo=UTC)
    return [
        {
            "code": f"L{i:03d}", "net_kg": None if i == 7 else Decimal(i * 10 - 100), "kind": i % 2 + 1,
            "at": start + timedelta(days=i), "note": "=1+1" if i == 3 else f"第 {i} 行 <b>",
        }
        for i in range(count)
    ]  # fmt: skip


def asked(query="", given_rows=None, **headers):
    request = RequestFactory().get(f"/lots/?{query}", headers=headers)
    request.user = AnonymousUser()
    return Rows(request, rows=rows() if given_rows is None else given_rows)


def codes(table):
    return [row["code"] for row in table.page.rows]


def body(response):
    return b"".join(response.streaming_content)


def test_only_declared_columns_sort():
    assert codes(asked("sort=-code"))[0] == "L044"
    for wish in ("note", "password", "-user__password", "code;drop", "--code", "kind"):
        assert codes(asked(f"sort={wish}"))[0] == "L000", wish


def test_empty_cells_stand_last_in_both_directions():
    assert [codes(asked(f"sort={sort}&page=3"))[-1] for sort in ("net_kg", "-net_kg")] == ["L007", "L007"]


@pytest.mark.parametrize(("page", "first"), [("1", "L000"), ("2", "L020"), ("3", "L040"), ("99", "L040")])
def test_pages_end_at_the_last(page, first):
    assert codes(asked(f"page={page}"))[0] == first


@pytest.mark.parametrize("page", ["0", "-1", "x", "", "1e3", "٣", "9" * 40])
def test_a_page_that_is_none_is_the_first(page):
    assert codes(asked(f"page={page}"))[0] == "L000"


def test_only_offered_page_sizes_count():
    assert asked("size=100").size == 100
    assert {asked(f"size={size}").size for size in ("1000000", "-1", "0", "abc")} == {20}


def test_words_are_searched_in_every_named_field_and_all_must_occur():
    assert codes(asked("q=l04 行")) == [f"L04{i}" for i in range(5)]
    assert codes(asked("q=L001 无此")) == []


def test_an_offered_choice_filters_with_its_own_type():
    assert len(asked("kind=2").source.rows) == 22


@pytest.mark.parametrize(
    "query", ["kind=3", "at_from=2026-02-30", "at_from=2026-03-09&at_to=2026-03-01", "q=%00", "q=" + "x" * 101]
)
def test_a_filter_that_cannot_be_meant_shows_no_rows_and_says_so(query):
    table = asked(query)
    assert table.faulty[0].error
    assert table.page.rows == []


def test_days_of_a_range_are_both_included_in_local_time():
    # 2026-03-03T00:00Z is 08:00 of the same day in Shanghai.
    assert codes(asked("at_from=2026-03-03&at_to=2026-03-04")) == ["L002", "L003"]


def test_the_foot_adds_up_all_filtered_rows_not_the_page():
    shown = {column.key: text for column, text in asked("q=L04").totals}
    assert shown["net_kg"] == f"{Decimal(300 + 310 + 320 + 330 + 340):,.1f}"


def test_links_keep_what_was_asked_and_leave_the_place_behind():
    table = asked("q=L0&page=2&sort=-code&kind=")
    assert table.url(size=50) == "/lots/?q=L0&sort=-code&size=50"
    assert table.clear_url == "/lots/"
    assert ("sort", "-code") in table.kept
    assert not {"q", "page"} & {name for name, _ in table.kept}


def test_two_tables_of_a_page_keep_apart():
    request = RequestFactory().get("/lots/?a-q=L01&b-page=2")
    request.user = AnonymousUser()
    first, second = (Rows(request, prefix=prefix, rows=rows()) for prefix in ("a", "b"))
    assert len(codes(first)) == 10
    assert codes(second)[0] == "L020"
    assert ("b-page", "2") in first.kept


def test_htmx_gets_the_table_alone_and_a_clean_address():
    answer = asked("q=L01&kind=&at_from=", **{"HX-Request": "true", "HX-Target": "section#table-rows"}).answer()
    text = answer.content.decode()
    assert text.startswith("<section")
    assert "<html" not in text
    assert answer["HX-Push-Url"] == "/lots/?q=L01"
    assert "HX-Target" in answer["Vary"]


def test_an_update_of_another_table_or_a_step_back_gets_the_whole_page():
    assert asked("", **{"HX-Request": "true", "HX-Target": "section#table-other"}).answer() is None
    back = {"HX-Request": "true", "HX-Target": "section#table-rows", "HX-History-Restore-Request": "true"}
    assert asked("", **back).answer() is None


def test_chosen_columns_are_remembered_and_unknown_ones_are_not():
    answer = asked("choose=1&columns=code&columns=note&columns=password").answer()
    assert (answer.status_code, answer["Location"]) == (303, "/lots/?")
    assert answer.cookies["canglin-columns-rows"].value == "code|note"
    request = RequestFactory().get("/lots/")
    request.COOKIES["canglin-columns-rows"] = "note|nonsense"
    assert [column.key for column in Rows(request, rows=[]).shown] == ["note"]


def test_text_of_records_is_shown_never_run():
    page = asked("columns=note", **{"HX-Target": "table-rows"}).answer().content.decode()
    assert "第 0 行 &lt;b&gt;" in page
    assert "行 <b>" not in page


def test_a_workbook_holds_the_filtered_rows_typed():
    answer = asked("export=xlsx&q=L00&columns=code&columns=net_kg&columns=at&columns=note&sort=-code").answer()
    book = openpyxl.load_workbook(io.BytesIO(body(answer)))
    sheet = book["演示"]
    lines = list(sheet.iter_rows(values_only=True))
    assert lines[0] == ("代码", "净重(公斤)", "时间", "备注")
    assert [line[0] for line in lines[1:]] == [f"L00{i}" for i in range(9, -1, -1)]
    assert lines[3][:3] == ("L007", None, datetime(2026, 3, 8, 8))
    assert lines[1][1] == -10
    guarded = next(cell for row in sheet for cell in row if cell.value == "=1+1")
    assert (guarded.data_type, guarded.quotePrefix) == ("s", True)
    about = {row[0]: row[1] for row in book["说明"].iter_rows(values_only=True)}
    assert (about["行数"], about["搜索"]) == ("10", "L00")
    assert "filename*=UTF-8''%E6%BC%94%E7%A4%BA-" in answer["Content-Disposition"]


def test_csv_opens_in_excel_and_begins_no_formula():
    text = body(asked("export=csv&q=L00&columns=code&columns=net_kg&columns=note").answer())
    assert text.startswith(b"\xef\xbb\xbf")
    lines = text.decode("utf-8-sig").splitlines()
    assert lines[0] == "代码,净重(公斤),备注"
    assert lines[4] == "L003,-70,'=1+1"  # a negative figure is a figure


@given(st.text(max_size=8))
def test_no_text_cell_of_a_csv_begins_like_a_formula(text):
    assert not exports.guarded(text).startswith(exports.FORMULA_STARTS)


def test_more_rows_than_the_limit_are_refused_with_the_limit_not_cut(monkeypatch):
    monkeypatch.setattr(Rows, "export_limit", 44)
    answer = asked("export=csv").answer()
    assert answer.status_code == 422
    assert "44" in answer.content.decode()


def test_an_unknown_export_or_a_faulty_filter_exports_nothing():
    assert asked("export=exe").answer().status_code == 422
    assert asked("export=csv&at_from=2026-02-30").answer().status_code == 422


def test_who_may_not_export_gets_neither_the_menu_nor_the_file(monkeypatch):
    assert "export=xlsx" in asked("", **{"HX-Target": "table-rows"}).answer().content.decode()
    monkeypatch.setattr(Rows, "may_export", lambda self, request: False)
    assert "export=xlsx" not in asked("", **{"HX-Target": "table-rows"}).answer().content.decode()
    with pytest.raises(PermissionDenied):
        asked("export=xlsx").answer()


def test_an_export_is_announced_before_it_leaves():
    heard = []

    def hear(sender, **what):
        heard.append((what["title"], what["rows"], what["filters"]))

    exports.exported.connect(hear)
    asked("export=csv&q=L00").answer()
    exports.exported.disconnect(hear)
    assert heard == [("演示", 10, [("搜索", "L00")])]


def test_print_says_when_it_was_cut(monkeypatch):
    monkeypatch.setattr(Rows, "print_limit", 10)
    text = asked("print=1").answer().content.decode()
    assert len(re.findall(r"<tr>", text)) == 12  # heading, ten rows, foot
    assert "10 行" in text


def test_a_database_that_is_away_is_said_and_not_a_crash():
    class Away(Rows):
        def rows(self, request):
            raise OperationalError("the connection is closed")

    page = Away(asked("", **{"HX-Target": "table-rows"}).request).answer().content.decode()
    assert "暂时无法显示" in page
    assert "the connection is closed" not in page


@pytest.mark.parametrize("text", ["", "x", "a:b:c", "é", "." * 500, '["plain",1]'])
def test_a_cursor_that_is_not_ours_is_no_cursor(text):
    assert read_cursor(text) is None


@given(
    st.one_of(
        st.none(),
        st.text(),
        st.integers(),
        st.decimals(allow_nan=False, allow_infinity=False),
        st.datetimes(),
        st.dates(),
    )
)
def test_a_cursor_comes_back_as_it_went(value):
    assert read_cursor(write_cursor(value, 7)) == [value, 7]


class People(Table):
    name = "people"
    columns = [Column("username", "登录名"), Column("name", "姓名"), Moment("last_login", "上次登录")]
    filters = [Search("username", "name")]
    by_cursor = True
    page_size = 20

    def rows(self, request):
        return User.objects.all()


@pytest.fixture
def people(db):
    at = datetime(2026, 1, 1, tzinfo=UTC)
    User.objects.bulk_create(
        User(
            username=f"u{i:02d}",
            name=f"演示 {i % 7}",
            role="auditor",
            area_codes=[],
            last_login=None if i % 5 == 0 else at + timedelta(hours=i % 9),
        )
        for i in range(50)
    )


def walk(sort, first="", way="next"):
    """Every page from an address on."""
    query, seen = first or f"sort={sort}", []
    for _ in range(9):
        table = People(RequestFactory().get(f"/people/?{query}"))
        seen.append([row["username"] for row in table.page.rows])
        query = getattr(table.page, way).partition("?")[2]
        if not query:
            return seen, table
    raise AssertionError("the walk does not end")


@pytest.mark.parametrize("sort", ["username", "-username", "name", "-name", "last_login", "-last_login", ""])
def test_a_walk_by_cursor_meets_every_row_once_forth_and_back(people, sort):
    forth, last = walk(sort)
    assert sorted(name for page in forth for name in page) == sorted(User.objects.values_list("username", flat=True))
    assert [len(page) for page in forth] == [20, 20, 10]
    back, _ = walk(sort, last.page.previous.partition("?")[2], "previous")
    assert [*back[::-1], forth[-1]] == forth


def test_a_table_costs_two_queries_however_many_rows(people):
    class Counted(People):
        by_cursor = False
        page_size = 50

    table = Counted(RequestFactory().get("/people/?q=u&sort=-last_login"))
    with CaptureQueriesContext(
        connection,
    ) as asked_of_database:
        assert len(table.lines) == 50
    assert len(asked_of_database) == 2


def test_a_forged_cursor_starts_at_the_beginning(people):
    table = People(RequestFactory().get("/people/?sort=username&after=WyJwbGFpbiIsMV0:abc"))
    assert table.page.rows[0]["username"] == "u00"


def test_a_computed_cell_is_escaped_unless_it_says_it_is_markup():
    class Computed(Rows):
        columns = [
            Column("plain", "甲", text=lambda row: f"<i>{row['code']}</i>", needs=("code",)),
            Column("marked", "乙", text=lambda row: format_html("<i>{}</i>", row["code"]), needs=("code",)),
        ]

    page = Computed(asked("", **{"HX-Target": "table-rows"}).request, rows=rows(1)).answer().content.decode()
    assert "<td>&lt;i&gt;L000&lt;/i&gt;</td><td><i>L000</i></td>" in page
    assert not [heading for heading in Computed(asked().request, rows=[]).headings if heading.href]
