"""Pages of the rulebook: what is in force, one rule with its history, a change."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone

from canglin.errors import Refused
from canglin.rulebook import actions, queries, words
from canglin.rulebook.forms import ChangeForm
from canglin.rulebook.models import MARKS, RuleValue
from canglin.rulebook.ports import people
from canglin.ui.parts import Crumb, Empty, Fact
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Column, Link, Moment, Search, Table, TablePage

_SCOPE = ("code", "region", "variety", "nature", "subject")


class _Value(Column):
    def value(self, row: Row) -> Any:
        return words.value(row["text"], row["kind"], row["code"])


class _From(Column):
    def write(self, value: date | None) -> str:
        return super().write(words.from_day(value))


class _Group(Choice):
    def condition(self, value: str) -> Q:
        return Q(code__startswith=f"{value}.")


def _value() -> Column:
    return _Value("text", "值", needs=("kind", "code"), wrap=True, sort=False)


class RuleTable(Table):
    """Values in force today or later."""

    name = "rulebook"
    title = "规则库"
    columns = (
        Column("name", "名称", link=Link("rulebook:rule", "code"), wrap=True),
        Column("scope", "适用", text=words.scope, needs=_SCOPE, wrap=True),
        _value(),
        Column("unit", "单位", sort=False),
        _From("valid_from", "生效日期"),
        _From("valid_to", "失效日期", hidden=True),
        Column("source", "依据", wrap=True),
        Badge("mark", "可信程度", states=words.MARK_STATES),
        Column("code", "规则代码", mono=True, hidden=True),
        Column("changed_by", "维护人", hidden=True),
        Column("note", "说明", wrap=True, hidden=True, sort=False),
    )
    filters = (
        Search("code", "name", "source", "note", "subject", label="代码、名称、依据或说明"),
        _Group("group", "类别", choices=lambda request: [(g, words.GROUPS.get(g, g)) for g in queries.groups()]),
        Choice("mark", "可信程度", choices=list(MARKS.items())),
        Choice("origin", "来源", choices=RuleValue.Origin.choices),
    )
    default_sort = "code"
    page_size = 100
    empty = Empty("没有符合条件的规则", icon="book-2")

    def rows(self, request: HttpRequest) -> Rows:
        """See queries.current."""
        return queries.current()

    def row_tone(self, row: Row) -> str:
        """What is to be confirmed stands out."""
        return words.MARK_STATES[row["mark"]][1] if row["mark"] in queries.UNCONFIRMED else ""


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


def _to_change(row: Row) -> str:
    return reverse("rulebook:change", args=[row["code"], row["id"]])


class HeldTable(Table):
    """The values of one rule in force today or later. For those who may change them, the row leads to the form."""

    name = "rule-held"
    title = "现行值"
    columns: Sequence[Column] = (
        Column("name", "名称", wrap=True),
        Column("scope", "适用", text=words.scope, needs=_SCOPE, wrap=True),
        _value(),
        Column("unit", "单位", sort=False),
        _From("valid_from", "生效日期"),
        _From("valid_to", "失效日期"),
        Column("source", "依据", wrap=True),
        Badge("mark", "可信程度", states=words.MARK_STATES),
        Column("changed_by", "维护", text=lambda row: row["changed_by"] or "随平台提供", needs=("changed_by",)),
        Moment("created_at", "录入时间", hidden=True),
    )
    extra_fields = ("id", "code")
    default_sort = "-valid_from"
    empty = Empty("现在没有有效的值", "以往的值见历史。", icon="book-2")

    def __init__(self, request: HttpRequest, prefix: str = "", *, may_change: bool = False, **given: Any):
        super().__init__(request, prefix, **given)
        if may_change:
            self.columns = (replace(self.columns[0], link=_to_change), *self.columns[1:])

    def rows(self, request: HttpRequest) -> Rows:
        """Of the rule given."""
        return queries.current().filter(code=self.given["code"])

    def row_tone(self, row: Row) -> str:
        """What is to be confirmed stands out."""
        return "warn" if row["mark"] in queries.UNCONFIRMED else ""


class PastTable(HeldTable):
    """What held before, and what was replaced because it was wrong."""

    name = "rule-past"
    title = "历史"
    columns = (*HeldTable.columns[:-1], Moment("created_at", "录入时间"), Moment("replaced_at", "更正时间"))

    def rows(self, request: HttpRequest) -> Rows:
        """Of the rule given."""
        return queries.past(self.given["code"])


def _guarded(verb: str, view: Callable[..., HttpResponseBase], request: HttpRequest, *args: Any) -> HttpResponseBase:
    """Guarded by the room of people, asked for when the page is opened: at import it is not there yet."""
    answer: HttpResponseBase = people().page(verb)(view)(request, *args)
    return answer


def rule(request: HttpRequest, code: str) -> HttpResponseBase:
    """One rule: every value it has and ever had, with sources."""
    return _guarded("rulebook.view", _rule, request, code)


def _rule(request: HttpRequest, code: str) -> HttpResponseBase:
    known = list(queries.history(code).values_list("name", "note"))
    if not known:
        raise Http404(code)
    may_change = people().may(request.user, "rulebook.change")
    held = HeldTable(request, code=code, may_change=may_change)
    past = PastTable(request, prefix="past", code=code)
    for table in (held, past):
        if (answer := table.answer()) is not None:
            return answer
    names = list(dict.fromkeys(name for name, _ in known))
    group = code.partition(".")[0]
    context = {
        "title": names[0] if len(names) == 1 else words.GROUPS.get(group, group),
        "subtitle": code,
        "crumbs": [Crumb("规则库", reverse("rulebook:rules"))],
        "held": held,
        "past": past if queries.past(code).exists() else None,
        "notes": list(dict.fromkeys(note for _, note in known if note)),
        "may_change": may_change,
    }
    return render(request, "rulebook/rule.html", context)


def change(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    """Give the rule another value, starting from one of its rows."""
    return _guarded("rulebook.change", _change, request, code, number)


def _change(request: HttpRequest, code: str, number: int) -> HttpResponseBase:
    like = get_object_or_404(RuleValue, pk=number, code=code)
    start = ChangeForm.starting(like, timezone.localdate(), _region(request.user, like))
    form = ChangeForm(like, request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change(request.user, code, form.value_text, name=like.name, kind=like.kind, unit=like.unit, **form.rest)
        except Refused as refused:
            form.add_error(None, refused.shown)
        except PermissionDenied:
            form.add_error("region", "超出您的辖区：只能变更适用于本辖区的值。")
        else:
            messages.success(request, "已变更，两秒内对全平台生效；原值保留在历史中。")
            return redirect("rulebook:rule", code)
    context = {
        "title": f"变更：{like.name}",
        "subtitle": code,
        "crumbs": [Crumb("规则库", reverse("rulebook:rules")), Crumb(like.name, reverse("rulebook:rule", args=[code]))],
        "form": form,
        "facts": _facts(like),
        "code": code,
    }
    return render(request, "rulebook/change.html", context)


def _region(who: Any, like: RuleValue) -> str:
    """For which region a change is proposed: the row's own where that is the person's to change, else the person's region."""
    if people().may(who, "rulebook.change", like.region or actions.EVERYWHERE):
        return like.region
    return str(who.area.codes[0]) if who.area.kind == "region" else like.region


def _facts(like: RuleValue) -> list[Fact]:
    of = {name: getattr(like, name) for name in _SCOPE}
    mark, tone = words.MARK_STATES[like.mark]
    return [
        Fact("适用", words.scope(of), wide=True),
        Fact("值", words.value(like.text, like.kind, like.code), like.unit, wide=True),
        Fact("依据", like.source, wide=True),
        Fact("生效日期", words.from_day(like.valid_from)),
        Fact("可信程度", mark, tone="warn" if tone == "warn" else "", note="" if like.confirmed else "待确认"),
    ]
