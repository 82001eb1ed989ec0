"""Addresses of pages in other rooms. A room that is not installed leaves the words without a link."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.urls import NoReverseMatch, Resolver404, resolve, reverse

from canglin.accounts import policy
from canglin.accounts.policy import Actor


def to(url_name: str, *args: Any, **query: str) -> str:
    """The address, or nothing when there is no such page."""
    if any(arg in (None, "") for arg in args):
        return ""
    try:
        address = reverse(url_name, args=args)
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(query)}" if query else address


def open_to(actor: Actor, address: str) -> bool:
    """Whether the actor's role may open the page at this address of ours."""
    try:
        view: Any = resolve(urlsplit(address).path).func
    except Resolver404:
        return False
    verb = getattr(view, "verb", None) or getattr(getattr(view, "view_class", None), "verb", None)
    return verb is None or policy.may(actor, verb)


def column(url_name: str, *fields: str) -> Callable[[Mapping[str, Any]], str | None]:
    """For table columns: the address made of fields of the row."""
    return lambda row: to(url_name, *(row.get(field) for field in fields)) or None


def history(table_code: str) -> Callable[[Mapping[str, Any]], str | None]:
    """For table columns: the versions of a record, each with its proof."""
    return lambda row: to("records:history", table_code, row.get("key")) or None
