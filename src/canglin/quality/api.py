"""/api/v1 of inspections at the gate and laboratory reports."""

from typing import Any

from django.http import HttpRequest
from ninja import Field, Query, Router
from ninja.params.functions import Path

from canglin.api import CODE, Pages
from canglin.registry.listing import KEY, ByDepot, Listing, in_region

router = Router(tags=["quality"])
_KEY: Any = Path(..., max_length=255, pattern=KEY, description="主键，各部分以 | 相连")

INSPECTIONS = Listing(
    "1203", "quality.view",
    ("inspection_no", "lot_code", "in_depot", "ticket_no", "tested_at", "verdict", "variety_code", "grade_code", "test_items",
     "test_values", "deductions_kg"),
    newest_first=True, always_paged=True,
)
REPORTS = Listing(
    "1310", "quality.view",
    ("report_no", "lot_code", "in_depot", "variety_code", "grade_code", "inspection_type", "index_categories", "test_items",
     "test_values", "verdicts", "tested_by_unit", "issued_on"),
    newest_first=True, always_paged=True,
)


class _Tests(ByDepot):
    lot: str = Field("", max_length=30, pattern=CODE, description="货位代码")


def _tests(listing: Listing, request: HttpRequest, asked: _Tests, pages: Pages) -> Any:
    found = in_region(listing.rows(request), asked.region)
    for name, given in (("in_depot", asked.depot), ("lot_code", asked.lot)):
        if given:
            found = found.filter(**{name: given})
    return listing.answer(found, pages.limit, pages.cursor)


@router.get("/inspections", summary="入库检验单", openapi_extra=INSPECTIONS.list_answers)
def inspections(request: HttpRequest, asked: Query[_Tests], pages: Query[Pages]) -> Any:
    """Tests of trucks at the gate (table 1203). Items, values and deductions are lists of equal length in one text."""
    return _tests(INSPECTIONS, request, asked, pages)


@router.get("/inspections/{path:key}", summary="一张入库检验单", openapi_extra=INSPECTIONS.one_answers)
def inspection(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1203."""
    return INSPECTIONS.one(request, key)


@router.get("/quality-reports", summary="质检报告", openapi_extra=REPORTS.list_answers)
def reports(request: HttpRequest, asked: Query[_Tests], pages: Query[Pages]) -> Any:
    """Laboratory reports on lots (table 1310), by report number, which begins with the category and the day."""
    return _tests(REPORTS, request, asked, pages)


@router.get("/quality-reports/{path:key}", summary="一份质检报告", openapi_extra=REPORTS.one_answers)
def report(request: HttpRequest, key: str = _KEY) -> Any:
    """All fields of table 1310."""
    return REPORTS.one(request, key)
