"""/api/v1 of the rulebook: what is in force, and which value holds for a case."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError
from ninja.params.functions import Query

from canglin.api import PAGE_BOUND, decode_number, page
from canglin.rulebook import queries
from canglin.rulebook.ports import people
from canglin.rulebook.rules import Rule

router = Router(tags=["rulebook"])


def _shown(rule: Rule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "code": rule.code,
        "name": rule.name,
        "value": rule.value,
        "unit": rule.unit,
        "region": rule.region,
        "variety": rule.variety,
        "nature": rule.nature,
        "subject": rule.subject,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "source": rule.source,
        "mark": rule.mark,
        "confirmed": rule.confirmed,
    }


@router.get("/rules", summary="规则库：现行的值")
def rules(
    request: HttpRequest,
    code: str = Query("", max_length=80, description="规则代码的开头"),
    limit: int | None = Query(None, ge=1, le=PAGE_BOUND, description="一页的条数；不给则给出全部"),
    cursor: str | None = Query(None, max_length=64, description="上一页答复中的 next"),
) -> Any:
    """Values in force today or later, with source and mark; ``confirmed`` false means 待确认, a null value is not known."""
    people().demand(getattr(request, "auth", None), "rulebook.view")
    found = queries.current().filter(code__startswith=code).order_by("id")
    if cursor:
        found = found.filter(id__gt=decode_number(cursor))
    rows = list(found[: limit + 1] if limit else found)
    return page([_shown(queries.as_rule(row)) for row in rows], limit, lambda item: str(item["id"]))


@router.get("/rules/value", summary="规则库：某日、某地、某品种适用的值")
def value(
    request: HttpRequest,
    code: str = Query(..., max_length=80, description="规则代码"),
    at: date | None = Query(None, description="哪一天，不给为今天"),  # noqa: B008 - ninja's way
    region: str = Query("", max_length=6, description="行政区划代码"),
    variety: str = Query("", max_length=7, description="粮食品种代码"),
    nature: str = Query("", max_length=3, description="粮食性质代码"),
    subject: str = Query("", max_length=64, description="其他分别，规则自己说明"),
) -> Any:
    """The narrowest value in force on ``at`` (today) for the case. 404 says whether there is no rule or no known figure."""
    people().demand(getattr(request, "auth", None), "rulebook.view")
    try:
        found = queries.rule(code, at=at, region=region, variety=variety, nature=nature, subject=subject)
    except queries.NoRule as none:
        raise HttpError(404, str(none)) from None
    return _shown(found)
