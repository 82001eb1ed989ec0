"""Refused records: the list, and one of them with its reasons and what was sent."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString

from canglin.accounts import policy
from canglin.accounts import queries as accounts
from canglin.accounts.models import Application
from canglin.gateway import queries, shown
from canglin.gateway.pages import HOME
from canglin.gateway.refusals import REFUSALS_KEPT_DAYS
from canglin.records.models import Record
from canglin.records.pages import CHANNELS, source_names, table_choices, table_name
from canglin.standard import rulecodes
from canglin.standard.tables import tables
from canglin.ui.columns import Row
from canglin.ui.parts import Crumb, Empty, Fact
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, DateRange, Link, Moment, Table, TablePage

PEOPLE = "user:"


def sources(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """Applications that the person may see, and all people together."""
    found = accounts.visible_applications(request.user).order_by("name").values_list("appid", "name")
    return [*((f"app:{appid}", name) for appid, name in found), (PEOPLE, "人工填报（Excel、网页）")]


def depots(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The depots of the person's area."""
    spec = tables()["1102"]
    name = spec.by_id["kqmc"].attribute
    rows: QuerySet[Any] = policy.rows(request.user, spec.model.everything)
    return list(rows.order_by(name).values_list("key", name))


class SourceChoice(Choice):
    """An application, or all people."""

    def condition(self, value: Any) -> Q:
        """Equal, or from its front for people."""
        return Q(source__startswith=value) if value == PEOPLE else Q(source=value)


class RuleChoice(Choice):
    """Refused by this rule, among others."""

    def condition(self, value: Any) -> Q:
        """Some reason names the rule."""
        return Q(violations__contains=[{"rule": value}])


def _rules(request: HttpRequest) -> Iterable[tuple[str, str]]:
    return [(rule.code, f"{rule.name}（{rule.code}）" if rule.name != rule.code else rule.code) for rule in rulecodes.rules()]


def _whole(request: HttpRequest) -> bool:
    return policy.may(request.user, "records.export")


LISTED_REASONS = 3


@dataclass(frozen=True)
class Reasons(Column):
    """Why, in words: the first few on the page, all of them in a file. ``whole``: without masking."""

    whole: bool = False

    def show(self, row: Row) -> SafeString:
        """The first few."""
        kept = row["violations"]
        said = shown.reasons(row["table_code"], kept[:LISTED_REASONS], self.whole)
        return conditional_escape(f"{said}；等 {len(kept)} 处" if len(kept) > LISTED_REASONS else said)

    def export(self, row: Row) -> str:
        """All."""
        return shown.reasons(row["table_code"], row["violations"], self.whole)


class RefusalTable(Table):
    """Newest first."""

    name = "refusals"
    title = "被拒记录"
    by_cursor = True
    columns: Sequence[Column] = (
        Moment("received_at", "接收时间", link=Link("gateway:refusal", "id")),
        Column(
            "source_name", "来源", text=lambda row: row["application"] or row["source"].partition(":")[2],
            needs=("application", "source"), wrap=True,
        ),
        Column("table_code", "数据表", text=lambda row: table_name(row["table_code"]), needs=("table_code",)),
        Column("key", "主键", mono=True, wrap=True, sort=False),
        Column("code", "返回码", text=lambda row: f"{row['code']} {shown.CODES.get(row['code'], '')}".strip(), needs=("code",)),
        Reasons("violations", "原因", needs=("table_code",), wrap=True, sort=False),
        Column("depot_name", "库点", sort=False, wrap=True),
        Column("in_depot", "库区代码", sort=False, mono=True, hidden=True),
        Column("in_enterprise", "单位代码", sort=False, mono=True, hidden=True),
        Column("channel", "通道", text=lambda row: CHANNELS.get(row["channel"], row["channel"]), needs=("channel",), hidden=True),
    )
    filters = (
        SourceChoice("source", "来源", choices=sources),
        Choice("table_code", "数据表", choices=table_choices),
        RuleChoice("rule", "规则", choices=_rules),
        Choice("in_depot", "库点", choices=depots),
        DateRange("received_at", "接收日期"),
    )
    default_sort = "-received_at"
    empty = Empty("没有被拒的记录", f"上报的记录都已接收。被拒的记录连同原因保存 {REFUSALS_KEPT_DAYS} 天。", icon="circle-check")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        super().__init__(request, prefix, **given)
        whole = _whole(request)
        self.columns = [replace(each, whole=whole) if isinstance(each, Reasons) else each for each in self.columns]

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        spec = tables()["1102"]
        depot: QuerySet[Any] = spec.model.everything.filter(key=OuterRef("in_depot"))
        application = Application.objects.filter(appid=OuterRef("appid"))
        return queries.refusals(request.user).order_by().annotate(
            depot_name=Subquery(depot.values(spec.by_id["kqmc"].attribute)[:1]), appid=Replace("source", Value("app:"), Value("")),
            application=Subquery(application.values("name")[:1]),
        )

    def may_export(self, request: HttpRequest) -> bool:
        """See accounts.roles."""
        return policy.may(request.user, "gateway.export")


class RefusalsPage(policy.Guarded, TablePage):
    """The list."""

    verb = "gateway.view"
    table = RefusalTable
    crumbs = (HOME,)

    def context(self, table: Table) -> dict[str, Any]:
        """How long they are kept."""
        return {"subtitle": f"每条都有字段、规则、实际值和应为值；保存 {REFUSALS_KEPT_DAYS} 天。改正后重新上报即可，不需要申请。"}


@policy.page("gateway.view")
def refusal(request: HttpRequest, number: int) -> HttpResponseBase:
    """One refused record."""
    found = queries.refusals(request.user).filter(pk=number).first() if number < 2**63 else None
    if found is None:
        raise Http404
    whole = _whole(request)
    held = shown.record(found.payload)
    later: Record | None = None
    if found.key:
        same: QuerySet[Record] = policy.rows(request.user, Record.objects.filter(table_code=found.table_code, key=found.key))
        later = same.order_by("-number").first()
    places = accounts.place_names(code for code in (found.in_enterprise, found.in_depot) if code)
    context = {
        "title": f"被拒记录 {number}", "crumbs": [HOME, Crumb("被拒记录", "/gateway/refusals/")], "found": found,
        "facts": _facts(found, places), "faults": shown.faults(found.table_code, found.violations, whole), "later": later,
        "mended": later is not None and later.received_at > found.received_at,
        "fields": shown.fields(found.table_code, held, found.violations, whole) if held is not None else [],
        "raw": shown.raw(found.table_code, found.payload, whole), "whole": whole, "kept_days": REFUSALS_KEPT_DAYS,
        "kept_until": found.received_at + timedelta(days=REFUSALS_KEPT_DAYS),
    }  # fmt: skip
    return render(request, "gateway/refusal.html", context)


def _facts(found: Any, places: dict[str, str]) -> list[Fact]:
    return [
        Fact("接收时间", found.received_at),
        Fact("来源", source_names([found.source])[found.source]),
        Fact("通道", CHANNELS.get(found.channel, found.channel)),
        Fact("数据表", table_name(found.table_code)),
        Fact("返回码", f"{found.code} {shown.CODES.get(found.code, '')}".strip()),
        Fact("单位", places.get(found.in_enterprise, ""), note=found.in_enterprise),
        Fact("库点", places.get(found.in_depot, ""), note=found.in_depot),
        Fact("主键", found.key, wide=True),
    ]
