"""Applications: the list, a new one, one of them with what it may report."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_POST

from canglin.accounts import actions, policy, queries
from canglin.accounts.forms import ApplicationForm
from canglin.accounts.models import SUITES, Application, AuditEntry
from canglin.accounts.pages.audit import events
from canglin.accounts.pages.shown_once import shown_once
from canglin.accounts.policy import Denied
from canglin.errors import Refused
from canglin.ui.parts import Crumb, Empty, Fact
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, Flag, Link, Moment, Search, Table, TablePage

_CRUMB = Crumb("接入应用", "/applications/")
_STATES = {"active": ("启用", "good"), "disabled": ("停用", "neutral")}


_GUIDE = [
    Fact("一、交付密钥", "应用标识、应用密钥和加密密钥只显示一次，交给库点系统的实施人员。", wide=True),
    Fact("二、登录", "库点系统以 appid 和加密后的 app_key 登录，取得两小时有效的令牌。", wide=True),
    Fact("三、上报", "先报单位、库区、仓房、货位，再报合同与检斤单；被拒收的记录及原因见数据接入。", wide=True),
    Fact("密钥遗失或泄露", "在应用页面轮换密钥，旧密钥和已发出的令牌随即失效。", wide=True),
]


class ApplicationTable(Table):
    """Applications of enterprises inside one's area."""

    name = "applications"
    title = "接入应用"
    columns = (
        Column("name", "名称", link=Link("accounts:application", "appid"), wrap=True),
        Column("appid", "应用标识", mono=True),
        Column("enterprise", "单位代码", mono=True),
        Column(
            "depots",
            "库区",
            text=lambda row: f"{len(row['depots'])} 个" if row["depots"] else "全部",
            needs=("depots",),
        ),
        Badge("state", "状态", states=_STATES),
        Flag("plain", "允许明文"),
        Column("suites", "安全套件", text=lambda row: "、".join(row["suites"]), needs=("suites",), hidden=True),
        Moment("last_seen_at", "最近接入"),
        Moment("created_at", "开设时间", hidden=True),
    )
    filters = (
        Search("name", "appid", "enterprise", label="名称、应用标识或单位代码"),
        Choice("state", "状态", choices=Application.State.choices),
        Choice("plain", "允许明文", choices=[(True, "是"), (False, "否")]),
    )
    default_sort = "name"
    empty = Empty("还没有接入应用", "库点系统以应用的标识和密钥上报数据。", icon="plug-connected")

    def rows(self, request: HttpRequest) -> Rows:
        """See queries.visible_applications."""
        return queries.visible_applications(request.user)


class ApplicationsPage(policy.Guarded, TablePage):
    """The list."""

    verb = "applications.view"
    table = ApplicationTable
    template_name = "accounts/applications.html"


@policy.page("applications.change")
@sensitive_variables("keys")
def new(request: HttpRequest) -> HttpResponseBase:
    """A new application; its keys are shown in the answer and nowhere else."""
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            keys = actions.create_application(
                policy.signed_in(request),
                given["enterprise"],
                given["name"],
                depots=given["depots"],
                plain=given["plain"],
                suites=given["suites"],
                per_minute=given["per_minute"],
            )
        except Refused as refused:
            form.add_error(None, refused.shown)
        except Denied:
            form.add_error(None, "该单位或库区不在您的辖区内。")
        else:
            return _keys_shown(request, "接入应用已开设", keys)
    context = {
        "title": "开设接入应用",
        "form": form,
        "crumbs": [_CRUMB],
        "submit": "开设",
        "guide_title": "开设之后",
        "guide": _GUIDE,
    }
    return render(request, "accounts/form.html", context)


def _keys_shown(request: HttpRequest, title: str, keys: actions.Keys) -> HttpResponse:
    app = keys.application
    address = reverse("accounts:application", args=[app.appid])
    return shown_once(
        request,
        title,
        [("应用标识 appid", app.appid), ("应用密钥 app_key", keys.app_key), ("加密密钥 secret", keys.secret)],
        crumbs=[_CRUMB, Crumb(app.name, address)],
        back=address,
        advice="请交给库点系统的实施人员妥善保管。密钥只在此显示一次；遗失时轮换密钥，旧密钥随即失效。",
    )


def _application_or_404(request: HttpRequest, appid: str) -> Application:
    return get_object_or_404(queries.visible_applications(request.user), appid=appid)


@policy.page("applications.view")
def application(request: HttpRequest, appid: str) -> HttpResponseBase:
    """One application: what it may report, how, and what happened to it."""
    app = _application_or_404(request, appid)
    names = queries.place_names([app.enterprise, *app.depots])
    context = {
        "title": app.name,
        "subtitle": app.appid,
        "crumbs": [_CRUMB],
        "app": app,
        "facts": _facts(app, names),
        "places": [(code, names[code] if names[code] != code else "尚未上报") for code in app.depots],
        "may_change": _may_change(request.user, app),
        "events": events(AuditEntry.objects.filter(object_kind="接入应用", object_key=app.appid)[:20]),
    }
    return render(request, "accounts/application.html", context)


def _may_change(by: Any, app: Application) -> bool:
    return all(policy.may(by, "applications.change", code) for code in [app.enterprise, *app.depots])


def _facts(app: Application, names: dict[str, str]) -> list[Fact]:
    known = names[app.enterprise] != app.enterprise
    return [
        Fact("应用标识", app.appid),
        Fact("单位", names[app.enterprise] if known else "尚未上报单位信息", note=app.enterprise, wide=True),
        Fact("可上报", f"限定 {len(app.depots)} 个库区" if app.depots else "该单位及其全部库区",
             note="代报账号：每次上报须以 stockHouse 指明库区" if app.is_bureau else ""),
        Fact("状态", _STATES[app.state][0], tone="" if app.active else "warn"),
        Fact("安全套件", "；".join(SUITES[suite] for suite in app.suites if suite in SUITES), wide=True),
        Fact("允许明文", app.plain, tone="warn" if app.plain else ""),
        Fact("每分钟请求上限", app.per_minute, "次"),
        Fact("密钥版本", app.key_version, "版"),
        Fact("最近接入", app.last_seen_at),
        Fact("开设时间", app.created_at),
    ]  # fmt: skip


@require_POST
@policy.page("applications.change")
def switch(request: HttpRequest, appid: str) -> HttpResponseBase:
    """Disable or enable."""
    app = _application_or_404(request, appid)
    if request.POST.get("state") == "enable":
        actions.enable_application(policy.signed_in(request), app)
        messages.success(request, "应用已启用。")
    else:
        actions.disable_application(policy.signed_in(request), app)
        messages.success(request, "应用已停用，其登录和令牌即时失效。")
    return redirect("accounts:application", appid)


@require_POST
@policy.page("applications.change")
@sensitive_variables("keys")
def rotate(request: HttpRequest, appid: str) -> HttpResponseBase:
    """New keys."""
    return _keys_shown(
        request,
        "密钥已轮换",
        actions.rotate_application(policy.signed_in(request), _application_or_404(request, appid)),
    )
