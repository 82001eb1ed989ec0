"""Thousands of spoiled records: each is answered row by row with a reason, none is the platform's own fault."""

from __future__ import annotations

import json
import random

import pytest

from tests.interface.client import encode
from tests.interface.conftest import Place
from tests.interface.generator import ENDPOINTS, Record

LITERALS = [
    "null", "true", "[]", "{}", '""', '" "', '"\\u0000"', '"\\ud83d"', '"\\n"', "-0", "0", "-1", "1e-400", "1e400", "0.0000001",
    "123456789012345678901234567890", "99999999999999.999999", '"NaN"', '"1e5"', '"0x10"', '" 12 "', '"１２"', '"12,5"', '"-"',
    '"9999-12-31"', '"0001-01-01"', '"2025-01-01T00:00:00"', '"0001-01-01 00:00:00"', '"9999-12-31 23:59:59"', '"i"', '"d"',
    '"|"', '"#"', '",,,|,,,"', '"1,1,1,1|"', '"' + "长" * 300 + '"', '"' + "9" * 9000 + '"', "[[[[[]]]]]", '"\\ufeff"', '"%00"',
]  # fmt: skip


def spoiled(record: Record, chance: random.Random) -> bytes:
    """The record with one thing wrong: another value, lost or doubled bytes, a flipped bit."""
    kind = chance.random()
    content = bytearray(encode(record))
    if kind < 0.7:
        name = chance.choice(list(record))
        return encode(record | {name: "@@here@@"}).replace(b'"@@here@@"', chance.choice(LITERALS).encode())
    at = chance.randrange(len(content))
    if kind < 0.8:
        content[at] ^= 1 << chance.randrange(8)
    elif kind < 0.9:
        del content[at : at + chance.randrange(1, 20)]
    else:
        content[at:at] = content[max(0, at - 5) : at + 5]
    return bytes(content).replace(b"\n", b" ") or b"{}"


@pytest.mark.parametrize("seed", [1, 2])
def test_spoiled_records_are_refused_with_reasons_and_never_fail_the_platform(place: Place, seed: int) -> None:
    chance, complaints = random.Random(seed), []
    samples: dict[str, Record] = {}
    for table, record in place.depot.samples(lambda content, name: "1" * 20):
        samples.setdefault(table, record)
    for table, record in samples.items():
        lines = [spoiled(record, chance) for _ in range(150)]
        answer = place.client.batch(table, lines)
        if answer.http != 200:
            complaints.append(f"{table}: {answer.http} {answer.body[:200]!r}")
            continue
        rows = answer.json["rows"]
        assert len(rows) == len(lines), table
        for row, line in zip(rows, lines, strict=True):
            fault = any("内部" in str(error) or error["rule"] == "internal" for error in row["errors"] or [])
            if fault or (row["status"] == "refused" and not row["errors"]):
                complaints.append(f"{table}: {json.dumps(row, ensure_ascii=False, default=str)[:200]} for {line[:3000]!r}")
    assert not complaints, "\n".join(complaints[:20])


def test_spoiled_records_sent_singly_are_answered_by_a_documented_code(place: Place) -> None:
    chance, strange = random.Random(3), []
    samples = place.depot.samples(lambda content, name: "1" * 20)
    for _ in range(600):
        table, record = chance.choice(samples)
        line = spoiled(record, chance)
        reply = place.client.send(ENDPOINTS[table], line)
        if reply.http != 200 or reply.code not in (200, 403, 408, 410, 411):
            strange.append(f"{table}: {reply.code} {reply.msg} for {line[:2000]!r}")
    assert not strange, "\n".join(strange[:10])
