"""/api/v1 of the gateway: what was refused, the tables of the interface; and batch.py's taking of records, described."""

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from ninja.params.functions import Path, Query

from canglin.accounts import policy
from canglin.accounts.api import user_of
from canglin.api import CODE, PAGE, PAGE_BOUND, decode_number, page
from canglin.gateway import batch, queries, shown
from canglin.gateway.models import Refusal
from canglin.standard import schema
from canglin.standard.tables import TableSpec, tables

router = Router(tags=["gateway"])
_CODE: Any = Path(..., max_length=4, pattern=CODE, description="数据表代码，如 1202")


def _refusal(found: Refusal, whole: bool) -> dict[str, Any]:
    return {
        "id": found.pk, "received_at": found.received_at, "source": found.source, "channel": found.channel,
        "table": found.table_code, "key": found.key, "code": found.code, "enterprise": found.in_enterprise, "depot": found.in_depot,
        "violations": [
            {"field": each.field, "rule": each.rule, "found": each.found, "expected": each.expected}
            for each in shown.violations(found.table_code, found.violations, whole)
        ],
        "payload": shown.raw(found.table_code, found.payload, whole),
    }  # fmt: skip


@router.get("/refusals", summary="被拒记录，新的在前")
def refusals(
    request: HttpRequest,
    since: datetime | None = Query(None, alias="from", description="收到时间，起（含）"),  # noqa: B008 - ninja's way
    until: datetime | None = Query(None, alias="to", description="收到时间，止（含）"),  # noqa: B008
    table: str = Query("", max_length=4, pattern=CODE, description="数据表代码，如 1202"),
    limit: int = Query(PAGE, ge=1, le=PAGE_BOUND, description="一页的条数"),
    cursor: str | None = Query(None, max_length=600, description="上一页答复中的 next"),
) -> Any:
    """Refused records of one's area of the last ninety days, with their reasons and what was sent, newest first; always by pages.
    Personal data is masked for those who may not export records."""
    user = user_of(request, "gateway.view")
    found = queries.refusals(user).order_by("-id")
    for name, given in (("received_at__gte", since), ("received_at__lte", until), ("table_code", table)):
        if given:
            found = found.filter(**{name: given})
    if cursor:
        found = found.filter(pk__lt=decode_number(cursor))
    whole = policy.may(user, "records.export")
    return page([_refusal(each, whole) for each in found[: limit + 1]], limit, lambda item: str(item["id"]))


@router.get("/tables", summary="接口数据表")
def all_tables(request: HttpRequest) -> Any:
    """Every table of the specification: code, names, endpoints, key."""
    user_of(request, "gateway.view")
    return [_table(spec) for spec in tables().values()]


def _table(spec: TableSpec) -> dict[str, Any]:
    return {
        "code": spec.code, "name": spec.name, "english": spec.english, "endpoint": spec.endpoint,
        "filled_by": "bureau" if spec.bureau_only else "depot", "key": [spec.by_attribute[name].id for name in spec.key],
        "fields": len(spec.fields),
    }  # fmt: skip


@router.get("/tables/{code}/schema", summary="一张数据表的 JSON Schema")
def table_schema(request: HttpRequest, code: str = _CODE) -> Any:
    """JSON Schema (2020-12) of a record of the table, as it is sent."""
    user_of(request, "gateway.view")
    spec = tables().get(code)
    if spec is None:
        raise HttpError(404, "没有这个数据表")
    return schema.json_schema(spec)


# What the ASGI application beside Django answers, described for the OpenAPI document (see canglin.api.describe).


def _ref(name: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{name}"}


def _problem(description: str) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"schema": _ref("Problem")}}}


_PARAMETERS = [
    {"name": "dry_run", "in": "query", "schema": {"type": "string", "enum": ["1"]}, "description": "1：只校验，不接收"},
    {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 128},
     "description": f"同一键的重复调用在 {batch.ANSWERS_KEPT_H} 小时内得到同一应答"},
    {"name": "Content-Encoding", "in": "header", "schema": {"type": "string", "enum": ["gzip"]},
     "description": "报文经 gzip 压缩"},
]
_ANSWERS = {
    "200": {"description": "每行一张回执，另有合计。一行有误不影响其他行。",
            "content": {"application/json": {"schema": _ref("Receipts")}}},
    "400": _problem("报文为空，或不是有效的 gzip"), "401": _problem("没有令牌、令牌无效，或签名不符"),
    "404": _problem("没有这个数据表"), "413": _problem(f"超过 {batch.ROWS_BOUND:,} 行或 {batch.BODY_BOUND >> 20} MiB"),
    "422": _problem("Idempotency-Key 已用于不同的报文"), "429": _problem("接入繁忙或超过频次；按 Retry-After 重发"),
    "503": _problem("数据库暂不可用；按 Retry-After 重发"),
}  # fmt: skip
_SHAPES: dict[str, Any] = {
    "Receipts": {
        "type": "object", "required": ["taken", "same", "refused", "dry_run", "rows"],
        "properties": {
            **{name: {"type": "integer"} for name in ("taken", "same", "refused")}, "dry_run": {"type": "boolean"},
            "rows": {"type": "array", "items": _ref("Receipt")},
        },
    },
    "Receipt": {
        "type": "object", "required": ["line", "status", "number", "errors"],
        "properties": {
            "line": {"type": "integer", "minimum": 1}, "status": {"enum": ["taken", "same", "refused"]},
            "number": {"type": ["integer", "null"], "description": "日志号"},
            "errors": {"type": "array", "items": _ref("Violation")},
        },
    },
    "Violation": {
        "type": "object", "required": ["field", "rule", "found", "expected"],
        "properties": {name: {"type": "string"} for name in ("field", "rule", "found", "expected")},
    },
    "Problem": {
        "type": "object", "required": ["error", "detail"],
        "properties": {"error": {"type": "string"}, "detail": {"type": "string"}},
    },
}  # fmt: skip


def _operation(summary: str, id: str, specs: list[TableSpec], parameters: list[dict[str, Any]]) -> dict[str, Any]:
    one = [_ref(spec.english) for spec in specs]
    return {
        "post": {
            "operationId": id, "summary": summary, "tags": ["gateway"], "parameters": [*parameters, *_PARAMETERS],
            "security": [{"Bearer": []}],
            "description": f"每行一条 JSON 记录（NDJSON），至多 {batch.ROWS_BOUND:,} 行。"
                           "令牌为个人访问令牌，或应用登录（sfrz）所得；也可用国密套件签名，见 docs/strong-suite.md。",
            "requestBody": {"required": True, "content": {"application/x-ndjson": {
                "schema": one[0] if len(one) == 1 else {"oneOf": one}}}},
            "responses": _ANSWERS,
        }
    }  # fmt: skip


def described() -> tuple[dict[str, Any], dict[str, Any]]:
    """Paths and component schemas of what this room's own ASGI application answers."""
    paths: dict[str, Any] = {
        f"/api/v1/records/{spec.code}": _operation(f"批量上报 {spec.code} {spec.name}", f"submit_{spec.code}", [spec], [])
        for spec in tables().values()
    }
    plans = [spec for code, spec in tables().items() if code in batch.PLAN_TABLES]
    which = {"name": "table", "in": "query", "required": True, "schema": {"enum": sorted(batch.PLAN_TABLES)},
             "description": "计划数据表代码"}
    paths["/api/v1/plans"] = _operation("批量填报计划", "submit_plans", plans, [which])
    return paths, {**schema.components(tables().values()), **_SHAPES}
