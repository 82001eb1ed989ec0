"""What log entries make true: rows of the current state, and the effects. The commit runs it once; a rebuild runs it again."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from canglin.records import state
from canglin.records.effects import Change, Connection, Effect
from canglin.standard.ownership import Owner
from canglin.standard.tables import Row, TableSpec


class Entry(msgspec.Struct, eq=False, gc=False):
    """A record on its way into the log, or read back from it. ``number`` and ``received_at`` are set when it is taken."""

    spec: TableSpec
    operation: str
    key: str
    row: Row
    payload: bytes
    source: str
    channel: str
    in_enterprise: str
    in_depot: str
    digest: bytes = b""
    number: int = 0
    received_at: datetime = datetime.min  # noqa: DTZ901 - a mark for not taken yet


class Held(msgspec.Struct, eq=False, gc=False):
    """The newest version of a key before an entry: from the state, or from earlier in the same group (``entry``). ``stored`` says
    whether the state has a row of that key."""

    number: int
    digest: bytes
    removed: bool
    stated_at: str
    owner: Owner
    entry: Entry | None = None
    stored: bool = True


def draw(connection: Connection, taken: Sequence[Entry], before: Sequence[Held | None], effects: Sequence[Effect]) -> None:
    """Make ``taken`` (in the order of the log; ``before[i]`` is what the i-th replaces) current, and let the effects follow."""
    changes = _changes(connection, taken, before, effects)
    _write_state(connection, taken, before)
    for effect in effects:
        mine = [change for change in changes if change.spec.code in effect.tables]
        if mine:
            effect.apply(connection, mine)


def _changes(
    connection: Connection, taken: Sequence[Entry], before: Sequence[Held | None], effects: Sequence[Effect]
) -> list[Change]:
    watched = {code for effect in effects for code in effect.tables}
    pairs = [(entry, held) for entry, held in zip(taken, before, strict=True) if entry.spec.code in watched]
    numbers = [held.number for _, held in pairs if held and held.entry is None and not held.removed]
    payloads: dict[int, str] = {}
    if numbers:
        rows = connection.execute("SELECT number, payload FROM records_record WHERE number = ANY(%s)", [numbers])
        payloads = dict(rows.fetchall())
    changes = []
    for entry, held in pairs:
        old = None
        if held and not held.removed:
            old = held.entry.row if held.entry else state.row_of(entry.spec, payloads[held.number])
        changes.append(
            Change(
                entry.number, entry.spec, entry.key, entry.operation, None if entry.operation == "d" else entry.row, old,
                held.number if old is not None and held else None, entry.received_at, entry.in_enterprise, entry.in_depot,
            )
        )
    return changes


def _write_state(connection: Connection, taken: Sequence[Entry], before: Sequence[Held | None]) -> None:
    """Make the last version of each key in the group current."""
    finals: dict[str, dict[str, Entry]] = {}
    stored: set[tuple[str, str]] = set()
    sent_before: dict[tuple[str, str], Entry] = {}
    for entry, held in zip(taken, before, strict=True):
        code = entry.spec.code
        finals.setdefault(code, {})[entry.key] = entry
        if held is not None:
            if held.stored:
                stored.add((code, entry.key))
            if entry.operation == "d" and held.entry is not None:
                sent_before[code, entry.key] = held.entry
    for code, versions in finals.items():
        removed = [entry for entry in versions.values() if entry.operation == "d"]
        rows = [entry for entry in versions.values() if entry.operation != "d"]
        # Sent and removed within one group: the row must be there before it can be marked removed.
        rows += [last for entry in removed if (last := sent_before.get((code, entry.key)))]
        state.write(connection, code, rows, [entry.key for entry in rows if (code, entry.key) in stored])
        state.remove(connection, code, removed)
