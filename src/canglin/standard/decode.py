"""From what a depot sends to a row and its canonical bytes, or to every reason why not.

    decoded = decoder(spec).decode(raw)      # raises Refused
    decoded.row.gross_kg, decoded.payload, decoded.flags, decoded.notes

Two ways lead through: msgspec with the fast check generated for the table (``check``), and the patient reader
(``lenient``) for whatever the first did not pass. Both give the same row and the same bytes for the same record.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any

import msgspec

from canglin.standard import body, canonical, check, lenient, rows, rulecodes
from canglin.standard.ownership import agreement
from canglin.standard.rulecodes import SeverityHook
from canglin.standard.tables import Row, TableSpec, Violation

#: Rules that no rulebook can soften: a record that breaks one cannot be stored or told apart.
HARD = frozenset({
    rulecodes.REQUIRED, rulecodes.TYPE, rulecodes.LENGTH, rulecodes.NUMBER, rulecodes.DIGITS, rulecodes.SCALE,
    rulecodes.RANGE, rulecodes.DATE, rulecodes.DATETIME, rulecodes.YEAR, rulecodes.CHARACTER, rulecodes.SEPARATOR,
    rulecodes.DUPLICATE,
})


class Decoded(msgspec.Struct, frozen=True, gc=False):
    """A record that was taken: the row, its canonical bytes, what was wrong but not refused, and what was bent."""

    row: Row
    payload: bytes
    flags: tuple[Violation, ...] = ()
    notes: tuple[str, ...] = ()


class Refused(Exception):
    """A record that was not taken, with every violation found (flags among them have ``refuses`` False)."""

    def __init__(self, violations: Iterable[Violation]) -> None:
        self.violations = tuple(violations)
        super().__init__("; ".join(f"{v.field} {v.rule}".strip() for v in self.violations))


class Decoder:
    """Decodes the records of one table. ``severity`` says how hard each rule is applied (the rulebook's say)."""

    def __init__(self, spec: TableSpec, severity: SeverityHook = rulecodes.default_severity) -> None:
        self.spec = spec
        self.severity = severity
        self.row_type = rows.row_type(spec)
        self._aliases = rows.aliases(spec)
        self._reader = lenient.Reader(spec, self._aliases)
        self._read: Callable[[bytes], Any] = msgspec.json.Decoder(self.row_type).decode
        self._check = check.build(spec)
        self._amounts = frozenset(f.id for f in spec.fields if f.kind == "decimal")
        places = agreement(spec)
        self._rules = spec.rules if places is None else (places, *spec.rules)

    def decode(self, raw: bytes) -> Decoded:
        """A record's JSON. Raises Refused."""
        try:
            row = self._read(raw)
        except (msgspec.MsgspecError, ValueError, ArithmeticError, RecursionError):
            return self._patient(raw)
        if not self._check(row):
            return self._patient(raw)
        payload = canonical.payload(row)
        # Every known key came back out, czbz aside, and nothing else went in: the same number of colons proves it as
        # long as nothing is escaped. An unequal number means a repeated, unknown, null, empty or misspelt key.
        if (b"\\" in raw or b"_" in raw or raw.count(b":") != payload.count(b":") + 1) and not self._clean(raw):
            return self._patient(raw)
        return Decoded(row, payload, self._apply(row) if self._rules else ())

    def decode_dict(self, given: Mapping[str, Any]) -> Decoded:
        """A record given as id → value, from a worksheet or a form. Raises Refused."""
        return self._finish(self._reader.mapping(given))

    def _clean(self, raw: bytes) -> bool:
        """Whether a body that the fast check passed holds nothing that only the patient reader understands."""
        if b"\\u0000" in raw or body.too_deep(raw):
            return False
        try:
            raw.decode("utf-8")
            pairs = json.loads(raw, object_pairs_hook=body.Pairs)
        except (ValueError, RecursionError):
            return False
        keys = {key for key, _ in pairs}
        if len(keys) != len(pairs) or not self._aliases.keys().isdisjoint(keys):
            return False
        # Decimal reads 1_000 as a number; nobody should.
        return b"_" not in raw or not any(isinstance(v, str) and "_" in v and k in self._amounts for k, v in pairs)

    def _patient(self, raw: bytes) -> Decoded:
        try:
            reading = self._reader.body(raw)
        except body.BodyError as error:
            raise Refused([error.violation]) from None
        return self._finish(reading)

    def _finish(self, reading: lenient.Reading) -> Decoded:
        found = self._weigh(reading.violations)
        if any(v.refuses for v in found):
            raise Refused(found)
        by_id = self.spec.by_id
        row: Any = self.row_type(**{by_id[id].attribute: value for id, value in reading.values.items()})
        flags = self._apply(row, found) if self._rules else found
        return Decoded(row, canonical.payload(row), flags, tuple(reading.notes))

    def _apply(self, row: Row, found: tuple[Violation, ...] = ()) -> tuple[Violation, ...]:
        """Runs the table's rules between fields. Raises Refused when one refuses."""
        if row.operation != "d":
            said = [v for rule in self._rules for v in rule(row)]
            if said:
                found += self._weigh(said)
                if any(v.refuses for v in found):
                    raise Refused(found)
        return found

    def _weigh(self, violations: Iterable[Violation]) -> tuple[Violation, ...]:
        kept = []
        for v in violations:
            severity = "refuse" if v.rule in HARD else self.severity(v.rule)
            if severity == "flag" and v.refuses:
                v = replace(v, refuses=False)
            if severity != "ignore":
                kept.append(v)
        return tuple(kept)


_made: dict[tuple[str, SeverityHook], Decoder] = {}


def decoder(spec: TableSpec, severity: SeverityHook = rulecodes.default_severity) -> Decoder:
    """The decoder of a table, made once per severity hook."""
    held = _made.get((spec.code, severity))
    if held is None or held.spec is not spec:
        held = _made[spec.code, severity] = Decoder(spec, severity)
    return held
