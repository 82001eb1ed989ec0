"""Rule values in words: what people read where the file has codes and keys."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from canglin.rulebook.file import ALWAYS
from canglin.rulebook.models import MARKS, UNCONFIRMED, RuleValue
from canglin.rulebook.queries import SEVERITIES
from canglin.standard import codes, regions
from canglin.ui import formats

GROUPS = {
    "airtight": "气密",
    "atmosphere": "气调",
    "cables": "测温布置",
    "conversion": "折算",
    "data": "数据质量",
    "density": "密度",
    "emergency": "应急",
    "fee": "费用",
    "food_safety": "食品安全",
    "fumigation": "熏蒸",
    "gas": "气体",
    "grade": "等级",
    "idle": "架空期",
    "loss": "损耗",
    "measuring": "库存测量",
    "moisture": "安全水分",
    "pests": "害虫",
    "price": "价格",
    "quality": "质量",
    "reserve": "储备规模",
    "sampling": "扦样",
    "scale": "衡器",
    "settlement": "结算",
    "severity": "接入校验",
    "shelf": "保质期",
    "storage": "储存年限",
    "storage_quality": "储存品质",
    "temperature": "粮温",
    "ticket": "检斤单核查",
    "truck": "车辆",
    "ventilation": "通风",
}
MARK_STATES = {mark: (label, "warn" if mark in UNCONFIRMED else "neutral") for mark, label in MARKS.items()}

#: Subjects that are no inspection item of LS/T 1704.1.
_SUBJECTS = {
    "outside-brown": "谷外糙米",
    "whole-kernels": "完整粒率",
    "damaged": "损伤粒率",
    "small-broken": "小碎米",
    "chromium": "铬",
    "inorganic-arsenic": "无机砷",
    "darnel": "毒麦",
    "south": "长江以南",
    "north": "长江以北",
    "warm-south": "亚热带地区",
    "flat": "平房仓",
    "silo": "筒仓",
    "producing": "产区",
    "balanced": "产销平衡区",
    "consuming": "销区",
}
#: Keys of tables. The unit stands beside the value, so that it is not repeated here unless the key has its own.
_KEYS = {
    "min": "下限",
    "max": "上限",
    "months_to": "至（月）",
    "percent": "比例",
    "step": "每档",
    "max_percent": "最多",
    "suitable_max": "宜存 ≤",
    "light_max": "轻度不宜存 ≤",
    "suitable_min": "宜存 ≥",
    "light_min": "轻度不宜存 ≥",
    "fine": "精制粉",
    "standard": "标准粉",
    "ordinary": "普通粉",
    "hard_min": "硬麦 ≥",
    "soft_max": "软麦 ≤",
    "colour_min_percent": "粒色纯度（%）≥",
    "class": "级别",
    "name": "名称",
    "mean_max": "平均 ≤",
    "local_max": "局部最高 ≤",
    "boundary_c": "分界粮温（℃）",
    "safe": "安全粮",
    "half": "半安全粮",
    "danger": "危险粮",
    "cool": "分界以下",
    "warm": "分界以上",
    "neighbour_warn": "高出同层提醒",
    "neighbour_alarm": "高出同层报警",
    "rise_per_day": "日升温",
    "rise_days": "连续（天）",
    "max_warn": "最高提醒",
    "max_alarm": "最高报警",
    "dead_percent": "失效测点（%）",
    "gradient_c_per_m": "梯度（℃/m）",
    "spread_c": "上下层温差（℃）",
    "silo_spread_c": "筒仓上下层温差（℃）",
    "horizontal_max": "水平间距 ≤",
    "vertical_min": "垂直间距 ≥",
    "vertical_max": "垂直间距 ≤",
    "edge_min": "距边 ≥",
    "edge_max": "距边 ≤",
    "level": "等级",
    "all_max": "害虫密度 ≤",
    "main_max": "主要害虫 ≤",
    "mild": "15–25 ℃",
    "treated": "治理后",
    "treated_months": "治理后观察（月）",
    "oxygen_min_percent": "氧气（%）≥",
    "phosphine_max_ml_m3": "磷化氢（mL/m³）≤",
    "min_ml_m3": "浓度（mL/m³）≥",
    "resistant_ml_m3": "抗性害虫（mL/m³）≥",
    "days": "密闭天数",
    "above_c": "粮温高于（℃）",
    "start": "开始 ≥",
    "go_on": "继续 ≥",
    "end": "结束 ≤",
    "end_gradient_c_per_m": "结束时温度梯度（℃/m）≤",
    "end_moisture_percent_per_m": "结束时水分梯度（%/m）≤",
    "nitrogen_min_percent": "氮气（%）≥",
    "days_min": "天数 ≥",
    "flat_min": "平房仓 ≥",
    "silo_min": "筒仓 ≥",
    "co2_empty_min": "二氧化碳气调空仓 ≥",
    "co2_full_min": "二氧化碳气调实仓 ≥",
    "n2_full_min": "充氮气调实仓 ≥",
    "primary_each": "每份原始样品",
    "test_min": "每份检验样品 ≥",
    "test_max": "每份检验样品 ≤",
    "zone_m2": "分区面积（m²）",
    "city_min": "城区 ≥",
    "county_min": "县 ≥",
    "grain_kg_per_day_min": "粮食（kg/人·日）≥",
    "grain_kg_per_day_max": "粮食（kg/人·日）≤",
    "oil_g_per_day_min": "食用油（g/人·日）≥",
    "oil_g_per_day_max": "食用油（g/人·日）≤",
}


def value(text: str | None, kind: str, code: str = "") -> str:
    """A value; one that is not known is 待确认."""
    if text is None:
        return "待确认"
    if code.startswith("severity."):
        return SEVERITIES.get(text, text)
    if kind == RuleValue.Kind.TABLE:
        return _table(json.loads(text, parse_float=str, parse_int=str))
    if code.startswith(("grade.", "settlement.", "price.")) and (grade := codes.label("food_grade", text)) != text:
        return f"{grade}等"
    if code == "grade.index":
        return subject(text)
    return text


def _table(given: Any) -> str:
    if isinstance(given, dict):
        return "，".join(f"{_key(name)} {_table(part)}" for name, part in given.items())
    if isinstance(given, list):
        return "；".join(_table(part) for part in given)
    return str(given)


def leaf(path: tuple[str | int, ...]) -> str:
    """Which figure of a table: 第 1 项 · 比例."""
    return " · ".join(f"第 {step + 1} 项" if isinstance(step, int) else _key(step) for step in path)


def _key(name: str) -> str:
    grade = codes.label("food_grade", name)
    return f"{grade}等" if grade != name else _KEYS.get(name, name)


def subject(name: str, code: str = "") -> str:
    """An inspection item or other subject; nothing where the rule's name says it already."""
    if code == "ticket.check":
        return ""
    if code == "truck.gross_max":
        return f"{name} 轴"
    if code == "settlement.base_grade":
        return f"分 {name} 等"
    return _SUBJECTS.get(name) or codes.label("jyxm", name)


def scope(row: Mapping[str, Any]) -> str:
    """What a value applies to; ``row`` has code, region, variety, nature, subject."""
    parts = [
        regions.path(row["region"].ljust(6, "0")) if row["region"] else "",
        _beginning("food_variety", row["variety"], 7),
        _beginning("food_nature", row["nature"], 3),
        subject(row["subject"], row["code"]) if row["subject"] else "",
    ]
    return " · ".join(part for part in parts if part) or "全部"


def _beginning(code_list: str, prefix: str, length: int) -> str:
    """What all codes that begin so are called: 1131 is 籼稻谷, 21 is 植物油脂."""
    if not prefix:
        return ""
    items = codes.code_list(code_list).items
    if exact := items.get(prefix.ljust(length, "0")):
        return exact.label.rpartition("/")[2]
    below = next((code for code in sorted(items) if code.startswith(prefix)), "")
    return codes.full_label(code_list, below).partition("/")[0] if below else prefix


def from_day(day: date | None) -> str:
    """A first day; what the platform holds from the start has none."""
    return "" if day is None or day == ALWAYS else formats.day(day)
