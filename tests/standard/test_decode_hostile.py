"""Bodies meant to hurt: repeated keys, nesting, text no database can hold, markup. Each is refused by name or taken as text."""

import json

import pytest

from canglin.standard.decode import Refused
from canglin.standard.tables import table
from tests.standard.records import decoder_of, encode, raw, refused, sample, taken, ticket


@pytest.mark.parametrize("addition", [
    '"bz":"1","bz":"2"', '"bz":null,"bz":"2"', '"bz":"2","bz":null', '"bz":"","bz":"2"', '"bz":"2","bz" :"2"',
    '"bz":"2","\\u0062z":"2"', '"bz":"a\\u0022:b","mz":1', '"bz":":null","x":1,"x":1', '"x":1,"x":1',
])
def test_a_key_twice_is_refused_wherever_it_stands(addition: str) -> None:
    content = encode(ticket(bz=None))
    for both in (b"{" + addition.encode() + b"," + content[1:], content[:-1] + b"," + addition.encode() + b"}"):
        assert any("duplicate-key" in rules for rules in refused("1202", both).values())


def test_a_hostile_body_gets_a_short_answer() -> None:
    for content in (
        b"{" + b",".join(b'"k%d":1,"k%d":1' % (i, i) for i in range(20_000)) + b"}",
        encode(sample("1310", jyxm="x#" * 490)),
    ):
        with pytest.raises(Refused) as error:
            decoder_of("1310").decode(content)
        assert len(error.value.violations) < 60
        assert all(len(v.found) < 100 for v in error.value.violations)


@pytest.mark.parametrize(("content", "broken"), [
    (b"", "empty"), (b" \n", "empty"), (b"null", "object"), (b"[]", "object"), (b'"x"', "object"), (b"12", "object"),
    (b"{", "json"), (b"{}{}", "json"), (b"<xml/>", "json"), (b"\x00" * 9, "json"), (b"\xff\xfe\x00", "utf8"),
    (b"[" * 100_000, "depth"), (b'{"a":' * 50_000 + b"1" + b"}" * 50_000, "depth"),
    (b'{"a":' + b"[" * 64 + b"]" * 64 + b"}", "depth"), (b'{"a":01}', "json"), (b'{"a":"\n"}', "json"),
])
def test_what_is_no_record_is_refused_as_a_whole(content: bytes, broken: str) -> None:
    assert refused("1107", content) == {"": {broken}}


def test_nesting_in_an_unknown_key_is_bounded_and_brackets_in_text_are_not_nesting() -> None:
    for depth in (100, 1_000, 100_000):
        nested = b'{"extra":' + b"[" * depth + b"]" * depth + b","
        assert refused("1202", encode(ticket()).replace(b"{", nested, 1)) == {"": {"depth"}}
    assert taken("1202", encode(ticket(bz='[{"' * 100))).row.stated_at


@pytest.mark.parametrize("escape", ["\\ud800", "\\udc00\\ud800", "\\u0000", "a\\u0000b"])
def test_text_that_no_database_can_hold_is_refused(escape: str) -> None:
    assert refused("1202", raw(ticket(), "bz", f'"{escape}"')) == {"bz": {"character"}}


def test_bytes_that_are_not_utf_8_are_refused_in_known_and_unknown_keys() -> None:
    for wrong in ("演示".encode("gbk"), b"\xc0\xaf", b"\xed\xa0\x80", b"\xf5\x80\x80\x80"):
        for id in ("bz", "extra"):
            assert refused("1202", raw(ticket(), id, '"@"').replace(b'"@"', b'"' + wrong + b'"')) == {"": {"utf8"}}


def test_a_bar_in_a_key_would_make_two_records_one_and_is_refused() -> None:
    assert refused("1107", encode(sample("1107", sbbh="a|b"))) == {"sbbh": {"separator"}}
    assert taken("1107", encode(sample("1107", sbms="a|b"))).row.stated_at


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE records; --", '"', "\\", "a\nb", "\x7f",
                                  "😀\u202e", "{{ 7 }}", "=1+1", " lead", "a,b:c"])
def test_markup_and_sql_are_text(text: str) -> None:
    decoded = taken("1202", encode(ticket(bz=text)))
    assert getattr(decoded.row, table("1202").by_id["bz"].attribute) == text
    assert json.loads(decoded.payload)["bz"] == text


def test_text_as_long_as_allowed_passes_and_one_more_does_not() -> None:
    assert taken("1202", encode(ticket(bz="😀" * 400)))
    assert refused("1202", encode(ticket(bz="😀" * 401))) == {"bz": {"too-long"}}
