"""Lists of depots, buildings and lots."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.http import HttpRequest

from canglin.accounts import policy
from canglin.overview.queries.reports import last_reports
from canglin.overview.queries.standing import Standing, standing
from canglin.overview.tables.parts import LOT_STATES, Holds, RoomTable, Use, Within, code_choices, region_choices
from canglin.registry.models import Enterprise, OilTank, Warehouse
from canglin.standard import codes
from canglin.stock.queries.scope import visible_depots
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Code, Column, Day, Empty, Link, Moment, Number, NumberRange, Percent, Search, Tonnes


def mine(request: HttpRequest) -> Standing:
    """The lots and depots in the reader's area; asked once a request."""
    held: Standing | None = getattr(request, "canglin_standing", None)
    if held is None:
        answer = standing(visible_depots(request.user))  # type: ignore[arg-type]  # signed in: the page sees to it
        held = answer.value
        request.canglin_standing, request.canglin_standing_at = held, answer.as_of  # type: ignore[attr-defined]
    return held


def _depot_regions(request: HttpRequest) -> list[tuple[str, str]]:
    return region_choices(depot["region_code"] for depot in mine(request).depots.values())


def _depot_natures(request: HttpRequest) -> list[tuple[str, str]]:
    return code_choices("food_nature", (nature for depot in mine(request).depots.values() for nature in depot["natures"]))


def _enterprises(request: HttpRequest) -> list[tuple[str, str]]:
    found = {depot["enterprise_code"]: depot["enterprise_name"] for depot in mine(request).depots.values()}
    return sorted(found.items(), key=lambda pair: pair[1])


class DepotTable(RoomTable):
    """Depots: where, whose, how full, how fresh."""

    name = "depots"
    title = "库点"
    columns = [
        Column("depot_name", "库点名称", link=Link("registry:depot", "key"), wrap=True),
        Column("region", "行政区划", wrap=True, sort="region_code"),
        Column("enterprise_name", "承储单位", wrap=True, link=Link("registry:enterprise", "enterprise_seen")),
        Column("natures_text", "粮食性质", wrap=True, sort=False),
        Number("capacity_t", "仓容", unit="吨", digits=0, sum=True, help="有效仓容与有效罐容之和（1102）"),
        Tonnes("weighed_kg", "实际数量", digits=0, sum=True, help="总账中的实际数量（毛重－皮重）"),
        Use("used", "仓容利用"),
        Number("lots", "货位", sum=True),
        Number("empty_lots", "空仓", hidden=True, sum=True),
        Moment("last_at", "最近上报"),
        Tonnes("priced_kg", "计价数量", digits=0, sum=True, hidden=True),
        Column("key", "库区代码", mono=True, hidden=True),
        Code("ownership", "库区产权", codes="kqcq", hidden=True),
        Column("address", "地址", wrap=True, hidden=True),
    ]
    filters = [
        Search("depot_name", "key", "enterprise_name", "address", label="名称或代码"),
        Within("region_code", "行政区划", choices=_depot_regions),
        Choice("enterprise_code", "承储单位", choices=_enterprises),
        Holds("natures", "粮食性质", choices=_depot_natures),
        NumberRange("capacity_t", "仓容", unit="吨"),
    ]
    default_sort = "region"
    empty = Empty("还没有库点", "辖区内尚无库点上报库区信息（1102）。库点系统接通后自动出现在这里。", icon="building-warehouse")

    def rows(self, request: HttpRequest) -> Rows:
        """Depots of the area; ``enterprise`` given: that one's."""
        last, enterprise = last_reports().value, self.given.get("enterprise")
        # A depot of the area may belong to an enterprise outside it, whose own page is not this reader's.
        seen = set(policy.rows(request.user, Enterprise.objects, with_enterprise=True).values_list("key", flat=True))
        return [
            {
                **depot,
                "last_at": last.get(depot["key"]),
                "enterprise_seen": depot["enterprise_code"] if depot["enterprise_code"] in seen else "",
            }
            for depot in mine(request).depots.values()
            if enterprise in (None, depot["enterprise_code"])
        ]


def _lot_choices(name: str, list_id: str) -> Any:
    return lambda request: code_choices(list_id, (code for lot in mine(request).lots.values() for code in lot[name]))


def _depots(request: HttpRequest) -> list[tuple[str, str]]:
    return [(depot["key"], depot["depot_name"]) for depot in mine(request).depots.values()]


def _years(request: HttpRequest) -> list[tuple[int, str]]:
    found = {year for lot in mine(request).lots.values() for year in lot["years"] if year}
    return [(year, str(year)) for year in sorted(found, reverse=True)]


def _kind(row: Row) -> str:
    """The grain of a lot; several kinds are all named in the file and on the lot's page."""
    label = codes.brief(row["variety"], "food_variety") if row["variety"] else ""
    return f"{label} 等" if len(row["varieties"]) > 1 else label


class LotTable(RoomTable):
    """Lots: where, what lies in them, in which state, how full."""

    name = "lots"
    title = "货位"
    columns = [
        Column("lot_name", "货位", link=Link("overview:lot", "key"), wrap=True),
        Column("depot_name", "库点", wrap=True, link=Link("registry:depot", "depot_code")),
        Column("region", "行政区划", wrap=True, sort="region_code", hidden=True),
        Badge("state", "货位状态", states=LOT_STATES),
        Column("variety", "品种", text=_kind, sort="variety"),
        Code("nature", "粮食性质", codes="food_nature"),
        Column("harvest_year", "收获年度"),
        Code("grade", "等级", codes="food_grade", hidden=True),
        Number("capacity_t", "货位容量", unit="吨", digits=0, sum=True),
        Tonnes("weighed_kg", "实际数量", sum=True, help="总账中的实际数量（毛重－皮重）"),
        Use("used", "仓容利用"),
        Tonnes("priced_kg", "计价数量", sum=True, hidden=True, help="总账中的计价数量（净重）"),
        Column("keeper", "保管员", hidden=True),
        Moment("card_at", "货位卡时间", hidden=True),
        Day("in_use_since", "启用日期", hidden=True),
        Column("building", "仓房（油罐）", hidden=True, wrap=True),
        Column("enterprise_name", "承储单位", hidden=True, wrap=True),
        Column("key", "货位代码", mono=True, hidden=True),
    ]
    filters = [
        Search("lot_name", "key", "depot_name", "building", "keeper", label="名称、代码或保管员"),
        Within("region_code", "行政区划", choices=lambda r: region_choices(lot["region_code"] for lot in mine(r).lots.values())),
        Choice("depot_code", "库点", choices=_depots),
        Choice("state", "货位状态", choices=[(code, label) for code, (label, _) in LOT_STATES.items() if code]),
        Holds("varieties", "品种", choices=_lot_choices("varieties", "food_variety")),
        Holds("natures", "粮食性质", choices=_lot_choices("natures", "food_nature")),
        Holds("years", "收获年度", choices=_years),
        NumberRange("used_pct", "仓容利用", unit="%"),
    ]
    default_sort = "region"
    empty = Empty("还没有货位", "辖区内尚无货位信息（1105）。", icon="stack-2")

    def rows(self, request: HttpRequest) -> Rows:
        """Lots of the area."""
        return list(mine(request).lots.values())

    def row_tone(self, row: Row) -> str:
        """A lot that holds more than fits."""
        return "warn" if row["used"] is not None and row["used"] > 1 else ""


_OF_PLACE = ("depot_name", "region", "enterprise_name")


class LotsOfPlace(LotTable):
    """The lots of one depot or building: the same list without what all of them share."""

    name = "lots-of-place"
    columns = [
        replace(column, hidden=False) if column.key == "keeper" else column
        for column in LotTable.columns
        if column.key not in _OF_PLACE
    ]
    filters = [each for each in LotTable.filters if each.key in ("q", "state")]
    default_sort = "key"
    empty = Empty("没有货位", "这里尚无货位信息（1105）。", icon="stack-2")

    def rows(self, request: HttpRequest) -> Rows:
        """``place`` given: the beginning of the lots' codes."""
        return [lot for code, lot in mine(request).lots.items() if code.startswith(self.given["place"])]


class BuildingTable(RoomTable):
    """Warehouses and oil tanks of a depot, which share one number series."""

    name = "buildings"
    title = "仓房与油罐"
    columns = [
        Column("name", "名称", link=Link("registry:warehouse", "key"), wrap=True),
        Column("type", "类型", wrap=True),
        Column("condition", "状态"),
        Column("storage_class", "储粮功效"),
        Number("capacity_t", "设计仓容（罐容）", unit="吨", digits=0, sum=True),
        Tonnes("weighed_kg", "实际数量", sum=True),
        Percent("used", "占用", hidden=True),
        Number("lots", "货位", sum=True),
        Column("keeper", "保管员"),
        Column("key", "代码", mono=True),
    ]
    filters = [Search("name", "key", "keeper", label="名称或代码")]
    default_sort = "key"
    empty = Empty("没有仓房", "这个库点尚未上报仓房（1103）或油罐（1106）。", icon="building-warehouse")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        return buildings(request, self.given["depot"])


def buildings(request: HttpRequest, depot: str) -> list[Mapping[str, Any]]:
    """Warehouses and tanks of a depot with what is in them."""
    found = [
        {
            "key": code,
            "name": name,
            "type": codes.label("cflxdm", kind),
            "condition": codes.label("cfzt", condition),
            "storage_class": codes.label("clgx", storage_class),
            "capacity_t": capacity_t,
            "keeper": keeper,
        }
        for code, name, kind, condition, storage_class, capacity_t, keeper in policy.rows(request.user, Warehouse.objects)
        .filter(in_depot=depot)
        .values_list("key", "warehouse_name", "warehouse_type", "condition", "storage_class", "design_capacity_t", "keeper")
    ]
    found += [
        {
            "key": code,
            "name": name,
            "type": f"油罐（{codes.label('yglx', kind)}）",
            "condition": codes.label("ygzt", condition),
            "storage_class": "",
            "capacity_t": capacity_t,
            "keeper": "",
        }
        for code, name, kind, condition, capacity_t in policy.rows(request.user, OilTank.objects)
        .filter(in_depot=depot)
        .values_list("key", "tank_name", "tank_type", "condition", "capacity_t")
    ]
    inside = _by_building(mine(request).lots, depot)
    return [
        {
            **row,
            "lots": len(lots),
            "weighed_kg": sum(lot["weighed_kg"] for lot in lots),
            "used": sum(lot["weighed_kg"] for lot in lots) / 1000 / row["capacity_t"] if row["capacity_t"] else None,
        }
        for row in found
        for lots in [inside.get(str(row["key"]), [])]
    ]


def _by_building(lots: Mapping[str, Mapping[str, Any]], depot: str) -> dict[str, list[Mapping[str, Any]]]:
    found: dict[str, list[Mapping[str, Any]]] = {}
    for code, lot in lots.items():
        if code.startswith(depot):
            found.setdefault(code[:25], []).append(lot)
    return found
