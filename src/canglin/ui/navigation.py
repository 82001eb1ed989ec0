"""The left navigation: groups by what people do, filled by the rooms.

A room registers its pages in AppConfig.ready(): ``register(STOCK, Item("货位", "registry:lots", "stack-2"))``.
Two rooms may add to the same group; they agree by the group's key. A person sees an item when its predicate says so,
and a group when it shows an item.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

Predicate = Callable[[Any], bool]


def signed_in(user: Any) -> bool:
    """The predicate of pages that everybody with an account may open."""
    return bool(user.is_authenticated)


@dataclass(frozen=True)
class Group:
    """A heading of the navigation. ``order`` places it; the first registration of a key decides label and order."""

    key: str
    label: str
    order: int = 100


# The groups of this platform, so that rooms agree on keys, words and order.
OVERVIEW = Group("overview", "总览", 10)
STOCK = Group("stock", "库存", 20)
TRADE = Group("trade", "出入库", 30)
CONDITION = Group("condition", "储粮与质量", 40)
DEPOTS = Group("depots", "库点", 50)
SUPERVISION = Group("supervision", "监管", 60)
INTAKE = Group("intake", "数据接入", 70)
RULES = Group("rules", "规则", 80)
PEOPLE = Group("people", "人员与审计", 90)


@dataclass(frozen=True)
class Item:
    """A page in the navigation: words, URL name, icon of icons.txt, who may see it, place within its group."""

    label: str
    url_name: str
    icon: str
    permission: Predicate = signed_in
    order: int = 100


@dataclass(frozen=True)
class Entry:
    """An item as one person sees it."""

    label: str
    href: str
    icon: str
    current: bool


@dataclass
class Section:
    """A group as one person sees it."""

    key: str
    label: str
    entries: list[Entry] = field(default_factory=list)


_groups: dict[str, Group] = {}
_items: dict[str, list[Item]] = {}


def register(group: Group, *items: Item) -> None:
    """Add items to a group. Registering the same page twice changes nothing."""
    _groups.setdefault(group.key, group)
    held = _items.setdefault(group.key, [])
    held.extend(item for item in items if item not in held)


def visible(request: HttpRequest) -> list[Section]:
    """What this person may open, with the page they are on marked: the longest address that theirs begins with."""
    user = getattr(request, "user", None)
    if user is None:
        return []
    sections: list[tuple[Group, list[tuple[Item, str]]]] = []
    for group in sorted(_groups.values(), key=lambda each: (each.order, each.key)):
        allowed = [
            (item, href)
            for item in sorted(_items[group.key], key=lambda each: each.order)
            if item.permission(user) and (href := _href(item.url_name))
        ]
        if allowed:
            sections.append((group, allowed))
    hrefs = [href for _, allowed in sections for _, href in allowed]
    here = max((href for href in hrefs if _covers(href, request.path)), key=len, default="")
    return [
        Section(group.key, group.label, [Entry(item.label, href, item.icon, href == here) for item, href in allowed])
        for group, allowed in sections
    ]


def _href(url_name: str) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        # An optional room whose addresses are not installed here simply has no entry.
        return ""


def _covers(href: str, path: str) -> bool:
    return path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))
