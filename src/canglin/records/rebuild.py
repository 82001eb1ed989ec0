"""Current state and ledger once more from the log, in tables beside the live ones, and every difference between the two.

All happens in one transaction that is rolled back: it reads log and live tables as they were at one moment, while the platform goes
on taking records, and leaves nothing behind.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from hashlib import sha256

import psycopg

from canglin.instance import Instance
from canglin.records import effects, state
from canglin.records.consequences import Entry, Held, draw
from canglin.records.effects import Connection, Effect
from canglin.standard.tables import table, tables

CHUNK = 5000
SCHEMA = "rebuilt"


@dataclass(frozen=True)
class Difference:
    """A row that is not what the log says. ``what`` tells which side has it, or which columns differ."""

    table: str
    key: str
    what: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.what}"


def check(progress: Callable[[int, int], None] = lambda done, all: None) -> list[dict[str, str]]:
    """Rebuild and compare; the differences as plain dicts, empty when the log gives what is live."""
    with psycopg.connect(Instance.current().database_url()) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        return compare(connection, progress)


def compare(connection: Connection, progress: Callable[[int, int], None] = lambda done, all: None) -> list[dict[str, str]]:
    """The same on a connection of one's own; whatever it makes there is rolled back."""
    with connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL timezone = 'Asia/Shanghai'")
        kept = [effect for effect in effects.instances() if effect.relations]
        relations = [state.relation(code) for code in tables()] + [name for effect in kept for name in effect.relations]
        connection.execute(f"CREATE SCHEMA {SCHEMA}")
        for relation in relations:
            connection.execute(f"CREATE TABLE {SCHEMA}.{relation} (LIKE public.{relation} INCLUDING ALL)")
        connection.execute(f"SET LOCAL search_path = {SCHEMA}, public")
        _replay(connection, kept, progress)
        return [asdict(difference) for difference in _compare(connection, kept)]


def _replay(connection: Connection, kept: list[Effect], progress: Callable[[int, int], None]) -> None:
    count = connection.execute("SELECT size FROM public.records_tree WHERE id = 1").fetchone()
    size = count[0] if count else 0
    last = 0
    while True:
        rows = connection.execute(
            "SELECT number, table_code, key, operation, payload, received_at, in_enterprise, in_depot "
            "FROM public.records_record WHERE number > %s ORDER BY number LIMIT %s",
            [last, CHUNK],
        ).fetchall()
        if not rows:
            return
        taken = []
        for number, code, key, operation, payload, received_at, in_enterprise, in_depot in rows:
            spec, raw = table(code), payload.encode()
            taken.append(
                Entry(spec, operation, key, state.row_of(spec, raw), raw, "", "", in_enterprise, in_depot,
                      sha256(raw).digest(), number, received_at)
            )
        draw(connection, taken, _before(connection, taken), kept)
        last = rows[-1][0]
        progress(last, size)


def _before(connection: Connection, taken: list[Entry]) -> list[Held | None]:
    """What each entry replaces, as the commit knew it: the rebuilt state, and entries before it in the chunk."""
    keys: dict[str, set[str]] = {}
    for entry in taken:
        keys.setdefault(entry.spec.code, set()).add(entry.key)
    newest: dict[tuple[str, str], Held] = {
        (code, key): Held(*version)
        for code, some in keys.items()
        for key, version in state.answers(state.ask(connection, code, list(some))).items()
    }
    before: list[Held | None] = []
    for entry in taken:
        pair = (entry.spec.code, entry.key)
        held = newest.get(pair)
        before.append(held)
        stored = held is not None and held.stored
        owner = (entry.in_enterprise, entry.in_depot)
        newest[pair] = Held(entry.number, entry.digest, entry.operation == "d", entry.row.stated_at, owner, entry, stored)
    return before


def _compare(connection: Connection, kept: list[Effect]) -> Iterable[Difference]:
    for code in tables():
        name = state.relation(code)
        yield from _compare_state(connection, code, f"{SCHEMA}.{name}", f"public.{name}")
    for effect in kept:
        for name, query in effect.comparisons.items():
            for side, path in (("want", f"{SCHEMA}, public"), ("live", "public")):
                connection.execute(f"SET LOCAL search_path = {path}")
                connection.execute(f"CREATE TEMP TABLE rebuild_{side} ON COMMIT DROP AS {query}")
            for what, one, other in (("only live", "live", "want"), ("missing from the live tables", "want", "live")):
                query = f"SELECT d::text FROM (SELECT * FROM rebuild_{one} EXCEPT ALL SELECT * FROM rebuild_{other}) d"  # noqa: S608
                for (row,) in connection.execute(query):
                    yield Difference(name, row, what)
            connection.execute("DROP TABLE rebuild_want, rebuild_live")


def _compare_state(connection: Connection, code: str, rebuilt: str, live: str) -> Iterable[Difference]:
    columns = [field.column for field in table(code).model._meta.concrete_fields if field.column != "key"]
    rows = connection.execute(
        f"SELECT coalesce(w.key, l.key), w.key IS NULL, l.key IS NULL, to_jsonb(w)::text, to_jsonb(l)::text FROM {rebuilt} w "  # noqa: S608
        f"FULL JOIN {live} l ON w.key = l.key WHERE w IS DISTINCT FROM l"
    )
    for key, unexpected, missing, want_text, found_text in rows:
        want, found = json.loads(want_text or "{}"), json.loads(found_text or "{}")
        if unexpected:
            yield Difference(code, key, "in the live table, but not in the log")
        elif missing:
            yield Difference(code, key, f"log entry {want['number']} has no live row")
        else:
            wrong = [f"{name} is {found[name]}, log says {want[name]}" for name in columns if found[name] != want[name]]
            yield Difference(code, key, "; ".join(wrong))
