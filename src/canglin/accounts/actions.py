"""What changes people, applications and tokens. Each verb checks the right, acts and writes the trail in one
transaction.

``by`` is the acting account, or ``policy.CONSOLE`` for the command line.
"""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from axes.utils import reset as axes_reset
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from canglin.accounts import audit, policy
from canglin.accounts.models import SUITES, Application, Token, User
from canglin.accounts.policy import Actor, demand
from canglin.accounts.queries import TOKEN_PREFIX, digest
from canglin.accounts.roles import ROLES
from canglin.accounts.rules import KINDS, Area, BadArea
from canglin.errors import Refused

#: Letters and digits that are not taken for each other when read off a screen.
_READABLE = "abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789"
TOKEN_DAYS = 365


@dataclass(frozen=True)
class Made:
    """A new account and its one-time password, which is nowhere else."""

    user: User
    password: str


@dataclass(frozen=True)
class Keys:
    """An application and its keys, to be shown once."""

    application: Application
    app_key: str
    secret: str


def _one_time_password() -> str:
    """16 characters, about 92 bits; always with a digit and both cases, as the rules for passwords ask."""
    while True:
        made = "".join(secrets.choice(_READABLE) for _ in range(16))
        if any(c.isdigit() for c in made) and any(c.islower() for c in made) and any(c.isupper() for c in made):
            return made


def _fits(role: str, area: str) -> Area:
    """The area, when the role exists and may have it. Raises Refused."""
    if role not in ROLES:
        raise Refused(f"no role {role!r}; roles are {', '.join(ROLES)}", f"没有角色 {role}")
    try:
        found = Area.parse(area)
    except BadArea as bad:
        raise Refused(
            str(bad),
            f"“{area}”不是辖区：请填 00（全部）、2/4/6 位行政区划代码、18 位单位代码，或以逗号分隔的 21 位库区代码",
        ) from None
    if found.kind not in ROLES[role].areas:
        kinds = ROLES[role].areas
        raise Refused(
            f"role {role} takes an area of kind {' or '.join(kinds)}, {area} is a {found.kind}",
            f"角色“{ROLES[role].label}”的辖区须为{'或'.join(KINDS[kind] for kind in kinds)}",
        )
    return found


def _person(user: User) -> dict[str, object]:
    return {
        "username": user.username,
        "name": user.name,
        "unit": user.unit,
        "role": user.role,
        "area": user.area.text,
        "active": user.is_active,
    }


# People


@transaction.atomic
def create_user(by: Actor, username: str, role: str, area: str, *, name: str = "", unit: str = "") -> Made:
    """Open an account with a one-time password that must be changed at the first sign-in.

    The area must lie inside the acting account's own. Raises Denied, Refused.
    """
    inside = _fits(role, area)
    demand(by, "people.change", inside)
    if isinstance(by, User) and ROLES[role].administers:
        # Whoever opens accounts must not hand out the powers that watch over him.
        demand(by, "people.approve", inside)
    user = User(username=username, name=name or username, unit=unit, role=role, area_codes=list(inside.codes))
    password = _one_time_password()
    user.set_password(password)
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as wrong:
        raise Refused(
            f"no account {username!r}: {', '.join(wrong.message_dict)} taken or not of the right form",
            "；".join(text for texts in wrong.message_dict.values() for text in texts),
        ) from None
    user.save()
    audit.record(by, "people.create", user, after=_person(user))
    return Made(user, password)


def create_first_administrator() -> tuple[str, str] | None:
    """The account ``admin`` (system administrator of everything) of a new installation and its one-time password;
    None when somebody is there already."""
    if User.objects.exists():
        return None
    made = create_user(policy.CONSOLE, "admin", "admin", "00", name="系统管理员")
    return made.user.username, made.password


@transaction.atomic
def grant(by: Actor, user: User, role: str, area: str) -> User:
    """Give the account another role or area. Nobody changes his own. Raises Denied, Refused."""
    user = User.objects.select_for_update().get(pk=user.pk)
    inside = _fits(role, area)
    verb = "people.approve" if ROLES[role].administers or user.role_spec.administers else "people.change"
    if isinstance(by, User):
        if by.pk == user.pk:
            raise Refused("an account cannot change its own role or area", "不能变更自己的角色或辖区")
        # Either administrator may move ordinary accounts; the three administrators' roles are the security
        # administrator's.
        verb = verb if policy.may(by, verb) else "people.approve"
    demand(by, verb, user)
    demand(by, verb, inside)
    before = _person(user)
    user.role, user.area_codes = role, list(inside.codes)
    user.save(update_fields=["role", "area_codes"])
    audit.record(by, "people.grant", user, before=before, after=_person(user))
    return user


def _switch(by: Actor, user: User, active: bool) -> User:
    verb = "people.change" if policy.may(by, "people.change") else "people.approve"
    user = User.objects.select_for_update().get(pk=user.pk)
    demand(by, verb, user)
    if isinstance(by, User) and by.pk == user.pk:
        raise Refused("an account cannot disable or enable itself", "不能停用或启用自己的账号")
    if user.is_active != active:
        user.is_active = active
        user.save(update_fields=["is_active"])
        audit.record(
            by,
            "people.enable" if active else "people.disable",
            user,
            before={"active": not active},
            after={"active": active},
        )
    return user


@transaction.atomic
def disable_user(by: Actor, user: User) -> User:
    """Stop the account: no sign-in, no token, running sessions end with their next request. Raises Denied, Refused."""
    return _switch(by, user, active=False)


@transaction.atomic
def enable_user(by: Actor, user: User) -> User:
    """Let a stopped account in again. Raises Denied, Refused."""
    return _switch(by, user, active=True)


@transaction.atomic
def unlock(by: Actor, user: User) -> None:
    """Let the account try again at once, from every address, after too many failures. Raises Denied."""
    demand(by, "people.change" if policy.may(by, "people.change") else "people.approve", user)
    if axes_reset(username=user.username):
        audit.record(by, "people.unlock", user)


@transaction.atomic
def reset_password(by: Actor, user: User) -> Made:
    """A new one-time password for somebody who lost his. Raises Denied."""
    user = User.objects.select_for_update().get(pk=user.pk)
    demand(by, "people.change", user)
    if user.role_spec.administers and isinstance(by, User) and by.pk != user.pk:
        # Otherwise one administrator could sign in as another and undo their separation.
        demand(by, "people.approve", user)
    password = _one_time_password()
    user.set_password(password)
    user.must_change_password = True
    user.save(update_fields=["password", "must_change_password"])
    audit.record(by, "people.reset_password", user)
    return Made(user, password)


@transaction.atomic
def change_password(user: User, old: str, new: str) -> None:
    """The owner's own change. Raises Refused (old one wrong, new one too weak or the same)."""
    user = User.objects.select_for_update().get(pk=user.pk)
    if not user.check_password(old):
        raise Refused("the old password is wrong", "原密码不正确")
    if old == new:
        raise Refused("the new password is the old one", "新密码不能与原密码相同")
    try:
        validate_password(new, user)
    except ValidationError as weak:
        raise Refused(f"the new password is too weak: {' '.join(weak.messages)}", "；".join(weak.messages)) from None
    user.set_password(new)
    user.must_change_password, user.password_changed_at = False, timezone.now()
    user.save(update_fields=["password", "must_change_password", "password_changed_at"])
    audit.record(user, "people.change_password", user)


# Tokens


@transaction.atomic
def create_token(by: Actor, user: User, name: str, *, days: int = TOKEN_DAYS) -> tuple[Token, str]:
    """A token for the account and its text, which is shown once. People make their own; the console makes anybody's.
    Raises Refused."""
    if isinstance(by, User) and by.pk != user.pk:
        raise Refused("a token is made by its owner", "令牌只能由本人创建")
    if not user.is_active:
        raise Refused(f"the account {user.username} is disabled", "账号已停用")
    if not 1 <= days <= TOKEN_DAYS:
        raise Refused(f"a token lives 1 to {TOKEN_DAYS} days", f"有效期为 1 至 {TOKEN_DAYS} 天")
    text = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user,
        name=name or "api",
        digest=digest(text),
        shown=text[:9],
        expires_at=timezone.now() + timedelta(days=days),
    )
    audit.record(by, "tokens.create", token, area=user.area.text, after={"user": user.username, "days": days})
    return token, text


@transaction.atomic
def revoke_token(by: Actor, token: Token) -> None:
    """End a token: by its owner, or by whoever may stop the account. Raises Denied."""
    token = Token.objects.select_for_update(of=("self",)).select_related("user").get(pk=token.pk)
    if not (isinstance(by, User) and by.pk == token.user_id):
        demand(by, "people.change", token.user)
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        audit.record(by, "tokens.revoke", token, area=token.user.area.text, after={"user": token.user.username})


def used_token(token: Token) -> None:
    """Note that a token was used; at most one write a minute."""
    now = timezone.now()
    if token.last_used_at is None or now - token.last_used_at > timedelta(minutes=1):
        Token.objects.filter(pk=token.pk).update(last_used_at=now)


# Applications


def _application(app: Application) -> dict[str, object]:
    return {
        "name": app.name,
        "enterprise": app.enterprise,
        "depots": app.depots,
        "plain": app.plain,
        "suites": app.suites,
        "per_minute": app.per_minute,
        "state": app.state,
        "key_version": app.key_version,
    }


@transaction.atomic
def create_application(
    by: Actor,
    enterprise: str,
    name: str,
    *,
    depots: Iterable[str] = (),
    plain: bool = False,
    suites: Iterable[str] = tuple(SUITES),
    per_minute: int = 60_000,
) -> Keys:
    """An account for a depot's system, with fresh keys to be shown once. Enterprise and depots need not have reported
    yet.

    Empty ``depots`` means all of the enterprise. Raises Denied, Refused.
    """
    listed = sorted(set(depots))
    try:
        if Area.parse(enterprise).kind != "enterprise" or (listed and Area.parse(",".join(listed)).kind != "depots"):
            raise BadArea
    except BadArea:
        raise Refused(
            f"enterprise codes have 18 characters, depot codes 21: {' '.join([enterprise, *listed])}",
            "单位代码为 18 位统一社会信用代码，库区代码为 21 位",
        ) from None
    chosen = sorted(set(suites))
    if not chosen or not set(chosen) <= set(SUITES):
        raise Refused(f"suites are {', '.join(SUITES)}", "请至少选择一种安全套件")
    if not name.strip():
        raise Refused("an application needs a name", "请填写名称")
    if not 1 <= per_minute <= 1_000_000:
        raise Refused("the limit of requests lies between 1 and 1,000,000 a minute", "每分钟请求上限为 1 至 1,000,000")
    for code in [enterprise, *listed]:
        demand(by, "applications.change", code)
    app = Application(
        appid=secrets.token_hex(8),
        name=name.strip(),
        enterprise=enterprise,
        depots=listed,
        plain=plain,
        suites=chosen,
        per_minute=per_minute,
    )
    keys = _fresh_keys(app)
    app.save(force_insert=True)
    audit.record(by, "applications.create", app, after=_application(app))
    return keys


def _fresh_keys(app: Application) -> Keys:
    app_key, secret = secrets.token_hex(16), secrets.token_hex(16)
    app.put_keys(app_key, secret)
    return Keys(app, app_key, secret)


def _held(by: Actor, app: Application) -> Application:
    """The application, locked, when the actor may change it."""
    found = Application.objects.select_for_update().get(pk=app.pk)
    for code in [found.enterprise, *found.depots]:
        demand(by, "applications.change", code)
    return found


@transaction.atomic
def rotate_application(by: Actor, app: Application) -> Keys:
    """New keys, to be shown once; the old ones stop at once. Raises Denied."""
    found = _held(by, app)
    found.key_version += 1
    keys = _fresh_keys(found)
    found.save()
    audit.record(by, "applications.rotate", found, after={"key_version": found.key_version})
    return keys


def _set_state(by: Actor, app: Application, state: str) -> Application:
    found = _held(by, app)
    if found.state != state:
        before, found.state = found.state, state
        found.save()
        audit.record(
            by,
            f"applications.{'enable' if state == 'active' else 'disable'}",
            found,
            before={"state": before},
            after={"state": state},
        )
    return found


@transaction.atomic
def disable_application(by: Actor, app: Application) -> Application:
    """Stop it: it may neither sign in nor report, its tokens included. Raises Denied."""
    return _set_state(by, app, Application.State.DISABLED)


@transaction.atomic
def enable_application(by: Actor, app: Application) -> Application:
    """Let it report again. Raises Denied."""
    return _set_state(by, app, Application.State.ACTIVE)


def seen_applications(when: Mapping[str, datetime]) -> None:
    """Note when applications (by appid) last reported. No trail: the records themselves say it better."""
    for appid, at in when.items():
        Application.objects.filter(appid=appid).update(last_seen_at=at)
