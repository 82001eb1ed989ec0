"""The one transaction by which anything becomes true: log, tree, current state and effects together, for a group of records.

The steps are numbered in `Log.commit`; docs/algorithms/commit.md tells the same as a flow.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from hashlib import sha256
from typing import Literal, Protocol

import msgspec

from canglin.records import effects, state
from canglin.records.consequences import Entry, Held, draw
from canglin.records.effects import Connection
from canglin.records.merkle import Frontier, leaf_hash
from canglin.records.references import Known, misplaced, references
from canglin.rulebook.queries import severity
from canglin.standard.canonical import VERSION as FORM
from canglin.standard.ownership import another_s
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Violation, table
from canglin.standard.times import CHINA

Status = Literal["taken", "same", "refused"]
CLASH = declare("clash", "编号已被占用", "clash")
STALE = declare("stale", "比已有版本旧", "order")
MISSING = declare("remove-missing", "要删除的记录不存在", "reference")
_COPY_LOG = (
    "COPY records_record (number, table_code, key, operation, form, payload, source, channel, received_at, stated_at, "
    "in_enterprise, in_depot, leaf_hash) FROM STDIN"
)


class Outcome(msgspec.Struct, eq=False, gc=False):
    """What became of it: taken under ``number``, the same as the version held under ``number``, or refused. ``violations`` holds
    the reasons of a refusal; of a record that was taken, the faults that were only noted."""

    status: Status
    number: int | None = None
    violations: Sequence[Violation] = ()


#: The record (table, key) as taken earlier in the same group, so not in the state yet; None when it was not.
Earlier = Callable[[str, str], Entry | None]


class LateCheck(Protocol):
    """A rule that needs other records: run inside the commit, where what it reads cannot change any more."""

    tables: frozenset[str]

    def check(self, connection: Connection, incoming: Entry, earlier: Earlier) -> Iterable[Violation]:
        """What is wrong with this record, given all that is held and what was taken just before it."""


_late_checks: list[LateCheck] = []


def register_check(check: LateCheck) -> None:
    """Add a late check to every writer (from a room's AppConfig.ready)."""
    if check not in _late_checks:
        _late_checks.append(check)


_encode = msgspec.json.encode


def leaf(entry: Entry, received_at: str) -> bytes:
    """The bytes a log entry puts under the tree: canonical JSON of its metadata and its payload."""
    return b'{"channel":%b,"form":"%b","key":%b,"operation":"%b","payload":%b,"received_at":"%b","source":%b,"table":"%b"}' % (
        _encode(entry.channel), FORM.encode(), _encode(entry.key), entry.operation.encode(), entry.payload,
        received_at.encode(), _encode(entry.source), entry.spec.code.encode(),
    )


def leaf_time(moment: datetime) -> str:
    """A time of receipt as the leaf writes it: UTC, microseconds, ``Z``."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def canonical_leaf(
    table_code: str, key: str, operation: str, payload: str, source: str, channel: str, received_at: datetime
) -> bytes:
    """The leaf of an entry as read back from the log (for proofs and audits)."""
    entry = Entry(table(table_code), operation, key, None, payload.encode(), source, channel, "", "")  # type: ignore[arg-type]
    return leaf(entry, leaf_time(received_at))


def _weighed(notes: list[Violation]) -> list[Violation]:
    """What the rulebook makes of faults: softened to a note, left out, or left as judged."""
    weights = [(note, severity(note.rule)) for note in notes]
    return [replace(note, refuses=False) if weight == "flag" else note for note, weight in weights if weight != "ignore"]


@cache
def _checks_of(code: str) -> tuple[LateCheck, ...]:
    return tuple(check for check in _late_checks if code in check.tables)


@dataclass(slots=True)
class _Work:
    """A group on its way through one transaction."""

    size: int
    received_at: datetime
    held: dict[tuple[str, str], Held]
    taken: list[Entry] = field(default_factory=list)
    before: list[Held | None] = field(default_factory=list)

    def earlier(self, code: str, key: str) -> Entry | None:
        """A record of this very group, for late checks."""
        held = self.held.get((code, key))
        return held.entry if held is not None else None


class Log:
    """One writer's hold on the log. Not for use by several threads at once; any number of processes may each have one."""

    def __init__(self, connection: Connection):
        self.connection = connection
        connection.execute("SET timezone = 'Asia/Shanghai'")
        self.size = -1
        self.known = Known()
        self.effects = effects.instances()
        self.months: set[tuple[int, int]] = set()

    def commit(self, group: Sequence[Entry], also: Callable[[Connection, list[Outcome]], None] | None = None,
               dry_run: bool = False) -> list[Outcome]:
        """Take a group of records in order; each gets an Outcome and a refusal spoils nothing else.

        ``also`` runs in the same transaction (refusals and counts are written there). With ``dry_run`` all is checked and
        nothing kept. Raises psycopg.Error when the database does not go along: then nothing of the group has happened.
        """
        connection = self.connection
        try:
            with connection.transaction(force_rollback=dry_run):
                outcomes = self._take(group)
                if also is not None:
                    also(connection, outcomes)
        except BaseException:
            self._forget()
            raise
        if dry_run:
            self._forget()
        else:
            self.known.keep()
        return outcomes

    def _forget(self) -> None:
        self.known.drop()
        self.size = -1
        self.months.clear()
        for effect in self.effects:
            effect.forget()

    def _take(self, group: Sequence[Entry]) -> list[Outcome]:
        connection = self.connection
        # 1. Hold the tree's head: from here to the commit nobody else appends. What must be read of the database is asked for
        #    in the same breath; each statement sees what was committed before the lock was given.
        with connection.pipeline():
            holding = connection.execute("SELECT size, frontier, received_at FROM records_tree WHERE id = 1 FOR UPDATE")
            asked = [(code, state.ask(connection, code, keys)) for code, keys in self._keys(group).items()]
            looked_up = self.known.ask(connection, self._wanted(group))
        head = holding.fetchone()
        if head is None:
            raise RuntimeError("the log has no head: run the migrations")
        size, packed, last = head
        # 2. If others have appended since we last held it, what we remember of existing keys is stale.
        if size != self.size:
            self._catch_up(size)
        self.known.learn(looked_up)
        held = {(code, key): Held(*version) for code, cursor in asked for key, version in state.answers(cursor).items()}
        # Receipt times never run backwards, even when the clock does: "what was known then" is a prefix of the log.
        now = datetime.now(UTC)
        work = _Work(size, max(now, last) if last else now, held)
        # 3. Judge each in order; those before it in the group already count.
        outcomes = [self._judge(entry, work) for entry in group]
        if not work.taken:
            return outcomes
        # 4. Number them and append to log and tree.
        frontier = Frontier(size, bytes(packed))
        self._append(work, frontier)
        # 5. Make them current, and let the rooms draw their consequences.
        draw(connection, work.taken, work.before, self.effects)
        self.size = frontier.size
        return outcomes

    def _catch_up(self, size: int) -> None:
        """Learn which keys exist now: all anew at the start, else from the entries others appended."""
        entries: Iterable[tuple[str, str, str]] = ()
        if self.size < 0 or size < self.size or size - self.size > 50_000:
            self.known.load(self.connection)
        else:
            entries = self.connection.execute(
                "SELECT table_code, key, operation FROM records_record WHERE number > %s ORDER BY number", [self.size]
            ).fetchall()
        for code, key, operation in entries:
            self.known.put(code, key, operation == "d")
        self.known.keep()
        self.size = size

    @staticmethod
    def _keys(group: Sequence[Entry]) -> dict[str, list[str]]:
        by_table: dict[str, list[str]] = {}
        for entry in group:
            by_table.setdefault(entry.spec.code, []).append(entry.key)
        return by_table

    @staticmethod
    def _wanted(group: Sequence[Entry]) -> Iterable[tuple[str, str]]:
        for entry in group:
            if entry.operation != "d":
                for reference in references(entry.spec.code):
                    if key := reference.key_of(entry.row, entry.in_enterprise, entry.in_depot):
                        for code in reference.targets:
                            yield code, key

    def _judge(self, entry: Entry, work: _Work) -> Outcome:
        pair = (entry.spec.code, entry.key)
        held = work.held.get(pair)
        entry.digest = sha256(entry.payload).digest()
        owner = (entry.in_enterprise, entry.in_depot)
        if held is not None:
            if not held.removed and another_s(entry.spec, held.owner, owner):
                field = entry.spec.by_attribute[entry.spec.key[0]]
                return Outcome("refused", held.number, [Violation(field.id, CLASH, entry.key, "未被其他单位或库区使用的编号")])
            if entry.operation == "d" if held.removed else entry.operation != "d" and held.digest == entry.digest:
                return Outcome("same", held.number)
            # At the same second a removal stands: a repeat of what was removed does not bring it back.
            if entry.row.stated_at < held.stated_at or (held.removed and entry.row.stated_at == held.stated_at):
                stale = Violation("zhgxsj", STALE, entry.row.stated_at, f"不早于已有版本的 {held.stated_at}")
                return Outcome("refused", held.number, [stale])
        notes: list[Violation] = []
        if entry.operation == "d":
            if held is None:
                return Outcome("refused", None, [Violation("", MISSING, entry.key, "已上报的记录")])
        else:
            notes += misplaced(entry.spec.code, entry.row)
            for reference in references(entry.spec.code):
                key = reference.key_of(entry.row, entry.in_enterprise, entry.in_depot)
                if key and not self._exists(reference.targets, key, pair):
                    notes.append(reference.violation(getattr(entry.row, reference.field.attribute)))
            for check in _checks_of(entry.spec.code):
                notes += check.check(self.connection, entry, work.earlier)
            notes = _weighed(notes) if notes else notes
            if any(note.refuses for note in notes):
                return Outcome("refused", None, [note for note in notes if note.refuses])
        self.known.put(*pair, entry.operation == "d")
        work.taken.append(entry)
        work.before.append(held)
        entry.number, entry.received_at = work.size + len(work.taken), work.received_at
        stored = held is not None and held.stored
        work.held[pair] = Held(entry.number, entry.digest, entry.operation == "d", entry.row.stated_at, owner, entry, stored)
        return Outcome("taken", entry.number, notes)

    def _exists(self, targets: tuple[str, ...], key: str, itself: tuple[str, str]) -> bool:
        """Whether one of the tables holds ``key``. A record may name itself (an enterprise as its own parent)."""
        # A plain loop: a generator here costs as much as the look-up, four times a ticket.
        for code in targets:  # noqa: SIM110
            if self.known.has(code, key) or itself == (code, key):
                return True
        return False

    def _append(self, work: _Work, frontier: Frontier) -> None:
        """Write the group's entries into the log and the tree."""
        connection = self.connection
        self._make_partition(work.received_at)
        stamp, lines, leaves = leaf_time(work.received_at), [], []
        for entry in work.taken:
            hashed = leaf_hash(leaf(entry, stamp))
            leaves.append(hashed)
            payload, key = entry.payload.decode(), entry.key
            if "\\" in payload:
                payload, key = payload.replace("\\", "\\\\"), key.translate(state.ESCAPES)
            lines.append(
                f"{entry.number}\t{entry.spec.code}\t{key}\t{entry.operation}\t{FORM}\t{payload}\t{entry.source}\t{entry.channel}\t"
                f"{stamp}\t{entry.row.stated_at}\t{entry.in_enterprise}\t{entry.in_depot}\t\\\\x{hashed.hex()}\n"
            )
        with connection.cursor() as cursor, cursor.copy(_COPY_LOG) as copy:
            copy.write("".join(lines))
        nodes = frontier.append(leaves)
        if nodes:
            with connection.cursor() as cursor:
                cursor.executemany("INSERT INTO records_node (level, index, hash) VALUES (%s, %s, %s)", nodes)
        connection.execute(
            "UPDATE records_tree SET size = %s, frontier = %s, root = %s, received_at = %s WHERE id = 1",
            [frontier.size, frontier.packed(), frontier.root(), work.received_at],
        )

    def _make_partition(self, moment: datetime) -> None:
        """The log's partition for the month of ``moment`` (China's time), made once."""
        local = moment.astimezone(CHINA)
        month = (local.year, local.month)
        if month in self.months:
            return
        following = (local.year + local.month // 12, local.month % 12 + 1)
        name = f"records_record_{month[0]}_{month[1]:02d}"
        self.connection.execute(
            f"CREATE TABLE IF NOT EXISTS {name} PARTITION OF records_record "
            f"FOR VALUES FROM ('{month[0]}-{month[1]:02d}-01 00:00+08') TO ('{following[0]}-{following[1]:02d}-01 00:00+08')"
        )
        self.months.add(month)
