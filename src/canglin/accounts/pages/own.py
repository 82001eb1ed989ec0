"""One's own account: password and tokens."""

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_POST

from canglin.accounts import actions, policy
from canglin.accounts.forms import PasswordForm, TokenForm
from canglin.accounts.models import Token
from canglin.accounts.pages.shown_once import shown_once
from canglin.errors import Refused
from canglin.ui.parts import Crumb, Empty
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Column, Moment, Table


@sensitive_post_parameters()
@login_required
def password(request: HttpRequest) -> HttpResponseBase:
    """Change one's password; the first thing after a one-time password, before any other page opens."""
    by = policy.signed_in(request)
    form = PasswordForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.change_password(by, form.cleaned_data["old"], form.cleaned_data["new"])
        except Refused as refused:
            form.add_error(None, refused.shown)
        else:
            by.refresh_from_db()
            # Other sessions of this account end; this one goes on.
            update_session_auth_hash(request, by)
            messages.success(request, "密码已修改，其他设备上的登录已失效。")
            return redirect("/")
    context = {"title": _("修改密码"), "form": form, "first": by.must_change_password}
    return render(request, "accounts/password.html", context)


class TokenTable(Table):
    """One's own tokens."""

    name = "tokens"
    title = "访问令牌"
    columns = (
        Column("shown", "令牌", text=lambda row: f"{row['shown']}…", needs=("shown",), mono=True),
        Column("name", "用途", wrap=True),
        Moment("created_at", "创建时间"),
        Moment("expires_at", "到期时间"),
        Moment("last_used_at", "最近使用"),
        Badge("revoked_at", "状态", text=lambda row: "ended" if row["revoked_at"] else "open", needs=("revoked_at",),
              states={"ended": ("已停用", "neutral"), "open": ("有效", "good")}, sort=False),
    )  # fmt: skip
    default_sort = "-created_at"
    empty = Empty("还没有令牌", "程序以令牌读取 /api/v1，权限与辖区同本人账号。", icon="key")

    def rows(self, request: HttpRequest) -> Rows:
        """Nobody else's."""
        return policy.rows(request.user, Token.objects)


@login_required
@sensitive_variables("text")
def tokens(request: HttpRequest) -> HttpResponseBase:
    """The list, and a new one, whose text is shown in the answer and nowhere else."""
    by = policy.signed_in(request)
    table = TokenTable(request)
    if (answer := table.answer()) is not None:
        return answer
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            _token, text = actions.create_token(by, by, form.cleaned_data["name"], days=form.cleaned_data["days"])
        except Refused as refused:
            form.add_error(None, refused.shown)
        else:
            return shown_once(
                request,
                "令牌已创建",
                [("令牌", text)],
                crumbs=[Crumb("访问令牌", reverse("accounts:tokens"))],
                back=reverse("accounts:tokens"),
                advice="请求时写入请求头 Authorization: Bearer。令牌只在此显示一次，平台只保存其摘要。",
            )
    usable = [token for token in policy.rows(by, Token.objects) if token.usable()]
    return render(request, "accounts/tokens.html", {"title": "访问令牌", "table": table, "form": form, "usable": usable})


@require_POST
@login_required
def revoke(request: HttpRequest, number: int) -> HttpResponseBase:
    """End one."""
    token = get_object_or_404(policy.rows(request.user, Token.objects), pk=number)
    actions.revoke_token(policy.signed_in(request), token)
    messages.success(request, "令牌已停用。")
    return redirect("accounts:tokens")
