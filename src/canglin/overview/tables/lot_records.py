"""What a lot's page lists of grain condition, and every record about the lot."""

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value
from django.http import HttpRequest
from django.utils import timezone

from canglin.accounts import policy
from canglin.overview import links
from canglin.overview.tables.parts import RoomTable
from canglin.standard import codes
from canglin.standard.tables import TableSpec, tables
from canglin.storage.models import FumigationJob, GasReading, GrainConditionScan, PestInspection, VentilationJob
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, DateRange, Empty, Moment, Search

RECORDS_SHOWN = 5_000


def _seen(request: HttpRequest, model: Any) -> QuerySet[Any, Any]:
    return policy.rows(request.user, model.objects)


class ConditionTable(RoomTable):
    """The newest scans, pest counts, gas readings, ventilations and fumigations (1302–1306)."""

    name = "lot-condition"
    title = "粮情与作业"
    export_verb = "storage.export"
    columns = [
        Moment("at", "时间"),
        Column("kind", "类别"),
        Column("result", "结果", wrap=True, sort=False),
        Column("document_no", "单号", mono=True),
        Column("number", "日志号", link=lambda row: links.to("records:history", row["table_code"], row["key"]) or None),
    ]
    filters = [
        Choice("kind", "类别", choices=[(kind, kind) for kind in ("温湿度检测", "害虫检测", "气体检测", "通风作业", "熏蒸作业")]),
        DateRange("at", "时间"),
    ]
    default_sort = "-at"
    page_size = 20
    newest = 200
    empty = Empty("没有粮情", "这个货位没有粮情检测和储粮作业记录（1302–1306）。", icon="temperature")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given; ventilation and fumigation are reported for its whole building."""
        lot = self.given["lot"]
        return [
            *_scans(
                _seen(request, GrainConditionScan)
                .filter(lot_code=lot)
                .order_by("-measured_at")
                .defer("temperatures_c", "humidities_pct")[: self.newest]
            ),
            *_pests(_seen(request, PestInspection).filter(lot_code=lot).order_by("-measured_at")[: self.newest]),
            *_gases(_seen(request, GasReading).filter(lot_code=lot).order_by("-measured_at")[: self.newest]),
            *_jobs(
                _seen(request, VentilationJob).filter(warehouse_code=lot[:25]).order_by("-ventilated_on")[: self.newest],
                _seen(request, FumigationJob).filter(warehouse_code=lot[:25]).order_by("-started_on")[: self.newest],
            ),
        ]


def _event(code: str, kind: str, record: Any, at: Any, document_no: str, result: str) -> dict[str, Any]:
    return {
        "table_code": code,
        "kind": kind,
        "key": record.key,
        "number": record.number,
        "at": at,
        "document_no": document_no,
        "result": result,
    }


def _degrees(value: Decimal | None) -> str:
    return "—" if value is None else f"{value:.1f}"


def _scans(found: Any) -> list[dict[str, Any]]:
    return [
        _event(
            "1302",
            "温湿度检测",
            each,
            each.measured_at,
            each.scan_no,
            f"粮温 平均 {_degrees(each.mean_c)}，最高 {_degrees(each.max_c)}，最低 {_degrees(each.min_c)} ℃；"
            f"仓温 {_degrees(each.headspace_c)}，外温 {_degrees(each.outdoor_c)} ℃",
        )
        for each in found
    ]


def _pests(found: Any) -> list[dict[str, Any]]:
    return [
        _event(
            "1303",
            "害虫检测",
            each,
            each.measured_at,
            each.pest_inspection_no,
            f"{codes.label('cldjpd', each.infestation_grade)}；{codes.labels('hczl', each.pest_species)}，"
            f"密度 {each.densities_per_kg} 头/公斤",
        )
        for each in found
    ]


def _gases(found: Any) -> list[dict[str, Any]]:
    return [
        _event(
            "1304",
            "气体检测",
            each,
            each.measured_at,
            each.reading_no,
            f"氧气 {each.oxygen_pct or '—'} %；二氧化碳 {each.carbon_dioxide_pct} %；磷化氢 {each.phosphine_ml_per_m3} 毫升/立方米",
        )
        for each in found
    ]


def _jobs(ventilations: Any, fumigations: Any) -> list[dict[str, Any]]:
    return [
        *(
            _event(
                "1305",
                "通风作业",
                each,
                _midnight(each.ventilated_on),
                each.job_no,
                f"{codes.labels('tfmd', each.purpose)}：粮温 {_degrees(each.mean_before_c)} → {_degrees(each.mean_after_c)} ℃，"
                f"水分 {_degrees(each.moisture_before_pct)} → {_degrees(each.moisture_after_pct)} %",
            )
            for each in ventilations
        ),
        *(
            _event(
                "1306",
                "熏蒸作业",
                each,
                _midnight(each.started_on),
                each.job_no,
                f"{each.chemical_name}，{each.started_on} 至 {each.ended_on}，第 {each.treatment_number} 次",
            )
            for each in fumigations
        ),
    ]


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def _about_lots() -> list[tuple[TableSpec, str]]:
    """The tables that name lots, with the attribute that does."""
    return [(spec, field.attribute) for spec in tables().values() for field in spec.fields if field.identifier == "lot"]


class RecordTable(RoomTable):
    """Every record about the lot, in all tables, removed ones too; each leads to its versions and their proof."""

    name = "lot-records"
    title = "原始记录"
    export_verb = "records.export"
    columns = [
        Column("number", "日志号", link=links.column("records:history", "table_code", "key")),
        Column("table", "数据表"),
        Column("key", "主键", mono=True, wrap=True),
        Moment("stated_at", "最后更新时间（上报）"),
        Moment("received_at", "接收时间"),
        Badge("state", "状态", states={"held": ("现行", "good"), "removed": ("已删除", "bad")}),
    ]
    filters = [
        Search("key", label="主键"),
        Choice(
            "table_code",
            "数据表",
            choices=lambda request: list({spec.code: f"{spec.code} {spec.name}" for spec, _ in _about_lots()}.items()),
        ),
        Choice("state", "状态", choices=[("held", "现行"), ("removed", "已删除")]),
        DateRange("received_at", "接收时间"),
    ]
    default_sort = "-number"
    page_size = 20
    empty = Empty("没有记录", "没有关于这个货位的记录。", icon="database")

    def rows(self, request: HttpRequest) -> Rows:
        """``lot`` given. One query over the tables that name lots."""
        lot = self.given["lot"]
        parts = [_records(request, spec, attribute, lot) for spec, attribute in _about_lots()]
        names = {spec.code: f"{spec.code} {spec.name}" for spec, _ in _about_lots()}
        return [
            {**row, "table": names[row["table_code"]], "state": "removed" if row["removed"] else "held"}
            for row in parts[0].union(*parts[1:], all=True).order_by("-number")[:RECORDS_SHOWN]
        ]


def _records(request: HttpRequest, spec: TableSpec, attribute: str, lot: str) -> Any:
    about = spec.model.everything.filter(**{attribute: lot, "in_depot": lot[:21]})
    seen = policy.rows(request.user, about).annotate(table_code=Value(spec.code))
    return seen.values("key", "number", "stated_at", "received_at", "removed", "table_code")
