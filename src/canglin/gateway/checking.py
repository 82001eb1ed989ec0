"""From bytes to a record that asks to be taken: decode, fields, rules between them, whose it is. The same for every channel."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

from canglin.accounts.rules import Area
from canglin.records.consequences import Entry
from canglin.rulebook import queries as rulebook
from canglin.standard.decode import Decoded, decoder
from canglin.standard.ownership import owner_of
from canglin.standard.rulecodes import Severity, declare, default_severity
from canglin.standard.tables import TableSpec, Violation

AREA = declare("area", "不是本账号可报送的单位或库区", "area")


def severity(rule: str) -> Severity:
    """How hard a rule is applied: the rulebook's word, else its own default. From memory; a change holds within seconds."""
    return cast(Severity, rulebook.severity(rule)) or default_severity(rule)


def place_of(area: Area) -> tuple[str, str]:
    """Enterprise and depot of an account's area, for what it handed in and nobody could read; "" where the area does not say."""
    match area.kind:
        case "enterprise":
            return area.codes[0], ""
        case "depots":
            return area.codes[0][:18], area.codes[0] if len(area.codes) == 1 else ""
    return "", ""


@dataclass(frozen=True, slots=True)
class Checked:
    """A record without refusing faults. ``flags`` are faults only noted, ``notes`` say what was read liberally."""

    entry: Entry
    flags: Sequence[Violation]
    notes: Sequence[str]


def check(spec: TableSpec, raw: bytes, source: str, channel: str) -> Checked:
    """Decode and check one record sent as JSON. Raises standard.decode.Refused with every violation."""
    return _checked(spec, decoder(spec, severity).decode(raw), source, channel)


def check_values(spec: TableSpec, values: dict[str, object], source: str, channel: str) -> Checked:
    """The same for values of a form or a spreadsheet row, by wire id."""
    return _checked(spec, decoder(spec, severity).decode_dict(values), source, channel)


def _checked(spec: TableSpec, decoded: Decoded, source: str, channel: str) -> Checked:
    row = decoded.row
    in_enterprise, in_depot = owner_of(spec.code)(row)
    entry = Entry(spec, row.operation, spec.key_of(row), row, decoded.payload, source, channel, in_enterprise, in_depot)
    return Checked(entry, decoded.flags, decoded.notes)
