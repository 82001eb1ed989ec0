"""Both ways through the decoder agree, and everything a depot may send is taken or refused by name."""

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canglin.standard import canonical, codes
from canglin.standard.decode import Decoded, Decoder, Refused, decoder
from canglin.standard.fields import FieldSpec
from canglin.standard.rulecodes import rule
from canglin.standard.tables import table, tables
from tests.standard.records import decoder_of, encode, raw, refused, sample, samples, taken, ticket

QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def fast(made: Decoder, content: bytes) -> Decoded | None:
    """What the fast way alone says; None when it leaves the record to the other."""
    taken: list[Decoded] = []
    only = Decoder(made.spec)
    only._patient = lambda content: (_ for _ in ()).throw(NotImplementedError)  # type: ignore[method-assign, assignment]
    try:
        taken.append(only.decode(content))
    except NotImplementedError:
        return None
    return taken[0]


# Agreement


def test_every_table_is_decoded_both_ways_to_the_same_row_and_bytes() -> None:
    seen = set()
    for code, record in samples():
        made, content = decoder_of(code), encode(record)
        patient = made._patient(content)
        taken = fast(made, content)
        seen.add(code)
        assert made.decode(content).payload == patient.payload, code
        if taken is not None:
            assert (taken.row, taken.payload, taken.flags) == (patient.row, patient.payload, patient.flags), code
    assert seen == set(tables())


def test_what_a_depot_usually_sends_takes_the_fast_way() -> None:
    for compact in ((",", ":"), (", ", ": ")):
        assert fast(decoder_of("1202"), encode(ticket(), separators=compact)) is not None
    assert fast(decoder_of("1202"), encode(ticket(), ensure_ascii=True)) is not None
    assert fast(decoder_of("1202"), encode(ticket(klyy=None) | {"klyy": None, "appVersion": "3.2"})) is not None


def test_a_payload_decodes_to_itself() -> None:
    for code, record in samples():
        made = decoder_of(code)
        payload = made.decode(encode(record)).payload
        again = json.loads(payload) | {"czbz": "u"}
        assert made.decode(json.dumps(again, ensure_ascii=False).encode()).payload == payload, code


NUMBERS = st.one_of(
    st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**15), max_value=10**15).map(str),
    st.integers(-(10**22), 10**22).map(str),
    st.sampled_from(["0.0", "-0", "1e3", "1E-6", "1e-7", "1e400", "29400.000", '"12"', '"1_0"', '" 7 "', '"１２"',
                     '"NaN"', '"-Infinity"', '"1e2"', "00", '""', "true", "null", "NaN", "[]", '"x"', "9" * 30]),
)
TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet='abc"\\|#,:_{}[] \t\n\x7f粮😀', max_size=40),
    st.sampled_from(["", " ", "a|b", "01", "1", "i", "d", "430103", "2026-11-02", "2026-02-30", "2024-02-29 08:00:00",
                     "2026-11-02 24:00:00", "2026", "\x00", "x" * 300]),
).map(lambda text: json.dumps(text, ensure_ascii=len(text) % 2 == 0))


@st.composite
def spoiled(draw: st.DrawFn) -> tuple[str, bytes]:
    """A valid record with one to three values that may or may not be valid, now and then a key twice."""
    code, record = draw(st.sampled_from(samples()))
    ids = draw(st.lists(st.sampled_from([f.id for f in table(code).fields]), min_size=1, max_size=3))
    content = encode({k: v for k, v in record.items() if k not in ids})
    parts = [f'"{id}":{draw(st.one_of(NUMBERS, TEXTS))}' for id in ids]
    if draw(st.integers(0, 9)) == 0:
        parts.append('"bz": "a:b"')
    return code, content[:-1] + ("," + ",".join(parts) + "}").encode("utf-8", "surrogatepass")


@QUICK
@given(spoiled())
def test_what_the_fast_way_takes_the_patient_one_takes_alike(case: tuple[str, bytes]) -> None:
    code, content = case
    made = decoder_of(code)
    try:
        taken = fast(made, content)
    except Refused:  # by a rule between fields: the patient way must refuse as well
        with pytest.raises(Refused):
            made._patient(content)
        return
    if taken is not None:
        patient = made._patient(content)
        assert taken.row == patient.row
        assert taken.payload == patient.payload
        assert taken.flags == patient.flags


@QUICK
@given(spoiled())
def test_no_body_does_more_harm_than_a_refusal_with_known_rules(case: tuple[str, bytes]) -> None:
    code, content = case
    try:
        taken = decoder_of(code).decode(content)
    except Refused as refusal:
        said = refusal.violations
        assert any(v.refuses for v in said)
        assert all(rule(v.rule).name != v.rule for v in said)
    else:
        assert b"czbz" not in taken.payload
        assert taken.payload == canonical.reference({
            f.id: getattr(taken.row, f.attribute) for f in table(code).fields
        })


@QUICK
@given(st.binary(max_size=200))
def test_bytes_of_any_kind_are_refused_and_nothing_else(content: bytes) -> None:
    with pytest.raises(Refused):
        decoder_of("1107").decode(content)


# Other spellings


def test_numbers_and_strings_sent_for_each_other_are_taken_and_noted() -> None:
    plain = taken("1202", encode(ticket()))
    record = ticket()
    bent = taken("1202", encode(record | {"mz": str(record["mz"]), "rkywdh": int(record["rkywdh"]), "shnd": 2025,
                                          "lspzdm": int(record["lspzdm"])}))
    assert bent.payload == plain.payload
    assert {note.split(":")[0] for note in bent.notes} == {"rkywdh", "shnd", "lspzdm"}


def test_null_and_empty_are_absent() -> None:
    without = taken("1202", encode(ticket(bz=None, klyy=None, zkj=None)))
    for empty in (None, ""):
        sent = ticket() | {"bz": empty, "klyy": empty, "zkj": empty}
        assert taken("1202", encode(sent)).payload == without.payload


@pytest.mark.parametrize(("code", "id", "alias"), [
    ("1201", "lysl", "Lysl"), ("1201", "lyl", "Lyl"), ("1201", "jsjg", "Jsjg"), ("1201", "jszje", "Jszje"),
    ("1201", "shr", "spr"), ("1301", "yhxx", "Yhxx"), ("1306", "lhqnddw", "nlhqnddw"), ("1307", "yzwbh", "Yzwbh"),
    ("1308", "spwjl", "fileStorageId"), ("1212", "khtyshxydmhsfzh", "khtyshxydmhsfz h"),
])
def test_the_published_misspellings_are_the_same_field(code: str, id: str, alias: str) -> None:
    record = sample(code)
    value = record.get(id, "1")
    plain = taken(code, encode(record | {id: value}))
    other = taken(code, encode({k: v for k, v in record.items() if k != id} | {alias: value}))
    assert other.payload == plain.payload
    assert f"字段 {alias} 按 {id} 接收" in other.notes
    assert taken(code, encode(record | {id: value, alias: value})).payload == plain.payload
    assert "duplicate-key" in refused(code, encode(record | {id: value, alias: str(value)[:-1] + "9"})).get(id, set())


def test_unknown_keys_are_ignored_and_keys_are_case_sensitive() -> None:
    plain = taken("1202", encode(ticket()))
    assert taken("1202", encode(ticket() | {"extra": {"mz": [1, {"pz": None}]}, "MZ": 1, "x": ""})) == plain
    assert refused("1202", encode(ticket(mz=None) | {"MZ": 1})) == {"mz": {"required"}}


def test_a_byte_order_mark_and_blanks_around_are_no_matter() -> None:
    plain = taken("1202", encode(ticket()))
    assert taken("1202", b"\xef\xbb\xbf" + encode(ticket())).payload == plain.payload
    assert taken("1202", b" \r\n" + encode(ticket(), indent=2) + b"\n").payload == plain.payload


# Removal


def test_a_removal_needs_its_key_and_time_only() -> None:
    for code, record in samples():
        spec = table(code)
        key = {spec.by_attribute[a].id for a in spec.key} | {"zhgxsj"}
        kept = {k: v for k, v in record.items() if k in key} | {"czbz": "d"}
        assert taken(code, encode(kept)).row.operation == "d"
        for id in key:
            if spec.by_id[id].required:
                assert refused(code, encode({k: v for k, v in kept.items() if k != id})) == {id: {"required"}}


def test_a_removal_keeps_what_it_says_besides_and_checks_it() -> None:
    assert b'"bz":"why"' in taken("1202", encode(ticket(czbz="d", bz="why", cyr=None))).payload
    assert refused("1202", encode(ticket(czbz="d", mz="x", cyr=None))) == {"mz": {"type"}}


# Refusals


def test_every_fault_of_a_record_is_named_at_once() -> None:
    content = encode(ticket(cch="9" * 33, ysgj="7", ywrq="2026-02-30", mz="heavy", cyr=None, mzjlsj="x", shnd="26"))
    assert refused("1202", content) == {
        "cch": {"too-long"}, "ysgj": {"code"}, "ywrq": {"date"}, "mz": {"type"}, "cyr": {"required"},
        "mzjlsj": {"datetime"}, "shnd": {"year"},
    }


@pytest.mark.parametrize(("literal", "broken"), [
    ("NaN", "not-finite"), ("Infinity", "not-finite"), ("-Infinity", "not-finite"), ('"NaN"', "not-finite"),
    ('"-inf"', "not-finite"), ("1e400", "digits"), ("1e308", "digits"), ("1e999999999", "digits"), ("9" * 21, "digits"),
    ("9" * 5000, "digits"), (f'"{"9" * 5000}"', "digits"), ("0.0000001", "scale"), ("29400.000000000004", "scale"),
    ('"1_000"', "type"), ('"1,000"', "type"), ('"twelve"', "type"), ("true", "type"), ("{}", "type"), ("[1]", "type"),
    ("null", "required"), ('""', "required"), ('"  "', "required"),
])
def test_an_amount_that_is_none_or_does_not_fit_is_refused(literal: str, broken: str) -> None:
    assert refused("1202", raw(ticket(), "mz", literal)) == {"mz": {broken}}


@pytest.mark.parametrize(("literal", "broken"), [
    ("1.5", "type"), ('"x"', "type"), ("9007199254740992", "range"), ("1e30", "range"), ("false", "type"),
])
def test_a_count_that_is_no_whole_number_is_refused(literal: str, broken: str) -> None:
    assert refused("1202", raw(ticket(), "bzbjs", literal)) == {"bzbjs": {broken}}
    assert taken("1202", raw(ticket(), "bzbjs", "12.0")).row.bag_count == 12


@pytest.mark.parametrize("day", ["2026-02-30", "2025-02-29", "2026-13-01", "2026/01/05", "20260105", "0000-00-00",
                                 "2026-1-5", "2026-01-05 ", "２０２６-01-05", "2026-01-05T", "1900-02-29"])
def test_a_day_that_never_was_is_refused(day: str) -> None:
    assert refused("1202", encode(ticket(ywrq=day))) == {"ywrq": {"date"}}
    assert refused("1202", encode(ticket(djsj=f"{day} 08:00:00"))) == {"djsj": {"datetime"}}


@pytest.mark.parametrize("clock", ["24:00:00", "08:60:00", "8:00:00", "08:00", "08:00:60", "08:00:00Z", "08:00:00.0"])
def test_a_time_that_never_was_is_refused(clock: str) -> None:
    assert refused("1202", encode(ticket(djsj=f"2026-01-05 {clock}"))) == {"djsj": {"datetime"}}


def test_a_leap_day_is_a_day() -> None:
    assert taken("1302", encode(sample("1302", jcsj="2024-02-29 08:00:00"))).row.stated_at


# Codes


def test_several_codes_are_split_however_they_are_joined() -> None:
    for joined in ("1#2", "1|2", "1,2", "1，2", "1;2", "1；2", "1、2", "2"):
        assert taken("1305", encode(sample("1305", tfmd=joined)))
    assert refused("1305", encode(sample("1305", tfmd="1#9"))) == {"tfmd": {"code"}}
    assert refused("1305", encode(sample("1305", tfmd="#"))) == {"tfmd": {"code"}}


def test_each_single_code_is_taken_and_no_other() -> None:
    spec = table("1202")
    for field in (f for f in spec.fields if f.codes and f.attribute != "operation"):
        for item in codes.items(field.codes or "")[:5]:
            assert taken("1202", encode(ticket(**{field.id: item.code}))).row
        assert refused("1202", encode(ticket(**{field.id: "?"}))) == {field.id: {"code"}}


# How hard a rule is applied


WRONG_CARD = "430103198001010010"


def test_a_wrong_check_digit_is_noted_and_taken() -> None:
    decoded = taken("1202", encode(ticket(sfzh=WRONG_CARD)))
    assert [(v.field, v.rule, v.refuses) for v in decoded.flags] == [("sfzh", "check-digit", False)]


def test_the_rulebook_decides_how_hard_a_rule_is_applied() -> None:
    strict = decoder(table("1202"), lambda rule: "refuse")
    with pytest.raises(Refused):
        strict.decode(encode(ticket(sfzh=WRONG_CARD)))
    silent = decoder(table("1202"), lambda rule: "ignore")
    assert silent.decode(encode(ticket(sfzh=WRONG_CARD, ysgj="7"))).flags == ()
    mild = decoder(table("1202"), lambda rule: "flag")
    assert {v.rule for v in mild.decode(encode(ticket(sfzh=WRONG_CARD, ysgj="7"))).flags} == {"code", "check-digit"}


def test_no_rulebook_softens_what_could_not_be_stored() -> None:
    mild = decoder(table("1202"), lambda rule: "ignore")
    for record in (ticket(cch="9" * 33), ticket(cyr=None), ticket(mz="x"), ticket(ywrq="2026-02-30")):
        with pytest.raises(Refused):
            mild.decode(encode(record))


# Worksheets and forms


def test_a_worksheet_row_is_the_record_the_interface_would_have_sent() -> None:
    record = ticket()
    cells: dict[str, Any] = dict(record) | {
        "mz": float(record["mz"]), "shnd": 2025.0, "lspzdm": float(record["lspzdm"]), "cyr": f" {record['cyr']} ",
        "bz": None, "klyy": "",
    }
    assert decoder_of("1202").decode_dict(cells).payload == taken("1202", encode(ticket(bz=None, klyy=None))).payload


def test_a_worksheet_knows_days_and_moments() -> None:
    from datetime import date, datetime

    row = decoder_of("1202").decode_dict(ticket() | {"ywrq": date(2026, 1, 5)}).row
    assert row.business_date == "2026-01-05"
    scan = decoder_of("1302").decode_dict(sample("1302") | {"jcsj": datetime(2026, 1, 5, 8)}).row
    assert scan.measured_at == "2026-01-05 08:00:00"
    with pytest.raises(Refused):
        decoder_of("1202").decode_dict(ticket() | {"mz": float("nan")})


def test_amounts_come_out_in_plain_form_however_they_went_in() -> None:
    record = ticket()
    for text in ("{:f}", "{:f}.000", "+{:f}", " {:f} ", "{:f}e0", "00{:f}"):
        sent = text.format(Decimal(int(record["mz"])))
        assert taken("1202", encode(record | {"mz": sent})).payload == taken("1202", encode(record)).payload


def test_the_declared_bounds_are_the_bounds() -> None:
    def amounts() -> list[FieldSpec]:
        return [f for f in table("1202").fields if f.kind == "decimal"]

    assert amounts()
    for field in amounts():
        top = "9" * ((field.digits or 0) - (field.scale or 0)) + "." + "9" * (field.scale or 0)
        made = decoder(table("1202"), lambda rule: "ignore")
        assert str(getattr(made.decode(raw(ticket(), field.id, top)).row, field.attribute)) == top
        assert refused("1202", raw(ticket(), field.id, "1" + top)) == {field.id: {"digits"}}
        assert refused("1202", raw(ticket(), field.id, top + "9")) == {field.id: {"scale"}}
