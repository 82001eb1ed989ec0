"""What holds for every page: the audit trail knows from where, a one-time password is changed first, a refusal is
written down."""

import ipaddress
from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from canglin.accounts import audit
from canglin.accounts.models import User
from canglin.accounts.policy import Denied


def address(request: HttpRequest) -> str | None:
    """The caller's address. Behind our own TLS proxy it is the last one the proxy added; otherwise the socket's. What
    a caller writes into the header himself is never believed."""
    text = request.META.get("REMOTE_ADDR", "")
    if settings.HTTPS and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
        text = forwarded.rpartition(",")[2]
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError:
        return None


class PeopleMiddleware:
    """Stands right behind Django's AuthenticationMiddleware."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        channel = "api" if request.path.startswith("/api/") else "web"
        with audit.from_here(channel, address(request)):
            if channel == "web" and self._must_change(request):
                response: HttpResponse = HttpResponseRedirect(reverse("accounts:password"))
                if request.headers.get("HX-Request"):
                    # htmx follows a redirect inside the fragment; this makes the whole page go there.
                    response = HttpResponse(headers={"HX-Redirect": reverse("accounts:password")})
                return response
            return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        """Write down what was refused, after the refused act's transaction is gone."""
        if isinstance(exception, PermissionDenied):
            record_denied(request, exception)

    @staticmethod
    def _must_change(request: HttpRequest) -> bool:
        user = request.user
        if not isinstance(user, User) or not user.must_change_password:
            return False
        free = (
            reverse("accounts:password"),
            reverse("account_logout"),
            reverse("ui:set_language"),
            settings.STATIC_URL,
        )
        return not request.path.startswith(free)


def record_denied(request: HttpRequest, denied: PermissionDenied) -> None:
    """One line in the trail for a refused act; one that did not say which verb counts as opening the page."""
    user = getattr(request, "auth", None) if not isinstance(request.user, User) else request.user
    who = user if isinstance(user, User) else "未登录"
    verb, about = (denied.verb, denied.about) if isinstance(denied, Denied) else ("pages.open", request.path)
    audit.record(who, verb, about, result="denied", detail=f"{request.method} {request.path}")
