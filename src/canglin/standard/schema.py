"""Descriptions of the tables for programs and people, from their declarations: JSON Schema and OpenAPI components,
worksheet columns.

Titles are Chinese, as the specification has them. What JSON Schema has no word for stands in ``x-`` keys: unit,
reference, code list, identifier, the attribute's English name.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from canglin.standard import codes, examples, identifiers, units
from canglin.standard.fields import FieldSpec
from canglin.standard.numbers import LARGEST_WHOLE
from canglin.standard.rows import aliases
from canglin.standard.tables import TableSpec

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def field_schema(field: FieldSpec, at: str | None = None) -> dict[str, Any]:
    """One field. ``at`` is where code lists stand (``#/components/schemas/``); without it the codes are written in
    place."""
    said: dict[str, Any] = {"title": field.name}
    match field.kind:
        case "string":
            said |= {"type": "string", "maxLength": field.length}
            if field.required:
                said["minLength"] = 1
        case "decimal":
            said |= {"type": ["number", "string"], "x-digits": field.digits, "x-scale": field.scale}
        case "integer":
            said |= {"type": "integer", "minimum": -LARGEST_WHOLE, "maximum": LARGEST_WHOLE}
        case "date":
            said |= {"type": "string", "format": "date", "description": "yyyy-MM-dd"}
        case "datetime":
            said |= {"type": "string", "pattern": r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$",
                     "description": "yyyy-MM-dd HH:mm:ss，北京时间"}
        case "year":
            said |= {"type": "string", "pattern": r"^(19|20)\d{2}$", "description": "yyyy"}
    if field.codes:
        said["x-codes"] = field.codes
        if codes.several(field.codes, field.length):
            said["description"] = f"{codes.code_list(field.codes).name}中的一个或多个代码，以 # 或 | 分隔"
        elif at:
            said["allOf"] = [{"$ref": f"{at}{code_component(field.codes)}"}]
        else:
            said |= _choices(field.codes)
    rule = identifiers.RULES.get(field.identifier or "")
    if rule:
        said["x-identifier"] = rule.name
        wrong = rule.faults("")
        if wrong:
            said.setdefault("description", wrong[0].expected)
    for key, value in (("x-attribute", field.attribute), ("x-unit", field.unit), ("x-ref", field.ref),
                       ("x-standard", field.standard)):
        if value:
            said[key] = value
    return said


def _choices(list_id: str) -> dict[str, Any]:
    taken = [i for i in codes.items(list_id) if i.valid]
    return {"enum": [i.code for i in taken], "x-enum-labels": [i.label for i in taken]}


def code_component(list_id: str) -> str:
    """The component's name of a code list."""
    return f"Codes_{list_id}"


def table_schema(spec: TableSpec, at: str | None = None) -> dict[str, Any]:
    """One table's record as it is sent. See ``field_schema`` for ``at``."""
    said: dict[str, Any] = {
        "title": spec.name, "type": "object", "description": f"{spec.code} {spec.name}",
        "required": [f.id for f in spec.fields if f.required],
        "properties": {f.id: field_schema(f, at) for f in spec.fields},
        # Unknown keys are ignored, as deployed servers do.
        "additionalProperties": True,
        "x-table": spec.code, "x-endpoint": spec.endpoint, "x-key": [spec.by_attribute[a].id for a in spec.key],
    }
    other = aliases(spec)
    if other:
        said["x-aliases"] = other
    return said


def json_schema(spec: TableSpec) -> dict[str, Any]:
    """A JSON Schema document of one table that stands alone."""
    return {"$schema": DIALECT, **table_schema(spec)}


def components(specs: Iterable[TableSpec]) -> dict[str, Any]:
    """OpenAPI ``components.schemas`` of tables and of the code lists they use."""
    at = "#/components/schemas/"
    held = list(specs)
    used = {f.codes for spec in held for f in spec.fields if f.codes and not codes.several(f.codes, f.length)}
    lists = {
        code_component(id): {"title": codes.code_list(id).name, "type": "string",
                             "description": codes.code_list(id).source, **_choices(id)}
        for id in sorted(used)
    }
    return {**lists, **{spec.english: table_schema(spec, at) for spec in held}}


@dataclass(frozen=True)
class Column:
    """A column of a table's worksheet. ``choices`` are shown as ``code label``; ``code_of`` takes such a cell apart."""

    field: FieldSpec
    header: str
    help: str
    choices: tuple[str, ...]
    example: str

    @property
    def id(self) -> str:
        return self.field.id


def columns(spec: TableSpec) -> tuple[Column, ...]:
    """The columns of a table's worksheet, in the specification's order."""
    shown = examples.row(spec)
    return tuple(Column(f, header(f), help_text(f), choices(f), shown[f.id]) for f in spec.fields)


def header(field: FieldSpec) -> str:
    """``*毛重(mz) 公斤``: the star marks what must be filled."""
    unit = units.name(field.unit)
    return f"{'*' if field.required else ''}{field.name}({field.id}){' ' + unit if unit else ''}"


def by_header(spec: TableSpec, text: str) -> FieldSpec | None:
    """The field that a worksheet's column heads: by header, id or Chinese name, whatever blanks and stars stand
    around."""
    plain = "".join(text.replace("*", "").split())
    for f in spec.fields:
        if plain in (f.id, f.name, "".join(header(f).replace("*", "").split())):
            return f
    return spec.by_id.get(aliases(spec).get(plain, ""))


def choices(field: FieldSpec) -> tuple[str, ...]:
    """The cells a drop-down offers; none for fields that hold several codes or no codes."""
    if not field.codes or codes.several(field.codes, field.length):
        return ()
    return tuple(f"{i.code} {i.label}" for i in codes.items(field.codes) if i.valid)


def code_of(field: FieldSpec, cell: str) -> str:
    """The code of a cell that says ``1131001 早籼稻谷``, ``1131001``, or a label that one code alone has."""
    text = cell.strip()
    if not field.codes or codes.several(field.codes, field.length) or codes.contains(field.codes, text):
        return text
    first, _, rest = text.partition(" ")
    if rest and codes.contains(field.codes, first):
        return first
    named = [i.code for i in codes.items(field.codes) if i.valid and i.label == text]
    return named[0] if len(named) == 1 else text


def help_text(field: FieldSpec) -> str:
    """What a column takes, in one or two short sentences."""
    said = ["必填" if field.required else "选填"]
    match field.kind:
        case "string":
            said.append(f"最多 {field.length} 字")
        case "decimal":
            said.append(f"数值，小数最多 {field.scale} 位")
        case "integer":
            said.append("整数")
        case "date":
            said.append("日期 yyyy-MM-dd")
        case "datetime":
            said.append("时间 yyyy-MM-dd HH:mm:ss")
        case "year":
            said.append("四位年份")
    if field.unit:
        said.append(f"单位 {units.name(field.unit)}")
    if field.codes:
        several = "可填多个，以 # 分隔" if codes.several(field.codes, field.length) else "从下拉列表选择"
        said.append(f"代码表“{codes.code_list(field.codes).name}”，{several}")
    rule = identifiers.RULES.get(field.identifier or "")
    if rule and rule.faults(""):
        said.append(rule.faults("")[0].expected)
    if field.ref:
        said.append("须为已上报的记录")
    return "；".join(said)


def decimal_bounds(field: FieldSpec) -> tuple[Decimal, Decimal]:
    """Least and greatest amount that fits ``digits`` and ``scale``, for worksheet validation. Raises ValueError for
    other kinds."""
    if field.digits is None or field.scale is None:
        raise ValueError(f"{field.id} is no amount")
    top = Decimal(10) ** (field.digits - field.scale) - Decimal(1).scaleb(-field.scale)
    return -top, top
