"""Lists of weighing tickets (检斤单), in and out."""

from typing import Any

from django.db.models import F, Q, QuerySet
from django.http import HttpRequest

from canglin.accounts import policy
from canglin.stock.models import InboundSettlement, InboundTicket, OutboundSettlement, OutboundTicket
from canglin.stock.pages.parts import (
    LotSearch,
    Party,
    Row,
    StockTable,
    Truth,
    depots,
    grain_columns,
    kg,
    link,
    natures,
    place_columns,
    varieties,
    with_customer,
    with_places,
    with_settled,
    years,
)
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Code, Column, DateRange, Day, Empty, Link, Moment, Search, TablePage

SETTLED = {True: ("已结算", "good"), False: ("未结算", "warn")}
#: Contradictions of the figures that are taken and noted (rules.tickets): 净重为负, 出库净重 ≠ 毛重 − 皮重 (± 扣(增)量).
INBOUND_DOUBT = Q(net_kg__lt=0)
OUTBOUND_DOUBT = Q(net_kg__lt=0) | (
    ~Q(net_kg=F("gross_kg") - F("tare_kg")) & (Q(adjustment_kg=None) | ~Q(net_kg=F("gross_kg") - F("tare_kg") + F("adjustment_kg")))
)


class Doubtful(Truth):
    """Whether a ticket's figures contradict each other."""

    def condition(self, value: str) -> Q:
        """Inbound and outbound tickets are judged by their own rules."""
        doubt = OUTBOUND_DOUBT if self.key == "doubt_out" else INBOUND_DOUBT
        return doubt if value == "1" else ~doubt


def _filters(direction: str) -> tuple[Any, ...]:
    return (
        DateRange("business_date", "业务日期", dates=True),
        Choice("in_depot", "库点", choices=depots),
        LotSearch("lot_code", key="lot", label="货位代码或名称"),
        Choice("variety_code", "品种", choices=varieties),
        Choice("nature_code", "性质", choices=natures),
        Choice("harvest_year", "收获年度", choices=years),
        Search("plate_no", "trailer_plate_no", key="plate", label="车船号"),
        Party("carrier", key="party", label="客户或承运人"),
        Search("contract_no", key="contract", label="合同号"),
        Truth("settled", "结算", choices=[("1", "已结算"), ("0", "未结算")]),
        Doubtful(f"doubt_{direction}", "数量存疑", choices=[("1", "存疑"), ("0", "无疑")]),
    )


class TicketTable(StockTable):
    """What both lists share. In the order of ticket numbers, which begin with the day: the key's own index serves it."""

    by_cursor = True
    default_sort = "-ticket_no"
    model: Any
    settlement: Any

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        held = with_customer(with_places(policy.rows(request.user, self.model.objects)))
        rows: QuerySet[Any, Any] = with_settled(held, self.settlement)
        return rows

    def row_tone(self, row: Row) -> str:
        """A ticket whose net weight is negative stands out."""
        return "bad" if row.get("net_kg") is not None and row["net_kg"] < 0 else ""


def _who(customer_label: str) -> list[Column]:
    return [
        Column("customer", customer_label, sort=False),
        Column("trailer_plate_no", "挂车号", sort=False, hidden=True),
        Column("carrier", "承运人", sort=False, hidden=True, wrap=True),
        Column("contract_no", "合同号", sort=False, hidden=True, mono=True),
    ]


class InboundTable(TicketTable):
    """入库检斤单 (1202)."""

    name = "inbound-tickets"
    title = "入库检斤单"
    model, settlement = InboundTicket, InboundSettlement
    columns = [
        Column("ticket_no", "入库业务单号", link=Link("stock:inbound_ticket", "key"), sort="key", mono=True),
        kg("net_kg", "净重", total=True, help="毛重－皮重＋各项扣（增）量"),
        Column("plate_no", "车船号", sort=False),
        Day("business_date", "业务日期", sort=False),
        *place_columns(),
        *grain_columns()[:1],
        kg("gross_kg", "毛重", hidden=True),
        kg("tare_kg", "皮重", hidden=True),
        kg("quality_deduction_kg", "质检扣量", help="增量为正，扣量为负"),
        Badge("settled", "结算", states=SETTLED, sort=False),
        *grain_columns()[1:],
        *_who("客户"),
        Moment("gate_out_at", "出门时间", sort=False, hidden=True),
        Moment("received_at", "平台接收时间", sort=False, hidden=True),
        Column("number", "日志号", link=link("records:entry", "number"), sort=False, hidden=True),
    ]
    filters = _filters("in")
    empty = Empty(
        "还没有入库检斤单", "库点上报入库信息（1202）后，每一车都会列在这里。", "查看存证日志", "/records/", "truck-delivery"
    )


class OutboundTable(TicketTable):
    """出库检斤单 (1205)."""

    name = "outbound-tickets"
    title = "出库检斤单"
    model, settlement = OutboundTicket, OutboundSettlement
    columns = [
        Column("ticket_no", "出库业务单号", link=Link("stock:outbound_ticket", "key"), sort="key", mono=True),
        kg("net_kg", "净重", total=True),
        Column("plate_no", "车船号", sort=False),
        Day("business_date", "业务日期", sort=False),
        *place_columns(),
        *grain_columns()[:1],
        kg("gross_kg", "毛重", hidden=True),
        kg("tare_kg", "皮重", hidden=True),
        kg("adjustment_kg", "扣（增）量", hidden=True),
        Badge("settled", "结算", states=SETTLED, sort=False),
        *grain_columns()[1:],
        Code("grade_code", "等级", codes="food_grade", sort=False, hidden=True),
        *_who("购粮方"),
        Column("release_notice_no", "出库通知单号", sort=False, hidden=True, mono=True),
        Moment("gate_out_at", "出门时间", sort=False, hidden=True),
        Moment("received_at", "平台接收时间", sort=False, hidden=True),
        Column("number", "日志号", link=link("records:entry", "number"), sort=False, hidden=True),
    ]
    filters = _filters("out")
    empty = Empty(
        "还没有出库检斤单", "库点上报出库信息（1205）后，每一车都会列在这里。", "查看存证日志", "/records/", "truck-loading"
    )


class InboundPage(policy.Guarded, TablePage):
    """The list."""

    table = InboundTable
    verb = "stock.view"


class OutboundPage(policy.Guarded, TablePage):
    """The list."""

    table = OutboundTable
    verb = "stock.view"
