"""One data table as one request asks for it: what is shown, in which order, how it goes on, and its answers."""

import logging
from collections.abc import Sequence
from functools import cached_property
from typing import Any, ClassVar

from django.core.exceptions import PermissionDenied
from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _

from canglin.ui import exports
from canglin.ui.columns import Column, Heading, Line, Moment, Number
from canglin.ui.filters import Bound, Filter
from canglin.ui.parts import Empty
from canglin.ui.rows import ListRows, Page, QueryRows, Row, Rows, Sort, read_cursor, write_cursor

log = logging.getLogger(__name__)

PAGE_SIZES = (20, 50, 100, 200)
COUNT_LIMIT = 10_000
COOKIE_SECONDS = 365 * 86400
REQUEST_PARAMETERS = ("page", "size", "sort", "after", "before", "columns", "choose", "export", "print")


class Table:
    """A table as one request asks for it. Subclasses declare; nothing here is changed after construction."""

    name: ClassVar[str]
    title: ClassVar[str] = ""
    columns: Sequence[Column] = ()
    filters: Sequence[Filter] = ()
    default_sort: ClassVar[str] = ""
    page_size: ClassVar[int] = 50
    # Cursor paging never counts or skips rows: for tables with millions. Its orders should be served by an index.
    by_cursor: ClassVar[bool] = False
    export_limit: ClassVar[int] = 100_000
    print_limit: ClassVar[int] = 2_000
    empty: Empty = Empty("还没有数据")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        """``prefix`` sets the parameters of several tables on one page apart; ``given`` is kept for ``rows``."""
        self.request = request
        self.prefix = f"{prefix}-" if prefix else ""
        self.id = f"table-{prefix or self.name}"
        self.given = given

    def rows(self, request: HttpRequest) -> Rows:
        """Everything this person may see here: an unevaluated query or a list of dicts."""
        raise NotImplementedError

    def row_link(self, row: Row) -> str | None:
        """Where a click on the row leads; the first column's link unless a table says otherwise."""
        link = self.columns[0].link
        return link(row) if link else None

    def row_tone(self, row: Row) -> str:
        """A tone that marks the whole row (see columns.TONES); none usually."""
        return ""

    def may_export(self, request: HttpRequest) -> bool:
        """Whether this person may take the rows out as a file; a room asks its policy here."""
        return True

    # What was asked for.

    def _get(self, name: str, default: str = "") -> str:
        return self.request.GET.get(self.prefix + name, default)

    @cached_property
    def bound(self) -> list[Bound]:
        """The filters with what was entered."""
        return [Bound.of(each, self.request.GET, self.prefix, self.request) for each in self.filters]

    @property
    def active(self) -> list[Bound]:
        """The filters that narrow."""
        return [bound for bound in self.bound if bound.active]

    @property
    def faulty(self) -> list[Bound]:
        """The filters that could not be read."""
        return [bound for bound in self.bound if bound.error]

    @cached_property
    def sort(self) -> Sort | None:
        """The order: what was asked for if a column offers it, else the table's own."""
        for asked in (self._get("sort"), self.default_sort):
            key = asked.removeprefix("-")
            for column in self.columns:
                if column.key == key and column.sort_field:
                    return Sort(key, column.sort_field, asked.startswith("-"))
        return None

    @cached_property
    def size(self) -> int:
        """Rows a page."""
        asked = self._get("size")
        return int(asked) if asked in {str(size) for size in PAGE_SIZES} else self.page_size

    @property
    def cookie(self) -> str:
        """Name of the cookie that remembers which columns this reader shows."""
        return f"canglin-columns-{self.name}"

    @cached_property
    def shown(self) -> list[Column]:
        """The columns shown: those just chosen, else those remembered, else those not hidden."""
        chosen = self.request.GET.getlist(self.prefix + "columns")
        if not chosen:
            chosen = self.request.COOKIES.get(self.cookie, "").split("|")
        shown = [column for column in self.columns if column.key in chosen]
        return shown or [column for column in self.columns if not column.hidden]

    @property
    def choosable(self) -> list[tuple[Column, bool]]:
        """Every column and whether it is shown."""
        return [(column, column in self.shown) for column in self.columns]

    @cached_property
    def source(self) -> QueryRows | ListRows:
        """The rows that pass the filters."""
        rows: Rows = self.rows(self.request)
        if self.faulty:
            rows = rows.none() if isinstance(rows, QuerySet) else []
        if isinstance(rows, QuerySet):
            needed = [field for column in self.columns for field in column.fields]
            return QueryRows(rows, [*needed, *self.extra_fields]).narrowed(self.active)
        return ListRows(rows).narrowed(self.active)

    # Fields that row_link or row_tone read beyond those of the columns.
    extra_fields: ClassVar[Sequence[str]] = ()

    @cached_property
    def trouble(self) -> str:
        """Why no rows can be shown, in words; empty when they can."""
        try:
            _rows = self.page.rows
        except (OperationalError, InterfaceError) as problem:
            log.error("table %s: the database did not answer: %s", self.name, problem)
            return _("数据库暂时没有应答，稍后会自动恢复。")
        return ""

    @cached_property
    def page(self) -> Page:
        """The screenful asked for. A page past the end is the last one."""
        source = self.source
        if self.by_cursor and isinstance(source, QueryRows):
            return self._page_by_cursor(source)
        total = source.count()
        pages = max(1, -(-total // self.size))
        asked = self._get("page")
        number = min(max(int(asked), 1), pages) if asked.isascii() and asked.isdigit() and len(asked) < 10 else 1
        start = (number - 1) * self.size
        rows = source.slice(self.sort, start, start + self.size) if total else []
        forward, back = number < pages, number > 1
        return Page(
            rows=rows, start=start + 1, number=number, pages=pages, total=total, total_exact=True,
            first=self.url(page=1) if back else "", previous=self.url(page=number - 1) if back else "",
            next=self.url(page=number + 1) if forward else "", last=self.url(page=pages) if forward else "",
        )  # fmt: skip

    def _page_by_cursor(self, source: QueryRows) -> Page:
        total = source.count(COUNT_LIMIT)
        before, after = read_cursor(self._get("before")), read_cursor(self._get("after"))
        backward = before is not None
        rows = source.after(self.sort, before or after, self.size + 1, backward)
        more = len(rows) > self.size
        rows = rows[-self.size :] if backward else rows[: self.size]
        has_next, has_previous = (True, more) if backward else (more, after is not None)
        place = [write_cursor(row[self.sort.field] if self.sort else None, row["pk"]) for row in (rows[:1] + rows[-1:])]
        return Page(
            rows=rows, start=0, number=0, pages=0, total=min(total, COUNT_LIMIT), total_exact=total <= COUNT_LIMIT,
            first=self.url() if has_previous else "",
            previous=self.url(before=place[0]) if has_previous and rows else "",
            next=self.url(after=place[-1]) if has_next and rows else "", last="",
        )  # fmt: skip

    @cached_property
    def lines(self) -> list[Line]:
        """The screenful as drawn."""
        return [self._line(row) for row in self.page.rows]

    def _line(self, row: Row) -> Line:
        # Joined here, not by the template: a page holds hundreds of cells, and this takes half the time.
        cells = "".join(f"{opening}{conditional_escape(column.show(row))}</td>" for column, opening in self._openings)
        return Line(mark_safe(cells), self.row_link(row), self.row_tone(row))  # noqa: S308 - cells are escaped

    @cached_property
    def _openings(self) -> list[tuple[Column, str]]:
        return [(column, format_html('<td class="{}">', column.css) if column.css else "<td>") for column in self.shown]

    @cached_property
    def totals(self) -> list[tuple[Column, str]]:
        """The foot: sums over all rows that pass the filters, not of the page alone. Empty when no column adds up."""
        if not any(column.total for column in self.shown) or not self.page.rows:
            return []
        fields = [column.key for column in self.shown if column.total]
        sums = self.source.totals(fields)
        return [(column, column.write(sums[column.key]) if column.total else "") for column in self.shown]

    # How it is drawn.

    def url(self, **changes: Any) -> str:
        """This page's address with other parameters; the place in the table is left behind unless it is given."""
        query = self.request.GET.copy()
        for name in ("page", "after", "before", "columns", "choose", "export", "print"):
            query.pop(self.prefix + name, None)
        for name, value in changes.items():
            query[self.prefix + name] = str(value)
        return f"{self.request.path}?{_filled(query)}"

    @property
    def clear_url(self) -> str:
        """The address without this table's filters and order."""
        query = self.request.GET.copy()
        for name in [*REQUEST_PARAMETERS, *(name for each in self.filters for name in each.names())]:
            query.pop(self.prefix + name, None)
        text = _filled(query)
        return f"{self.request.path}?{text}" if text else self.request.path

    @property
    def headings(self) -> list[Heading]:
        """The columns shown, each with the address that sorts by it."""
        return [self._heading(column) for column in self.shown]

    def _heading(self, column: Column) -> Heading:
        if not column.sort_field:
            return Heading(column, "", "")
        current = self.sort if self.sort and self.sort.key == column.key else None
        if current is None:
            # Figures and times are asked for largest or newest first.
            first = "-" if isinstance(column, Number | Moment) else ""
            return Heading(column, self.url(sort=first + column.key), "")
        turned = column.key if current.descending else f"-{column.key}"
        return Heading(column, self.url(sort=turned), "down" if current.descending else "up")

    @property
    def sizes(self) -> list[tuple[int, str, bool]]:
        """Rows a page: size, address, chosen."""
        return [(size, self.url(size=size), size == self.size) for size in PAGE_SIZES]

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters that the filter form passes on: order, size, and all that belongs to other tables of the page."""
        own = {self.prefix + name for each in self.filters for name in each.names()}
        own |= {self.prefix + name for name in ("page", "after", "before", "columns", "choose", "export", "print")}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def passed_on(self) -> list[tuple[str, str]]:
        """Parameters that the column form passes on: all but the columns."""
        own = {self.prefix + name for name in ("columns", "choose", "export", "print")}
        return [(name, value) for name, values in self.request.GET.lists() if name not in own for value in values]

    @property
    def xlsx_url(self) -> str:
        """The filtered rows as a workbook."""
        return self.url(export="xlsx")

    @property
    def csv_url(self) -> str:
        """The filtered rows as text."""
        return self.url(export="csv")

    @property
    def print_url(self) -> str:
        """The filtered rows on paper."""
        return self.url(print=1)

    # What is answered.

    def answer(self) -> HttpResponseBase | None:
        """The response to an export, a print or a partial update of this table; None when the whole page is wanted."""
        if self._get("export"):
            return self._export()
        if self._get("print"):
            return self._print()
        if self._get("choose"):
            return self._remember(self._partial() if self._wanted_alone() else _redirect(self.url()))
        return self._partial() if self._wanted_alone() else None

    def _wanted_alone(self) -> bool:
        headers = self.request.headers
        restoring = headers.get("HX-History-Restore-Request") == "true"
        return headers.get("HX-Target", "").split("#")[-1] == self.id and not restoring

    def _partial(self) -> HttpResponse:
        response = render(self.request, "ui/table.html", {"table": self})
        # The filter form sends its empty fields too; the address that is kept names only what was entered.
        place = {name: self._get(name) for name in ("page", "after", "before") if self._get(name)}
        response["HX-Push-Url"] = self.url(**place)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response

    def _remember(self, response: HttpResponse) -> HttpResponse:
        chosen = "|".join(column.key for column in self.shown)
        if self._get("choose") == "reset":
            response.delete_cookie(self.cookie, path=self.request.path)
        else:
            response.set_cookie(
                self.cookie, chosen, max_age=COOKIE_SECONDS, path=self.request.path, httponly=True, samesite="Lax",
                secure=self.request.is_secure(),
            )  # fmt: skip
        return response

    @cached_property
    def exportable(self) -> bool:
        """Whether the export menu is shown."""
        return self.may_export(self.request)

    def _export(self) -> HttpResponseBase:
        if not self.exportable:
            raise PermissionDenied
        if self.faulty:
            return self._refuse(_("筛选条件有误，没有导出。"))
        count = self.source.count(self.export_limit)
        if count > self.export_limit:
            limit = f"{self.export_limit:,}"
            return self._refuse(_("筛选结果超过导出上限 %s 行，没有导出。请缩小筛选范围。") % limit)
        kind = self._get("export")
        if kind not in exports.WRITERS:
            return self._refuse(_("不支持这种导出格式。"))
        rows = self.source.stream(self.sort, self.export_limit)
        about = [(bound.filter.label, bound.words) for bound in self.active]
        exports.exported.send(type(self), request=self.request, title=self.title or self.name, rows=count, filters=about)
        return exports.respond(self.request, kind, self.title or self.name, self.shown, rows, about)

    def _refuse(self, reason: str) -> HttpResponse:
        context = {"title": self.title, "reason": reason, "back": self.url()}
        return render(self.request, "ui/refused.html", context, status=422)

    def _print(self) -> HttpResponse:
        count = self.source.count(self.print_limit)
        rows = self.source.slice(self.sort, 0, self.print_limit)
        lines = [self._line(row) for row in rows]
        context = {"table": self, "lines": lines, "title": self.title, "cut": count > self.print_limit}
        return render(self.request, "ui/table_print.html", context)


def _filled(query: QueryDict) -> str:
    for name, values in list(query.lists()):
        kept = [value for value in values if value]
        if kept:
            query.setlist(name, kept)
        else:
            del query[name]
    return query.urlencode()


def _redirect(url: str) -> HttpResponse:
    response = HttpResponse(status=303)
    response["Location"] = url
    return response
