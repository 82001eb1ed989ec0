"""/api/v1 of enterprises and what stands in their depots. Depots and lots, which show stock, are answered by overview."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema
from ninja.params.functions import Path

from canglin.api import CODE, REGION, Paging
from canglin.registry.listing import KEY, ByDepot, Listing, in_region

router = Router(tags=["registry"])
_KEY: Any = Path(..., max_length=255, pattern=KEY, description="主键")

ENTERPRISES = Listing(
    "1101", "registry.view",
    ("enterprise_code", "enterprise_name", "enterprise_type", "region_code", "parent_code", "parent_name", "depot_count",
     "warehouse_count", "tank_count"),
    with_enterprise=True,
)
DEPOTS = Listing("1102", "registry.view", ("depot_code", "enterprise_code", "depot_name", "region_code"))
WAREHOUSES = Listing(
    "1103", "registry.view",
    ("warehouse_code", "warehouse_name", "depot_code", "warehouse_type", "condition", "storage_class", "design_capacity_t",
     "in_use_since", "is_intact", "keeper"),
)
TANKS = Listing(
    "1106", "registry.view",
    ("tank_code", "tank_name", "depot_code", "tank_type", "condition", "capacity_t", "built_on", "is_intact"),
)
EQUIPMENT = Listing(
    "1107", "registry.view",
    ("equipment_no", "equipment_name", "equipment_type", "depot_code", "model", "condition", "calibrated_on", "calibrated_by"),
)
CHEMICALS = Listing(
    "1108", "registry.view",
    ("chemical_no", "chemical_name", "depot_code", "purchased_on", "manufacturer", "stock_quantity", "stock_unit", "shelf_life"),
)


class _Enterprises(Schema):
    region: str = Field("", pattern=REGION, description="行政区划代码：省、市或县")
    type: str = Field("", max_length=2, pattern=CODE, description="单位类型（dwlx）")


@router.get("/enterprises", summary="承储单位", openapi_extra=ENTERPRISES.list_answers)
def enterprises(request: HttpRequest, asked: Query[_Enterprises], paging: Query[Paging]) -> Any:
    """Enterprises of one's area (table 1101)."""
    found = in_region(ENTERPRISES.rows(request), asked.region)
    if asked.type:
        found = found.filter(enterprise_type=asked.type)
    return ENTERPRISES.answer(found, paging.limit, paging.cursor)


@router.get("/enterprises/{key}", summary="一个承储单位", openapi_extra=ENTERPRISES.one_answers)
def enterprise(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1101; personal data masked."""
    return ENTERPRISES.one(request, key)


@router.get("/depots/{key}", summary="一个库点", openapi_extra=DEPOTS.one_answers)
def depot(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1102."""
    return DEPOTS.one(request, key)


def _of_depots(listing: Listing, request: HttpRequest, asked: ByDepot, paging: Paging) -> Any:
    found = in_region(listing.rows(request), asked.region)
    if asked.depot:
        found = found.filter(in_depot=asked.depot)
    return listing.answer(found, paging.limit, paging.cursor)


@router.get("/warehouses", summary="仓房", openapi_extra=WAREHOUSES.list_answers)
def warehouses(request: HttpRequest, asked: Query[ByDepot], paging: Query[Paging]) -> Any:
    """Warehouses of one's area (table 1103). Capacity in t."""
    return _of_depots(WAREHOUSES, request, asked, paging)


@router.get("/warehouses/{key}", summary="一座仓房", openapi_extra=WAREHOUSES.one_answers)
def warehouse(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1103."""
    return WAREHOUSES.one(request, key)


@router.get("/tanks", summary="油罐", openapi_extra=TANKS.list_answers)
def tanks(request: HttpRequest, asked: Query[ByDepot], paging: Query[Paging]) -> Any:
    """Oil tanks of one's area (table 1106). Capacity in t."""
    return _of_depots(TANKS, request, asked, paging)


@router.get("/tanks/{key}", summary="一座油罐", openapi_extra=TANKS.one_answers)
def tank(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1106."""
    return TANKS.one(request, key)


@router.get("/equipment", summary="设备", openapi_extra=EQUIPMENT.list_answers)
def equipment(request: HttpRequest, asked: Query[ByDepot], paging: Query[Paging]) -> Any:
    """Scales, fans, detectors and their calibration (table 1107)."""
    return _of_depots(EQUIPMENT, request, asked, paging)


@router.get("/chemicals", summary="药剂", openapi_extra=CHEMICALS.list_answers)
def chemicals(request: HttpRequest, asked: Query[ByDepot], paging: Query[Paging]) -> Any:
    """Fumigants and protectants in stock (table 1108). Mind ``stock_unit`` before adding quantities."""
    return _of_depots(CHEMICALS, request, asked, paging)
