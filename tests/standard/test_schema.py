"""What programs and people are told of the tables says what the decoders do."""

import json
from typing import Any

import jsonschema_rs
import pytest

from canglin.standard import examples, messages, rulecodes, schema
from canglin.standard.tables import Violation, table, tables
from tests.standard.records import decoder_of, encode, samples


def test_every_example_row_is_a_record_that_passes_all_rules_of_its_table() -> None:
    for code, spec in tables().items():
        decoded = decoder_of(code).decode_dict(examples.row(spec))
        assert decoded.flags == (), code


def test_the_schema_of_every_table_takes_what_the_decoder_takes() -> None:
    for code, record in samples():
        validator = jsonschema_rs.validator_for(schema.json_schema(table(code)))
        validator.validate(json.loads(encode(record)))


@pytest.mark.parametrize("wrong", [
    {"ysgj": "7"}, {"cch": "9" * 33}, {"cyr": ""}, {"shnd": "26"}, {"bzbjs": "x"}, {"mz": None},
])
def test_the_schema_refuses_what_the_decoder_refuses(wrong: dict[str, Any]) -> None:
    record = next(record for code, record in samples() if code == "1202")
    validator = jsonschema_rs.validator_for(schema.json_schema(table("1202")))
    assert not validator.is_valid(json.loads(encode(record | wrong)))


def test_components_refer_to_code_lists_that_are_there() -> None:
    held = schema.components(tables().values())
    assert held["InboundTicket"]["properties"]["mz"]["x-unit"] == "kg"
    assert held["InboundTicket"]["x-key"] == ["rkywdh", "hwdm"]
    for spec in tables().values():
        for said in held[spec.english]["properties"].values():
            for reference in said.get("allOf", ()):
                assert reference["$ref"].rpartition("/")[2] in held


def test_columns_are_found_again_by_what_heads_them() -> None:
    for spec in tables().values():
        for column in schema.columns(spec):
            for head in (column.header, column.id, f" {column.header} "):
                assert schema.by_header(spec, head) == column.field
    assert schema.by_header(table("1201"), "Lysl") == table("1201").by_id["lysl"]
    assert schema.by_header(table("1202"), "no such") is None


def test_a_drop_down_cell_is_its_code() -> None:
    field = table("1202").by_id["lspzdm"]
    assert "1131001 早籼稻谷" in schema.choices(field)
    for cell in ("1131001 早籼稻谷", "1131001", " 早籼稻谷 "):
        assert schema.code_of(field, cell) == "1131001"
    assert schema.code_of(field, "no such") == "no such"


def test_violations_are_said_in_the_fields_words() -> None:
    spec = table("1202")
    long = Violation("cch", rulecodes.LENGTH, "33 字", "最多 32 字")
    assert messages.message(long, spec) == "车船号(cch): 长度超限，实际 33 字，应为 最多 32 字"
    body = Violation("", rulecodes.EMPTY, "", "一个 JSON 对象")
    assert messages.message(body, spec) == "报文为空，应为 一个 JSON 对象"
    comma = Violation("bz", rulecodes.TYPE, "1,2", "", True)
    assert messages.v2022_message([long, comma, Violation("sfzh", "check-digit", "", "", False)]) == (
        "cch:长度超限，实际 33 字，应为 最多 32 字,bz:数据类型错误，实际 1，2")


def test_the_answer_code_is_that_of_the_gravest_kind(monkeypatch: pytest.MonkeyPatch) -> None:
    # The registry is the whole process's: a code made up here must be gone for the tests that list it.
    monkeypatch.setattr(rulecodes, "_held", dict(rulecodes._held))
    field = Violation("cch", rulecodes.LENGTH, "", "")
    rulecodes.declare("test.balance", "测试", "balance")
    balance, flag = Violation("", "test.balance", "", ""), Violation("", rulecodes.CHECK_DIGIT, "", "", False)
    assert messages.v2022_code([balance, field]) == 410
    assert messages.v2022_code([balance]) == messages.v2022_code([flag, balance]) == 411


def test_a_rule_code_never_changes_its_meaning() -> None:
    assert rulecodes.declare("too-long", "长度超限", "field") == "too-long"
    with pytest.raises(ValueError, match="already declared"):
        rulecodes.declare("too-long", "别的", "field")
