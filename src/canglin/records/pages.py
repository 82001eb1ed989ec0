"""Pages of the log: its newest entries, every version of a record, one entry with its proof."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Replace
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts import queries as accounts
from canglin.accounts.models import Application, User
from canglin.records import queries
from canglin.records.differences import OPERATIONS, Difference, differences, masked, read, written
from canglin.records.models import Record
from canglin.standard import units
from canglin.standard.tables import TableSpec, tables
from canglin.ui.columns import Row
from canglin.ui.parts import Crumb, Empty, Fact
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, DateRange, Link, Moment, Search, Table

CHANNELS = {
    "v2022": "v2022 接口",
    "batch": "批量接口",
    "excel": "Excel 填报",
    "form": "网页填报",
    "xlsx": "Excel 填报",
    "web": "网页填报",
}
VERSIONS_A_PAGE = 30
#: What people with an area of their own see without choosing a period.
RECENT = timedelta(days=31)
HOME = Crumb("存证日志", "/records/")


def table_choices(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """All tables of the specification."""
    return [(code, f"{code} {spec.name}") for code, spec in tables().items()]


def table_name(code: str) -> str:
    """``1202 入库信息``; a table the specification does not have is called by its code."""
    spec = tables().get(code)
    return f"{code} {spec.name}" if spec else code


def _sources(request: HttpRequest) -> list[tuple[str, str]]:
    found = accounts.visible_applications(request.user).order_by("name").values_list("appid", "name")
    return [(f"app:{appid}", name) for appid, name in found]


def _depots(request: HttpRequest) -> list[tuple[str, str]]:
    spec = tables()["1102"]
    name = spec.by_id["kqmc"].attribute
    rows: QuerySet[Any] = policy.rows(request.user, spec.model.everything)
    return list(rows.order_by(name).values_list("key", name))


class KeySearch(Search):
    """A record's key, or the number at its front. From the front, so that the index on keys serves it."""

    def condition(self, value: list[str]) -> Q:
        """Keys that begin so."""
        return Q(key__startswith=" ".join(value))


class EntryTable(Table):
    """Log entries, newest first."""

    name = "log"
    title = "存证日志"
    by_cursor = True
    columns = (
        Column("number", "日志号", link=Link("records:entry", "number"), mono=True),
        Moment("received_at", "接收时间", sort=False),
        Column("table_code", "数据表", text=lambda row: table_name(row["table_code"]), needs=("table_code",)),
        Column("key", "主键", link=Link("records:history", "table_code", "key"), mono=True, wrap=True, sort=False),
        Badge("operation", "操作", states=OPERATIONS, sort=False),
        Column(
            "source_name",
            "来源",
            text=lambda row: row["application"] or row["source"].partition(":")[2],
            needs=("application", "source"),
            wrap=True,
        ),
        Column("channel", "通道", text=lambda row: CHANNELS.get(row["channel"], row["channel"]), needs=("channel",)),
        Column("depot_name", "库点", sort=False, wrap=True),
        Column("in_depot", "库区代码", sort=False, mono=True, hidden=True),
        Moment("stated_at", "上报更新时间", sort=False, hidden=True),
    )
    filters = (
        KeySearch("key", label="主键（从头匹配）"),
        Choice("table_code", "数据表", choices=table_choices),
        Choice("source", "来源应用", choices=_sources),
        Choice("in_depot", "库点", choices=_depots),
        Choice("operation", "操作", choices=[(code, label) for code, (label, _) in OPERATIONS.items()]),
        DateRange("received_at", "接收日期"),
    )
    default_sort = "-number"
    empty = Empty("没有日志", "每一条上报的记录都在这里留下一条不可更改的日志；更早的请选择接收日期。", icon="hash")

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        spec = tables()["1102"]
        depot: QuerySet[Any] = spec.model.everything.filter(key=OuterRef("in_depot"))
        application = Application.objects.filter(appid=OuterRef("appid"))
        held: QuerySet[Record] = policy.rows(request.user, Record.objects)
        if self.recent_only:
            held = held.filter(received_at__gte=timezone.now() - RECENT)
        return held.order_by().annotate(
            depot_name=Subquery(depot.values(spec.by_id["kqmc"].attribute)[:1]),
            appid=Replace("source", Value("app:"), Value("")),
            application=Subquery(application.values("name")[:1]),
        )

    @property
    def recent_only(self) -> bool:
        """Whether only the last month is shown. One depot's entries lie thinly in the province's log: without a period, every look
        would read all of it."""
        period = self._get("received_at_from") or self._get("received_at_to")
        return not period and policy.signed_in(self.request).area.kind != "nation"

    def row_tone(self, row: Row) -> str:
        """Removals stand out."""
        return "bad" if row["operation"] == "d" else ""

    def may_export(self, request: HttpRequest) -> bool:
        """See accounts.roles."""
        return policy.may(request.user, "records.export")


@policy.page("records.view")
def entries(request: HttpRequest) -> HttpResponseBase:
    """Look an entry up by its number, or a record by table and key; below, the newest entries."""
    table = EntryTable(request)
    if (answer := table.answer()) is not None:
        return answer
    asked, code, key = (request.GET.get(name, "").strip() for name in ("find_number", "find_table", "find_key"))
    wrong = ""
    if asked:
        if asked.isascii() and asked.isdigit() and len(asked) < 19:
            if policy.rows(request.user, Record.objects.filter(number=int(asked))).exists():
                return redirect("records:entry", int(asked))
            wrong = f"没有日志号 {asked}，或它不在您的辖区内。"
        else:
            wrong = "日志号是一个正整数，如 12034。"
    elif key:
        if code in tables() and policy.rows(request.user, Record.objects.filter(table_code=code, key=key)).exists():
            return redirect("records:history", code, key)
        wrong = "没有这条记录，或它不在您的辖区内。请核对数据表和完整主键（多个主键字段以“|”相连）。"
    context = {
        "title": "存证日志",
        "subtitle": "每一次上报都是一条只增不改的日志，可在浏览器中独立验证它确在日志树内。",
        "table": table,
        "head": queries.head(),
        "find": {"number": asked, "table": code, "key": key},
        "wrong": wrong,
        "choices": table_choices(request),
        "recent_days": RECENT.days if table.recent_only else 0,
    }
    return render(request, "records/entries.html", context)


@dataclass(frozen=True)
class Version:
    """A version of a record as its page shows it."""

    record: Record
    operation: str
    tone: str
    source: str
    channel: str
    differences: list[Difference]
    first: bool
    raw: str
    proof_url: str

    @property
    def loud(self) -> list[Difference]:
        """What changed besides the time of the change."""
        return [each for each in self.differences if not each.quiet]


def source_names(sources: Iterable[str]) -> dict[str, str]:
    """``app:…`` and ``user:…`` → the name people know it by. Two queries at most."""
    found = {source: source.partition(":")[2] or source for source in sources}
    apps = [source[4:] for source in found if source.startswith("app:")]
    people = [source[5:] for source in found if source.startswith("user:")]
    if apps:
        found |= {f"app:{appid}": name for appid, name in Application.objects.filter(appid__in=apps).values_list("appid", "name")}
    if people:
        named = User.objects.filter(username__in=people).values_list("username", "name")
        found |= {f"user:{username}": f"{name or username}（网页填报）" for username, name in named}
    return found


def _versions(request: HttpRequest, spec: TableSpec | None, records: list[Record], before: Record | None) -> list[Version]:
    """``records`` newest first; ``before`` is the version older than the last of them."""
    names = source_names({record.source for record in records})
    whole = policy.may(request.user, "records.export")
    older = [*records[1:], before]
    found = []
    for record, previous in zip(records, older, strict=True):
        held = read(record.payload)
        old = read(previous.payload) if previous is not None else None
        label, tone = OPERATIONS.get(record.operation, (record.operation, "neutral"))
        raw = held if whole or spec is None else masked(spec, held)
        found.append(
            Version(
                record,
                label,
                tone,
                names[record.source],
                CHANNELS.get(record.channel, record.channel),
                differences(spec, held, old) if spec else [],
                previous is None,
                json.dumps(raw, ensure_ascii=False, indent=2),
                reverse("api:proof", args=[record.number]),
            )
        )
    return found


def facts_of(spec: TableSpec, held: Mapping[str, Any]) -> list[Fact]:
    """Every field of the table with what the record says."""
    found = []
    for field in spec.fields:
        if field.attribute != "operation":
            text = written(field, held.get(field.id))
            unit = units.name(field.unit) if text and field.kind in ("decimal", "integer") else ""
            found.append(Fact(field.name, text, unit, f"{spec.code}.{field.id}", wide=len(text) > 64))
    return found


@policy.page("records.view")
def history(request: HttpRequest, table: str, key: str) -> HttpResponseBase:
    """Every version of a record, newest first, what each changed, and its proof."""
    spec = tables().get(table)
    visible: QuerySet[Record] = policy.rows(request.user, Record.objects.filter(table_code=table, key=key)).order_by("-number")
    asked = request.GET.get("before", "")
    older_than = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 19 else None
    wanted = visible if older_than is None else visible.filter(number__lt=older_than)
    records = list(wanted[: VERSIONS_A_PAGE + 1])
    if not records or spec is None:
        raise Http404
    shown, before = records[:VERSIONS_A_PAGE], records[VERSIONS_A_PAGE] if len(records) > VERSIONS_A_PAGE else None
    newest = shown[0] if older_than is None else None
    context = {
        "title": f"{spec.name}的全部版本",
        "crumbs": [HOME, Crumb(table_name(table))],
        "spec": spec,
        "key": key,
        "keys": [(spec.by_attribute[name].name, part) for name, part in _key_parts(spec, key)],
        "versions": _versions(request, spec, shown, before),
        "newest": newest,
        "total": visible.count(),
        "facts": facts_of(spec, read(newest.payload)) if newest else [],
        "older": before and shown[-1].number,
        "place": accounts.place_names([shown[0].in_depot or shown[0].in_enterprise]).popitem()[1],
    }
    return render(request, "records/history.html", context)


def _key_parts(spec: TableSpec, key: str) -> Iterable[tuple[str, str]]:
    return zip(spec.key, key.split("|", len(spec.key) - 1), strict=False)


@policy.page("records.view")
def entry(request: HttpRequest, number: int) -> HttpResponseBase:
    """One log entry: what it says, what it changed, its proof."""
    record = policy.rows(request.user, Record.objects).filter(number=number).first() if number < 2**63 else None
    if record is None:
        raise Http404
    spec = tables().get(record.table_code)
    same: QuerySet[Record] = policy.rows(request.user, Record.objects.filter(table_code=record.table_code, key=record.key))
    before = same.filter(number__lt=number).order_by("-number").first()
    after = same.filter(number__gt=number).order_by("number").first()
    context = {
        "title": f"日志 {number}",
        "crumbs": [HOME, Crumb(table_name(record.table_code), _history_url(record)), Crumb(f"日志 {number}")],
        "spec": spec,
        "version": _versions(request, spec, [record], before)[0],
        "record": record,
        "before": before,
        "after": after,
        "facts": facts_of(spec, read(record.payload)) if spec else [],
        "table_name": table_name(record.table_code),
        "place": accounts.place_names([record.in_depot or record.in_enterprise]).popitem()[1],
    }
    return render(request, "records/entry.html", context)


def _history_url(record: Record) -> str:
    return reverse("records:history", args=[record.table_code, record.key])
