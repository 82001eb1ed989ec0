"""Who is asking, for /api/v1.

api = NinjaAPI(auth=[Bearer(), Session()])
accounts.api.install(api)

@api.get("/stock")
def stock(request):
    user = user_of(request, "stock.view")
    … policy.rows(user, …)
"""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.security import HttpBearer, SessionAuth

from canglin.accounts import actions, policy, queries
from canglin.accounts.middleware import record_denied
from canglin.accounts.models import User
from canglin.accounts.policy import Denied


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
