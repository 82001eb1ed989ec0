"""What a depot's page shows besides its lots: tickets, contracts, claims against the ledger, people, equipment."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from canglin.accounts import policy
from canglin.overview import links
from canglin.overview.queries.differences import differences, share
from canglin.overview.queries.flows import latest_tickets
from canglin.overview.tables.parts import LOT_STATES, Always, RoomTable
from canglin.overview.tables.places import mine
from canglin.registry import masking
from canglin.registry.models import Chemical, Equipment, Staff
from canglin.standard import codes
from canglin.stock.models import Contract
from canglin.stock.queries.claims import book_differences
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Code, Column, DateRange, Day, Empty, Link, Moment, Money, Number, Percent, Search

WAYS = {"in": ("入库", "info"), "out": ("出库", "neutral")}
TICKETS_SHOWN = 500
MONTHS_OFFERED = 24


def _ticket_link(row: Row) -> str | None:
    return links.to("stock:inbound_ticket" if row["inward"] else "stock:outbound_ticket", row["key"]) or None


class TicketTable(RoomTable):
    """The newest tickets of one depot, in and out."""

    name = "depot-tickets"
    title = f"近期出入库（最近 {TICKETS_SHOWN} 单）"
    export_verb = "stock.export"
    columns = [
        Column("ticket_no", "业务单号", link=_ticket_link, mono=True),
        Badge("kind", "方向", states=WAYS),
        Column("lot_name", "货位", link=Link("overview:lot", "lot_code"), wrap=True),
        Code("variety_code", "品种", codes="food_variety"),
        Column("plate_no", "车船号"),
        Number("gross_kg", "毛重", unit="公斤", hidden=True),
        Number("tare_kg", "皮重", unit="公斤", hidden=True),
        Number("weighed_kg", "毛重－皮重", unit="公斤", sum=True),
        Number("net_kg", "净重", unit="公斤", sum=True),
        Moment("gate_out_at", "出门时间"),
        Column("number", "日志号", link=lambda row: links.to("records:history", row["table_code"], row["key"]) or None),
    ]
    filters = [
        Search("ticket_no", "plate_no", "lot_name", label="单号、车号或货位"),
        Choice("kind", "方向", choices=[(kind, label) for kind, (label, _) in WAYS.items()]),
        DateRange("gate_out_at", "出门时间"),
    ]
    default_sort = "-gate_out_at"
    page_size = 20
    empty = Empty("还没有出入库", "这个库点尚未上报入库（1202）或出库（1205）业务单。", icon="truck")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        lots = mine(request).lots
        return [
            {**ticket, "lot_name": lots[ticket["lot_code"]]["lot_name"] if ticket["lot_code"] in lots else ticket["lot_code"]}
            for ticket in latest_tickets([self.given["depot"]], TICKETS_SHOWN)
        ]


class ContractTable(RoomTable):
    """Contracts of the depot's enterprise: the standard names no depot in a contract."""

    name = "depot-contracts"
    title = "承储单位的合同"
    export_verb = "stock.export"
    columns = [
        Column("contract_no", "合同号", link=links.column("stock:contract", "key"), needs=("key",), mono=True),
        Column("contract_name", "合同名称", wrap=True),
        Code("contract_type", "业务类别", codes="ywlx"),
        Column("customer_name", "客户名称", wrap=True),
        Code("variety_code", "品种", codes="food_variety"),
        Number("agreed_kg", "约定数量", unit="公斤", sum=True),
        Number("fulfilled_kg", "履约数量", unit="公斤", sum=True),
        Number("contract_price_cny_per_t", "合同单价", unit="元/吨", digits=2),
        Money("contract_amount_cny", "合同总金额", hidden=True, sum=True),
        Day("signed_on", "签订日期"),
        Day("actual_completion_on", "实际完成", hidden=True),
        Column("number", "日志号", link=links.history("1201"), needs=("key",)),
    ]
    filters = [
        Search("contract_no", "contract_name", "customer_name", label="合同号、名称或客户"),
        DateRange("signed_on", "签订日期", dates=True),
    ]
    default_sort = "-signed_on"
    page_size = 20
    empty = Empty("还没有合同", "承储单位尚未上报合同信息（1201）。", icon="file-certificate")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        seen: QuerySet[Any, Any] = policy.rows(request.user, Contract.objects, with_enterprise=True)
        return seen.filter(in_enterprise=self.given["depot"][:18])


def _months(request: HttpRequest | None = None) -> list[tuple[str, str]]:
    today = timezone.localdate()
    count = today.year * 12 + today.month - 1
    return [(f"{m // 12}-{m % 12 + 1:02d}", f"{m // 12} 年 {m % 12 + 1} 月") for m in range(count, count - MONTHS_OFFERED, -1)]


def _last_month() -> str:
    return _months()[1][0]


class BookTable(RoomTable):
    """The month book (1211) beside the ledger, one month, by variety."""

    name = "depot-books"
    title = "月账与总账"
    export_verb = "stock.export"
    columns = [
        Column("variety", "品种"),
        Badge("claimed", "月账", states={True: ("已报", "good"), False: ("未报", "warn")}),
        Number("claim_opening_kg", "期初（申报）", unit="公斤", hidden=True),
        Number("ledger_opening_kg", "期初（总账）", unit="公斤", hidden=True),
        Number("opening_kg", "期初差异", unit="公斤", hidden=True),
        Number("claim_received_kg", "收入（申报）", unit="公斤"),
        Number("ledger_received_kg", "收入（总账）", unit="公斤"),
        Number("claim_issued_kg", "支出（申报）", unit="公斤"),
        Number("ledger_issued_kg", "支出（总账）", unit="公斤"),
        Number("claim_closing_kg", "期末（申报）", unit="公斤", sum=True),
        Number("ledger_closing_kg", "期末（总账）", unit="公斤", sum=True),
        Number("closing_kg", "期末差异", unit="公斤", sum=True, help="申报－总账"),
    ]
    filters = [Always("month", "月份", choices=_months, usual=_last_month)]
    default_sort = "variety"
    empty = Empty("这个月没有账", "所选月份既没有申报账面库存（1211），总账上也没有粮食。", icon="book-2")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        """The title names the month: the last that is over unless another is asked for."""
        super().__init__(request, prefix, **given)
        self.month = str(self.bound[0].value or _last_month())
        self.title = f"月账与总账（{dict(_months())[self.month]}）"  # type: ignore[misc]  # this request's own

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        month, year, number = self.month, int(self.month[:4]), int(self.month[5:])
        return [
            {
                "month": month,
                "variety": codes.brief(each.variety_code, "food_variety") or "未注明",
                "claimed": each.claimed,
                **{name: getattr(each, name) for name in _BOOK_AMOUNTS},
            }
            for each in book_differences(year, number, [self.given["depot"]])
        ]

    def row_tone(self, row: Row) -> str:
        """Books that do not close as the ledger does stand out."""
        return "bad" if row["closing_kg"] else ""


_BOOK_AMOUNTS = [column.key for column in BookTable.columns if isinstance(column, Number)]


class CardTable(RoomTable):
    """The newest stock card (1208) of every lot beside the ledger at the card's time."""

    name = "depot-cards"
    title = "货位卡与总账"
    export_verb = "stock.export"
    columns = [
        Column("lot_name", "货位", link=Link("overview:lot", "key"), wrap=True),
        Badge("state", "货位状态", states=LOT_STATES),
        Number("claim_priced_kg", "计价（货位卡）", unit="公斤", sum=True),
        Number("ledger_priced_kg", "计价（总账）", unit="公斤", sum=True),
        Number("priced_kg", "计价差异", unit="公斤", sum=True, help="货位卡－总账"),
        Number("claim_weighed_kg", "实际（货位卡）", unit="公斤", sum=True),
        Number("ledger_weighed_kg", "实际（总账）", unit="公斤", sum=True),
        Number("weighed_kg", "实际差异", unit="公斤", sum=True, help="货位卡－总账"),
        Percent("share", "差异率", digits=2),
        Moment("stated_at", "货位卡时间", hidden=True),
        Column("number", "日志号", link=lambda row: links.to("records:history", "1208", row["card_key"]) or None),
    ]
    filters = [Search("lot_name", "key", label="货位名称或代码")]
    default_sort = "key"
    empty = Empty("还没有货位卡", "这个库点尚未上报粮食库存信息（1208）。", icon="clipboard-list")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        depot = self.given["depot"]
        lots = mine(request).lots
        return [
            {
                "key": lot,
                "lot_name": lots[lot]["lot_name"],
                "state": each.card.lot_status,
                "claim_priced_kg": each.card.priced_kg,
                "ledger_priced_kg": each.ledger_priced_kg,
                "priced_kg": each.priced_kg,
                "claim_weighed_kg": each.card.weighed_kg,
                "ledger_weighed_kg": each.ledger_weighed_kg,
                "weighed_kg": each.weighed_kg,
                "share": share(each),
                "stated_at": each.card.stated_at,
                "number": each.card.number,
                "card_key": each.card.key,
            }
            for lot, each in differences([depot]).value.items()
            if lot in lots
        ]

    def row_tone(self, row: Row) -> str:
        """Cards that differ stand out."""
        return "bad" if row["priced_kg"] or row["weighed_kg"] else ""


class StaffTable(RoomTable):
    """Staff of a depot or an enterprise; personal data masked on the screen and in files."""

    name = "staff"
    title = "人员"
    columns = [
        Column("name", "姓名", text=lambda row: masking.name(row["name"]), needs=("name",)),
        Code("sex", "性别", codes="xb"),
        Column("department", "隶属部门", wrap=True),
        Column("job_title", "职务"),
        Code("position_type", "岗位性质", codes="gwxz"),
        Code("employment_status", "在岗状态", codes="zgzt"),
        Column(
            "id_card", "身份证号码", text=lambda row: masking.id_card(row["id_card"]), needs=("id_card",), mono=True, hidden=True
        ),
        Column("mobile", "移动电话", text=lambda row: masking.phone(row["mobile"]), needs=("mobile",), mono=True),
        Code("education", "学历", codes="xl", hidden=True),
        Code("staff_category", "人员类别", codes="rylb"),
        Column("hired_on", "入职日期"),
        Column("number", "日志号", link=links.history("1112"), needs=("key",)),
    ]
    filters = [Search("name", "department", "job_title", label="姓名、部门或职务")]
    default_sort = "department"
    page_size = 20
    empty = Empty("还没有人员", "尚未上报人员信息（1112）。", icon="users")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` or ``enterprise`` given."""
        seen: QuerySet[Any, Any] = policy.rows(request.user, Staff.objects)
        depot = self.given.get("depot")
        return seen.filter(in_depot=depot) if depot else seen.filter(in_enterprise=self.given["enterprise"])


_CONDITIONS: Mapping[Any, tuple[str, str]] = {item.code: (item.label, "neutral") for item in codes.items("sbzt")}


class EquipmentTable(RoomTable):
    """Scales, fans and detectors, with their calibration."""

    name = "equipment"
    title = "设备"
    columns = [
        Column("equipment_name", "设备仪器名称", wrap=True),
        Column("equipment_no", "设备编号", mono=True),
        Column("equipment_type", "设备仪器代码", mono=True, hidden=True),
        Column("model", "规格型号", wrap=True),
        Column("manufacturer", "生产厂家", wrap=True),
        Badge("condition", "设备状态", states=_CONDITIONS),
        Day("manufactured_on", "生产日期", hidden=True),
        Day("calibrated_on", "检定时间"),
        Column("calibrated_by", "检定单位", wrap=True),
        Column("number", "日志号", link=links.history("1107"), needs=("key",)),
    ]
    filters = [Search("equipment_name", "equipment_no", "model", label="名称、编号或型号")]
    default_sort = "equipment_no"
    page_size = 20
    empty = Empty("还没有设备", "这个库点尚未上报设备信息（1107）。", icon="tools")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        return policy.rows(request.user, Equipment.objects).filter(in_depot=self.given["depot"])


class ChemicalTable(RoomTable):
    """Fumigants and protectants in store. Quantities are in each row's own unit and never added up."""

    name = "chemicals"
    title = "药剂"
    columns = [
        Column("chemical_name", "药剂名称", wrap=True),
        Column("chemical_no", "药剂编号", mono=True),
        Column("model", "型号规格", wrap=True),
        Number("stock_quantity", "库存数量"),
        Code("stock_unit", "单位", codes="kcsldw"),
        Day("purchased_on", "采购日期"),
        Column("shelf_life", "保质期"),
        Code("storage_place", "储存地点", codes="ccdd"),
        Column("manufacturer", "生产厂家", wrap=True, hidden=True),
        Column("number", "日志号", link=links.history("1108"), needs=("key",)),
    ]
    filters = [Search("chemical_name", "chemical_no", label="名称或编号")]
    default_sort = "-purchased_on"
    page_size = 20
    empty = Empty("还没有药剂", "这个库点尚未上报药剂信息（1108）。", icon="flask")

    def rows(self, request: HttpRequest) -> Rows:
        """``depot`` given."""
        return policy.rows(request.user, Chemical.objects).filter(in_depot=self.given["depot"])
