"""The monitor: what came from whom, what was refused and why, who is silent; and one application in detail."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts import queries as accounts
from canglin.accounts.models import SUITES, Application, User
from canglin.gateway import ports, queries
from canglin.gateway.pages import HOME
from canglin.gateway.queries import Counts
from canglin.records.pages import source_names, table_name
from canglin.standard import rulecodes
from canglin.standard.tables import tables
from canglin.ui.charts import Chart
from canglin.ui.columns import Row
from canglin.ui.parts import Empty, Fact, Figure, Tab
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, Filter, Link, Moment, Number, Percent, Search, Table

PERIODS = {1: "今日", 7: "近 7 日", 30: "近 30 日"}
CHART_DAYS = 30
CHART_RULES = 5
SILENT_LISTED = 8
STATES = {
    "active": ("正常", "good"), "silent": ("静默", "warn"), "new": ("未接入", "neutral"), "disabled": ("停用", "neutral"),
    "person": ("人工填报", "info"), "other": ("其他单位", "neutral"),
}  # fmt: skip
OUTCOMES = {
    "taken": ("已接收", "good"), "same": ("与已有相同", "neutral"), "refused": ("未接收", "bad"), "noted": ("带疑点接收", "warn"),
}  # fmt: skip


def _period(request: HttpRequest) -> int:
    asked = request.GET.get("days", "")
    return int(asked) if asked in {str(days) for days in PERIODS} else 1


def _tabs(request: HttpRequest, chosen: int) -> list[Tab]:
    return [Tab(label, f"{request.path}?days={days}", days == chosen) for days, label in PERIODS.items()]


def _counted(counts: Counts) -> dict[str, Any]:
    return {
        "received": counts.received, "taken": counts.taken, "same": counts.same, "refused": counts.refused, "noted": counts.noted,
        "share": counts.refused_share, "rules": queries.rules_in_words(counts.rules),
    }  # fmt: skip


_FIGURES: tuple[Column, ...] = (
    Number("received", "收到", unit="条", sum=True),
    Number("taken", "已接收", unit="条", sum=True),
    Number("same", "与已有相同", unit="条", sum=True, help="重复上报，内容未变，不另记日志"),
    Number("refused", "未接收", unit="条", sum=True),
    Percent("share", "拒收率", digits=2),
    Number("noted", "疑点", unit="处", sum=True, help="已接收，但记下的疑点；一条记录可有多处"),
    Column("rules", "主要原因", wrap=True, sort=False),
)


# A refused record counts once as a whole, and once under each rule it broke.
_WHOLE = {"refused": "合计"}


class SourceTable(Table):
    """Applications, and people who filled in by hand, with what came from them."""

    name = "intake-sources"
    title = "各接入应用"
    columns = (
        Column("name", "应用", link=Link("gateway:application", "appid"), wrap=True),
        Column("enterprise_name", "单位", wrap=True),
        Column("enterprise", "单位代码", mono=True, hidden=True),
        Column("appid", "应用标识", mono=True, hidden=True),
        Badge("state", "状态", states=STATES),
        Moment("last_at", "最近接入"),
        *_FIGURES,
    )
    filters: Sequence[Filter] = (
        Search("name", "enterprise_name", "enterprise", "appid", label="应用或单位"),
        Choice("state", "状态", choices=[(key, label) for key, (label, _) in STATES.items()]),
    )
    default_sort = "-received"
    page_size = 20
    empty = Empty("还没有接入应用", "开设应用并把密钥交给库点系统，上报情况随即出现在这里。", icon="plug-connected")

    def rows(self, request: HttpRequest) -> Rows:
        """Worked out by the page."""
        found: list[dict[str, Any]] = self.given["rows"]
        return found

    def row_tone(self, row: Row) -> str:
        """Silence stands out."""
        return "warn" if row["state"] == "silent" else ""

    def may_export(self, request: HttpRequest) -> bool:
        """See accounts.roles."""
        return policy.may(request.user, "gateway.export")


class OfTables(SourceTable):
    """The same counts per table of the specification."""

    name = "intake-tables"
    title = "各数据表"
    columns = (
        Column("code", "表", link=Link("gateway:table", "code"), mono=True),
        Column("name", "名称", wrap=True),
        Moment("last_at", "最近一次"),
        *_FIGURES,
    )
    filters = (Search("code", "name", label="数据表"),)
    default_sort = "code"
    page_size = 50
    empty = Empty("这一时段没有收到数据", "选更长的时段，或查看应用是否静默。", icon="inbox")

    def row_tone(self, row: Row) -> str:
        """None."""
        return ""


class RuleTable(SourceTable):
    """One application's counts by table, outcome and rule."""

    name = "intake-rules"
    title = "按数据表、结果和规则"
    columns = (
        Column("table", "数据表", wrap=True),
        Badge("outcome", "结果", states=OUTCOMES),
        Column("rule_name", "规则", wrap=True),
        Column("rule", "规则代码", mono=True, hidden=True),
        Number("count", "条数", unit="条"),
        Moment("last_at", "最近一次"),
    )
    filters = (Choice("outcome", "结果", choices=[(key, label) for key, (label, _) in OUTCOMES.items()]),)
    default_sort = ""
    page_size = 50
    empty = Empty("这一时段没有收到数据", "选更长的时段。", icon="inbox")

    def row_link(self, row: Row) -> str | None:
        """Refused lines lead to the records."""
        if row["outcome"] != "refused":
            return None
        rule = f"&rule={row['rule']}" if row["rule"] else ""
        return f"{reverse('gateway:refusals')}?source={self.given['source']}&table_code={row['table_code']}{rule}"

    def row_tone(self, row: Row) -> str:
        """None."""
        return ""


def _state(app: Application, last_at: datetime | None, silent_since: datetime) -> str:
    if not app.active:
        return "disabled"
    if last_at is None:
        return "new"
    return "silent" if last_at < silent_since else "active"


def _later(first: datetime | None, second: datetime | None) -> datetime | None:
    return max((at for at in (first, second) if at is not None), default=None)


def _sources(user: User, counts: Mapping[str, Counts], silent_since: datetime) -> list[dict[str, Any]]:
    applications = list(accounts.visible_applications(user))
    names = accounts.place_names({app.enterprise for app in applications})
    rows = []
    for app in applications:
        mine = counts.get(f"app:{app.appid}", Counts())
        last_at = _later(app.last_seen_at, mine.last_at)
        state = _state(app, last_at, silent_since)
        rows.append({
            "appid": app.appid, "name": app.name, "enterprise": app.enterprise, "enterprise_name": names[app.enterprise],
            "state": state, "last_at": last_at, **_counted(mine),
        })  # fmt: skip
    known = {f"app:{app.appid}" for app in applications}
    # People who fill in workbooks, and a bureau's own application that reports for depots of this area.
    others = {source: each for source, each in counts.items() if source not in known}
    called = source_names(others)
    for source, each in others.items():
        rows.append({
            "appid": "", "name": called[source], "enterprise": "", "enterprise_name": "",
            "state": "person" if source.startswith("user:") else "other", "last_at": each.last_at, **_counted(each),
        })  # fmt: skip
    return rows


def _came_chart(days: Mapping[date, Counts]) -> Chart:
    return Chart(
        "stacked", "近 30 日每日收到的记录", [f"{day:%m-%d}" for day in days],
        {"已接收": [c.taken for c in days.values()], "与已有相同": [c.same for c in days.values()],
         "未接收": [c.refused for c in days.values()]}, "条",
    )  # fmt: skip


def _refused_chart(days: Mapping[date, Counts]) -> Chart | None:
    """The most frequent rules by day; None when nothing was refused."""
    whole: Counter[str] = queries.total(days.values()).rules
    if not whole:
        return None
    top = [rule for rule, _ in whole.most_common(CHART_RULES)]
    series: dict[str, list[Decimal | float | int | None]] = {
        rulecodes.rule(rule).name: [c.rules[rule] for c in days.values()] for rule in top
    }
    if len(whole) > len(top):
        series["其他规则"] = [sum(c.rules.values()) - sum(c.rules[rule] for rule in top) for c in days.values()]
    return Chart("stacked", "近 30 日未接收，按规则", [f"{day:%m-%d}" for day in days], series, "条")


def _figures(whole: Counts, period: str, refusals_url: str) -> list[Figure]:
    share = whole.refused_share
    return [
        Figure(f"{period}收到", whole.received, "条", 0, whole.last_at, note=f"其中与已有相同 {whole.same:,} 条"),
        Figure(f"{period}已接收", whole.taken, "条", 0, whole.last_at),
        Figure(f"{period}未接收", whole.refused, "条", 0, whole.last_at, tone="warn" if whole.refused else "", href=refusals_url,
               note=f"拒收率 {share:.2%}" if share is not None else "尚无数据"),
        Figure(f"{period}疑点", whole.noted, "处", 0, whole.last_at,
               note=queries.rules_in_words(whole.notes, 1) or "已接收但记下的疑点"),
    ]  # fmt: skip


def _lacking(label: str, count: int, note: str) -> Figure:
    return Figure(label, count, "个", 0, timezone.now(), tone="warn" if count else "", note=note)


@policy.page("gateway.view")
def monitor(request: HttpRequest) -> HttpResponseBase:
    """The page; one of its tables alone when only that is asked for."""
    user = policy.signed_in(request)
    if user.area.kind == "depots":
        return _of_depots(request, user)
    days = _period(request)
    sources = queries.by_source(user, days)
    hours = queries.silent_hours()
    rows = _sources(user, sources, timezone.now() - timedelta(hours=float(hours)))
    of_tables = [
        {"code": code, "name": tables()[code].name if code in tables() else code, "last_at": counts.last_at, **_counted(counts)}
        for code, counts in queries.by_table(user, days).items()
    ]
    table, by_table = SourceTable(request, prefix="a", rows=rows), OfTables(request, prefix="t", rows=of_tables)
    for each in (table, by_table):
        if (answer := each.answer()) is not None:
            return answer
    quiet = [row for row in rows if row["state"] == "silent"]
    silent = ports.silent_depots(user)
    figures = _figures(queries.total(sources.values()), PERIODS[days], _refusals_url(first=queries.first_day(days)))
    figures.append(_lacking("静默应用", len(quiet), f"超过 {hours:f} 小时无数据"))
    if silent is not None:
        figures.append(_lacking("未上报库点", len(silent), "超过当地规定时限无数据"))
    per_day = queries.by_day(user, CHART_DAYS)
    context = {
        "title": "接入监测", "subtitle": "各库点系统和填报人员上报了什么，哪些没有接收、为什么。", "tabs": _tabs(request, days),
        "figures": figures, "came_chart": _came_chart(per_day), "refused_chart": _refused_chart(per_day), "table": table,
        "by_table": by_table, "silent": (silent or ())[:SILENT_LISTED], "silent_count": len(silent or ()),
    }  # fmt: skip
    return render(request, "gateway/monitor.html", context)


def _of_depots(request: HttpRequest, user: User) -> HttpResponseBase:
    """For accounts of single depots: what of theirs was refused. Counts of what was taken are kept by enterprise only."""
    days = _period(request)
    per_day = queries.refused_by_day(user, CHART_DAYS)
    whole = queries.total(list(per_day.values())[-days:])
    silent = ports.silent_depots(user) or ()
    url = _refusals_url(first=queries.first_day(days))
    why = queries.rules_in_words(whole.rules) or "没有被拒的记录"
    tone = "warn" if whole.refused else ""
    figures = [
        Figure(f"{PERIODS[days]}未接收", whole.refused, "条", 0, whole.last_at, tone=tone, href=url, note=why),
        _lacking("未上报库点", len(silent), "超过当地规定时限无数据"),
    ]  # fmt: skip
    context = {
        "title": "接入监测", "subtitle": "本库区哪些记录没有接收、为什么。", "tabs": _tabs(request, days), "figures": figures,
        "refused_chart": _refused_chart(per_day), "silent": silent, "silent_count": len(silent), "of_depots": True,
    }  # fmt: skip
    return render(request, "gateway/monitor.html", context)


def _refusals_url(source: str = "", first: date | None = None) -> str:
    given = [f"source={source}"] if source else []
    if first is not None:
        given.append(f"received_at_from={first.isoformat()}")
    return f"{reverse('gateway:refusals')}?{'&'.join(given)}"


@policy.page("gateway.view")
def application(request: HttpRequest, appid: str) -> HttpResponseBase:
    """One application: its counts by table, outcome and rule, and day by day."""
    user = policy.signed_in(request)
    app = get_object_or_404(accounts.visible_applications(user), appid=appid)
    source, days = f"app:{app.appid}", _period(request)
    lines = [
        {**line, "table": table_name(line["table_code"]), "count": line["total"],
         "rule_name": rulecodes.rule(line["rule"]).name if line["rule"] else _WHOLE.get(line["outcome"], "")}
        for line in queries.by_table_and_rule(user, days, source)
    ]  # fmt: skip
    table = RuleTable(request, rows=lines, source=source)
    if (answer := table.answer()) is not None:
        return answer
    per_day = queries.by_day(user, CHART_DAYS, source)
    counts = queries.total(list(per_day.values())[-days:])
    context = {
        "title": app.name, "crumbs": [HOME], "app": app, "tabs": _tabs(request, days), "table": table,
        "figures": _figures(counts, PERIODS[days], _refusals_url(source, queries.first_day(days))),
        "facts": _facts(app, _later(app.last_seen_at, counts.last_at)),
        "came_chart": _came_chart(per_day), "refused_chart": _refused_chart(per_day), "refusals_url": _refusals_url(source),
    }  # fmt: skip
    return render(request, "gateway/application.html", context)


def _facts(app: Application, last_at: datetime | None) -> Sequence[Fact]:
    silent_since = timezone.now() - timedelta(hours=float(queries.silent_hours()))
    label, tone = STATES[_state(app, last_at, silent_since)]
    return [
        Fact("应用标识", app.appid),
        Fact("单位", accounts.place_names([app.enterprise])[app.enterprise], note=app.enterprise),
        Fact("可上报", f"限定 {len(app.depots)} 个库区" if app.depots else "该单位及其全部库区"),
        Fact("状态", label, tone=tone if tone == "warn" else ""),
        Fact("最近接入", last_at),
        Fact("每分钟请求上限", app.per_minute, "次"),
        Fact("安全套件", "；".join(SUITES[suite] for suite in app.suites if suite in SUITES), wide=True),
    ]

