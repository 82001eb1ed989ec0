"""Enterprises that keep grain, their depots and their credit."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from canglin.accounts import policy
from canglin.overview import links
from canglin.overview.tables.parts import RoomTable, Use, Within, code_choices, region_choices
from canglin.overview.tables.places import DepotTable, mine
from canglin.registry.models import Enterprise, EnterpriseCredit
from canglin.standard import regions
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Code, Column, Empty, Link, Number, Search, Tonnes


def _seen(request: HttpRequest) -> Any:
    return policy.rows(request.user, Enterprise.objects, with_enterprise=True)


class EnterpriseTable(RoomTable):
    """Enterprises of the area, with what their depots of the area hold."""

    name = "enterprises"
    title = "承储单位"
    columns = [
        Column("enterprise_name", "单位名称", link=Link("registry:enterprise", "key"), wrap=True),
        Code("enterprise_type", "单位类型", codes="dwlx"),
        Column("region", "行政区划", wrap=True, sort="region_code"),
        Column("parent_name", "上级单位", wrap=True, hidden=True),
        Number("depots", "库点", sum=True, help="辖区内已上报的库点"),
        Number("lots", "货位", sum=True),
        Number("capacity_t", "仓容", unit="吨", digits=0, sum=True),
        Tonnes("weighed_kg", "实际数量", digits=0, sum=True),
        Use("used", "仓容利用"),
        Column("contact_person", "企业联系人", hidden=True),
        Column("office_phone", "办公电话", hidden=True),
        Column("key", "单位代码", mono=True),
    ]
    filters = [
        Search("enterprise_name", "key", "parent_name", label="名称或代码"),
        Within("region_code", "行政区划", choices=lambda r: region_choices(_seen(r).values_list("region_code", flat=True))),
        Choice(
            "enterprise_type",
            "单位类型",
            choices=lambda r: code_choices("dwlx", _seen(r).values_list("enterprise_type", flat=True)),
        ),
    ]
    default_sort = "enterprise_name"
    empty = Empty("还没有承储单位", "辖区内尚无单位信息（1101）。", icon="building")

    def rows(self, request: HttpRequest) -> Rows:
        """One query for the enterprises; their depots come from memory."""
        depots: dict[str, list[Any]] = defaultdict(list)
        for depot in mine(request).depots.values():
            depots[depot["enterprise_code"]].append(depot)
        fields = ("key", "enterprise_name", "enterprise_type", "region_code", "parent_name", "contact_person", "office_phone")
        found = []
        for row in _seen(request).order_by("key").values(*fields):
            own = depots[row["key"]]
            capacity_t = sum((depot["capacity_t"] for depot in own), Decimal(0))
            weighed_kg = sum((depot["weighed_kg"] for depot in own), Decimal(0))
            found.append(
                {
                    **row,
                    "region": regions.path(row["region_code"]),
                    "depots": len(own),
                    "lots": sum(depot["lots"] for depot in own),
                    "capacity_t": capacity_t,
                    "weighed_kg": weighed_kg,
                    "used": weighed_kg / 1000 / capacity_t if capacity_t else None,
                }
            )
        return found


class DepotsOfEnterprise(DepotTable):
    """The depots of one enterprise."""

    name = "depots-of-enterprise"
    columns = [column for column in DepotTable.columns if column.key != "enterprise_name"]
    filters = [each for each in DepotTable.filters if each.key == "q"]
    empty = Empty("没有库点", "这个单位在辖区内没有已上报的库点（1102）。", icon="building-warehouse")


class CreditTable(RoomTable):
    """Credit levels by year (1113), filled by the bureau."""

    name = "credit"
    title = "信用等级"
    columns = [
        Column("assessed_year", "评定年份"),
        Column("credit_level", "信用等级"),
        Column("assessed_by", "评定单位", wrap=True),
        Column("number", "日志号", link=links.history("1113"), needs=("key",)),
    ]
    default_sort = "-assessed_year"
    empty = Empty("还没有信用评定", "主管部门尚未填报企业信用信息（1113）。", icon="certificate")

    def rows(self, request: HttpRequest) -> Rows:
        """``enterprise`` given."""
        return policy.rows(request.user, EnterpriseCredit.objects, with_enterprise=True).filter(
            enterprise_code=self.given["enterprise"]
        )
