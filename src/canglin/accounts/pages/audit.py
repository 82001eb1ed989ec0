"""The audit trail: the list with filters and export, one line with before and after."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from canglin.accounts import policy, queries, roles
from canglin.accounts.models import AuditEntry
from canglin.ui.parts import Crumb, Event, Fact
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, DateRange, Link, Moment, Search, Table, TablePage

_RESULTS = {"done": ("成功", "good"), "denied": ("拒绝", "bad"), "failed": ("失败", "warn")}
_ROLES = {role.name: (role.label, "neutral") for role in roles.ROLES.values()}
#: Verbs of the trail beyond the vocabulary of rights.
VERBS = {
    "people.sign_in": "登录",
    "people.sign_out": "退出登录",
    "people.lock": "账号锁定",
    "people.unlock": "解除锁定",
    "people.create": "开设账号",
    "people.grant": "变更角色与辖区",
    "people.disable": "停用账号",
    "people.enable": "启用账号",
    "people.reset_password": "重置密码",
    "people.change_password": "修改密码",
    "tokens.create": "创建令牌",
    "tokens.revoke": "停用令牌",
    "applications.create": "开设接入应用",
    "applications.rotate": "轮换应用密钥",
    "applications.disable": "停用接入应用",
    "applications.enable": "启用接入应用",
    "pages.open": "打开页面",
}


def verb_label(verb: str) -> str:
    """A verb of the trail as people read it."""
    if verb in VERBS:
        return VERBS[verb]
    try:
        return roles.label(verb)
    except roles.UnknownVerb:
        return verb


class _Verb(Column):
    def write(self, value: Any) -> str:
        return verb_label(str(value))


class AuditTable(Table):
    """Who did what, newest first; by cursor, for it only grows."""

    name = "audit"
    title = "审计日志"
    columns = (
        Moment("at", "时间", link=Link("accounts:audit_entry", "id")),
        Column("who", "操作人"),
        Badge("role", "角色", states=_ROLES, hidden=True),
        _Verb("verb", "操作"),
        Column("object_kind", "对象类型", hidden=True),
        Column("object_label", "对象", text=lambda row: row["object_label"] or row["object_key"],
               needs=("object_label", "object_key"), wrap=True),
        Badge("result", "结果", states=_RESULTS),
        Badge("channel", "途径", states={value: (label, "neutral") for value, label in AuditEntry.Channel.choices}),
        Column("address", "来源地址", mono=True),
        Column("area", "涉及辖区", mono=True, hidden=True, wrap=True),
        Column("detail", "说明", wrap=True, hidden=True),
    )  # fmt: skip
    filters = (
        Search("who", "object_key", "object_label", "detail", "address", label="操作人、对象、说明或地址"),
        Choice("verb", "操作", choices=lambda request: _verbs()),
        Choice("result", "结果", choices=AuditEntry.Result.choices),
        Choice("channel", "途径", choices=AuditEntry.Channel.choices),
        DateRange("at", "时间"),
    )
    default_sort = "-at"
    by_cursor = True

    def rows(self, request: HttpRequest) -> Rows:
        """See queries.audit_trail."""
        return queries.audit_trail(request.user)


def _verbs() -> list[tuple[str, str]]:
    return sorted(((verb, verb_label(verb)) for verb in queries.verbs_in_trail()), key=lambda pair: pair[1])


class AuditPage(policy.Guarded, TablePage):
    """The list."""

    verb = "audit.view"
    table = AuditTable


@policy.page("audit.view")
def entry(request: HttpRequest, number: int) -> HttpResponseBase:
    """One line, with what changed field by field."""
    line = get_object_or_404(queries.audit_trail(request.user), pk=number)
    label, tone = _RESULTS[line.result]
    facts = [
        Fact("时间", line.at),
        Fact("操作人", line.who),
        Fact("角色", roles.ROLES[line.role].label if line.role in roles.ROLES else line.role),
        Fact("操作", verb_label(line.verb), note=line.verb),
        Fact("结果", label, tone=tone),
        Fact("途径", line.get_channel_display()),
        Fact("来源地址", line.address),
        Fact("对象", line.object_label or line.object_key, note=line.object_kind),
        Fact("涉及辖区", line.area),
        Fact("说明", line.detail, wide=True),
    ]
    context = {
        "title": f"审计日志 {line.pk}",
        "crumbs": [Crumb("审计日志", "/audit/")],
        "facts": facts,
        "changes": changes(line),
    }
    return render(request, "accounts/audit_entry.html", context)


#: Names of what actions note before and after; others are shown as they are.
_NOTED = {
    "username": "登录名",
    "name": "名称",
    "unit": "单位",
    "role": "角色",
    "area": "辖区",
    "active": "启用",
    "user": "人员",
    "days": "有效天数",
    "enterprise": "单位代码",
    "depots": "限定库区",
    "plain": "允许明文",
    "suites": "安全套件",
    "per_minute": "每分钟请求上限",
    "state": "状态",
    "key_version": "密钥版本",
    "text": "值",
    "values": "原值",
    "region": "适用区划",
    "variety": "适用品种",
    "nature": "适用性质",
    "subject": "适用对象",
    "valid_from": "生效日期",
    "valid_to": "失效日期",
    "source": "依据",
    "mark": "可信程度",
    "note": "说明",
}


def _noted(name: str, value: Any) -> Any:
    if name == "role" and value in roles.ROLES:
        return roles.ROLES[value].label
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list) and not any(isinstance(part, dict) for part in value):
        return "、".join(map(str, value))
    return value


def changes(line: AuditEntry) -> list[tuple[str, Any, Any, bool]]:
    """What, before, after, whether they differ."""
    before = line.before if isinstance(line.before, dict) else {}
    after = line.after if isinstance(line.after, dict) else {}
    return [
        (
            _NOTED.get(name, name),
            _noted(name, before.get(name)),
            _noted(name, after.get(name)),
            before.get(name) != after.get(name),
        )
        for name in dict.fromkeys([*after, *before])
    ]


_ICONS = {"done": ("circle-check", "neutral"), "denied": ("lock", "bad"), "failed": ("alert-triangle", "warn")}


def events(lines: Iterable[AuditEntry]) -> list[Event]:
    """Lines of the trail as a timeline."""
    return [Event(line.at, verb_label(line.verb), _words(line), line.who, *_ICONS[line.result]) for line in lines]


def _words(line: AuditEntry) -> str:
    changed = [f"{name}：{old} → {new}" for name, old, new, differs in changes(line) if differs and line.before]
    return "；".join(changed) or line.detail
