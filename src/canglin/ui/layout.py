"""What the frame around every page shows but this room cannot know: region, freshness, links of the account.

Rooms above supply them in AppConfig.ready(); until then the frame leaves the place out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class AccountLink:
    """An entry of the menu under the person's name. A link that changes something (signing out) is sent as a POST."""

    label: str
    href: str
    icon: str = "user"
    post: bool = False


def usual_links() -> list[AccountLink]:
    """Change of password and signing out, where the sign-in package's addresses are installed."""
    links = (("修改密码", "account_change_password", "password", False), ("退出登录", "account_logout", "logout", True))
    found = []
    for label, name, icon, post in links:
        try:
            found.append(AccountLink(label, reverse(name), icon, post))
        except NoReverseMatch:
            continue
    return found


class Frame:
    """The suppliers of one installation."""

    region: Callable[[HttpRequest], str] = staticmethod(lambda request: "")
    freshness: Callable[[HttpRequest], datetime | None] = staticmethod(lambda request: None)
    account_links: Callable[[HttpRequest], Sequence[AccountLink]] = staticmethod(lambda request: usual_links())
    person: Callable[[HttpRequest], str] = staticmethod(lambda request: str(getattr(request, "user", "")))


frame = Frame()


def show_region(supply: Callable[[HttpRequest], str]) -> None:
    """Name the region (or enterprise) whose data this person sees."""
    frame.region = supply


def show_freshness(supply: Callable[[HttpRequest], datetime | None]) -> None:
    """Time at which the newest record was taken."""
    frame.freshness = supply


def show_account(links: Callable[[HttpRequest], Sequence[AccountLink]]) -> None:
    """Entries of the account menu."""
    frame.account_links = links


def show_person(supply: Callable[[HttpRequest], str]) -> None:
    """How the person is called in the top bar."""
    frame.person = supply
