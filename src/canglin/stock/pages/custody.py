"""The custody account (分仓保管账) of a lot: on screen, on paper as the trade keeps it, as a workbook."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.registry.models import StorageLot
from canglin.standard import codes
from canglin.stock.pages.moments import Unreadable, moment
from canglin.stock.pages.parts import Row, StockTable, to
from canglin.stock.queries.cards import newest_cards
from canglin.stock.queries.contents import contents
from canglin.stock.queries.custody import CustodyAccount, Line, custody_account
from canglin.ui import exports, formats
from canglin.ui.parts import Crumb, Empty, Figure
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, Moment, Number, Search

ZERO = Decimal(0)
AMOUNTS = ("priced_in_kg", "priced_out_kg", "weighed_in_kg", "weighed_out_kg")


def _ticket_link(row: Row) -> str | None:
    page = {"1202": "stock:inbound_ticket", "1205": "stock:outbound_ticket"}.get(row["table_code"])
    return (to(page, row["key"]) if page else to("records:history", row["table_code"], row["key"])) or None


def _shown(key: str, label: str, help: str = "") -> Number:
    """An amount that is left blank where nothing came or went."""
    return Number(key, label, unit="公斤", sort=False, help=help)


COLUMNS = (
    Moment("at", "业务时间", sort=False),
    Column("document_no", "凭证号", link=_ticket_link, mono=True, sort=False),
    Column("kind", "摘要", sort=False),
    Column("grain", "粮食", wrap=True, sort=False, hidden=True),
    _shown("priced_in_kg", "计价收入", "净重"),
    _shown("priced_out_kg", "计价支出", "净重"),
    _shown("balance_priced_kg", "计价结存"),
    _shown("weighed_in_kg", "实际收入", "毛重－皮重"),
    _shown("weighed_out_kg", "实际支出", "毛重－皮重"),
    _shown("balance_weighed_kg", "实际结存"),
    Column("counterpart", "对方", wrap=True, sort=False),
    Column("plate_no", "车船号", sort=False),
    Column("state", "冲销", sort=False),
    Column("number", "日志号", link=lambda row: to("records:entry", row["number"]) or None, sort=False, hidden=True),
    Moment("received_at", "平台接收时间", sort=False, hidden=True),
)


def grain_words(line: Line) -> str:
    """品种 · 性质 · 年度."""
    year = str(line.grain.harvest_year) if line.grain.harvest_year else ""
    words = codes.brief(line.grain.variety_code, "food_variety"), codes.brief(line.grain.nature_code, "food_nature"), year
    return " · ".join(word for word in words if word)


def row_of(line: Line, names: dict[str, str]) -> dict[str, Any]:
    """A line as the table shows it; an amount of zero is left out."""
    state = f"冲销日志 {line.reverses}" if line.reverses else f"已被日志 {line.reversed_by} 冲销" if line.reversed_by else ""
    amounts = {name: getattr(line, name) or None for name in AMOUNTS}
    return amounts | {
        "at": line.at,
        "document_no": line.document_no,
        "kind": line.kind,
        "counterpart": names.get(line.counterpart, line.counterpart),
        "plate_no": line.plate_no,
        "grain": grain_words(line),
        "balance_priced_kg": line.balance_priced_kg,
        "balance_weighed_kg": line.balance_weighed_kg,
        "state": state,
        "number": line.number,
        "received_at": line.received_at,
        "table_code": line.table_code,
        "key": line.key,
        "day": formats.day(line.at),
    }


class BookTable(StockTable):
    """The lines of an account. Files come from the page, with opening and closing."""

    name = "custody"
    title = "账页"
    page_size = 100
    filters = (
        Choice(
            "kind",
            "摘要",
            choices=[(kind, kind) for kind in ("入库", "出库", "倒入", "倒出", "损耗", "升溢", "性质转入", "性质转出")],
        ),
        Search("document_no", "counterpart", "plate_no", label="凭证、对方或车船号"),
    )
    empty = Empty("本期没有业务", "这个货位在所选期间没有收支；期初即期末。", icon="book-2")

    @property
    def cookie(self) -> str:
        """Columns are remembered apart for accounts with what was taken back."""
        return "canglin-columns-custody-reversed" if self.given["with_reversed"] else "canglin-columns-custody"

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        super().__init__(request, prefix, **given)
        self.columns = [replace(each, hidden=not given["with_reversed"]) if each.key == "state" else each for each in COLUMNS]

    def rows(self, request: HttpRequest) -> Rows:
        """``book`` and ``names`` given."""
        return [row_of(line, self.given["names"]) for line in self.given["book"].lines]

    def row_tone(self, row: Row) -> str:
        """Lines that take each other back are marked."""
        return "warn" if row["state"] else ""

    def may_export(self, request: HttpRequest) -> bool:
        """The page's own files hold opening and closing as well."""
        return False


@dataclass(frozen=True)
class Asked:
    """The period a reader asked for."""

    since: datetime | None
    until: datetime | None
    known_at: datetime | None
    with_reversed: bool
    error: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """From the address; an unreadable date is an error and the period stays open."""
        get = request.GET.get
        reversed_too = get("reversed", "") == "1"
        try:
            since, until = moment(get("from", ""), end=False), moment(get("to", ""), end=True)
            known_at = moment(get("known_at", ""), end=True)
        except Unreadable as problem:
            return cls(None, None, None, reversed_too, str(problem))
        if since and until and until < since:
            return cls(None, None, None, reversed_too, "结束早于开始")
        return cls(since, until, known_at, reversed_too)

    @property
    def words(self) -> str:
        """The period as people say it."""
        start, end = formats.day(self.since) if self.since else "建账", formats.day(self.until) if self.until else "今"
        known = f"，按 {formats.moment(self.known_at)} 时所知" if self.known_at else ""
        return f"{start} 至 {end}{known}"


@policy.page("stock.view")
def custody(request: HttpRequest, lot: str) -> HttpResponseBase:
    """The account. A lot outside the reader's area is not there."""
    held: Any = get_object_or_404(policy.rows(request.user, StorageLot.everything), key=lot)
    asked = Asked.of(request)
    book = custody_account(lot, asked.since, asked.until, known_at=asked.known_at, with_reversed=asked.with_reversed)
    other_lots = {line.counterpart for line in book.lines if len(line.counterpart) == 30}
    names = dict(StorageLot.everything.filter(key__in=other_lots).values_list("key", "lot_name")) if other_lots else {}
    if request.GET.get("file") in exports.WRITERS and not asked.error:
        policy.demand(request.user, "stock.export")
        return _file(request, held, asked, book, names)
    table = BookTable(request, book=book, names=names, with_reversed=asked.with_reversed)
    if (answer := table.answer()) is not None:
        return answer
    places = place_names({lot[:21], lot[:18]})
    context = {
        "title": "分仓保管账",
        "lot": held,
        "asked": asked,
        "book": book,
        "table": table,
        "depot": places[lot[:21]],
        "enterprise": places[lot[:18]],
        "sums": book.sums(),
        "entered": {name: request.GET.get(name, "") for name in ("from", "to", "known_at")},
        "crumbs": [Crumb("货位", to("registry:lots")), Crumb(held.lot_name, to("overview:lot", lot)), Crumb("分仓保管账")],
        "depot_url": to("registry:depot", lot[:21]),
        "lot_url": to("overview:lot", lot),
        "card": newest_cards([lot]).get(lot),
        "grains": contents(lots=[lot]).get(lot),
    }
    context |= {
        name: f"?{urlencode(_kept(request) | {key: value})}"
        for name, key, value in (("paper_url", "paper", "1"), ("xlsx_url", "file", "xlsx"), ("csv_url", "file", "csv"))
    }
    if request.GET.get("paper"):
        return render(request, "stock/custody_paper.html", context | {"lines": list(_ruled(book, names))})
    return render(request, "stock/custody.html", context | {"figures": _figures(book), "periods": _periods(request)})


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("from", "to", "known_at", "reversed") if request.GET.get(name)}


def _figures(book: CustodyAccount) -> list[Figure]:
    sums = book.sums()
    return [
        Figure("期初结存", book.opening_priced_kg, "公斤", note=f"实际 {formats.number(book.opening_weighed_kg)}"),
        Figure("本期收入", sums["priced_in_kg"], "公斤", note=f"实际 {formats.number(sums['weighed_in_kg'])}"),
        Figure("本期支出", sums["priced_out_kg"], "公斤", note=f"实际 {formats.number(sums['weighed_out_kg'])}"),
        Figure(
            "期末结存",
            book.closing_priced_kg,
            "公斤",
            note=f"实际 {formats.number(book.closing_weighed_kg)}",
            tone="bad" if book.closing_priced_kg < 0 else "",
        ),
    ]


def _periods(request: HttpRequest) -> list[tuple[str, str]]:
    today = timezone.localdate()
    first = today.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    spans = (
        ("本月", first.isoformat(), ""),
        ("上月", before.isoformat(), (first - timedelta(days=1)).isoformat()),
        ("本年", today.replace(month=1, day=1).isoformat(), ""),
        ("全部", "", ""),
    )
    rest = {name: value for name, value in _kept(request).items() if name not in ("from", "to")}
    return [
        (label, "?" + urlencode(rest | {name: value for name, value in (("from", start), ("to", end)) if value}))
        for label, start, end in spans
    ]


def _ruled(book: CustodyAccount, names: dict[str, str]) -> Iterator[dict[str, Any]]:
    """The lines of the paper book, each month closed by 本月合计."""
    month, sums = "", dict.fromkeys(AMOUNTS, ZERO)
    for line in book.lines:
        row = row_of(line, names)
        if month and row["day"][:7] != month:
            yield {"total": f"{month} 合计", **sums}
            sums = dict.fromkeys(AMOUNTS, ZERO)
        month = row["day"][:7]
        sums = {name: sums[name] + getattr(line, name) for name in AMOUNTS}
        yield row
    if month:
        yield {"total": f"{month} 合计", **sums}


def _file(request: HttpRequest, lot: Any, asked: Asked, book: CustodyAccount, names: dict[str, str]) -> HttpResponseBase:
    title = f"分仓保管账-{lot.lot_name}"
    opening = {"kind": "期初结存", "balance_priced_kg": book.opening_priced_kg, "balance_weighed_kg": book.opening_weighed_kg}
    closing = {
        "kind": "本期合计及期末结存",
        **book.sums(),
        "balance_priced_kg": book.closing_priced_kg,
        "balance_weighed_kg": book.closing_weighed_kg,
    }
    rows = [opening, *(row_of(line, names) for line in book.lines), closing]
    about = [
        ("货位", f"{lot.lot_name} {lot.key}"),
        ("期间", asked.words),
        ("已冲销分录", "包括" if asked.with_reversed else "不包括"),
    ]
    exports.exported.send(BookTable, request=request, title=title, rows=len(book.lines), filters=about)
    return exports.respond(request, request.GET["file"], title, COLUMNS, rows, about)
