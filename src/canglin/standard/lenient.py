"""The patient decoder: takes what the field sends in other spellings, and names everything that is wrong in the rest.

It decides whatever ``check`` did not pass. It accepts, and says so in a note: numbers sent as strings and strings sent
as numbers, the published document's misspelt keys, a byte order mark. Null and the empty string mean absent. Unknown
keys are ignored.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any

from canglin.standard import body, rulecodes, times
from canglin.standard.fields import FieldSpec
from canglin.standard.messages import shown
from canglin.standard.tables import TableSpec, Violation
from canglin.standard.values import Value, ValueReader


@dataclass
class Reading:
    """What came out of a record: values by id, what was wrong, what was bent."""

    values: dict[str, Value] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


class Reader:
    """Reads the records of one table."""

    def __init__(self, spec: TableSpec, aliases: Mapping[str, str]) -> None:
        self.spec = spec
        self.aliases = aliases

    def body(self, raw: bytes) -> Reading:
        """A JSON body. Raises body.BodyError."""
        pairs, notes = body.parse(raw)
        reading = Reading(notes=notes)
        # A hostile body can repeat thousands of keys; a few say what is wrong.
        for key in islice(body.repeated(pairs), 10):
            id = self.aliases.get(key, key)
            at = id if id in self.spec.by_id else ""
            reading.violations.append(Violation(at, rulecodes.DUPLICATE, shown(key), "每个字段只出现一次"))
        self._read(pairs, reading)
        return reading

    def mapping(self, given: Mapping[str, Any]) -> Reading:
        """Values from a worksheet or form, by id: Python's numbers and dates are taken for what they are."""
        reading = Reading()
        self._read(((key, as_json(value)) for key, value in given.items()), reading)
        return reading

    def _read(self, pairs: Iterable[tuple[str, Any]], reading: Reading) -> None:
        sent = self._known(pairs, reading)
        faulty = set()
        for f in self.spec.fields:
            if f.id in sent:
                before = len(reading.violations)
                value = ValueReader(f, reading.violations, reading.notes).read(sent[f.id])
                if value is not None:
                    reading.values[f.id] = value
                elif len(reading.violations) > before:
                    faulty.add(f.id)
        removal = reading.values.get("czbz") == "d"
        for f in self.spec.fields:
            if self._needed(f, removal) and f.id not in reading.values and f.id not in faulty:
                reading.violations.append(Violation(f.id, rulecodes.REQUIRED, "", f"填写{f.name}"))

    def _needed(self, f: FieldSpec, removal: bool) -> bool:
        """A removal names the record, itself and its time; nothing else is asked of it."""
        if removal:
            return f.presence == "key" or f.attribute in self.spec.key or f.attribute in ("operation", "stated_at")
        return f.required

    def _known(self, pairs: Iterable[tuple[str, Any]], reading: Reading) -> dict[str, Any]:
        """What was sent for the table's fields, by id, without what is null or empty."""
        sent: dict[str, Any] = {}
        for key, value in pairs:
            id = self.aliases.get(key, key)
            if id not in self.spec.by_id or value is None or value == "":
                continue
            if id != key:
                reading.notes.append(f"字段 {key} 按 {id} 接收")
            if id in sent and sent[id] != value:
                said = Violation(id, rulecodes.DUPLICATE, shown(value), f"{id} 的两种写法取值一致")
                if all(v.field != id for v in reading.violations):
                    reading.violations.append(said)
            sent[id] = value
        return sent


def as_json(value: Any) -> Any:
    """A worksheet's or form's value as the JSON reader would have given it."""
    match value:
        case bool() | None:
            return value
        case str():
            return value.strip()
        case Decimal():
            return body.Number(value) if value.is_finite() else body.Constant(value)
        case int():
            return body.Number(value)
        case float():
            if value - value != 0:
                return body.Constant(value)
            return body.Number(int(value)) if value.is_integer() and abs(value) < 1e16 else body.Number(repr(value))
        case datetime():
            return times.text(value) if value.tzinfo else value.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case _:
            return value
