"""What changes a lot without a truck: transfers (1207), gain and loss sheets (1209), changes of nature (1210)."""

from functools import partial

from django.db.models import OuterRef, QuerySet, Subquery
from django.http import HttpRequest

from canglin.accounts import policy
from canglin.registry.models import StorageLot
from canglin.standard import codes
from canglin.stock.models import BinTransfer, GainLossSheet, NatureChange
from canglin.stock.pages.parts import (
    LotSearch,
    StockTable,
    depots,
    history_link,
    kg,
    link,
    lot_link,
    natures,
    place_columns,
    varieties,
    with_places,
)
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Code, Column, DateRange, Day, Empty, TablePage

# Few enough to be sorted by anything.
_kg = partial(kg, sort=True)


class TransferTable(StockTable):
    """倒仓、移库."""

    name = "transfers"
    title = "倒仓与移库"
    columns = [
        Column("transfer_no", "倒仓单号", link=history_link("1207"), needs=("key",), mono=True),
        Day("transferred_on", "日期"),
        Code("transfer_type", "类型", codes="dclx"),
        Column(
            "depot_name",
            "倒出库点",
            link=link("registry:depot", "from_depot_code"),
            needs=("from_depot_code",),
            sort=False,
            wrap=True,
        ),
        Column("lot_name", "倒出货位", link=lot_link("from_lot_code"), needs=("from_lot_code",), sort=False, wrap=True),
        Column("to_lot_name", "倒入货位", link=lot_link("to_lot_code"), needs=("to_lot_code",), sort=False, wrap=True),
        Column("to_lot_code", "倒入货位代码", mono=True, hidden=True, sort=False),
        Code("variety_code", "品种", codes="food_variety"),
        _kg("moved_kg", "倒仓数量", total=True),
        Column("plan_document_no", "计划文件", hidden=True, wrap=True),
    ]
    filters = [
        DateRange("transferred_on", "日期", dates=True),
        Choice("in_depot", "倒出库点", choices=depots),
        LotSearch("from_lot_code", key="lot", label="倒出货位"),
        Choice("variety_code", "品种", choices=varieties),
    ]
    default_sort = "-transferred_on"
    empty = Empty("还没有倒仓", "库点上报倒仓信息（1207）后列在这里。", icon="transfer")

    def rows(self, request: HttpRequest) -> Rows:
        """Those that leave a depot of the person's area."""
        target = StorageLot.everything.filter(key=OuterRef("to_lot_code"))
        held: QuerySet[BinTransfer] = with_places(policy.rows(request.user, BinTransfer.objects), "from_lot_code")
        return held.annotate(to_lot_name=Subquery(target.values("lot_name")[:1]))


class GainLossTable(StockTable):
    """损溢单."""

    name = "gain-loss"
    title = "损溢单"
    columns = [
        Column("sheet_no", "损溢单号", link=history_link("1209"), needs=("key",), mono=True),
        Day("business_date", "业务日期"),
        *place_columns(),
        _kg("inbound_net_kg", "入库净重"),
        _kg("outbound_net_kg", "出库净重"),
        _kg("net_gain_loss_kg", "净重损溢", total=True, help="损耗为正，升溢为负"),
        _kg("natural_loss_quota_kg", "自然损耗定额", hidden=True),
        _kg("moisture_impurity_loss_kg", "水杂减量", hidden=True),
        _kg("excess_loss_kg", "超耗", total=True),
        Badge("is_normal", "是否正常", states={"0": ("正常", "good"), "1": ("不正常", "bad")}),
        Column("reason", "原因", wrap=True, hidden=True, sort=False),
    ]
    filters = [
        DateRange("business_date", "业务日期", dates=True),
        Choice("in_depot", "库点", choices=depots),
        LotSearch("lot_code", key="lot", label="货位代码或名称"),
        Choice("is_normal", "是否正常", choices=[(item.code, item.label) for item in codes.items("sysfzc")]),
    ]
    default_sort = "-business_date"
    empty = Empty("还没有损溢单", "货位出清后，库点上报损溢单（1209），在这里列出。", icon="trending-down")

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        held: QuerySet[GainLossSheet] = with_places(policy.rows(request.user, GainLossSheet.objects))
        return held


class NatureChangeTable(StockTable):
    """性质转变单."""

    name = "nature-changes"
    title = "性质转变单"
    columns = [
        Column("change_no", "性质转变单号", link=history_link("1210"), needs=("key",), mono=True),
        Day("changed_on", "划转日期"),
        *place_columns(),
        Code("variety_code", "品种", codes="food_variety"),
        Code("from_nature_code", "划转前", codes="food_nature"),
        Code("to_nature_code", "划转后", codes="food_nature"),
        _kg("stock_kg", "粮食数量"),
        _kg("changed_kg", "划转数量", total=True),
        Column("approval_document_no", "批准文号", wrap=True),
    ]
    filters = [
        DateRange("changed_on", "划转日期", dates=True),
        Choice("in_depot", "库点", choices=depots),
        LotSearch("lot_code", key="lot", label="货位代码或名称"),
        Choice("from_nature_code", "划转前性质", choices=natures),
        Choice("to_nature_code", "划转后性质", choices=natures),
    ]
    default_sort = "-changed_on"
    empty = Empty("还没有性质转变", "库点上报性质转变单（1210）后列在这里。", icon="status-change")

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        held: QuerySet[NatureChange] = with_places(policy.rows(request.user, NatureChange.objects))
        return held


class TransfersPage(policy.Guarded, TablePage):
    """The list."""

    table = TransferTable
    verb = "stock.view"


class GainLossPage(policy.Guarded, TablePage):
    """The list."""

    table = GainLossTable
    verb = "stock.view"


class NatureChangesPage(policy.Guarded, TablePage):
    """The list."""

    table = NatureChangeTable
    verb = "stock.view"
