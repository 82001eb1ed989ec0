"""Keeping what was refused, and counting what came: written in the same commit as the records of the group."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import msgspec

from canglin.records.commit import Outcome
from canglin.records.consequences import Entry
from canglin.records.effects import Connection
from canglin.standard.messages import v2022_code
from canglin.standard.tables import Violation, tables
from canglin.standard.times import CHINA

REFUSALS_KEPT_DAYS = 90
PAYLOAD_KEPT = 65_536


@dataclass(frozen=True, slots=True)
class Refused:
    """A record refused before it reached the log. ``code`` is the v2022 reply code."""

    source: str
    channel: str
    table_code: str
    key: str
    code: int
    violations: Sequence[Violation]
    payload: str
    in_enterprise: str
    in_depot: str


def as_refused(entry: Entry, outcome: Outcome) -> Refused:
    """The refusal of a record that passed its own checks but not the log's."""
    return Refused(
        entry.source, entry.channel, entry.spec.code, entry.key, v2022_code(list(outcome.violations)), outcome.violations,
        entry.payload.decode(), entry.in_enterprise, entry.in_depot,
    )


#: Identifiers that begin with the code of a depot.
_OF_DEPOTS = frozenset({"depot", "warehouse", "compartment", "lot"})
_DEPOT_LENGTH = 21


def stated(one: Refused) -> tuple[str, str]:
    """Key and depot as a payload states them that could not be decoded as a whole; "" for what cannot be told. A depot counts only
    within the enterprise that sent the record: nobody puts a refusal on another's page."""
    key, depot = one.key, one.in_depot
    spec = tables().get(one.table_code)
    if (key and depot) or spec is None or len(one.payload) > PAYLOAD_KEPT:
        return key, depot
    try:
        sent = msgspec.json.decode(one.payload.encode("utf-8", "replace"))
    except (msgspec.DecodeError, RecursionError):
        return key, depot
    if not isinstance(sent, dict):
        return key, depot
    if not key:
        parts = [sent.get(spec.by_attribute[name].id) for name in spec.key]
        # A part that is no plain value, or holds the separator, would make the key of another record.
        plain = [str(part) for part in parts if isinstance(part, str | int) and "|" not in str(part)]
        key = "|".join(plain) if len(plain) == len(parts) else ""
    if not depot and one.in_enterprise:
        codes = (sent.get(field.id) for field in spec.fields if field.identifier in _OF_DEPOTS)
        named = (code for code in codes if isinstance(code, str) and len(code) >= _DEPOT_LENGTH)
        depot = next((code[:_DEPOT_LENGTH] for code in named if code.startswith(one.in_enterprise)), "")
    return key, depot


def keep(
    connection: Connection, entries: Sequence[Entry], outcomes: Sequence[Outcome], refused: Sequence[Refused],
    flags: Mapping[int, Sequence[Violation]] | None = None,
) -> None:
    """Write refusals and add to the day's counts, in the transaction that is open. ``flags``: faults that were noted on entries (by
    their place) before the commit."""
    now = datetime.now(UTC)
    counts: Counter[tuple[str, str, str, str, str]] = Counter()
    late: list[Refused] = list(refused)
    for place, (entry, outcome) in enumerate(zip(entries, outcomes, strict=True)):
        if outcome.status == "refused":
            late.append(as_refused(entry, outcome))
            continue
        counts[entry.source, entry.in_enterprise, entry.spec.code, outcome.status, ""] += 1
        if outcome.status != "taken":
            continue  # a repeat was counted with its faults when it came first
        for note in (*outcome.violations, *(flags.get(place, ()) if flags else ())):
            counts[entry.source, entry.in_enterprise, entry.spec.code, "noted", note.rule] += 1
    for one in late:
        counts[one.source, one.in_enterprise, one.table_code, "refused", ""] += 1
        for rule in {violation.rule for violation in one.violations}:
            counts[one.source, one.in_enterprise, one.table_code, "refused", rule] += 1
    if late:
        with connection.cursor() as cursor, cursor.copy(
            "COPY gateway_refusal (received_at, source, channel, table_code, key, code, violations, payload, "
            "in_enterprise, in_depot) FROM STDIN"
        ) as copy:
            for one in late:
                key, depot = stated(one)
                copy.write_row((
                    now, one.source, one.channel, one.table_code, _storable(key)[:255], one.code,
                    msgspec.json.encode([_as_json(v) for v in one.violations[:200]]).decode(),
                    _storable(one.payload)[:PAYLOAD_KEPT], one.in_enterprise, _storable(depot),
                ))
    if counts:
        day = now.astimezone(CHINA).date()
        columns = list(zip(*sorted(counts), strict=True))
        connection.execute(
            "INSERT INTO gateway_tally (day, source, in_enterprise, table_code, outcome, rule, count, last_at) "
            "SELECT %s, s, e, t, o, r, n, %s FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[]) "
            "AS u(s, e, t, o, r, n) "
            "ON CONFLICT (day, source, in_enterprise, table_code, outcome, rule) "
            "DO UPDATE SET count = gateway_tally.count + excluded.count, last_at = excluded.last_at",
            [day, now, *map(list, columns), [counts[row] for row in sorted(counts)]],
        )


def _as_json(violation: Violation) -> dict[str, str]:
    return {
        "field": violation.field, "rule": violation.rule, "found": _storable(violation.found)[:500],
        "expected": _storable(violation.expected)[:500],
    }


def _storable(text: str) -> str:
    """PostgreSQL's text holds neither NUL nor lone surrogates; what was refused for them is kept with a visible mark instead."""
    return text.encode("utf-8", "replace").decode().replace("\x00", "␀")
