"""The canonical form of a record, version c1: the bytes that are hashed, stored and compared.

Rules, on top of RFC 8785 (JSON Canonicalization Scheme):

1. An object of the specification's ids in ascending order; fields that are absent, null or empty are left out, and so
   is ``czbz``: the log keeps the operation of each entry beside its payload.
2. Strings, dates (``2026-11-02``), times (``2026-11-02 08:00:00``) and years (``2026``) are JSON strings as sent.
3. Whole numbers are JSON numbers, at most 2⁵³ − 1 either way.
4. Amounts are JSON *strings* in plain form (``"29400"``, ``"-0.5"``; see ``numbers.plain``): RFC 8785 writes numbers
   as IEEE doubles, and our amounts are exact.

So two records are the same exactly when their payloads are the same bytes, and anyone can compute a payload with any
RFC 8785 library and rule 4. ``payload`` is the fast way and relies on the field order of ``rows``; ``reference`` says
the same slowly, straight from the rules, and a property test holds the two together.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import msgspec

from canglin.standard import numbers

VERSION = "c1"

_encode = msgspec.json.Encoder().encode


def payload(row: Any) -> bytes:
    """The canonical bytes of a decoded row, whose amounts must already be in plain form (the decoders see to it)."""
    operation, row.operation = row.operation, None
    try:
        return _encode(row)
    finally:
        row.operation = operation


def reference(fields: Mapping[str, str | int | Decimal | None]) -> bytes:
    """The canonical bytes of a record given as id → value, by the letter of the rules above."""
    kept = {id: v for id, v in fields.items() if v is not None and v != "" and id != "czbz"}
    # RFC 8785 orders by UTF-16 code units.
    ordered = sorted(kept, key=lambda id: id.encode("utf-16-be"))
    return ("{" + ",".join(f"{_string(id)}:{_value(kept[id])}" for id in ordered) + "}").encode()


def _value(value: str | int | Decimal | None) -> str:
    if isinstance(value, Decimal):
        return _string(numbers.plain(value))
    if isinstance(value, int):
        return str(value)
    return _string(str(value))


_SHORT = {"\b": "\\b", "\t": "\\t", "\n": "\\n", "\f": "\\f", "\r": "\\r", '"': '\\"', "\\": "\\\\"}


def _string(text: str) -> str:
    return '"' + "".join(_SHORT.get(c) or (f"\\u{ord(c):04x}" if c < " " else c) for c in text) + '"'
