"""A refused record as people and programs may see it: personal data masked for those without the right to take records out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canglin.records.differences import masked
from canglin.standard import rulecodes
from canglin.standard.fields import FieldSpec
from canglin.standard.messages import message
from canglin.standard.messages import shown as readable
from canglin.standard.rows import aliases
from canglin.standard.tables import TableSpec, Violation, tables

#: What the answer codes of the depot interface mean (protocol: envelope).
CODES = {
    400: "报文校验", 403: "非本账号数据", 408: "主键冲突", 410: "字段校验", 411: "业务规则", 500: "平台内部错误",
}  # fmt: skip
UNREADABLE = "报文不能解析，且可能含个人信息；原文只对有导出权限的账号显示。"


@dataclass(frozen=True)
class Fault:
    """One reason of a refusal in words."""

    field: str
    field_name: str
    rule: str
    rule_name: str
    found: str
    expected: str


@dataclass(frozen=True)
class Sent:
    """A field as it was sent; ``wrong`` when a reason names it."""

    field: str
    name: str
    value: str
    wrong: bool


def _masked(spec: TableSpec | None, field_id: str, found: str, whole: bool) -> str:
    field = spec.by_id.get(field_id) if spec else None
    if whole or not found or field is None or spec is None or field.kind != "string":
        return found
    return str(masked(spec, {field.id: found}).get(field.id, found))


def violations(table_code: str, kept: Sequence[Mapping[str, Any]], whole: bool) -> list[Violation]:
    """The reasons as kept, masked unless ``whole``."""
    spec = tables().get(table_code)
    return [
        Violation(each["field"], each["rule"], readable(_masked(spec, each["field"], each["found"], whole)), each["expected"])
        for each in kept
    ]


def faults(table_code: str, kept: Sequence[Mapping[str, Any]], whole: bool) -> list[Fault]:
    """The reasons, each with the names of its field and rule."""
    spec = tables().get(table_code)
    found = []
    for each in violations(table_code, kept, whole):
        field: FieldSpec | None = spec.by_id.get(each.field) if spec else None
        rule = rulecodes.rule(each.rule)
        found.append(Fault(each.field, field.name if field else "", each.rule, rule.name, each.found, each.expected))
    return found


def reasons(table_code: str, kept: Sequence[Mapping[str, Any]], whole: bool) -> str:
    """The same in one line."""
    spec = tables().get(table_code)
    return "；".join(message(each, spec) for each in violations(table_code, kept, whole))


def record(payload: str) -> dict[str, Any] | None:
    """The fields that were sent; None when the payload is no JSON object (or was cut)."""
    try:
        held = json.loads(payload)
    except (ValueError, RecursionError):
        return None
    return held if isinstance(held, dict) else None


def fields(table_code: str, held: Mapping[str, Any], kept: Sequence[Mapping[str, Any]], whole: bool) -> list[Sent]:
    """Every field sent, those of the specification first and in its order; unknown ones as they are."""
    spec = tables().get(table_code)
    wrong = {each["field"] for each in kept}
    if spec is None:
        return [Sent(name, "", _text(value), name in wrong) for name, value in held.items()]
    other = aliases(spec)
    order = {field.id: at for at, field in enumerate(spec.fields)}
    found = []
    for name, value in held.items():
        field = spec.by_id.get(other.get(name, name))
        text = _text(value)
        if field is not None:
            text = _masked(spec, field.id, text, whole)
        elif not whole:
            text = "（非标准字段，不显示）"
        found.append((order.get(field.id if field else "", len(order)), Sent(name, field.name if field else "", readable(text),
                      (field.id if field else name) in wrong)))
    return [sent for _, sent in sorted(found, key=lambda pair: pair[0])]


def raw(table_code: str, payload: str, whole: bool) -> str:
    """The payload as text to show: as sent for those with the right, masked for others."""
    if whole:
        return payload
    spec, held = tables().get(table_code), record(payload)
    if spec is None or held is None:
        return UNREADABLE
    known = {name: value for name, value in held.items() if name in spec.by_id}
    return json.dumps({name: _hidden(spec, name, value) for name, value in known.items()}, ensure_ascii=False, indent=2)


def _hidden(spec: TableSpec, name: str, value: Any) -> Any:
    return _masked(spec, name, value, False) if isinstance(value, str) else _masked(spec, name, _text(value), False)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
