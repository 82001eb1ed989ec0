"""What a lot's page lists: its grain, account, tickets, changes and tests."""

from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from canglin.accounts import policy
from canglin.overview import links
from canglin.overview.tables.parts import RoomTable
from canglin.quality.models import InboundInspection, QualityReport
from canglin.standard import codes
from canglin.stock.models import BinTransfer, GainLossSheet, InboundTicket, NatureChange, OutboundTicket
from canglin.stock.queries.custody import custody_account
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import Badge, Choice, Code, Column, DateRange, Day, Empty, Moment, Number, Percent, Search

LINES_SHOWN = 50


def _seen(request: HttpRequest, model: Any) -> QuerySet[Any, Any]:
    return policy.rows(request.user, model.objects)


class CompositionTable(RoomTable):
    """The grain in the lot by kind, from the ledger."""

    name = "lot-composition"
    title = "总账构成"
    export_verb = "stock.export"
    columns = [
        Code("variety", "品种", codes="food_variety"),
        Code("nature", "粮食性质", codes="food_nature"),
        Column("harvest_year", "收获年度"),
        Column("owner", "粮权归属", wrap=True, help="货位卡（1208）所报；未报时为承储单位"),
        Number("priced_kg", "计价数量", unit="公斤", digits=1, sum=True),
        Number("weighed_kg", "实际数量", unit="公斤", digits=1, sum=True),
        Percent("share", "占比"),
    ]
    default_sort = "-weighed_kg"
    empty = Empty("空仓", "总账上这个货位没有粮食。", icon="package")

    def rows(self, request: HttpRequest) -> Rows:
        """``grains`` and ``owner`` given."""
        grains = self.given["grains"]
        whole = sum((weighed for _, weighed in grains.values()), Decimal(0))
        return [
            {
                "variety": grain.variety_code,
                "nature": grain.nature_code,
                "harvest_year": grain.harvest_year or "未注明",
                "owner": self.given["owner"],
                "priced_kg": priced,
                "weighed_kg": weighed,
                "share": weighed / whole if whole else None,
            }
            for grain, (priced, weighed) in grains.items()
        ]


_DOCUMENTS = {"1202": "stock:inbound_ticket", "1205": "stock:outbound_ticket"}


def _document(row: Row) -> str | None:
    page = _DOCUMENTS.get(row["table_code"])
    return links.to(page, row["key"]) if page else links.to("records:history", row["table_code"], row["key"])


class CustodyTable(RoomTable):
    """The newest lines of the custody account (分仓保管账)."""

    name = "lot-custody"
    title = f"分仓保管账（最近 {LINES_SHOWN} 笔）"
    export_verb = "stock.export"
    columns = [
        Moment("at", "业务时间", sort=False),
        Column("kind", "摘要", sort=False),
        Column("document_no", "凭证号", link=_document, mono=True, sort=False),
        Column("counterpart", "对方", wrap=True, sort=False),
        Column("plate_no", "车船号", sort=False),
        Number("weighed_in_kg", "收入（实际）", unit="公斤", sort=False),
        Number("weighed_out_kg", "支出（实际）", unit="公斤", sort=False),
        Number("balance_weighed_kg", "结存（实际）", unit="公斤", sort=False),
        Number("priced_in_kg", "收入（计价）", unit="公斤", sort=False, hidden=True),
        Number("priced_out_kg", "支出（计价）", unit="公斤", sort=False, hidden=True),
        Number("balance_priced_kg", "结存（计价）", unit="公斤", sort=False),
        Column("number", "日志号", link=lambda row: links.to("records:history", row["table_code"], row["key"]) or None, sort=False),
    ]
    page_size = 20
    empty = Empty("还没有账", "这个货位还没有出入库、倒仓、损溢或性质转变。", icon="book-2")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given. Newest first; zeros of the other side are left blank, as in a book."""
        lines = custody_account(self.given["lot"]).lines[-LINES_SHOWN:]
        sides = ("weighed_in_kg", "weighed_out_kg", "priced_in_kg", "priced_out_kg")
        return [
            {
                "at": line.at,
                "kind": line.kind,
                "document_no": line.document_no,
                "counterpart": line.counterpart,
                "plate_no": line.plate_no,
                "number": line.number,
                "table_code": line.table_code,
                "key": line.key,
                "balance_weighed_kg": line.balance_weighed_kg,
                "balance_priced_kg": line.balance_priced_kg,
                **{side: getattr(line, side) or None for side in sides},
            }
            for line in reversed(lines)
        ]


class InboundTable(RoomTable):
    """Trucks in (1202)."""

    name = "lot-inbound"
    title = "入库业务单"
    export_verb = "stock.export"
    columns = [
        Column("ticket_no", "入库业务单号", link=links.column("stock:inbound_ticket", "key"), needs=("key",), mono=True),
        Column("plate_no", "车船号"),
        Code("variety_code", "品种", codes="food_variety", hidden=True),
        Code("nature_code", "粮食性质", codes="food_nature", hidden=True),
        Column("harvest_year", "收获年度", hidden=True),
        Number("gross_kg", "毛重", unit="公斤"),
        Number("tare_kg", "皮重", unit="公斤"),
        Number("quality_deduction_kg", "质检扣量", unit="公斤"),
        Number("net_kg", "净重", unit="公斤", sum=True),
        Moment("gate_out_at", "出门时间"),
        Column("contract_no", "合同号", mono=True, hidden=True),
        Column("number", "日志号", link=links.history("1202"), needs=("key",)),
    ]
    filters = [Search("ticket_no", "plate_no", "contract_no", label="单号、车号或合同号"), DateRange("gate_out_at", "出门时间")]
    default_sort = "-gate_out_at"
    page_size = 20
    empty = Empty("没有入库", "这个货位没有入库业务单（1202）。", icon="truck")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given."""
        return _seen(request, InboundTicket).filter(lot_code=self.given["lot"])


class OutboundTable(RoomTable):
    """Trucks out (1205)."""

    name = "lot-outbound"
    title = "出库业务单"
    export_verb = "stock.export"
    columns = [
        Column("ticket_no", "出库业务单号", link=links.column("stock:outbound_ticket", "key"), needs=("key",), mono=True),
        Column("plate_no", "车船号"),
        Code("variety_code", "品种", codes="food_variety", hidden=True),
        Code("nature_code", "粮食性质", codes="food_nature", hidden=True),
        Column("harvest_year", "收获年度", hidden=True),
        Number("tare_kg", "皮重", unit="公斤"),
        Number("gross_kg", "毛重", unit="公斤"),
        Number("adjustment_kg", "扣（增）量", unit="公斤", hidden=True),
        Number("net_kg", "净重", unit="公斤", sum=True),
        Moment("gate_out_at", "出门时间"),
        Column("release_notice_no", "出库通知单号", mono=True, hidden=True),
        Column("contract_no", "合同号", mono=True),
        Column("number", "日志号", link=links.history("1205"), needs=("key",)),
    ]
    filters = [Search("ticket_no", "plate_no", "contract_no", label="单号、车号或合同号"), DateRange("gate_out_at", "出门时间")]
    default_sort = "-gate_out_at"
    page_size = 20
    empty = Empty("没有出库", "这个货位没有出库业务单（1205）。", icon="truck-delivery")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given."""
        return _seen(request, OutboundTicket).filter(lot_code=self.given["lot"])


class ChangeTable(RoomTable):
    """What changed the lot without a truck: transfers (1207), gains and losses (1209), changes of nature (1210)."""

    name = "lot-changes"
    title = "倒仓、损溢与性质转变"
    export_verb = "stock.export"
    columns = [
        Day("on", "日期"),
        Column("kind", "类别"),
        Column("document_no", "单号", mono=True),
        Number("change_kg", "对本货位的增减", unit="公斤"),
        Column("about", "说明", wrap=True, sort=False),
        Column("number", "日志号", link=lambda row: links.to("records:history", row["table_code"], row["key"]) or None),
    ]
    filters = [Choice("kind", "类别", choices=[(kind, kind) for kind in ("倒入", "倒出", "损耗", "升溢", "性质转变")])]
    default_sort = "-on"
    page_size = 20
    empty = Empty("没有变动", "这个货位没有倒仓（1207）、损溢（1209）或性质转变（1210）。", icon="transfer")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given. A transfer belongs to the depot it leaves; grain that came from a depot outside the area is shown by the
        ledger, not here."""
        lot = self.given["lot"]
        found: list[dict[str, Any]] = []
        transfers = _seen(request, BinTransfer)
        for way, side, other in (("倒出", "from_lot_code", "to_lot_code"), ("倒入", "to_lot_code", "from_lot_code")):
            found += [
                {
                    "on": each.transferred_on,
                    "kind": way,
                    "document_no": each.transfer_no,
                    "table_code": "1207",
                    "key": each.key,
                    "number": each.number,
                    "change_kg": each.moved_kg if way == "倒入" else -each.moved_kg,
                    "about": f"{'来自' if way == '倒入' else '去往'}货位 {getattr(each, other)}",
                }
                for each in transfers.filter(**{side: lot})
            ]
        found += [
            {
                "on": each.business_date,
                "kind": "损耗" if each.net_gain_loss_kg > 0 else "升溢",
                "document_no": each.sheet_no,
                "table_code": "1209",
                "key": each.key,
                "number": each.number,
                "change_kg": -each.net_gain_loss_kg,
                "about": f"{codes.label('sysfzc', each.is_normal)}{'：' + each.reason if each.reason else ''}",
            }
            for each in _seen(request, GainLossSheet).filter(lot_code=lot)
        ]
        found += [
            {
                "on": each.changed_on,
                "kind": "性质转变",
                "document_no": each.change_no,
                "table_code": "1210",
                "key": each.key,
                "number": each.number,
                "change_kg": None,
                "about": f"{codes.brief(each.from_nature_code, 'food_nature')} → "
                f"{codes.brief(each.to_nature_code, 'food_nature')}，"
                f"{each.changed_kg:,.1f} 公斤{'，' + each.approval_document_no if each.approval_document_no else ''}",
            }
            for each in _seen(request, NatureChange).filter(lot_code=lot)
        ]
        return found


def measured(items: str, values: str) -> str:
    """Test items and values, which depots send as two lists, side by side: 水分含量 12.9；杂质总量 0.8. Lists of different
    lengths are shown one after the other, as they came."""
    names, figures = codes.parts(items or ""), codes.parts(values or "")
    if len(names) != len(figures):
        return f"{codes.labels('jyxm', items)}：{values}"
    words = (codes.label("jyxm", name).rpartition("/")[2] for name in names)
    return "；".join(f"{word} {figure}" for word, figure in zip(words, figures, strict=True))


class QualityTable(RoomTable):
    """Laboratory reports (1310)."""

    name = "lot-quality"
    title = "质检报告"
    export_verb = "quality.export"
    columns = [
        Column("report_no", "质检报告单号", link=links.history("1310"), needs=("key",), mono=True),
        Code("inspection_type", "检验类别", codes="jylb"),
        Code("grade_code", "等级", codes="food_grade"),
        Column(
            "test_values",
            "检验结果",
            text=lambda row: measured(row["test_items"], row["test_values"]),
            needs=("test_items", "test_values"),
            wrap=True,
        ),
        Moment("sampled_at", "扦样时间"),
        Moment("tested_at", "检验时间", hidden=True),
        Column("tested_by_unit", "检验单位", wrap=True),
        Number("represented_kg", "代表数量", unit="公斤", hidden=True),
        Code("is_within_storage_life", "正常存储年限", codes="sfzcccnx"),
        Column("number", "日志号", link=links.history("1310"), needs=("key",)),
    ]
    filters = [Search("report_no", "tested_by_unit", label="单号或检验单位"), DateRange("sampled_at", "扦样时间")]
    default_sort = "-sampled_at"
    page_size = 20
    empty = Empty("没有质检报告", "这个货位没有质检数据（1310）。", icon="test-pipe")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given."""
        return _seen(request, QualityReport).filter(lot_code=self.given["lot"])


_VERDICTS = {item.code: (item.label, "neutral") for item in codes.items("jyjg")}


class InspectionTable(RoomTable):
    """Tests at the gate (1203)."""

    name = "lot-inspections"
    title = "入库检验"
    export_verb = "quality.export"
    columns = [
        Column("inspection_no", "入库检验单号", link=links.history("1203"), needs=("key",), mono=True),
        Column("ticket_no", "入库业务单号", mono=True),
        Code("grade_code", "定等", codes="food_grade"),
        Badge("verdict", "检验结果", states=_VERDICTS),
        Column(
            "test_values",
            "检验值",
            text=lambda row: measured(row["test_items"], row["test_values"]),
            needs=("test_items", "test_values"),
            wrap=True,
        ),
        Moment("tested_at", "检验时间"),
        Column("tested_by", "检验人", hidden=True),
        Column("number", "日志号", link=links.history("1203"), needs=("key",)),
    ]
    filters = [Search("inspection_no", "ticket_no", label="检验单号或业务单号"), DateRange("tested_at", "检验时间")]
    default_sort = "-tested_at"
    page_size = 20
    empty = Empty("没有入库检验", "这个货位没有入库检验信息（1203）。", icon="test-pipe")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given; the depot too, by which the records are indexed."""
        lot = self.given["lot"]
        return _seen(request, InboundInspection).filter(in_depot=lot[:21], lot_code=lot)
