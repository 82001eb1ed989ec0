"""/api/v1 of the stock: totals, custody accounts, claims and capacity. kg and t are exact decimals, written as JSON
numbers."""

import json
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest, HttpResponse
from ninja import Router
from ninja.errors import HttpError
from ninja.params.functions import Path, Query

from canglin.accounts.api import user_of
from canglin.api import CODE, PAGE_BOUND, REGION, decode_cursor, encode, page
from canglin.stock import documents, shapes
from canglin.stock.ledger.balances import CHINA, Moment
from canglin.stock.queries.capacity import depots_use, lots_use
from canglin.stock.queries.claims import book_differences, card_differences, explain
from canglin.stock.queries.custody import custody_account
from canglin.stock.queries.scope import visible_depots
from canglin.stock.queries.totals import PLACES, By, Total, totals
from canglin.stock.rules.explanation import REASONS, Explanation

router = Router(tags=["stock"])
router.add_router("", documents.router)
_REGION: Any = Query("", max_length=6, pattern=REGION, description="行政区划代码：省、市或县")
_DEPOT: Any = Query("", max_length=21, pattern=CODE, description="库区代码")
_BY: Any = Query("lot", description="按什么汇总")
_LOT: Any = Path(..., max_length=30, pattern=CODE, description="货位代码")


def _answer(value: Any) -> HttpResponse:
    return HttpResponse(encode(value), content_type="application/json")


def moment_of(text: str | None, name: str) -> datetime | None:
    """An ISO date or time from a query; a bare date means its end, a time without a zone is China's. Raises HttpError
    422."""
    if not text:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time(23, 59, 59), CHINA)
        # A plus sign that was not escaped arrives as a space.
        at = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        at = at if at.tzinfo else at.replace(tzinfo=CHINA)
        at.astimezone(CHINA)
    except (ValueError, OverflowError):
        raise HttpError(422, f"{name}: not an ISO 8601 date or time, such as 2026-03-01 or 2026-03-01T08:00:00+08:00") from None
    if not 1900 < at.year < 2200:
        raise HttpError(422, f"{name}: the year is out of range")
    return at


def _total(by: str, total: Total) -> dict[str, Any]:
    row: dict[str, Any] = {by: total.group}
    if by in PLACES:
        row |= {
            "variety": total.grain.variety_code, "nature": total.grain.nature_code,
            "harvest_year": total.grain.harvest_year or None,
        }
    return row | {"net_kg": total.priced_kg, "weighed_kg": total.weighed_kg}


def _position(total: Total) -> list[Any]:
    return [total.group, *total.grain]


def _after(rows: Sequence[Total], cursor: str) -> list[Total]:
    try:
        position = json.loads(decode_cursor(cursor))
        return [row for row in rows if _position(row) > position]
    except (ValueError, TypeError):
        raise HttpError(422, "cursor: not one that this interface gave out") from None


@router.get(
    "/stock", summary="库存：按货位、库区、单位、行政区划、品种、性质、等级、收获年度、粮权归属", openapi_extra=shapes.TOTALS
)
def stock(
    request: HttpRequest,
    by: By = _BY,
    region: str = _REGION,
    depot: str = _DEPOT,
    at: str | None = Query(None, max_length=40, description="业务时间：当时实际有多少"),
    known_at: str | None = Query(None, max_length=40, description="知悉时间：当时我们知道多少"),
    limit: int | None = Query(None, ge=1, le=PAGE_BOUND, description="一页的条数；不给则给出全部"),
    cursor: str | None = Query(None, max_length=600, description="上一页答复中的 next"),
) -> HttpResponse:
    """Stock by lot, depot, enterprise, region, variety, nature, grade, harvest_year or owner.

    Grouped by a place, a row is one kind of grain there; grouped by a kind, a row is all of it. ``net_kg`` follows net
    weights (计价数量), ``weighed_kg`` gross − tare (实际数量). ``at`` asks what was true then, ``known_at`` what had been
    received by then; together, what we knew then about that time. Empty codes and null years: the records do not say.
    """
    user = user_of(request, "stock.view")
    moment = Moment(moment_of(at, "at"), moment_of(known_at, "known_at"))
    rows = totals(by, moment, depots=visible_depots(user, region=region, depot=depot))
    if cursor:
        rows = _after(rows, cursor)
    kept = rows[: limit + 1] if limit else rows
    # The cursor stands for the last row's place in the order, which the shown row no longer tells.
    answer = page(kept, limit, lambda total: json.dumps(_position(total)))
    if isinstance(answer, dict):
        return _answer(answer | {"items": [_total(by, total) for total in answer["items"]]})
    return _answer([_total(by, total) for total in answer])


@router.get("/stock/lots/{lot}/account", summary="分仓保管账", openapi_extra=shapes.ACCOUNT)
def account(
    request: HttpRequest,
    lot: str = _LOT,
    since: str | None = Query(None, alias="from", max_length=40, description="期间起（含）"),
    until: str | None = Query(None, alias="to", max_length=40, description="期间止（含）"),
    known_at: str | None = Query(None, max_length=40, description="知悉时间：当时我们知道多少"),
    reversed_too: bool = Query(False, alias="reversed", description="连同已冲销的分录"),
) -> HttpResponse:
    """The custody account of a lot: opening, lines, closing, in both quantities. ``from`` and ``to`` are included."""
    return _account(request, lot, since, until, known_at, reversed_too)


@router.get("/custody", summary="分仓保管账（按货位查询）", openapi_extra=shapes.ACCOUNT)
def custody(
    request: HttpRequest,
    lot: str = Query(..., max_length=30, pattern=CODE, description="货位代码"),
    since: str | None = Query(None, alias="from", max_length=40, description="期间起（含）"),
    until: str | None = Query(None, alias="to", max_length=40, description="期间止（含）"),
    known_at: str | None = Query(None, max_length=40, description="知悉时间：当时我们知道多少"),
    reversed_too: bool = Query(False, alias="reversed", description="连同已冲销的分录"),
) -> HttpResponse:
    """The same as ``/stock/lots/{lot}/account``."""
    return _account(request, lot, since, until, known_at, reversed_too)


def _account(
    request: HttpRequest, lot: str, since: str | None, until: str | None, known_at: str | None, reversed_too: bool
) -> HttpResponse:
    user_of(request, "stock.view", lot[:21])
    start = moment_of(since, "from")
    if start and since and len(since) == 10:
        start = start.replace(hour=0, minute=0, second=0)
    book = custody_account(
        lot, start, moment_of(until, "to"), known_at=moment_of(known_at, "known_at"), with_reversed=reversed_too
    )
    return _answer({
        "lot": lot, "opening_net_kg": book.opening_priced_kg, "opening_weighed_kg": book.opening_weighed_kg,
        "lines": [
            {
                "at": line.at.astimezone(CHINA), "kind": line.kind, "document": line.document_no, "counterpart": line.counterpart,
                "plate": line.plate_no, "table": line.table_code, "key": line.key, "number": line.number,
                "variety": line.grain.variety_code, "nature": line.grain.nature_code,
                "harvest_year": line.grain.harvest_year or None,
                "net_in_kg": line.priced_in_kg, "net_out_kg": line.priced_out_kg, "net_balance_kg": line.balance_priced_kg,
                "weighed_in_kg": line.weighed_in_kg, "weighed_out_kg": line.weighed_out_kg,
                "weighed_balance_kg": line.balance_weighed_kg, "reverses": line.reverses, "reversed_by": line.reversed_by,
                "received_at": line.received_at.astimezone(CHINA),
            }
            for line in book.lines
        ],
        "closing_net_kg": book.closing_priced_kg, "closing_weighed_kg": book.closing_weighed_kg,
    })


def _explained(found: Sequence[Explanation]) -> list[list[dict[str, Any]]]:
    return [
        [
            {"table": c.table_code, "key": c.key, "number": c.number, "reason": REASONS[c.reason], "effect_kg": c.effect_kg}
            for c in explanation
        ]
        for explanation in found
    ]


@router.get("/stock/lots/{lot}/claim", summary="一个货位的卡账差异及可能的原因", openapi_extra=shapes.CLAIM)
def claim(request: HttpRequest, lot: str = _LOT) -> HttpResponse:
    """The newest stock card (1208) of a lot beside the ledger at the card's time, with the tickets that would explain
    the difference."""
    user_of(request, "stock.view", lot[:21])
    difference = card_differences([lot]).get(lot)
    if difference is None:
        raise HttpError(404, "这个货位没有库存卡片")
    card = difference.card
    return _answer({
        "lot": lot, "stated_at": card.stated_at.astimezone(CHINA), "number": card.number,
        "card_net_kg": card.priced_kg, "ledger_net_kg": difference.ledger_priced_kg, "net_difference_kg": difference.priced_kg,
        "card_weighed_kg": card.weighed_kg, "ledger_weighed_kg": difference.ledger_weighed_kg,
        "weighed_difference_kg": difference.weighed_kg,
        "net_explanations": _explained(explain(difference)), "weighed_explanations": _explained(explain(difference, weighed=True)),
    })


@router.get("/stock/books", summary="账面库存与总账之差", openapi_extra=shapes.BOOKS)
def books(
    request: HttpRequest,
    year: int = Query(..., ge=2000, le=2199, description="年度"),
    month: int = Query(..., ge=1, le=12, description="月份"),
    region: str = _REGION,
    depot: str = _DEPOT,
    differing: bool = Query(False, description="只要有差异的"),
) -> HttpResponse:
    """Month books (1211) beside the ledger, by depot and variety, kg priced. Differences are claim − ledger."""
    user = user_of(request, "stock.view")
    depots = visible_depots(user, region=region, depot=depot)
    names = ("opening", "received", "issued", "closing")
    return _answer([
        {"depot": d.depot_code, "variety": d.variety_code, "claimed": d.claimed}
        | {
            f"{name}_{side}_kg": value
            for name in names
            for side, value in (
                ("claim", getattr(d, f"claim_{name}_kg")), ("ledger", getattr(d, f"ledger_{name}_kg")),
                ("difference", getattr(d, f"{name}_kg")),
            )
        }
        for d in book_differences(year, month, depots)
        if not differing or any(getattr(d, f"{name}_kg") for name in names)
    ])


@router.get("/stock/capacity", summary="仓容使用", openapi_extra=shapes.CAPACITY)
def capacity(
    request: HttpRequest,
    by: Literal["lot", "depot"] = Query("depot", description="按货位或库点"),
    region: str = _REGION,
    depot: str = _DEPOT,
) -> HttpResponse:
    """Capacity and weighed contents in tonnes. ``used`` is their ratio, null when no capacity is stated."""
    user = user_of(request, "stock.view")
    depots = visible_depots(user, region=region, depot=depot)
    uses = depots_use(depots=depots) if by == "depot" else lots_use(depots=depots)
    return _answer([
        {by: use.code, "capacity_t": use.capacity_t, "held_t": use.held_t, "used": _rounded(use.share)} for use in uses.values()
    ])


def _rounded(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.0001"))
