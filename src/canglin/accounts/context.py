"""What every template may say about the person who is signed in."""

from typing import Any

from django.http import HttpRequest

from canglin.accounts import policy
from canglin.accounts.models import User


class May:
    """``{% if may.plans_change %}``: whether the signed-in person's role holds ``plans.change``."""

    def __init__(self, request: HttpRequest):
        self._user = request.user

    def __getitem__(self, name: str) -> bool:
        subject, _, action = name.rpartition("_")
        return policy.may(self._user, f"{subject}.{action}")


def people(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``may``, and ``role_label`` for the top bar."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    return {"may": May(request), "role_label": user.get_role_display()}
