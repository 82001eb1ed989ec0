"""What the monitor shows of rooms above this one. They plug it in when they are ready; without them it is left out."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from canglin.accounts.models import User

Silence = Callable[[User], Sequence[Mapping[str, Any]]]
_silence: list[Silence] = []


def plug_silence(ask: Silence) -> None:
    """``ask(user)`` gives the depots of his area that have been silent too long, the longest silence first: rows with ``key``,
    ``depot_name``, ``region``, ``last_at`` (None: never heard of) and ``hours`` allowed."""
    _silence[:] = [ask]


def silent_depots(user: User) -> Sequence[Mapping[str, Any]] | None:
    """Those depots, or None when nobody can tell."""
    return _silence[0](user) if _silence else None
