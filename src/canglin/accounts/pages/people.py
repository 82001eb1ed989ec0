"""People: the list, a new account, one account."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from canglin.accounts import actions, policy, queries
from canglin.accounts.forms import GrantForm, PersonForm
from canglin.accounts.models import AuditEntry, User
from canglin.accounts.pages.audit import events
from canglin.accounts.pages.shown_once import shown_once
from canglin.accounts.policy import Denied
from canglin.accounts.roles import ROLES
from canglin.errors import Refused
from canglin.ui.parts import Crumb, Fact
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Column, Link, Moment, Search, Table, TablePage

_ROLES = [(role.name, role.label) for role in ROLES.values()]
_CRUMB = Crumb("人员", "/people/")
_ACTIVE = {True: ("启用", "good"), False: ("停用", "neutral")}


class PeopleTable(Table):
    """Accounts inside one's own area."""

    name = "people"
    title = "人员"
    columns = (
        Column("name", "姓名", link=Link("accounts:person", "username")),
        Column("username", "登录名", mono=True),
        Column("unit", "所在单位", wrap=True),
        Badge(
            "role",
            "角色",
            states={role.name: (role.label, "info" if role.administers else "neutral") for role in ROLES.values()},
        ),
        Column(
            "area_codes",
            "辖区",
            text=lambda row: "、".join(row["area_codes"]),
            needs=("area_codes",),
            mono=True,
            wrap=True,
        ),
        Badge("is_active", "状态", states=_ACTIVE),
        Moment("last_login", "最近登录"),
        Moment("date_joined", "开设时间", hidden=True),
    )
    filters = (
        Search("name", "username", "unit", label="姓名、登录名或单位"),
        Choice("role", "角色", choices=_ROLES),
        Choice("is_active", "状态", choices=[(True, "启用"), (False, "停用")]),
    )
    default_sort = "username"

    def rows(self, request: HttpRequest) -> Rows:
        """See queries.people."""
        return queries.people(request.user)

    def row_tone(self, row: Row) -> str:
        """Nothing stands out."""
        return ""


class PeoplePage(policy.Guarded, TablePage):
    """The list."""

    verb = "people.view"
    table = PeopleTable
    template_name = "accounts/people.html"


@policy.page("people.change")
@sensitive_variables("made")
def new(request: HttpRequest) -> HttpResponseBase:
    """Open an account; its one-time password is shown in the answer and nowhere else."""
    form = PersonForm(policy.signed_in(request), request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            made = actions.create_user(
                policy.signed_in(request),
                given["username"],
                given["role"],
                given["area"],
                name=given["name"],
                unit=given["unit"],
            )
        except Refused as refused:
            form.add_error(None, refused.shown)
        except Denied:
            form.add_error("area", "超出您自己的辖区，或该角色不由您授予。")
        else:
            return _password_shown(request, "账号已开设", made)
    context = {
        "title": "开设账号",
        "form": form,
        "crumbs": [_CRUMB],
        "submit": "开设",
        "guide_title": "角色",
        "guide": [Fact(ROLES[name].label, ROLES[name].purpose, wide=True) for name in form.roles],
    }
    return render(request, "accounts/form.html", context)


def _password_shown(request: HttpRequest, title: str, made: actions.Made) -> HttpResponse:
    user = made.user
    return shown_once(
        request,
        title,
        [("登录名", user.username), ("一次性密码", made.password)],
        crumbs=[_CRUMB, Crumb(user.name, reverse("accounts:person", args=[user.username]))],
        back=reverse("accounts:person", args=[user.username]),
        advice="请当面或通过可靠途径交给本人，首次登录时须改为自己的密码。本页关闭后无法再次查看，只能重置。",
    )


def _person_or_404(request: HttpRequest, username: str) -> User:
    return get_object_or_404(queries.people(request.user), username=username)


@policy.page("people.view")
def person(request: HttpRequest, username: str) -> HttpResponseBase:
    """One account: what it is, what may be done with it, what happened to it."""
    who = _person_or_404(request, username)
    by = policy.signed_in(request)
    manages = policy.may(by, "people.change", who) or policy.may(by, "people.approve", who)
    ours = manages and by.pk != who.pk
    form = GrantForm(by, request.POST or None, initial={"role": who.role, "area": who.area.text}) if ours else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            actions.grant(by, who, form.cleaned_data["role"], form.cleaned_data["area"])
        except Refused as refused:
            form.add_error(None, refused.shown)
        except Denied:
            form.add_error("area", "超出您自己的辖区，或该角色不由您授予。")
        else:
            messages.success(request, "角色和辖区已变更，下一次操作起生效。")
            return redirect("accounts:person", username)
    context = {
        "title": who.name,
        "subtitle": who.username,
        "crumbs": [_CRUMB],
        "person": who,
        "facts": _facts(who),
        "form": form,
        "may_switch": ours,
        "locked_at": queries.locked_at(who) if manages else [],
        "may_reset": ours and policy.may(by, "people.change", who) and not who.role_spec.administers,
        "events": events(AuditEntry.objects.filter(object_kind="人员", object_key=who.username)[:20]),
    }
    return render(request, "accounts/person.html", context)


def _facts(who: User) -> list[Fact]:
    return [
        Fact("登录名", who.username),
        Fact("所在单位", who.unit),
        Fact("角色", who.role_spec.label, note=who.role_spec.purpose),
        Fact("辖区", queries.area_label(who.area), note=who.area.text if len(who.area.codes) < 4 else ""),
        Fact("状态", "启用" if who.is_active else "停用", tone="" if who.is_active else "warn"),
        Fact("密码", "一次性密码，尚未修改" if who.must_change_password else "已由本人设置"),
        Fact("最近登录", who.last_login),
        Fact("开设时间", who.date_joined),
    ]


@require_POST
@policy.page("people.view")
def switch(request: HttpRequest, username: str) -> HttpResponseBase:
    """Disable or enable."""
    who = _person_or_404(request, username)
    act = actions.enable_user if request.POST.get("state") == "enable" else actions.disable_user
    try:
        act(policy.signed_in(request), who)
    except Refused as refused:
        messages.error(request, refused.shown)
    else:
        messages.success(request, "账号已启用。" if act is actions.enable_user else "账号已停用，正在使用的会话和令牌即时失效。")
    return redirect("accounts:person", username)


@require_POST
@policy.page("people.view")
def unlock(request: HttpRequest, username: str) -> HttpResponseBase:
    """End a lockout before its time."""
    actions.unlock(policy.signed_in(request), _person_or_404(request, username))
    messages.success(request, "锁定已解除。")
    return redirect("accounts:person", username)


@require_POST
@policy.page("people.change")
@sensitive_variables("made")
def reset(request: HttpRequest, username: str) -> HttpResponseBase:
    """A new one-time password."""
    made = actions.reset_password(policy.signed_in(request), _person_or_404(request, username))
    return _password_shown(request, "密码已重置", made)
