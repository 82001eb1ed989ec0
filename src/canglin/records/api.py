"""/api/v1 of the log: versions of a record, and their proofs."""

import json
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Router
from ninja.params.functions import Path, Query

from canglin.accounts import policy
from canglin.accounts.api import user_of
from canglin.api import CODE, PAGE_BOUND, decode_number, page
from canglin.records import queries
from canglin.records.models import Record

router = Router(tags=["records"])
_NUMBER: Any = Path(..., ge=1, description="日志号")


def _shown(record: Record) -> dict[str, Any]:
    return {
        "number": record.number, "table": record.table_code, "key": record.key, "operation": record.operation,
        "received_at": record.received_at, "stated_at": record.stated_at, "source": record.source, "channel": record.channel,
        "record": json.loads(record.payload),
    }


@router.get("/records", summary="一条记录的所有版本，新的在前")
def versions(
    request: HttpRequest,
    table: str = Query(..., max_length=4, pattern=CODE, description="数据表代码，如 1202"),
    key: str = Query(..., max_length=255, pattern=r"^[^\x00]*$", description="主键，各部分以 | 相连"),
    limit: int | None = Query(None, ge=1, le=PAGE_BOUND, description="一页的条数；不给则给出全部"),
    cursor: str | None = Query(None, max_length=64, description="上一页答复中的 next"),
) -> Any:
    """Every version of the record ``key`` of ``table``, newest first, with log numbers; key parts are joined by ``|``."""
    user = user_of(request, "records.view")
    found: QuerySet[Record] = policy.rows(user, Record.objects.filter(table_code=table, key=key)).order_by("-number")
    if cursor:
        found = found.filter(number__lt=decode_number(cursor))
    rows = list(found[: limit + 1] if limit else found)
    return page([_shown(record) for record in rows], limit, lambda item: str(item["number"]))


@router.get("/records/{int:number}/proof", summary="一条日志的存在证明")
def proof(request: HttpRequest, number: int = _NUMBER) -> Any:
    """Inclusion proof of log entry ``number`` against the current root (RFC 6962); docs/algorithms/tree.md says how to check it."""
    user = user_of(request, "records.view")
    policy.rows(user, Record.objects).get(number=number)
    return queries.proof(number).as_json()
