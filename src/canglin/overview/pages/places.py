"""Enterprises, depots, buildings: lists and a page each."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.models import User
from canglin.overview import links
from canglin.overview.queries.reports import last_reports
from canglin.overview.queries.standing import KG_PER_T
from canglin.overview.tables import depot as of_depot
from canglin.overview.tables.enterprises import CreditTable, DepotsOfEnterprise, EnterpriseTable
from canglin.overview.tables.parts import RoomTable
from canglin.overview.tables.places import BuildingTable, DepotTable, LotsOfPlace, LotTable, mine
from canglin.registry.facts import facts
from canglin.registry.models import Depot, Enterprise, OilTank, Warehouse
from canglin.standard import regions
from canglin.ui.parts import Crumb, Figure, Tab
from canglin.ui.table import Table
from canglin.ui.tables import TablePage

Tabs = Mapping[str, tuple[str, type[RoomTable], str]]


class PlacePage(policy.Guarded, TablePage):
    """A list of places."""

    verb = "registry.view"
    template_name = "overview/table_page.html"


class DepotsPage(PlacePage):
    """Depots."""

    table = DepotTable


class LotsPage(PlacePage):
    """Lots of the whole area."""

    table = LotTable


class EnterprisesPage(PlacePage):
    """Enterprises."""

    table = EnterpriseTable


def chosen(request: HttpRequest, offered: Tabs, **given: Any) -> tuple[Table, list[Tab]]:
    """The table of the tab asked for (else the first the reader may see) and all tabs."""
    user = request.user
    seen = {name: entry for name, entry in offered.items() if policy.may(user, entry[2])}
    name = request.GET.get("tab", "")
    name = name if name in seen else next(iter(seen))
    tabs = [Tab(label, f"{request.path}?tab={each}", each == name) for each, (label, _, _) in seen.items()]
    return seen[name][1](request, prefix=name, **given), tabs


def answered(request: HttpRequest, table: Table, tabs: list[Tab]) -> HttpResponseBase | None:
    """The response when only the tab, or a part or file of its table, is wanted."""
    if (answer := table.answer()) is not None:
        return answer
    if request.headers.get("HX-Target", "").split("#")[-1] == "tab" and not request.headers.get("HX-History-Restore-Request"):
        return render(request, "overview/tab.html", {"table": table, "tabs": tabs})
    return None


_DEPOT_TABS: Tabs = {
    "lots": ("货位", LotsOfPlace, "registry.view"),
    "buildings": ("仓房与油罐", BuildingTable, "registry.view"),
    "tickets": ("出入库", of_depot.TicketTable, "stock.view"),
    "contracts": ("合同", of_depot.ContractTable, "stock.view"),
    "books": ("月账与总账", of_depot.BookTable, "stock.view"),
    "cards": ("货位卡与总账", of_depot.CardTable, "stock.view"),
    "staff": ("人员", of_depot.StaffTable, "registry.view"),
    "equipment": ("设备", of_depot.EquipmentTable, "registry.view"),
    "chemicals": ("药剂", of_depot.ChemicalTable, "registry.view"),
}


@policy.page("registry.view")
def depot(request: HttpRequest, key: str) -> HttpResponseBase:
    """A depot. One outside the reader's area is not there."""
    row = mine(request).depots.get(key)
    if row is None:
        raise Http404
    table, tabs = chosen(request, _DEPOT_TABS, depot=key, place=key)
    if (answer := answered(request, table, tabs)) is not None:
        return answer
    record = get_object_or_404(policy.rows(request.user, Depot.objects), key=key)
    enterprise = _enterprise_link(request, row["enterprise_code"])
    last_at = last_reports().value.get(key)
    as_of = request.canglin_standing_at  # type: ignore[attr-defined]
    context = {
        "title": row["depot_name"],
        "subtitle": f"{regions.path(row['region_code'])} · {row['enterprise_name']}",
        "crumbs": [Crumb("库点", reverse("registry:depots")), Crumb(row["depot_name"])],
        "table": table,
        "tabs": tabs,
        "figures": [
            Figure(
                "实际数量", row["weighed_kg"] / KG_PER_T, "吨", 3, as_of, note=f"计价数量 {row['priced_kg'] / KG_PER_T:,.3f} 吨"
            ),
            Figure(
                "仓容利用",
                None if row["used"] is None else row["used"] * 100,
                "%",
                1,
                as_of,
                share=None if row["used"] is None else float(min(row["used"], 1)),
                note=f"仓容 {row['capacity_t']:,.0f} 吨",
            ),
            Figure("货位", row["lots"], "个", 0, as_of, note=f"空仓 {row['empty_lots']} 个"),
            _last_report(last_at),
        ],
        "facts": facts(record, leave_out=("depot_name",), links={"enterprise_code": enterprise}),
        "facts_title": "库区信息（1102）",
        "history_url": links.to("records:history", "1102", key),
        "number": record.number,
    }
    return render(request, "overview/place.html", context)


def _last_report(at: datetime | None) -> Figure:
    if at is None:
        return Figure("最近上报", None, note="还没有数据")
    return Figure("最近上报", f"{timezone.localtime(at):%m-%d %H:%M}", as_of=at)


def _enterprise_link(request: HttpRequest, code: str) -> str:
    seen = policy.rows(request.user, Enterprise.objects, with_enterprise=True).filter(key=code).exists()
    return links.to("registry:enterprise", code) if seen else ""


_BUILDING_TABS: Tabs = {"lots": ("货位", LotsOfPlace, "registry.view")}


@policy.page("registry.view")
def warehouse(request: HttpRequest, key: str) -> HttpResponseBase:
    """A warehouse (1103) or an oil tank (1106): they share one number series."""
    record: Any = None
    for model in (Warehouse, OilTank):
        record = record or policy.rows(request.user, model.objects).filter(key=key).first()
    if record is None:
        raise Http404
    table, tabs = chosen(request, _BUILDING_TABS, place=key)
    if (answer := answered(request, table, tabs)) is not None:
        return answer
    code = record.Standard.code
    name_field = "warehouse_name" if code == "1103" else "tank_name"
    name = getattr(record, name_field)
    depot_row = mine(request).depots.get(key[:21])
    depot_name = depot_row["depot_name"] if depot_row else key[:21]
    lots = [lot for lot_code, lot in mine(request).lots.items() if lot_code.startswith(key)]
    held_t = sum((lot["weighed_kg"] for lot in lots), start=KG_PER_T * 0) / KG_PER_T
    capacity_t = record.design_capacity_t if code == "1103" else record.capacity_t
    as_of = request.canglin_standing_at  # type: ignore[attr-defined]
    context = {
        "title": name,
        "subtitle": depot_name,
        "crumbs": [
            Crumb("库点", reverse("registry:depots")),
            Crumb(depot_name, reverse("registry:depot", args=[key[:21]])),
            Crumb(name),
        ],
        "figures": [
            Figure("实际数量", held_t, "吨", 3, as_of),
            Figure(
                "占用",
                held_t / capacity_t * 100 if capacity_t else None,
                "%",
                1,
                as_of,
                share=float(min(held_t / capacity_t, 1)) if capacity_t else None,
                note=f"{'设计仓容' if code == '1103' else '罐容'} {capacity_t:,.0f} 吨",
            ),
            Figure("货位", len(lots), "个", 0, as_of),
        ],
        "facts": facts(record, leave_out=(name_field,), links={"depot_code": reverse("registry:depot", args=[key[:21]])}),
        "facts_title": f"{record.Standard.name}（{code}）",
        "history_url": links.to("records:history", code, key),
        "number": record.number,
        "table": table,
        "tabs": tabs,
    }
    return render(request, "overview/place.html", context)


_ENTERPRISE_TABS: Tabs = {
    "depots": ("库点", DepotsOfEnterprise, "registry.view"),
    "staff": ("人员", of_depot.StaffTable, "registry.view"),
    "credit": ("信用等级", CreditTable, "registry.view"),
}


@policy.page("registry.view")
def enterprise(request: HttpRequest, key: str) -> HttpResponseBase:
    """An enterprise."""
    user = request.user
    assert isinstance(user, User)
    record = get_object_or_404(policy.rows(user, Enterprise.objects, with_enterprise=True), key=key)
    table, tabs = chosen(request, _ENTERPRISE_TABS, enterprise=key)
    if (answer := answered(request, table, tabs)) is not None:
        return answer
    own = [row for row in mine(request).depots.values() if row["enterprise_code"] == key]
    held_t = sum((row["weighed_kg"] for row in own), start=KG_PER_T * 0) / KG_PER_T
    capacity_t = sum((row["capacity_t"] for row in own), start=KG_PER_T * 0)
    as_of = request.canglin_standing_at  # type: ignore[attr-defined]
    context = {
        "title": record.enterprise_name,
        "subtitle": regions.path(record.region_code),
        "crumbs": [Crumb("承储单位", reverse("registry:enterprises")), Crumb(record.enterprise_name)],
        "figures": [
            Figure("实际数量", held_t, "吨", 3, as_of),
            Figure("仓容", capacity_t, "吨", 0, as_of),
            Figure(
                "仓容利用",
                held_t / capacity_t * 100 if capacity_t else None,
                "%",
                1,
                as_of,
                share=float(min(held_t / capacity_t, 1)) if capacity_t else None,
            ),
            Figure("库点", len(own), "个", 0, as_of, note=f"货位 {sum(row['lots'] for row in own):,} 个"),
        ],
        "facts": facts(record, leave_out=("enterprise_name",)),
        "facts_title": "单位信息（1101）",
        "history_url": links.to("records:history", "1101", key),
        "number": record.number,
        "table": table,
        "tabs": tabs,
    }
    return render(request, "overview/place.html", context)
