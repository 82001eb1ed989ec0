"""The OpenAPI document of /api/v1: what answers look like, which errors there are, what the parts are about.

Answers are plain rows, encoded once without a second model of them (8,000 lots must not be built thrice); so what they
look like is written down here as JSON Schema, made from the columns where there are any.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from ninja.openapi.schema import OpenAPISchema

Schema = dict[str, Any]

#: One line a tag, in the order in which a reader needs them.
TAGS = {
    "overview": "总览：库点、货位及其存粮",
    "registry": "承储单位、仓房、油罐",
    "stock": "库存、保管账、账实差异、检斤单、结算单、合同",
    "quality": "入库检验、质检报告",
    "records": "存证日志：版本与存在证明",
    "gateway": "数据接入：批量上报",
    "rulebook": "规则库",
    "accounts": "本人、接入应用、审计日志",
}
ERRORS = {
    401: "没有令牌，或令牌不可用",
    403: "没有权限",
    404: "没有，或不在辖区内",
    422: "参数有误",
}
ERROR: Schema = {
    "type": "object",
    "title": "Error",
    "required": ["detail"],
    "properties": {
        "detail": {"type": "string", "description": "哪里不对"},
        "errors": {
            "type": "array",
            "description": "逐个参数（仅 422）",
            "items": {
                "type": "object",
                "required": ["field", "expected"],
                "properties": {"field": {"type": "string"}, "expected": {"type": "string"}},
            },
        },
    },
}

TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
TRUTH: Schema = {"type": "boolean"}
TIME: Schema = {"type": "string", "format": "date-time"}
DAY: Schema = {"type": "string", "format": "date"}
KG: Schema = {"type": "number", "description": "公斤"}
TONNES: Schema = {"type": "number", "description": "吨"}


def maybe(schema: Schema) -> Schema:
    """The same, or null."""
    return schema | {"type": [schema["type"], "null"]}


def shape(properties: Mapping[str, Schema]) -> Schema:
    """An object with all of these."""
    return {"type": "object", "properties": dict(properties), "required": list(properties)}


def listed(item: Schema) -> Schema:
    """A list as it answers without ``limit``."""
    return {"type": "array", "items": item}


def paged(item: Schema) -> Schema:
    """One page of a list."""
    return shape({"items": listed(item), "next": maybe(TEXT) | {"description": "下一页的 cursor，没有下一页时为 null"}})


def either(item: Schema) -> Schema:
    """A list that is paged when ``limit`` is given."""
    return {"anyOf": [listed(item), paged(item)]}


def answers(schema: Schema) -> dict[str, Any]:
    """For ``openapi_extra`` of an operation: what it answers with 200."""
    return {"responses": {200: {"content": {"application/json": {"schema": schema}}}}}


def columns(model: type[models.Model], names: Iterable[str]) -> dict[str, Schema]:
    """The schema of columns of a model, described by their own names and units."""
    return {name: _column(model._meta.get_field(name)) for name in names}


def _column(field: Any) -> Schema:
    match field:
        case models.DateTimeField():
            schema = TIME
        case models.DateField():
            schema = DAY
        case models.DecimalField():
            schema = NUMBER
        case models.IntegerField():
            schema = WHOLE
        case models.BooleanField():
            schema = TRUTH
        case _:
            schema = TEXT
    spec = getattr(field, "spec", None)
    about = str(field.verbose_name) + (f"（{spec.unit}）" if spec is not None and spec.unit else "")
    return (maybe(schema) if field.null else schema) | {"description": about}


def complete(document: OpenAPISchema) -> OpenAPISchema:
    """Add what every operation has in common: its errors."""
    document["components"]["schemas"]["Error"] = ERROR
    document["tags"] = [{"name": name, "description": about} for name, about in TAGS.items()]
    body = {"application/json": {"schema": {"$ref": "#/components/schemas/Error"}}}
    for path, operations in document["paths"].items():
        for operation in operations.values():
            for status, about in ERRORS.items():
                if status == 404 and "{" not in path and not path.endswith("/value"):
                    continue
                operation["responses"].setdefault(status, {"description": about, "content": body})
    return document
