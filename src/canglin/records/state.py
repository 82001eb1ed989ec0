"""Current state: for each standard table the newest version of every record, written from log entries and nothing else."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any, Protocol, cast

import msgspec

from canglin.records.effects import Connection, Cursor
from canglin.standard.ownership import Owner
from canglin.standard.rows import row_type
from canglin.standard.tables import Row, TableSpec, table


class Version(Protocol):
    """What the state needs to know of a log entry."""

    spec: TableSpec
    key: str
    operation: str
    row: Row
    payload: bytes
    digest: bytes
    number: int
    received_at: datetime
    in_enterprise: str
    in_depot: str


_HEAD = ("key", "number", "digest", "removed", "received_at", "in_enterprise", "in_depot")
ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
Line = Callable[[Row], str]


@cache
def relation(code: str) -> str:
    """The database table of the standard table ``code``."""
    return table(code).model._meta.db_table


@cache
def _columns(code: str) -> str:
    spec = table(code)
    # A column is called as its attribute: see standard.tables.
    return ", ".join((*_HEAD, *(f.attribute for f in spec.fields if f.attribute != "operation")))


@cache
def _line_makers(code: str) -> tuple[Line, Line]:
    """Two functions from row to the columns of a COPY line: one for rows without anything to escape, one for the others.

    Written out as source once per table: a loop over 59 fields would cost more than the rest of the commit.
    """
    spec = table(code)
    plain, careful = [], []
    for field in spec.fields:
        if field.attribute == "operation":
            continue
        value = f"r.{field.attribute}"
        escaped = f"{value}.translate(E)" if field.kind == "string" else value
        if field.required:
            plain.append(f"{{{value}}}")
            careful.append(f"{{{escaped}}}")
        else:
            plain.append(f"{{N if {value} is None else {value}}}")
            careful.append(f"{{N if {value} is None else {escaped}}}")
    names: dict[str, Any] = {"N": "\\N", "E": ESCAPES}
    made: list[Line] = []
    for parts in (plain, careful):
        # The source is built from our own declarations, never from data.
        exec("def line(r): return f'" + "\\t".join(parts) + "'", names)  # noqa: S102
        made.append(names["line"])
    return made[0], made[1]


def copy_line(version: Version, stamp: str) -> str:
    """One row as a line of COPY's text format. ``stamp`` is its time of receipt as text."""
    plain, careful = _line_makers(version.spec.code)
    # A canonical payload without a backslash holds nothing that JSON, and so nothing that COPY, would escape.
    if b"\\" in version.payload:
        key, line = version.key.translate(ESCAPES), careful(version.row)
    else:
        key, line = version.key, plain(version.row)
    return (
        f"{key}\t{version.number}\t\\\\x{version.digest.hex()}\tf\t{stamp}\t"
        f"{version.in_enterprise}\t{version.in_depot}\t{line}\n"
    )


@lru_cache(maxsize=64)
def stamp_of(moment: datetime) -> str:
    """A time as PostgreSQL reads it; a whole group has the same."""
    return str(moment)


def ask(connection: Connection, code: str, keys: list[str]) -> Cursor:
    """Ask for the versions held of ``keys``; `answers` reads them."""
    return connection.execute(
        f"SELECT key, number, digest, removed, to_char(stated_at, 'YYYY-MM-DD HH24:MI:SS'), "  # noqa: S608
        f"in_enterprise, in_depot FROM {relation(code)} WHERE key = ANY(%s)",
        [keys],
    )


def answers(cursor: Cursor) -> dict[str, tuple[int, bytes, bool, str, Owner]]:
    """key → (number, digest, removed, stated_at as on the wire, owner)."""
    return {
        key: (number, bytes(digest), removed, stated_at, (enterprise, depot))
        for key, number, digest, removed, stated_at, enterprise, depot in cursor.fetchall()
    }


def write(connection: Connection, code: str, versions: Sequence[Version], replaced: list[str]) -> None:
    """Make ``versions`` of one table current. ``replaced`` are the keys among them that have a row already."""
    if not versions:
        return
    if replaced:
        connection.execute(f"DELETE FROM {relation(code)} WHERE key = ANY(%s)", [replaced])  # noqa: S608
    with connection.cursor() as cursor, cursor.copy(f"COPY {relation(code)} ({_columns(code)}) FROM STDIN") as copy:
        copy.write("".join([copy_line(version, stamp_of(version.received_at)) for version in versions]))


def remove(connection: Connection, code: str, versions: Sequence[Version]) -> None:
    """Mark rows of one table removed; they stay, so that an older version arriving later is known to be older."""
    for version in versions:
        connection.execute(
            f"UPDATE {relation(code)} SET removed = true, number = %s, digest = %s, received_at = %s, stated_at = %s "  # noqa: S608
            "WHERE key = %s",
            [version.number, version.digest, version.received_at, version.row.stated_at, version.key],
        )


def row_of(spec: TableSpec, payload: str | bytes) -> Row:
    """The row that a canonical payload holds."""
    return cast(Row, msgspec.json.decode(payload, type=row_type(spec)))
