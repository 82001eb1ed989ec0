"""Stock of an area by variety, nature and harvest year."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from canglin.overview.tables.parts import RoomTable, code_choices
from canglin.overview.tables.places import mine
from canglin.standard import codes
from canglin.stock.rules.composition import Grain
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, Empty, Number, Percent, Tonnes

ZERO = Decimal(0)


def _kinds(index: int, list_id: str) -> Any:
    def choices(request: HttpRequest) -> list[tuple[str, str]]:
        return code_choices(list_id, (str(grain[index]) for lot in mine(request).lots.values() for grain in lot["grains"]))

    return choices


class StockTable(RoomTable):
    """Each kind of grain with what all lots of the area hold of it, from the ledger."""

    name = "stock"
    title = "库存结构"
    export_verb = "overview.export"
    columns = [
        Column("variety_name", "品种"),
        Column("nature_name", "粮食性质"),
        Column("harvest_year", "收获年度"),
        Number("lots", "货位", help="含该粮食的货位数"),
        Tonnes("priced_kg", "计价数量", sum=True, help="净重（含增扣量）"),
        Tonnes("weighed_kg", "实际数量", sum=True, help="毛重－皮重"),
        Percent("share", "占比", digits=2, help="占辖区实际数量"),
    ]
    filters = [
        Choice("variety", "品种", choices=_kinds(0, "food_variety")),
        Choice("nature", "粮食性质", choices=_kinds(1, "food_nature")),
    ]
    default_sort = "-weighed_kg"
    page_size = 20
    empty = Empty("还没有库存", "总账上还没有粮食。库点上报入库业务单（1202）后，库存随即出现。", icon="stack-2")

    def rows(self, request: HttpRequest) -> Rows:
        """``lots`` given: rows of Standing."""
        sums: dict[Grain, list[Any]] = {}
        for lot in self.given["lots"]:
            for grain, (priced_kg, weighed_kg) in lot["grains"].items():
                held = sums.setdefault(grain, [ZERO, ZERO, 0])
                held[0], held[1], held[2] = held[0] + priced_kg, held[1] + weighed_kg, held[2] + 1
        whole = sum((weighed for _, weighed, _ in sums.values()), ZERO)
        return [_row(grain, held, whole) for grain, held in sums.items() if held[0] or held[1]]


def _row(grain: Grain, held: Sequence[Any], whole_kg: Decimal) -> Mapping[str, Any]:
    priced_kg, weighed_kg, lots = held
    return {
        "variety": grain.variety_code,
        "nature": grain.nature_code,
        "harvest_year": grain.harvest_year or None,
        "variety_name": codes.brief(grain.variety_code, "food_variety") or "未注明",
        "nature_name": codes.brief(grain.nature_code, "food_nature") or "未注明",
        "priced_kg": priced_kg,
        "weighed_kg": weighed_kg,
        "lots": lots,
        "share": weighed_kg / whole_kg if whole_kg else None,
    }
