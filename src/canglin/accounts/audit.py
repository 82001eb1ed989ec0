"""The audit trail: one line per act, written in the act's own transaction, so that neither exists without the other.

    with transaction.atomic():
        …
        audit.record(by, "people.change", user, before=was, after=now)

Never put a secret, a password or a token into ``before``, ``after`` or ``detail``.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Model

from canglin.accounts.models import Application, AuditEntry, User
from canglin.accounts.policy import Console


@dataclass(frozen=True)
class Origin:
    """From where something is done: by which way in, and from which address (None on the machine itself)."""

    channel: str = "console"
    address: str | None = None


_MACHINE = Origin()
_origin: ContextVar[Origin] = ContextVar("canglin_audit_origin", default=_MACHINE)


@contextmanager
def from_here(channel: str, address: str | None = None) -> Iterator[None]:
    """Everything recorded inside came this way. The middleware sets it for requests, the worker for jobs."""
    token = _origin.set(Origin(channel, address))
    try:
        yield
    finally:
        _origin.reset(token)


def record(
    by: "User | Application | Console | str",
    verb: str,
    obj: "Model | str | None" = None,
    *,
    area: str = "",
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    result: str = "done",
    detail: str = "",
) -> AuditEntry:
    """Write one line. ``by`` is who did it (a string names somebody without an account, as at a failed sign-in),
    ``obj`` what it was done to, ``area`` the codes of the places concerned, ``result`` done, denied or failed."""
    origin = _origin.get()
    entry = AuditEntry(
        who=str(by)[:128],
        channel=origin.channel,
        address=origin.address,
        verb=verb[:64],
        area=(area or _area(obj))[:255],
        before=_plain(before),
        after=_plain(after),
        result=result,
        detail=detail,
    )
    if isinstance(by, User):
        entry.user_id, entry.role = by.pk, by.role
    if isinstance(obj, Model):
        entry.object_kind = str(obj._meta.verbose_name)[:64]
        entry.object_key, entry.object_label = str(_key(obj))[:255], str(obj)[:255]
    elif obj:
        entry.object_key = obj[:255]
    entry.save(force_insert=True)
    return entry


def _key(obj: Model) -> Any:
    """What people call the object by: an account's sign-in name, an application's id, else the primary key."""
    if isinstance(obj, User):
        return obj.username
    return obj.appid if isinstance(obj, Application) else obj.pk


def _area(obj: "Model | str | None") -> str:
    if isinstance(obj, User):
        return obj.area.text
    if isinstance(obj, Application):
        return ",".join(obj.depots) or obj.enterprise
    return getattr(obj, "in_depot", "") or getattr(obj, "in_enterprise", "")


def _plain(values: Any) -> Any:
    """Values as JSON has them; decimals as text, exactly."""
    if values is None or isinstance(values, str | int | bool):
        return values
    if isinstance(values, Mapping):
        return {str(name): _plain(value) for name, value in values.items()}
    if isinstance(values, list | tuple | set | frozenset):
        return [_plain(value) for value in values]
    if isinstance(values, date | datetime):
        return values.isoformat()
    if isinstance(values, Decimal):
        return format(values, "f")
    return str(values)
