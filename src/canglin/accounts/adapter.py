"""What allauth asks us about accounts."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class ClosedAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Nobody signs up: accounts are opened by administrators."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        # The same words whatever is wrong: they must not tell which names exist.
        "username_password_mismatch": _("登录名或密码不正确，或账号已停用。连续 5 次不成功将锁定 30 分钟。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never."""
        return False
