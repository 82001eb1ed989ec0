"""/api/v1 of the papers of trade: weighing tickets, settlements, contracts. These lists only grow and always answer by
pages, the newest first."""

from datetime import date
from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.params.functions import Path

from canglin.api import CODE, Pages
from canglin.registry.listing import KEY, ByDepot, Listing, in_region

router = Router()
_KEY: Any = Path(..., max_length=255, pattern=KEY, description="主键，各部分以 | 相连")

_TICKET = (
    "ticket_no", "lot_code", "in_depot", "business_type", "business_date", "contract_no", "plate_no", "variety_code", "nature_code",
    "harvest_year", "gross_kg", "tare_kg", "net_kg", "gate_out_at", "settlement_no",
)
_SETTLEMENT = (
    "settlement_no", "contract_no", "in_depot", "settled_kg", "price_cny_per_kg", "amount_cny", "settled_at", "payment_method",
)


def _growing(code: str, names: tuple[str, ...], *, with_enterprise: bool = False) -> Listing:
    return Listing(code, "stock.view", names, newest_first=True, with_enterprise=with_enterprise, always_paged=True)


INBOUND = _growing("1202", (*_TICKET, "quality_deduction_kg"))
OUTBOUND = _growing("1205", (*_TICKET, "grade_code", "adjustment_kg"))
INBOUND_SETTLEMENTS = _growing("1204", (*_SETTLEMENT, "lot_code"))
OUTBOUND_SETTLEMENTS = _growing("1206", _SETTLEMENT)
CONTRACTS = _growing(
    "1201",
    ("contract_no", "contract_name", "enterprise_code", "contract_type", "customer_name", "signed_on", "variety_code",
     "nature_code", "contract_price_cny_per_t", "agreed_kg", "contract_amount_cny", "fulfilled_kg", "fulfilled_pct"),
    with_enterprise=True,
)


class _Papers(ByDepot):
    contract: str = Field("", max_length=64, pattern=KEY, description="合同号")


class _Tickets(_Papers):
    lot: str = Field("", max_length=30, pattern=CODE, description="货位代码")
    variety: str = Field("", max_length=7, pattern=CODE, description="粮食品种代码")
    since: date | None = Field(None, alias="from", description="业务日期，起（含）")
    until: date | None = Field(None, alias="to", description="业务日期，止（含）")


class _Contracts(ByDepot):
    depot: str = Field("", max_length=21, pattern=CODE, description="库区代码：其所属单位的合同")
    type: str = Field("", max_length=1, pattern=CODE, description="业务类别（ywlx）")
    variety: str = Field("", max_length=7, pattern=CODE, description="粮食品种代码")


def _narrowed(found: Any, region: str, **conditions: Any) -> Any:
    return in_region(found, region).filter(**{name: given for name, given in conditions.items() if given not in ("", None)})


def _tickets(listing: Listing, request: HttpRequest, asked: _Tickets, pages: Pages) -> Any:
    found = _narrowed(
        listing.rows(request), asked.region, in_depot=asked.depot, lot_code=asked.lot, variety_code=asked.variety,
        contract_no=asked.contract, business_date__gte=asked.since, business_date__lte=asked.until,
    )
    return listing.answer(found, pages.limit, pages.cursor)


@router.get("/tickets/inbound", summary="入库检斤单", openapi_extra=INBOUND.list_answers)
def inbound_tickets(request: HttpRequest, asked: Query[_Tickets], pages: Query[Pages]) -> Any:
    """Tickets of trucks in (table 1202). Weights in kg; deductions are negative."""
    return _tickets(INBOUND, request, asked, pages)


@router.get("/tickets/inbound/{path:key}", summary="一张入库检斤单", openapi_extra=INBOUND.one_answers)
def inbound_ticket(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1202; personal data masked."""
    return INBOUND.one(request, key)


@router.get("/tickets/outbound", summary="出库检斤单", openapi_extra=OUTBOUND.list_answers)
def outbound_tickets(request: HttpRequest, asked: Query[_Tickets], pages: Query[Pages]) -> Any:
    """Tickets of trucks out (table 1205). Weights in kg."""
    return _tickets(OUTBOUND, request, asked, pages)


@router.get("/tickets/outbound/{path:key}", summary="一张出库检斤单", openapi_extra=OUTBOUND.one_answers)
def outbound_ticket(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1205; personal data masked."""
    return OUTBOUND.one(request, key)


def _settlements(listing: Listing, request: HttpRequest, asked: _Papers, pages: Pages) -> Any:
    found = _narrowed(listing.rows(request), asked.region, in_depot=asked.depot, contract_no=asked.contract)
    return listing.answer(found, pages.limit, pages.cursor)


@router.get("/settlements/inbound", summary="入库结算单", openapi_extra=INBOUND_SETTLEMENTS.list_answers)
def inbound_settlements(request: HttpRequest, asked: Query[_Papers], pages: Query[Pages]) -> Any:
    """What was paid for grain bought (table 1204). Prices in CNY/kg."""
    return _settlements(INBOUND_SETTLEMENTS, request, asked, pages)


@router.get("/settlements/outbound", summary="出库结算单", openapi_extra=OUTBOUND_SETTLEMENTS.list_answers)
def outbound_settlements(request: HttpRequest, asked: Query[_Papers], pages: Query[Pages]) -> Any:
    """What was received for grain sold (table 1206). Prices in CNY/kg."""
    return _settlements(OUTBOUND_SETTLEMENTS, request, asked, pages)


@router.get("/contracts", summary="购销合同", openapi_extra=CONTRACTS.list_answers)
def contracts(request: HttpRequest, asked: Query[_Contracts], pages: Query[Pages]) -> Any:
    """Contracts (table 1201) in the order of their numbers, the highest first. Prices in CNY/t, quantities in kg."""
    found = _narrowed(
        CONTRACTS.rows(request), asked.region, in_enterprise=asked.depot[:18], contract_type=asked.type, variety_code=asked.variety
    )
    return CONTRACTS.answer(found, pages.limit, pages.cursor)


@router.get("/contracts/{path:key}", summary="一份合同", openapi_extra=CONTRACTS.one_answers)
def contract(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1201; personal data and account numbers masked."""
    return CONTRACTS.one(request, key)
