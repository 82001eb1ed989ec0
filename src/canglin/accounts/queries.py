"""What other rooms may ask about people, applications and tokens."""

import hashlib
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.models import Application, AuditEntry, Token, User
from canglin.accounts.rules import Area
from canglin.standard import regions
from canglin.standard.tables import table

TOKEN_PREFIX = "clt_"  # noqa: S105  # tells our tokens from others' in a header, opens nothing


def application(appid: str) -> Application | None:
    """The application, disabled ones too; its keys are its properties ``app_key`` and ``secret``."""
    return Application.objects.filter(appid=appid).first()


def visible_applications(actor: policy.Actor | AnonymousUser) -> QuerySet[Application]:
    """The applications somebody may see."""
    return policy.rows(actor, Application.objects)


def user(username: str) -> User | None:
    """The account with that sign-in name."""
    return User.objects.filter(username=username).first()


def digest(token: str) -> bytes:
    """What is kept of a token."""
    return hashlib.sha256(token.encode()).digest()


def token(text: str, at: datetime | None = None) -> Token | None:
    """The usable token of that text with its (active) user; None when unknown, expired, revoked or the user is
    disabled.

    A token is 32 random bytes, so its plain SHA-256 is enough: there is nothing to guess, and looking it up by the
    digest leaks nothing about other tokens.
    """
    if not text.startswith(TOKEN_PREFIX):
        return None
    found = Token.objects.select_related("user").filter(digest=digest(text)).first()
    return found if found is not None and found.usable(at) and found.user.is_active else None


def people(actor: policy.Actor | AnonymousUser) -> QuerySet[User]:
    """The accounts somebody may see: those whose area lies inside their own."""
    return policy.rows(actor, User.objects)


def audit_trail(actor: policy.Actor | AnonymousUser, **filters: Any) -> QuerySet[AuditEntry]:
    """The trail, newest first."""
    return policy.rows(actor, AuditEntry.objects).filter(**filters)


def verbs_in_trail() -> list[str]:
    """The verbs that occur in the trail. It walks the index from one verb to the next: a DISTINCT would read the whole trail."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH RECURSIVE used AS (
                (SELECT verb FROM accounts_auditentry ORDER BY verb LIMIT 1)
                UNION ALL
                SELECT (SELECT verb FROM accounts_auditentry WHERE verb > used.verb ORDER BY verb LIMIT 1)
                FROM used WHERE used.verb IS NOT NULL
            )
            SELECT verb FROM used WHERE verb IS NOT NULL
            """
        )
        return [verb for (verb,) in cursor.fetchall()]


def locked_at(user: User) -> list[str]:
    """The addresses from which the account is locked at present, after too many failures."""
    since = timezone.now() - timedelta(hours=settings.AXES_COOLOFF_TIME)
    found = AccessAttempt.objects.filter(
        username=user.username, failures_since_start__gte=settings.AXES_FAILURE_LIMIT, attempt_time__gte=since
    )
    return sorted({attempt.ip_address or "" for attempt in found})


def area_label(area: Area) -> str:
    """The area as people call it: 湖南省长沙市, an enterprise's or a depot's name, or the code where no name is
    known."""
    match area.kind:
        case "nation":
            return "全部辖区"
        case "region":
            return regions.path(area.codes[0].ljust(6, "0"))
    names = place_names(area.codes)
    first = names[area.codes[0]]
    return first if len(area.codes) == 1 else f"{first}等 {len(area.codes)} 个库区"


def place_names(codes: Iterable[str]) -> dict[str, str]:
    """The names of enterprises (18) and depots (21) by code; one not reported yet is called by its code. Two queries
    at most."""
    wanted = set(codes)
    names = {code: code for code in wanted}
    for length, code, field in ((18, "1101", "dwmc"), (21, "1102", "kqmc")):
        if asked := [c for c in wanted if len(c) == length]:
            spec = table(code)
            found = spec.model.everything.filter(key__in=asked)
            names.update(found.values_list("key", spec.by_id[field].attribute))
    return names
