"""What the rulebook needs to know of people, though the room of people stands above it.

``accounts`` plugs itself in when it is ready. Until then everything is denied.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class People:
    """``may(who, verb)``; ``demand(who, verb)`` raises when not; ``page(verb)`` guards a view; ``record(who, verb,
    obj, …)`` writes the audit trail. See ``accounts.policy`` and ``accounts.audit``."""

    may: Callable[..., bool]
    demand: Callable[..., None]
    page: Callable[[str], Callable[..., Any]]
    record: Callable[..., Any]


_plugged: list[People] = []


def plug(people: People) -> None:
    """Called once by the room above."""
    _plugged[:] = [people]


def people() -> People:
    """The room of people. Raises PermissionError as long as nobody is plugged in."""
    if not _plugged:
        raise PermissionError("nobody can be asked who may do this: the room accounts is not ready")
    return _plugged[0]
