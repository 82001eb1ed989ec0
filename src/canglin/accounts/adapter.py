"""What allauth asks us about accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: accounts are opened by administrators."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
