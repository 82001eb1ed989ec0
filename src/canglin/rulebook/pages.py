"""Pages of the rulebook: what is in force, one rule with its history, a change."""

import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from canglin.errors import Refused
from canglin.rulebook import actions, queries
from canglin.rulebook.forms import ChangeForm
from canglin.rulebook.models import MARKS, RuleValue
from canglin.rulebook.ports import people
from canglin.standard import codes, regions
from canglin.ui.parts import Crumb
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Column, Day, Link, Search, Table, TablePage

_CRUMB = Crumb("规则库", "/rulebook/")
GROUPS = {
    "airtight": "气密",
    "atmosphere": "气调",
    "cables": "测温布置",
    "conversion": "折算",
    "data": "数据质量",
    "density": "密度",
    "emergency": "应急",
    "fee": "费用",
    "food_safety": "食品安全",
    "fumigation": "熏蒸",
    "gas": "气体",
    "grade": "等级",
    "idle": "架空期",
    "loss": "损耗",
    "measuring": "库存测量",
    "moisture": "安全水分",
    "pests": "害虫",
    "price": "价格",
    "quality": "质量",
    "reserve": "储备规模",
    "sampling": "扦样",
    "scale": "衡器",
    "settlement": "结算",
    "severity": "接入校验",
    "shelf": "保质期",
    "storage": "储存年限",
    "storage_quality": "储存品质",
    "temperature": "粮温",
    "ticket": "检斤单核查",
    "truck": "车辆",
    "ventilation": "通风",
}
_MARKS = {mark: (label, "warn" if mark in ("K-l", "unknown") else "neutral") for mark, label in MARKS.items()}


def shown(text: str | None, kind: str, code: str = "") -> str:
    """A value as people read it; one that is not known is 待确认."""
    if text is None:
        return "待确认"
    if code.startswith("severity."):
        return queries.SEVERITIES.get(text, text)
    if kind == RuleValue.Kind.TABLE:
        return _table(json.loads(text, parse_float=str, parse_int=str))
    return text


def _table(value: Any) -> str:
    if isinstance(value, dict):
        return "，".join(f"{name} {_table(part)}" for name, part in value.items())
    if isinstance(value, list):
        return "；".join(_table(part) for part in value)
    return str(value)


def scope(row: Row) -> str:
    """What a value applies to, in words."""
    parts = []
    if row["region"]:
        parts.append(regions.path(row["region"].ljust(6, "0")))
    if row["variety"]:
        parts.append(_named("food_variety", row["variety"], 7))
    if row["nature"]:
        parts.append(_named("food_nature", row["nature"], 3))
    if row["subject"]:
        label = codes.label("jyxm", row["subject"])
        parts.append(label if label and label != row["subject"] else row["subject"])
    return " · ".join(parts) or "全部"


def _named(code_list: str, prefix: str, length: int) -> str:
    """The label of a code given by its beginning: 1131 is 稻谷/籼稻谷."""
    code = prefix.ljust(length, "0")
    label = codes.label(code_list, code)
    return label.rpartition("/")[2] if label and label != code else prefix


class _Value(Column):
    def value(self, row: Row) -> Any:
        return shown(row["text"], row["kind"], row["code"])


_SCOPE = ("region", "variety", "nature", "subject")


class RuleTable(Table):
    """Values in force today or later."""

    name = "rulebook"
    title = "规则库"
    columns = (
        Column("name", "名称", link=Link("rulebook:rule", "code"), wrap=True),
        Column("code", "规则代码", mono=True),
        Column("scope", "适用", text=scope, needs=_SCOPE, wrap=True),
        _Value("text", "值", needs=("kind", "code"), wrap=True, sort=False),
        Column("unit", "单位", sort=False),
        Day("valid_from", "生效日期"),
        Day("valid_to", "失效日期", hidden=True),
        Column("source", "依据", wrap=True),
        Badge("mark", "可信程度", states=_MARKS),
        Column("changed_by", "维护人", hidden=True),
        Column("note", "说明", wrap=True, hidden=True, sort=False),
    )
    filters = (
        Search("code", "name", "source", "note", "subject", label="代码、名称、依据或说明"),
        Choice("group", "类别", choices=lambda request: [(g, GROUPS.get(g, g)) for g in queries.groups()]),
        Choice("mark", "可信程度", choices=list(MARKS.items())),
        Choice("origin", "来源", choices=RuleValue.Origin.choices),
    )
    default_sort = "code"
    page_size = 100

    def rows(self, request: HttpRequest) -> Rows:
        """See queries.current."""
        return queries.current()

    def row_tone(self, row: Row) -> str:
        """What is to be confirmed stands out."""
        return "warn" if row["mark"] in ("K-l", "unknown") else ""


class RulePage(TablePage):
    """The list."""

    table = RuleTable
    verb = "rulebook.view"

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Guarded by the room of people, which stands above this one."""
        if not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        people().demand(request.user, self.verb)
        return super().dispatch(request, *args, **kwargs)


def rule(request: HttpRequest, code: str) -> HttpResponseBase:
    """One rule: every value it has and ever had, with sources."""
    return people().page("rulebook.view")(_rule)(request, code)  # type: ignore[no-any-return]


def _rule(request: HttpRequest, code: str) -> HttpResponseBase:
    rows = list(queries.history(code))
    if not rows:
        raise Http404(code)
    today = timezone.localdate()
    held, past = [], []
    for row in rows:
        ended = row.replaced_at is not None or (row.valid_to is not None and row.valid_to < today)
        (past if ended else held).append(_line(row))
    context = {
        "title": rows[0].name if len({row.name for row in rows}) == 1 else _common(rows),
        "subtitle": code,
        "crumbs": [_CRUMB],
        "held": held,
        "past": past,
        "notes": list(dict.fromkeys(row.note for row in rows if row.note)),
        "may_change": people().may(request.user, "rulebook.change"),
    }
    return render(request, "rulebook/rule.html", context)


def _common(rows: list[RuleValue]) -> str:
    group = rows[0].code.partition(".")[0]
    return f"{GROUPS.get(group, group)}：{rows[0].code}"


def _line(row: RuleValue) -> dict[str, Any]:
    of = {"region": row.region, "variety": row.variety, "nature": row.nature, "subject": row.subject}
    label, tone = _MARKS[row.mark]
    return {
        "row": row,
        "scope": scope(of),
        "value": shown(row.text, row.kind, row.code),
        "mark": label,
        "tone": tone,
        "confirmed": row.confirmed,
    }


def change(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Give the rule another value, starting from one of its rows."""
    return people().page("rulebook.change")(_change)(request, code, number)  # type: ignore[no-any-return]


def _change(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    like = get_object_or_404(RuleValue, pk=number, code=code)
    form = ChangeForm(like, request.POST or None, initial=ChangeForm.starting(like, timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            actions.change(
                request.user,
                code,
                given.pop("text").strip() or None,
                name=like.name,
                kind=like.kind,
                unit=like.unit,
                **given,
            )
        except Refused as refused:
            form.add_error(None, refused.shown)
        else:
            messages.success(request, "已变更，两秒内对全平台生效；原值保留在历史中。")
            return redirect("rulebook:rule", code)
    context = {
        "title": f"变更：{like.name}",
        "subtitle": code,
        "crumbs": [_CRUMB, Crumb(like.name, f"/rulebook/{code}/")],
        "form": form,
        "line": _line(like),
        "code": code,
    }
    return render(request, "rulebook/change.html", context)
