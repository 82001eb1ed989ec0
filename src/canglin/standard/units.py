"""Units as the declarations write them, in the field's words, and the few conversions that are exact.

Quantities carry their unit in their names (``net_kg``, ``planned_t``); nothing here guesses one.
"""

from decimal import Decimal

_NAMES = {
    "kg": "公斤", "t": "吨", "g": "克", "%": "%", "m": "米", "m²": "平方米", "m³": "立方米", "℃": "℃",
    "CNY": "元", "10k CNY": "万元", "CNY/t": "元/吨", "CNY/kg": "元/公斤", "g/m³": "克/立方米", "mL/m³": "毫升/立方米",
    "pcs": "件", "bags": "包", "heads/kg": "头/公斤", "d": "天", "h": "小时", "m³/h": "立方米/小时",
    "m³/(h·t)": "立方米/(小时·吨)", "kW": "千瓦", "kPa": "千帕", "kW·h/(℃·t)": "千瓦时/(℃·吨)",
    "kW·h/(1%·t)": "千瓦时/(1%·吨)",
}

KG_PER_T = Decimal(1000)
#: 市斤, in which grain prices are quoted: 元/斤, 元/50公斤.
KG_PER_JIN = Decimal("0.5")


def name(unit: str | None) -> str:
    """The unit in Chinese; a unit without a Chinese name is shown as declared, none as nothing."""
    return _NAMES.get(unit, unit) if unit else ""


def kg(tonnes: Decimal) -> Decimal:
    """Tonnes in kilograms."""
    return tonnes * KG_PER_T


def t(kilograms: Decimal) -> Decimal:
    """Kilograms in tonnes."""
    return kilograms / KG_PER_T


def price_per_kg(per_t: Decimal) -> Decimal:
    """元/吨 (contracts) in 元/公斤 (settlements)."""
    return per_t / KG_PER_T
