"""Stock of an area by variety, nature and harvest year."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from canglin.overview.queries.standing import ZERO, Amount
from canglin.overview.tables.parts import RoomTable, code_choices
from canglin.standard import codes
from canglin.stock.rules.composition import Grain
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, Empty, Number, Percent, Tonnes


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
    default_sort = "-weighed_kg"
    page_size = 20
    empty = Empty("还没有库存", "总账上还没有粮食。库点上报入库业务单（1202）后，库存随即出现。", icon="stack-2")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        """``stock`` given: what there is (see standing.by_grain); the filters offer its varieties and natures."""
        super().__init__(request, prefix, **given)
        self.filters = [
            Choice("variety", "品种", choices=code_choices("food_variety", (grain.variety_code for grain in given["stock"]))),
            Choice("nature", "粮食性质", choices=code_choices("food_nature", (grain.nature_code for grain in given["stock"]))),
        ]

    def rows(self, request: HttpRequest) -> Rows:
        """See ``__init__``."""
        stock: Mapping[Grain, Amount] = self.given["stock"]
        whole_kg = sum((held.weighed_kg for held in stock.values()), ZERO)
        return [
            {
                "variety": grain.variety_code,
                "nature": grain.nature_code,
                "harvest_year": grain.harvest_year or None,
                "variety_name": codes.brief(grain.variety_code, "food_variety") or "未注明",
                "nature_name": codes.brief(grain.nature_code, "food_nature") or "未注明",
                "priced_kg": held.priced_kg,
                "weighed_kg": held.weighed_kg,
                "lots": held.lots,
                "share": held.weighed_kg / whole_kg if whole_kg else None,
            }
            for grain, held in stock.items()
        ]
