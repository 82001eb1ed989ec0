"""410: every field of every table made wrong in every way its declaration knows, and JSON that no depot should send."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.interface.client import Reply, encode
from tests.interface.conftest import Place, refusal
from tests.interface.generator import CODE_LISTS, ENDPOINTS, FIELDS, Record

# The document shows these holding several codes or parts, so that one strange code is not by itself the whole value.
SEVERAL = {("1203", "jyxm"), ("1303", "hczl"), ("1305", "tfmd"), ("1310", "jyxm"), ("1310", "zblb")}
MANY_DIGITS = "9" * 21
Samples = dict[str, Record]
Send = Callable[[bytes], Reply]
Pair = tuple[str, str]


@pytest.fixture(scope="module")
def samples(place: Place) -> dict[str, Record]:
    """One valid record a table. The files are made up: a record with a wrong field never gets as far as its file."""
    found: dict[str, Record] = {}
    for table, record in place.depot.samples(lambda content, name: "1" * 20):
        found.setdefault(table, record)
    return found


def each_field(samples: dict[str, Record], *kinds: str) -> Iterator[tuple[str, Record, str, Record]]:
    """Table, its record, field and declaration of every field of these kinds; the operation mark is tested apart."""
    for table, record in samples.items():
        for name, declared in FIELDS[table].items():
            if (declared["type"] in kinds or not kinds) and name != "czbz":
                yield table, record, name, declared


def not_refused(place: Place, cases: Iterator[tuple[str, bytes, str]]) -> list[str]:
    """Send each spoiled record; what was not refused with 410 naming exactly the spoiled field."""
    wrong = []
    for table, content, name in cases:
        reply = place.send(table, content)
        if (reply.http, reply.code, reply.fields) != (200, 410, {name}):
            wrong.append(f"{table}.{name}: {reply.code} {reply.msg} for {content[:60].decode(errors='replace')}")
    return wrong


def raw(record: Record, name: str, literal: str) -> bytes:
    """The record with a literal piece of JSON as the value of one field."""
    marked = encode(record | {name: "@@here@@"}).decode()
    return marked.replace('"@@here@@"', literal).encode()


def test_every_required_field_left_out_null_or_empty_is_named(place: Place, samples: Samples) -> None:
    def cases() -> Iterator[tuple[str, bytes, str]]:
        ways = itertools.cycle(("null", '""', '"   "'))
        for table, record, name, declared in each_field(samples):
            if "presence" in declared:
                yield table, encode({key: value for key, value in record.items() if key != name}), name
                yield table, raw(record, name, next(ways) if declared["type"] == "string" else "null"), name

    wrong = not_refused(place, cases())
    assert not wrong, "\n".join(wrong)


def test_every_text_one_character_too_long_is_named(place: Place, samples: Samples) -> None:
    def cases() -> Iterator[tuple[str, bytes, str]]:
        for table, record, name, declared in each_field(samples, "string"):
            yield table, encode(record | {name: "9" * (declared["length"] + 1)}), name

    wrong = not_refused(place, cases())
    assert not wrong, "\n".join(wrong)


def test_every_value_of_a_wrong_kind_is_named(place: Place, samples: Samples) -> None:
    def cases() -> Iterator[tuple[str, bytes, str]]:
        kinds = itertools.cycle(("{}", "[1]", "true", '{"a":1}', "[]"))
        for table, record, name, declared in each_field(samples):
            yield table, raw(record, name, next(kinds)), name
            if declared["type"] in ("decimal", "integer"):
                yield table, raw(record, name, '"twelve"'), name

    wrong = not_refused(place, cases())
    assert not wrong, "\n".join(wrong)


def test_every_code_outside_its_list_is_named(place: Place, samples: Samples) -> None:
    def cases() -> Iterator[tuple[str, bytes, str]]:
        for table, record, name, declared in each_field(samples, "string"):
            if "codes" in declared and (table, name) not in SEVERAL:
                known = {item["code"] for item in CODE_LISTS[declared["codes"]]["items"]}
                unknown = next(text for text in ("ZZZZZZZ"[: declared["length"]], "8", "7") if text not in known)
                yield table, encode(record | {name: unknown}), name

    wrong = not_refused(place, cases())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("day", ["2026-02-30", "2026-13-01", "2025-02-29", "2026/01/05", "20260105", "0000-00-00", "x"])
def test_a_day_that_never_was_is_named(place: Place, samples: Samples, day: str) -> None:
    def cases() -> Iterator[tuple[str, bytes, str]]:
        for table, record, name, declared in each_field(samples, "date", "datetime"):
            yield table, encode(record | {name: day if declared["type"] == "date" else f"{day} 08:00:00"}), name

    wrong = not_refused(place, cases())
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("clock", ["24:00:00", "08:60:00", "8:00", "08:00:61", "08:00:00Z", "-8:00:00"])
def test_an_hour_that_never_was_is_named(place: Place, samples: Samples, clock: str) -> None:
    refusal(place.send("1302", samples["1302"] | {"jcsj": f"2026-01-05 {clock}"}), 410, "jcsj")


@pytest.mark.parametrize(
    "literal",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e400",
        MANY_DIGITS,
        f"-{MANY_DIGITS}",
        "9" * 5000,
        "1e308",
        f"1e{'9' * 30}",
        '"NaN"',
    ],
)
def test_a_number_that_is_none_or_too_large_is_refused(place: Place, samples: Samples, literal: str) -> None:
    for name in ("mz", "pz", "jz"):
        reply = place.send("1202", raw(samples["1202"], name, literal))
        refusal(reply, 410)
        if "NaN" not in literal and "Inf" not in literal:
            assert name in reply.fields, reply


def test_a_year_or_month_out_of_range_is_named(place: Place, samples: Samples) -> None:
    for text in ("20255", "abcd", "25"):
        refusal(place.send("1202", samples["1202"] | {"shnd": text}), 410, "shnd")
    for text in ("00", "13", "xx"):
        refusal(place.send("1211", samples["1211"] | {"yf": text}), 410, "yf")


def test_an_unknown_operation_mark_is_named(place: Place, samples: Samples) -> None:
    for mark in ("x", "I", "", "ii", None):
        refusal(place.send("1107", samples["1107"] | {"czbz": mark}), 410, "czbz")


def test_every_violated_field_is_named_at_once(place: Place, samples: Samples) -> None:
    record = samples["1202"] | {"cch": "9" * 33, "ysgj": "7", "ywrq": "2026-02-30", "mz": "heavy", "cyr": None}
    reply = place.send("1202", record)
    refusal(reply, 410, "cch", "ysgj", "ywrq", "mz", "cyr")
    assert re.fullmatch(r"\w+:[^,]+(,\w+:[^,]+){4}", reply.msg or ""), reply.msg


def test_text_of_exactly_the_allowed_length_is_taken(place: Place) -> None:
    place.take("1107", place.depot.equipment(kqmc="粮" * 256, sbms="设" * 512, sbyqmc="仪" * 50))


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("jd", ("73.33", "73.32"), ("135.05", "135.06")), ("wd", ("3.51", "3.5"), ("53.33", "53.34"))],
)
def test_a_depot_outside_china_is_refused(place: Place, name: str, low: Pair, high: Pair) -> None:
    for inside, outside in (low, high):
        assert place.send("1102", raw(place.depot.depot_record(), name, inside)).code == 200
        refusal(place.send("1102", raw(place.depot.depot_record(), name, outside)), 410, name)
    place.take("1102", place.depot.depot_record())


# JSON that is no record


@pytest.fixture
def equipment(place: Place) -> Callable[[bytes], Reply]:
    return lambda content: place.send("1107", content)


def test_the_same_key_twice_is_refused(place: Place, equipment: Send) -> None:
    text = encode(place.depot.equipment()).decode()
    for addition in ('"sbyqmc":"演示甲"', '"sbyqmc":"演示甲","sbyqmc":"演示乙"', '"\\u0073byqmc":"演示甲"'):
        refusal(equipment(text.replace("{", "{" + addition + ",", 1).encode()), 410)


@pytest.mark.parametrize(
    "content",
    [
        b" ",
        b"null",
        b"[]",
        b'"text"',
        b"12",
        b"{",
        b'{"a":}',
        b"{}{}",
        b"not json",
        b"\xff\xfe\x00",
        b"\x00" * 64,
        b"<xml/>",
        b"[" * 100_000,
        b'{"a":' * 50_000 + b"1" + b"}" * 50_000,
    ],
    ids=lambda content: content[:8].hex(),
)
def test_what_is_not_a_json_object_is_refused(equipment: Send, content: bytes) -> None:
    refusal(equipment(content), 410)


def test_bytes_that_are_not_utf_8_are_refused(place: Place, equipment: Send) -> None:
    record = place.depot.equipment()
    for wrong in ("演示".encode("gbk"), b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        refusal(equipment(encode(record | {"sbms": "@@"}).replace(b"@@", wrong)), 410)


def test_text_that_no_database_can_hold_is_refused(place: Place, equipment: Send) -> None:
    """A lone surrogate is no character; NUL cannot be stored as text."""
    for escape in (b"\\ud800", b"\\u0000", b"\\udc00\\ud800"):
        refusal(equipment(encode(place.depot.equipment(sbms="@@")).replace(b"@@", escape)), 410)


def test_deep_nesting_in_an_unknown_key_is_refused_without_harm(place: Place, equipment: Send) -> None:
    for depth in (1_000, 100_000):
        text = encode(place.depot.equipment()).decode()
        nested = '{"extra":' + "[" * depth + "]" * depth + ","
        refusal(equipment(text.replace("{", nested, 1).encode()), 410)


def test_an_unknown_key_is_ignored_and_keys_are_case_sensitive(place: Place) -> None:
    place.take("1107", place.depot.equipment() | {"appVersion": "3.2.1", "extra": {"a": [1, 2]}})
    record = place.depot.equipment()
    record["SBYQMC"] = record.pop("sbyqmc")
    refusal(place.send("1107", record), 410, "sbyqmc")


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "'; DROP TABLE records; --",
        '" onmouseover="x',
        "\\u003cb\\u003e",
        "{{ 7 * 7 }}",
        "%s %(a)s {0}",
        "../../etc/passwd",
        "a,b:c,d",
        "演示\U0001f33e\u202e",
        "=1+1",
        "line\nbreak\ttab\\",
    ],
)
def test_markup_and_sql_are_stored_as_the_text_they_are(place: Place, text: str) -> None:
    lot = place.new_lot()
    place.take("1105", place.depot.lot(place.compartment, hwdm=lot, hwmc=text))
    answer = place.versions("1105", lot)
    assert answer.http == 200
    said = _payload_text(answer.json)
    assert text in said or json.dumps(text, ensure_ascii=False)[1:-1] in said


def _payload_text(answer: Any) -> str:
    """Every string of an answer, joined."""
    if isinstance(answer, dict):
        return "\n".join(map(_payload_text, answer.values()))
    if isinstance(answer, list):
        return "\n".join(map(_payload_text, answer))
    return str(answer)


def test_a_refused_record_leaves_nothing_behind(place: Place) -> None:
    """Neither the row itself, so that it may be referred to, nor a version that an honest second try would meet."""
    customer = place.depot.customer()
    refusal(place.send("1212", customer | {"khmc": None}), 410, "khmc")
    refusal(place.send("1201", place.depot.contract(customer)), 411)
    place.take("1212", customer)
    place.take("1201", place.depot.contract(customer))


def test_every_endpoint_refuses_an_empty_object_naming_all_it_requires(place: Place) -> None:
    wrong = []
    for table in ENDPOINTS:
        required = {name for name, declared in FIELDS[table].items() if "presence" in declared}
        reply = place.send(table, {})
        if reply.code != 410 or reply.fields != required:
            wrong.append(f"{table}: {reply.code}, missing {required - reply.fields}, beyond {reply.fields - required}")
    assert not wrong, "\n".join(wrong)
