"""What every template may say about the person who is signed in."""

from typing import Any

from django.http import HttpRequest

from canglin.accounts import policy, queries
from canglin.accounts.models import User


class May:
    """``{% if may.plans_change %}``: whether the signed-in person's role holds ``plans.change``."""

    def __init__(self, request: HttpRequest):
        self._user = request.user

    def __getitem__(self, name: str) -> bool:
        subject, _, action = name.rpartition("_")
        return policy.may(self._user, f"{subject}.{action}")


def people(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``may``, and for the top bar ``area_label`` and ``role_label``."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {}
    # Lazy: most fragments never show the top bar, and the label may cost a query.
    return {
        "may": May(request),
        "area_label": lambda: queries.area_label(user.area),
        "role_label": user.get_role_display(),
    }
