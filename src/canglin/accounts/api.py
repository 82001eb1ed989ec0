"""/api/v1: who is asking; and what this room tells programs.

api = NinjaAPI(auth=[Bearer(), Session()])
accounts.api.install(api)

@api.get("/stock")
def stock(request):
    user = user_of(request, "stock.view")
    … policy.rows(user, …)
"""

from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI, Router
from ninja.params.functions import Query
from ninja.security import HttpBearer, SessionAuth

from canglin.accounts import actions, policy, queries, roles
from canglin.accounts.middleware import record_denied
from canglin.accounts.models import User
from canglin.accounts.policy import Denied
from canglin.api import PAGE_BOUND, decode_cursor, decode_number, page

router = Router(tags=["accounts"])
_FROM: Any = Query(None, alias="from", description="时间，起（含）")
_TO: Any = Query(None, alias="to", description="时间，止（含）")


class Bearer(HttpBearer):
    """``Authorization: Bearer clt_…``: a person's token."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The token's owner, None (401) when it opens nothing."""
        found = queries.token(token)
        if found is None:
            return None
        actions.used_token(found)
        return found.user


class Session(SessionAuth):
    """The pages' own session, so that a page can read the API; writing needs the CSRF token."""

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The signed-in person; not while he still has a one-time password."""
        user = request.user
        return user if isinstance(user, User) and user.is_active and not user.must_change_password else None


def user_of(request: HttpRequest, verb: str, obj: Any = None) -> User:
    """The asking person, when he may ``verb``. Raises Denied (403)."""
    user = getattr(request, "auth", None)
    if not isinstance(user, User):
        raise Denied(verb)
    policy.demand(user, verb, obj)
    return user


def install(api: NinjaAPI) -> None:
    """Answer refusals as JSON with 403, and write them into the audit trail."""

    def denied(request: HttpRequest, refusal: Denied | type[Denied]) -> HttpResponse:
        assert isinstance(refusal, Denied)  # ninja hands instances; its types allow classes
        record_denied(request, refusal)
        return api.create_response(request, {"detail": str(refusal)}, status=403)

    api.add_exception_handler(Denied, denied)


@router.get("/me", summary="本人：角色、辖区、权限")
def me(request: HttpRequest) -> Any:
    """Who the token belongs to and what it may do."""
    user = getattr(request, "auth", None)
    if not isinstance(user, User):
        raise Denied("overview.view")
    verbs = [f"{subject}.{action}" for subject in roles.SUBJECTS for action in roles.ACTIONS]
    return {
        "user": user.username,
        "name": user.name,
        "role": user.role,
        "area": user.area.text,
        "may": [verb for verb in verbs if policy.may(user, verb)],
    }


@router.get("/applications", summary="接入应用")
def applications(
    request: HttpRequest,
    limit: int | None = Query(None, ge=1, le=PAGE_BOUND, description="一页的条数；不给则给出全部"),
    cursor: str | None = Query(None, max_length=64, description="上一页答复中的 next"),
) -> Any:
    """Applications of one's area, without their keys."""
    found = queries.visible_applications(user_of(request, "applications.view")).order_by("appid")
    if cursor:
        found = found.filter(appid__gt=decode_cursor(cursor))
    shown = [
        {
            "appid": app.appid,
            "name": app.name,
            "enterprise": app.enterprise,
            "depots": app.depots,
            "state": app.state,
            "plain": app.plain,
            "suites": app.suites,
            "last_seen_at": app.last_seen_at,
        }
        for app in (found[: limit + 1] if limit else found)
    ]
    return page(shown, limit, lambda item: str(item["appid"]))


@router.get("/audit", summary="审计日志，新的在前")
def audit_trail(
    request: HttpRequest,
    verb: str = Query("", max_length=64, pattern=r"^[a-z._]*$", description="做了什么，如 people.change"),
    since: datetime | None = _FROM,
    until: datetime | None = _TO,
    limit: int = Query(100, ge=1, le=PAGE_BOUND, description="一页的条数"),
    cursor: str | None = Query(None, max_length=64, description="上一页答复中的 next"),
) -> Any:
    """Who did what, newest first; always by pages, for the trail only grows."""
    found = queries.audit_trail(user_of(request, "audit.view")).order_by("-id")
    for name, given in (("verb", verb), ("at__gte", since), ("at__lte", until)):
        if given:
            found = found.filter(**{name: given})
    if cursor:
        found = found.filter(id__lt=decode_number(cursor))
    columns = (
        *("id", "at", "who", "role", "channel", "address", "verb", "object_kind", "object_key", "object_label"),
        *("area", "before", "after", "result", "detail"),
    )
    return page(list(found.values(*columns)[: limit + 1]), limit, lambda item: str(item["id"]))
