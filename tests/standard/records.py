"""Valid records of every table, for tests of the decoders: what a small depot reports, and the bureau's own tables."""

import json
from decimal import Decimal
from functools import cache
from typing import Any

import pytest

from canglin.standard import schema
from canglin.standard.decode import Decoded, Decoder, Refused, decoder
from canglin.standard.tables import table, tables
from tests.interface.samples import Depot

Record = dict[str, Any]


@cache
def _samples() -> tuple[tuple[str, Record], ...]:
    return tuple(Depot(7).samples(lambda content, name: "1" * 20))


def samples() -> list[tuple[str, Record]]:
    """Table and record, every table at least once."""
    found = [(code, dict(record)) for code, record in _samples()]
    reported = {code for code, _ in found}
    return found + [(code, filled(code)) for code in tables() if code not in reported]


def filled(code: str) -> Record:
    """The example row of a table's worksheet."""
    return {column.id: column.example for column in schema.columns(table(code))}


def sample(code: str, **values: Any) -> Record:
    """One valid record of a table with some fields replaced; None leaves one out."""
    record = next(record for held, record in samples() if held == code) | values
    return {id: value for id, value in record.items() if value is not None}


def ticket(**values: Any) -> Record:
    """A valid 入库 ticket."""
    return sample("1202", **values)


def encode(record: Record, **options: Any) -> bytes:
    """JSON as a depot sends it; amounts become JSON numbers, written as they are."""
    numbers: list[str] = []

    def mark(value: Decimal) -> str:
        numbers.append(format(value, "f"))
        return f"@{len(numbers) - 1}@"

    text = json.dumps(record, default=mark, **{"ensure_ascii": False} | options)
    for i, number in enumerate(numbers):
        text = text.replace(f'"@{i}@"', number)
    return text.encode()


def raw(record: Record, id: str, literal: str) -> bytes:
    """The record with a piece of JSON, as it stands, for one field's value."""
    return encode(record | {id: "@@here@@"}).replace(b'"@@here@@"', literal.encode())


def decoder_of(code: str) -> Decoder:
    return decoder(table(code))


def refused(code: str, content: bytes) -> dict[str, set[str]]:
    """The rules a record breaks, by field. Fails when it is taken."""
    with pytest.raises(Refused) as error:
        decoder_of(code).decode(content)
    found: dict[str, set[str]] = {}
    for violation in error.value.violations:
        if violation.refuses:
            found.setdefault(violation.field, set()).add(violation.rule)
    return found


def taken(code: str, content: bytes) -> Decoded:
    return decoder_of(code).decode(content)
