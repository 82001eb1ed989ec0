"""/api/v1 of what draws on many rooms: the overview, depots and lots with their grain, claims against the ledger.

Depots and lots come from memory (queries.standing), cut to the asking person's area: no query for each, whatever their
number.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.params.functions import Path

from canglin import openapi
from canglin.accounts import policy
from canglin.accounts.api import user_of
from canglin.api import CODE, Paging, decode_cursor, page
from canglin.openapi import DAY, KG, NUMBER, TEXT, TIME, TONNES, TRUTH, WHOLE, answers, either, listed, maybe, shape
from canglin.overview.queries import flows, intake, reports
from canglin.overview.queries.differences import differences
from canglin.overview.queries.standing import EMPTY, KG_PER_T, ZERO, Standing, by_grain, parts, standing
from canglin.registry.listing import KEY, ByDepot, ByRegion, all_columns, whole
from canglin.registry.models import StorageLot
from canglin.standard import codes
from canglin.stock.models import StockCard
from canglin.stock.queries.claims import CardDifference, card_differences
from canglin.stock.queries.contents import contents
from canglin.stock.queries.conversion import convert
from canglin.stock.queries.scope import visible_depots
from canglin.stock.rules.composition import Grain

router = Router(tags=["overview"])
OIL = "21"  # LS/T 1703: 植物油脂
_SHARE = maybe(NUMBER) | {"description": "实际数量 ÷ 仓容，0 至 1，超装大于 1；容量未报为 null"}

_DEPOT = {
    "key": TEXT, "depot_name": TEXT, "enterprise_code": TEXT, "enterprise_name": TEXT, "region_code": TEXT, "capacity_t": TONNES,
    "net_kg": KG, "weighed_kg": KG, "used": _SHARE, "lots": WHOLE, "empty_lots": WHOLE,
    "last_at": maybe(TIME) | {"description": "最近一次收到其数据"},
}
_LOT = {
    "key": TEXT, "lot_name": TEXT, "depot_code": TEXT, "depot_name": TEXT, "enterprise_code": TEXT, "region_code": TEXT,
    "warehouse_code": TEXT, "state": TEXT | {"description": "货位状态（hwzt），没有货位卡为空"}, "card_at": maybe(TIME),
    "variety": TEXT | {"description": "存量最大的品种"}, "nature": TEXT, "harvest_year": maybe(WHOLE),
    "grade": TEXT | {"description": "等级，出自货位卡"}, "capacity_t": maybe(TONNES), "net_kg": KG, "weighed_kg": KG,
    "used": _SHARE, "keeper": TEXT, "is_virtual": TRUTH,
}
_CLAIM = {
    "lot": TEXT, "stated_at": TIME, "number": WHOLE, "card_net_kg": KG, "ledger_net_kg": KG, "net_difference_kg": KG,
    "card_weighed_kg": KG, "ledger_weighed_kg": KG, "weighed_difference_kg": KG,
}
_GRAIN = {"variety": TEXT, "nature": TEXT, "harvest_year": maybe(WHOLE), "net_kg": KG, "weighed_kg": KG}
_PART = listed(shape({"code": TEXT, "net_kg": KG, "weighed_kg": KG, "share": NUMBER}))


def _share(share: Decimal | None) -> Decimal | None:
    return None if share is None else share.quantize(Decimal("0.0001"))


def _paged(rows: Iterable[Mapping[str, Any]], paging: Paging, show: Callable[[Any], dict[str, Any]]) -> Any:
    """Rows in the order of keys, cut before they are made."""
    after = decode_cursor(paging.cursor) if paging.cursor else ""
    kept = [row for row in rows if row["key"] > after]
    answer = page(kept[: paging.limit + 1] if paging.limit else kept, paging.limit, lambda row: str(row["key"]))
    if isinstance(answer, dict):
        return answer | {"items": [show(row) for row in answer["items"]]}
    return [show(row) for row in answer]


def _standing(request: HttpRequest, verb: str, region: str = "", depot: str = "") -> Standing:
    return standing(visible_depots(user_of(request, verb), region=region, depot=depot)).value


class _Depots(ByRegion):
    enterprise: str = Field("", max_length=18, pattern=CODE, description="单位代码")


@router.get("/depots", summary="库点及其存粮", openapi_extra=answers(either(shape(_DEPOT))))
def depots(request: HttpRequest, asked: Query[_Depots], paging: Query[Paging]) -> Any:
    """Depots of one's area with what the ledger says lies there. Capacity in t, grain in kg."""
    found, last = _standing(request, "registry.view", asked.region), reports.last_reports().value

    def show(row: Mapping[str, Any]) -> dict[str, Any]:
        own = {name: row[name] for name in _DEPOT if name in row}
        return own | {"net_kg": row["priced_kg"], "used": _share(row["used"]), "last_at": last.get(row["key"])}

    return _paged((row for row in found.depots.values() if asked.enterprise in ("", row["enterprise_code"])), paging, show)


class _Lots(ByDepot):
    variety: str = Field("", max_length=7, pattern=CODE, description="粮食品种代码，上级代码包括其下各品种")
    nature: str = Field("", max_length=3, pattern=CODE, description="粮食性质代码")
    state: Literal["", "1", "2", "3", "4", "9"] = Field("", description="货位状态（hwzt）")
    used_from: float | None = Field(None, ge=0, le=100, description="仓容利用不低于（0.9 即九成）")
    used_to: float | None = Field(None, ge=0, le=100, description="仓容利用不高于")


def _fits(row: Mapping[str, Any], asked: _Lots) -> bool:
    if asked.variety and not any(codes.within(variety, asked.variety) for variety in row["varieties"]):
        return False
    if (asked.nature and asked.nature not in row["natures"]) or (asked.state and asked.state != row["state"]):
        return False
    if asked.used_from is None and asked.used_to is None:
        return True
    used = row["used"]
    return used is not None and (asked.used_from or 0) <= used <= (100 if asked.used_to is None else asked.used_to)


def _lot(row: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: row[name] for name in _LOT if name in row}
    return own | {"net_kg": row["priced_kg"], "used": _share(row["used"])}


@router.get("/lots", summary="货位及其存粮", openapi_extra=answers(either(shape(_LOT))))
def lots(request: HttpRequest, asked: Query[_Lots], paging: Query[Paging]) -> Any:
    """Lots of one's area with what the ledger says lies there, and the state their newest card states."""
    found = _standing(request, "registry.view", asked.region, asked.depot)
    return _paged((row for row in found.lots.values() if _fits(row, asked)), paging, _lot)


def _claim(lot: str, found: CardDifference) -> dict[str, Any]:
    return {
        "lot": lot, "stated_at": found.card.stated_at, "number": found.card.number,
        "card_net_kg": found.card.priced_kg, "ledger_net_kg": found.ledger_priced_kg, "net_difference_kg": found.priced_kg,
        "card_weighed_kg": found.card.weighed_kg, "ledger_weighed_kg": found.ledger_weighed_kg,
        "weighed_difference_kg": found.weighed_kg,
    }


def _composition(grains: Mapping[Grain, tuple[Decimal, Decimal]]) -> list[dict[str, Any]]:
    return [
        {
            "variety": grain.variety_code, "nature": grain.nature_code, "harvest_year": grain.harvest_year or None,
            "net_kg": priced_kg, "weighed_kg": weighed_kg,
        }
        for grain, (priced_kg, weighed_kg) in sorted(grains.items())
    ]


_CARD = shape(openapi.columns(StockCard, all_columns("1208")))
_WHOLE_LOT = shape({
    "lot": shape(openapi.columns(StorageLot, all_columns("1105"))),
    "card": {"anyOf": [_CARD, {"type": "null"}], "description": "最新货位卡（1208）"},
    "composition": listed(shape(_GRAIN)),
    "claim": {"anyOf": [shape(_CLAIM), {"type": "null"}], "description": "货位卡与总账之差"},
})


@router.get("/lots/{key}", summary="一个货位：货位卡、构成、账实差异", openapi_extra=answers(_WHOLE_LOT))
def lot(request: HttpRequest, key: str = Path(..., max_length=30, pattern=KEY, description="货位代码")) -> Any:
    """All fields of table 1105, the newest card, what the tickets prove, and the difference between the two."""
    user = user_of(request, "registry.view")
    row = policy.rows(user, StorageLot.objects).get(key=key)
    difference = card_differences([key]).get(key)
    inside = contents(lots=[key]).get(key)
    return {
        "lot": whole("1105", row),
        "card": whole("1208", StockCard.objects.get(key=difference.card.key)) if difference else None,
        "composition": _composition(inside.grains if inside else {}),
        "claim": _claim(key, difference) if difference else None,
    }


class _Claims(ByDepot):
    differing: bool = Field(False, description="只要有差异的")


@router.get("/claims", summary="货位卡与总账之差", openapi_extra=answers(either(shape(_CLAIM))))
def claims(request: HttpRequest, asked: Query[_Claims], paging: Query[Paging]) -> Any:
    """Every lot's newest stock card beside the ledger at the card's time; differences are claim − ledger, kg.

    What could explain a difference is at ``/stock/lots/{lot}/claim``.
    """
    user = user_of(request, "stock.view")
    found = differences(visible_depots(user, region=asked.region, depot=asked.depot)).value
    rows = (
        {"key": code, "difference": found[code]}
        for code in sorted(found)
        if not asked.differing or found[code].priced_kg or found[code].weighed_kg
    )
    return _paged(rows, paging, lambda row: _claim(row["key"], row["difference"]))


_OVERVIEW = shape({
    "as_of": TIME, "depots": WHOLE, "lots": WHOLE, "empty_lots": WHOLE, "capacity_t": TONNES, "used": _SHARE,
    "grain_net_kg": KG, "grain_weighed_kg": KG, "oil_net_kg": KG, "oil_weighed_kg": KG,
    "raw_grain_kg": KG | {"description": "折合原粮，公斤"}, "raw_grain_complete": TRUTH | {"description": "各品种折率均已确认"},
    "by_variety": _PART, "by_nature": _PART,
    "months": listed(shape({"month": DAY, "in_kg": KG, "out_kg": KG})),
    "today": shape({"taken": WHOLE, "same": WHOLE, "refused": WHOLE, "last_at": maybe(TIME)}),
    "silent_depots": listed(shape({"depot": TEXT, "depot_name": TEXT, "last_at": maybe(TIME), "hours": NUMBER})),
    "differing_lots": WHOLE,
})


@router.get("/overview", summary="总览", openapi_extra=answers(_OVERVIEW))
def overview(request: HttpRequest) -> Any:
    """The figures of the first page, for one's area: stock by variety and nature, capacity used, the year's flows, records
    of today, silent depots, lots whose card and ledger differ."""
    user = user_of(request, "overview.view")
    depots = visible_depots(user)
    found = standing(depots)
    held: Sequence[Mapping[str, Any]] = list(found.value.lots.values())
    stock = by_grain(held)
    by_variety = parts(stock, 0)
    oil = [part for part in by_variety if codes.within(part.code, OIL)]
    grain = [part for part in by_variety if not codes.within(part.code, OIL)]
    raw = convert("raw_grain", ((part.code, part.weighed_kg) for part in grain))
    capacity_t = sum((depot["capacity_t"] for depot in found.value.depots.values()), ZERO)
    weighed_kg = sum((lot["weighed_kg"] for lot in held), ZERO)
    came = intake.today(user.area)
    return {
        "as_of": found.as_of, "depots": len(found.value.depots), "lots": len(held),
        "empty_lots": sum(lot["state"] == EMPTY for lot in held), "capacity_t": capacity_t,
        "used": _share(weighed_kg / KG_PER_T / capacity_t) if capacity_t else None,
        "grain_net_kg": sum((part.priced_kg for part in grain), ZERO),
        "grain_weighed_kg": sum((part.weighed_kg for part in grain), ZERO),
        "oil_net_kg": sum((part.priced_kg for part in oil), ZERO),
        "oil_weighed_kg": sum((part.weighed_kg for part in oil), ZERO),
        "raw_grain_kg": raw.kg, "raw_grain_complete": raw.complete,
        "by_variety": _parts(by_variety), "by_nature": _parts(parts(stock, 1)),
        "months": [{"month": flow.month, "in_kg": flow.in_kg, "out_kg": flow.out_kg} for flow in flows.month_flows(depots)],
        "today": {"taken": came.taken, "same": came.same, "refused": came.refused, "last_at": came.last_at},
        "silent_depots": [
            {"depot": row["key"], "depot_name": row["depot_name"], "last_at": row["last_at"], "hours": row["hours"]}
            for row in reports.silent(list(found.value.depots.values()))
        ],
        "differing_lots": sum(1 for each in differences(depots).value.values() if each.priced_kg or each.weighed_kg),
    }


def _parts(found: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {"code": part.code, "net_kg": part.priced_kg, "weighed_kg": part.weighed_kg, "share": _share(part.share)} for part in found
    ]
