"""Sign-ins, sign-outs, failures and files taken out go into the audit trail as Django, axes and the ui room report them."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.http import HttpRequest

from canglin.accounts import audit
from canglin.accounts.models import User
from canglin.ui.exports import exported


def connect() -> None:
    """Called once, when the room is ready."""
    user_logged_in.connect(_signed_in, dispatch_uid="canglin.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="canglin.signed_out")
    user_login_failed.connect(_failed, dispatch_uid="canglin.sign_in_failed")
    user_locked_out.connect(_locked, dispatch_uid="canglin.locked_out")
    exported.connect(_exported, dispatch_uid="canglin.exported")


def _signed_in(sender: Any, user: User, **_: Any) -> None:
    audit.record(user, "people.sign_in", user)


def _signed_out(sender: Any, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record(user, "people.sign_out", user)


def _failed(sender: Any, credentials: dict[str, Any], **_: Any) -> None:
    name = str(credentials.get("username") or credentials.get("login") or "")[:64]
    audit.record(name or "未知", "people.sign_in", name, result="failed", detail="登录名或密码不正确，或账号已停用、已锁定")


def _locked(sender: Any, username: str | None = None, **_: Any) -> None:
    name = (username or "")[:64]
    audit.record(name or "未知", "people.lock", name, result="denied", detail="连续登录失败次数过多，账号在该地址被锁定")


def _exported(sender: type, request: HttpRequest, title: str, rows: int, filters: list[tuple[str, str]], **_: Any) -> None:
    # canglin.stock.pages.tickets → stock: the subject of the verb.
    room = sender.__module__.split(".")[1]
    said = "；".join(f"{label}：{words}" for label, words in filters)
    if isinstance(request.user, User):
        audit.record(request.user, f"{room}.export", title, detail=f"{rows:,} 行" + (f"（{said}）" if said else ""))
