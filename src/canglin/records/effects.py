"""What else happens in a record's own commit.

A room that keeps something derived from records (the ledger, bound files) registers an effect in its AppConfig.ready().
Every writer of the log makes its own instances, so that an effect may keep a cache beside its connection.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

import msgspec
import psycopg

from canglin.standard.tables import Row, TableSpec

Connection = psycopg.Connection[tuple[Any, ...]]
Cursor = psycopg.Cursor[tuple[Any, ...]]


class Change(msgspec.Struct, frozen=True, gc=False):
    """One new log entry as an effect sees it. (A Struct: a frozen dataclass costs ten times as much to make, once a record.)

    ``new`` is None when the record is removed; ``old`` is the version it replaces, None when there was none (or it was removed).
    """

    number: int
    spec: TableSpec
    key: str
    operation: str
    new: Row | None
    old: Row | None
    old_number: int | None
    received_at: datetime
    in_enterprise: str
    in_depot: str


class Effect(Protocol):
    """Keeps derived tables true. What it leaves behind depends on the set of records alone, never on their order.

    ``tables``: codes of the standard tables it looks at. ``relations``: database tables it writes, which ``canglin rebuild``
    makes again. ``comparisons``: name → SQL whose rows must be the same in the live and the rebuilt tables (no surrogate ids).
    """

    tables: frozenset[str]
    relations: tuple[str, ...]
    comparisons: dict[str, str]

    def apply(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Write what follows from ``changes``, in the transaction that is open on ``connection``. Never schema-qualifies."""

    def forget(self) -> None:
        """The transaction was rolled back: drop what was cached since the last commit."""


_factories: list[Callable[[], Effect]] = []


def register(factory: Callable[[], Effect]) -> None:
    """Add an effect (its class, say) to every writer made from now on."""
    if factory not in _factories:
        _factories.append(factory)


def instances() -> list[Effect]:
    """Fresh effects for one writer."""
    return [factory() for factory in _factories]
