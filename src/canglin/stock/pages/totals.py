"""Stock totals by depot, enterprise, region, variety, nature, grade or harvest year, at any moment of business and of
knowledge, with what they make as raw grain and as oil."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.rulebook.rules import Rule
from canglin.standard import codes, regions
from canglin.stock.ledger.balances import Moment
from canglin.stock.pages.moments import Unreadable, moment
from canglin.stock.pages.parts import Row, StockTable, depots, to
from canglin.stock.queries.conversion import Into, factor
from canglin.stock.queries.scope import visible_depots
from canglin.stock.queries.totals import By, Total, totals
from canglin.ui import formats
from canglin.ui.parts import Empty, Figure
from canglin.ui.rows import Rows
from canglin.ui.tables import Column, Search, Tonnes

ZERO = Decimal(0)
GROUPS: dict[str, str] = {
    "depot": "库点",
    "enterprise": "承储单位",
    "region": "行政区划",
    "variety": "品种",
    "nature": "性质",
    "grade": "等级",
    "harvest_year": "收获年度",
    "owner": "粮权归属",
}
UNSTATED = "未注明"
INTO: tuple[Into, Into] = ("raw_grain", "oil")


@dataclass
class Sum:
    """A row being added up, kg. ``raw_grain`` and ``oil`` are converted amounts; ``unknown`` the kg per kind of
    conversion that has no confirmed factor."""

    priced: Decimal = ZERO
    weighed: Decimal = ZERO
    converted: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(INTO, ZERO))
    unknown: dict[str, Decimal] = field(default_factory=lambda: dict.fromkeys(INTO, ZERO))


class Converter:
    """Factors of the rulebook on one day, each asked for once."""

    def __init__(self, day: date) -> None:
        self.day = day
        self.rules: dict[tuple[str, str], Rule | None] = {}

    def rule(self, into: Into, variety: str) -> Rule | None:
        """The rule for a variety; None when it does not count as raw grain (oil)."""
        if (into, variety) not in self.rules:
            self.rules[into, variety] = factor(into, variety, at=self.day) if variety else None
        return self.rules[into, variety]

    def add(self, total: Total, row: Sum) -> None:
        """Add one kind of grain to a row."""
        row.priced += total.priced_kg
        row.weighed += total.weighed_kg
        for into in INTO:
            rule = self.rule(into, total.grain.variety_code)
            if rule is not None and rule.value is None:
                row.unknown[into] += total.priced_kg
            elif rule is not None:
                row.converted[into] += total.priced_kg * Decimal(rule.value)


@dataclass(frozen=True)
class Converted(Tonnes):
    """A converted amount; 待确认 beside it where a factor is not confirmed."""

    def show(self, row: Row) -> SafeString:
        """What is known, and that it is not all."""
        shown, unknown = super().show(row), row[f"{self.key}_unknown"]
        if not unknown:
            return shown if row[self.key] else SafeString(formats.NOTHING)
        known = format_html("{} + ", shown) if row[self.key] else SafeString("")
        return format_html(
            '{}<span class="unconfirmed" title="{} 吨的折算系数待确认">待确认</span>', known, formats.tonnes(unknown)
        )

    def export(self, row: Row) -> Any:
        """Text where a figure would be read as the whole."""
        return "待确认" if row[f"{self.key}_unknown"] else super().export(row)


class TotalTable(StockTable):
    """The totals; ``asked`` and ``held`` given."""

    name = "totals"
    title = "库存汇总"
    page_size = 100
    filters = (Search("name", "variety", "nature", label="在结果中查找"),)
    empty = Empty("没有库存", "所选时点和范围内没有库存。", icon="stack-2")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        super().__init__(request, prefix, **given)
        asked: Asked = given["asked"]
        kinds = [Column("variety", "品种"), Column("nature", "性质"), Column("harvest_year", "收获年度")] if asked.apart else []
        self.columns = [
            Column(
                "name",
                GROUPS[asked.by],
                link=lambda row: row["href"] or None,
                wrap=asked.by in ("depot", "enterprise", "region", "owner"),
            ),
            Column("code", f"{GROUPS[asked.by]}代码", mono=True, hidden=True),
            *kinds,
            Tonnes("priced_kg", "计价数量", sum=True, help="按净重（含扣增量）"),
            Tonnes("weighed_kg", "实际数量", sum=True, help="按毛重－皮重"),
            Converted("raw_grain", "折合原粮", help="按规则库折合原粮系数"),
            Converted("oil", "折合油", help="按规则库折合油系数"),
        ]

    @property
    def cookie(self) -> str:
        """Columns are remembered for each way of grouping."""
        return f"canglin-columns-totals-{self.given['asked'].by}"

    def rows(self, request: HttpRequest) -> Rows:
        """The rows made from what the ledger holds."""
        rows: Sequence[Mapping[str, Any]] = self.given["rows"]
        return rows


@dataclass(frozen=True)
class Asked:
    """What a reader asked for."""

    by: str
    apart: bool
    moment: Moment
    depot: str
    error: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> "Asked":
        """From the address; an unreadable time is an error, and nothing is shown."""
        get = request.GET.get
        by = get("by", "depot")
        by, apart, depot = by if by in GROUPS else "depot", get("apart", "") == "1", get("depot", "")
        try:
            return cls(by, apart, Moment(moment(get("at", ""), end=True), moment(get("known_at", ""), end=True)), depot)
        except Unreadable as problem:
            return cls(by, apart, Moment(), depot, str(problem))

    @property
    def words(self) -> str:
        """Both questions in one sentence."""
        at, known = (formats.moment(each) if each else "" for each in (self.moment.at, self.moment.known_at))
        if at and known:
            return f"平台在 {known} 时所掌握的、{at} 时的库存。此后才上报或更正的单据不计入。"
        if at:
            return f"按目前掌握的全部单据，{at} 时实际有多少库存（含事后补报和更正）。"
        if known:
            return f"平台在 {known} 时所掌握的库存，不论业务时间；此后上报或更正的单据不计入。"
        return "按目前掌握的全部单据，现在有多少库存。"


def _names(by: str, found: Sequence[str]) -> dict[str, str]:
    if by in ("depot", "enterprise", "owner"):
        return place_names([code for code in found if code])
    labels = {"variety": "food_variety", "nature": "food_nature", "grade": "food_grade"}
    if by == "region":
        return {code: regions.path(code) for code in found}
    return {code: codes.brief(code, labels[by]) if by in labels else code for code in found}


def rows_of(asked: Asked, held: Sequence[Total]) -> list[dict[str, Any]]:
    """Rows of the table, largest first."""
    converter = Converter(timezone.localdate(asked.moment.at) if asked.moment.at else timezone.localdate())
    sums: dict[tuple[Any, ...], Sum] = defaultdict(Sum)
    for total in held:
        converter.add(total, sums[(total.group, *total.grain) if asked.apart else (total.group,)])
    names = _names(asked.by, sorted({total.group for total in held}))
    pages = {"depot": "registry:depot", "enterprise": "registry:enterprise", "owner": "registry:enterprise"}
    found = []
    for (group, *grain), row in sums.items():
        if not row.priced and not row.weighed:
            continue
        variety, nature, year = grain or ("", "", 0)
        found.append(
            {
                "code": group,
                "name": names.get(group, group) or UNSTATED,
                "href": to(pages[asked.by], group) if asked.by in pages else "",
                "variety": codes.brief(variety, "food_variety") or UNSTATED,
                "nature": codes.brief(nature, "food_nature") or UNSTATED,
                "harvest_year": str(year) if year else UNSTATED,
                "priced_kg": row.priced,
                "weighed_kg": row.weighed,
                "raw_grain": row.converted["raw_grain"],
                "oil": row.converted["oil"],
                "raw_grain_unknown": row.unknown["raw_grain"],
                "oil_unknown": row.unknown["oil"],
            }
        )
    return sorted(found, key=lambda row: -row["weighed_kg"])


@policy.page("stock.view")
def page(request: HttpRequest) -> HttpResponseBase:
    """The totals of the person's area."""
    asked = Asked.of(request)
    scope = visible_depots(policy.signed_in(request), depot=asked.depot)
    held = [] if asked.error else totals(cast(By, asked.by), asked.moment, depots=scope, apart=True)
    rows = rows_of(asked, held)
    table = TotalTable(request, asked=asked, rows=rows)
    if (answer := table.answer()) is not None:
        return answer
    unknown = {into: sum((row[f"{into}_unknown"] for row in rows), ZERO) for into in INTO}
    tabs = [(key, label, "?" + urlencode(_kept(request) | {"by": key}), key == asked.by) for key, label in GROUPS.items()]
    return render(
        request,
        "stock/totals.html",
        {
            "title": "库存汇总",
            "subtitle": asked.words,
            "asked": asked,
            "table": table,
            "tabs": tabs,
            "depots": depots(request),
            "entered": {name: request.GET.get(name, "") for name in ("at", "known_at")},
            "figures": _figures(rows, asked.moment.at),
            "unknown": unknown,
        },
    )


def _kept(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("at", "known_at", "depot", "apart") if request.GET.get(name)}


def _figures(rows: Sequence[Mapping[str, Any]], at: datetime | None) -> list[Figure]:
    def whole(key: str) -> Decimal:
        return sum((row[key] for row in rows), ZERO) / 1000

    note = {into: "部分系数待确认" if any(row[f"{into}_unknown"] for row in rows) else "" for into in INTO}
    return [
        Figure("计价数量", whole("priced_kg"), "吨", 3, note="净重"),
        Figure("实际数量", whole("weighed_kg"), "吨", 3, note="毛重－皮重"),
        Figure("折合原粮", whole("raw_grain"), "吨", 3, note=note["raw_grain"]),
        Figure("折合油", whole("oil"), "吨", 3, note=note["oil"]),
    ]
