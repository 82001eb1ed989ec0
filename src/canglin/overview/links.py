"""Addresses of pages in other rooms. A room that is not installed leaves the words without a link."""

from collections.abc import Callable, Mapping
from typing import Any

from django.urls import NoReverseMatch, reverse


def to(url_name: str, *args: Any, **query: str) -> str:
    """The address, or nothing when there is no such page."""
    if any(arg in (None, "") for arg in args):
        return ""
    try:
        address = reverse(url_name, args=args)
    except NoReverseMatch:
        return ""
    parameters = "&".join(f"{name}={value}" for name, value in query.items())
    return f"{address}?{parameters}" if parameters else address


def column(url_name: str, *fields: str) -> Callable[[Mapping[str, Any]], str | None]:
    """For table columns: the address made of fields of the row."""
    return lambda row: to(url_name, *(row.get(field) for field in fields)) or None


def history(table_code: str) -> Callable[[Mapping[str, Any]], str | None]:
    """For table columns: the versions of a record, each with its proof."""
    return lambda row: to("records:history", table_code, row.get("key")) or None
