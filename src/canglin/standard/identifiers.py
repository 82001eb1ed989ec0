"""Identifiers of the grain trade: how they are composed, and what is wrong with one.

Enterprise (18) + 3 = depot (21) + 4 = warehouse or oil tank (25) + 3 = compartment (28) + 2 = lot (30); an oil tank's
lot is the tank + ``00001`` (LS/T 1714-2018 as the v2022 interface deploys it). Numbers of documents begin with what
they belong to and hold their day.

``faults(name, value)`` applies the rule that a field's declaration names (``FieldSpec.identifier``). A wrong form is
one rule, a wrong check digit and an impossible day inside a number are others, because systems in the field send some
of these.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from canglin.standard import regions
from canglin.standard.rulecodes import CHECK_DIGIT, CODE_DATE, FORMAT, REGION, REGION_RETIRED

_ENTERPRISE = r"[0-9A-Z]{2}[0-9]{6}[0-9A-Z]{10}"
# Every day but 29 February, which only some years have: `date` decides that one.
_MONTH_DAY = (r"(?:(?:0[13578]|1[02])(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)(?:0[1-9]|[12][0-9]|30)"
              r"|02(?:0[1-9]|1[0-9]|2[0-8]))")
_DAY8 = r"(?:19|20)[0-9]{2}" + _MONTH_DAY

_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_VALUE = {c: i for i, c in enumerate(_USCC)}
_USCC_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_ID_WEIGHTS = tuple(pow(2, 17 - i, 11) for i in range(17))


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an identifier: the rule's code and what would pass."""

    rule: str
    expected: str


# Check digits
# ---------------------------------------------------------------------------------------------------------------

def uscc_check(code: str) -> str | None:
    """The check character of a 统一社会信用代码 (GB 32100-2015) for its first 17; None when one of them is not in its
    alphabet."""
    try:
        total = sum(_USCC_VALUE[c] * w for c, w in zip(code[:17], _USCC_WEIGHTS, strict=True))
    except (KeyError, ValueError):
        return None
    return _USCC[-total % 31]


def org_check(code: str) -> str | None:
    """The check character of an 组织机构代码 (GB 11714-1997) for its first 8; None when they are not 0-9A-Z."""
    if not re.fullmatch(r"[0-9A-Z]{8}", code[:8]):
        return None
    rest = 11 - sum(int(c, 36) * w for c, w in zip(code[:8], _ORG_WEIGHTS, strict=True)) % 11
    return {10: "X", 11: "0"}.get(rest, str(rest))


def id_card_check(code: str) -> str | None:
    """The check character of an 身份证 (GB 11643-1999) for its first 17 digits; None when they are not digits."""
    if not re.fullmatch(r"[0-9]{17}", code[:17]):
        return None
    return "10X98765432"[sum(int(c) * w for c, w in zip(code[:17], _ID_WEIGHTS, strict=True)) % 11]


# Rules by name
# --------------------------------------------------------------------------------------------------------------

def _real_day(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return False
    return True


def _uscc(value: str) -> tuple[Fault, ...]:
    if not re.fullmatch(_ENTERPRISE, value):
        return (Fault(FORMAT, "18 位统一社会信用代码：2 位大写字母或数字 + 6 位区划 + 10 位大写字母或数字"),)
    due = uscc_check(value)
    if due != value[17]:
        return (Fault(CHECK_DIGIT, f"末位校验码应为 {due}" if due else "统一社会信用代码不使用字母 I、O、S、V、Z"),)
    return ()


def _id_card(value: str) -> tuple[Fault, ...]:
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", value):
        return (Fault(FORMAT, "18 位居民身份证号：17 位数字 + 1 位数字或 X"),)
    faults = []
    if not _real_day(value[6:14]):
        faults.append(Fault(CODE_DATE, "第 7–14 位应为真实出生日期"))
    due = id_card_check(value)
    if due != value[17].upper():
        faults.append(Fault(CHECK_DIGIT, f"末位校验码应为 {due}"))
    return tuple(faults)


def _uscc_or_id_card(value: str) -> tuple[Fault, ...]:
    # A card's 17 digits also satisfy the enterprise pattern: whichever check passes decides, else the better fit is
    # reported.
    found = [_id_card(value), _uscc(value)] if re.fullmatch(r"[0-9]{17}[0-9Xx]", value) else [_uscc(value)]
    if () in found:
        return ()
    if found[0][0].rule == FORMAT:
        return (Fault(FORMAT, "18 位统一社会信用代码或居民身份证号"),)
    return found[0]


def _org(value: str) -> tuple[Fault, ...]:
    plain = value.replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", plain):
        return (Fault(FORMAT, "9 位组织机构代码：8 位数字或大写字母 + 1 位数字或 X"),)
    due = org_check(plain)
    return () if due == plain[8] else (Fault(CHECK_DIGIT, f"末位校验码应为 {due}"),)


def _region(value: str) -> tuple[Fault, ...]:
    if not re.fullmatch(r"[0-9]{6}", value):
        return (Fault(FORMAT, "6 位行政区划代码（GB/T 2260）"),)
    if regions.known(value):
        return ()
    # New counties come every year: one that is not listed yet is taken when its province is real.
    if regions.known(value[:2] + "0000"):
        return (Fault(REGION_RETIRED, "GB/T 2260 现行或历史行政区划代码"),)
    return (Fault(REGION, "GB/T 2260 现行或历史行政区划代码"),)


def _origin(value: str) -> tuple[Fault, ...]:
    # LS/T 1713: where grain was grown; imported grain names a country instead of a region.
    return () if regions.country(value) else _region(value)


def _country(value: str) -> tuple[Fault, ...]:
    return () if regions.country(value) else (Fault(FORMAT, "GB/T 2659 国家或地区代码（2 位、3 位字母或 3 位数字）"),)


def _plate(value: str) -> tuple[Fault, ...]:
    return () if plate_kind(value) else (Fault(FORMAT, "机动车号牌，如 湘A12345、湘AD12345，或 LS 开头的临时虚拟号牌"),)


@dataclass(frozen=True)
class Rule:
    """An identifier's rule. ``passes`` is a pattern that whatever matches is surely right, for the hot path; None when
    only ``faults`` can tell."""

    name: str
    faults: Callable[[str], tuple[Fault, ...]]
    passes: re.Pattern[str] | None = None


def _composed(name: str, form: str, expected: str) -> Rule:
    pattern = re.compile(form)
    return Rule(name, lambda v: () if pattern.fullmatch(v) else (Fault(FORMAT, expected),), pattern)


def _numbered(name: str, before: str, at: int, serial: int, expected: str, short: bool = False) -> Rule:
    """A document's number: ``before``, the day at position ``at`` (yyMMdd when ``short``), and a serial."""
    width = 6 if short else 8
    loose = re.compile(f"{before}[0-9]{{{width + serial}}}")
    day = "[0-9]{2}" + _MONTH_DAY if short else _DAY8

    def faults(value: str) -> tuple[Fault, ...]:
        if not loose.fullmatch(value):
            return (Fault(FORMAT, expected),)
        digits = ("20" if short else "") + value[at:at + width]
        return () if _real_day(digits) else (Fault(CODE_DATE, f"第 {at + 1}–{at + width} 位应为真实日期"),)

    return Rule(name, faults, re.compile(f"{before}{day}[0-9]{{{serial}}}"))


def _transfer(value: str) -> tuple[Fault, ...]:
    # The specification says 36 characters but composes 33 (depot + day + 4); both are in use.
    if not re.fullmatch(_ENTERPRISE + r"(?:[0-9]{15}|[0-9]{18})", value):
        return (Fault(FORMAT, "倒仓单号：库区代码 21 位 + yyyyMMdd + 4 位流水（33 位），或 36 位"),)
    if len(value) == 33 and not _real_day(value[21:29]):
        return (Fault(CODE_DATE, "第 22–29 位应为真实日期"),)
    return ()


_DEPOT, _WAREHOUSE, _LOT = (_ENTERPRISE + f"[0-9]{{{n}}}" for n in (3, 7, 12))

RULES: dict[str, Rule] = {rule.name: rule for rule in (
    Rule("uscc", _uscc),
    Rule("id_card", _id_card),
    Rule("uscc_or_id_card", _uscc_or_id_card),
    Rule("org_code", _org),
    Rule("region", _region),
    Rule("origin", _origin),
    Rule("country", _country),
    Rule("plate", _plate),
    _composed("depot", _DEPOT, "21 位库区代码：单位代码 18 位 + 3 位数字"),
    _composed("warehouse", _WAREHOUSE, "25 位仓房（油罐）代码：库区代码 21 位 + 4 位数字"),
    _composed("compartment", _ENTERPRISE + "[0-9]{10}", "28 位廒间代码：仓房代码 25 位 + 3 位数字"),
    _composed("lot", _LOT, "30 位货位代码：廒间代码 28 位 + 2 位数字；油罐货位为油罐代码 25 位 + 00001"),
    _numbered("inbound_no", "14", 2, 4, "12 位入库业务单号：14 + yyMMdd + 4 位流水", short=True),
    _numbered("outbound_no", "15", 2, 4, "12 位出库业务单号：15 + yyMMdd + 4 位流水", short=True),
    _numbered("settlement_no", _DEPOT, 21, 4, "33 位结算单号：库区代码 21 位 + yyyyMMdd + 4 位流水"),
    _numbered("gain_loss_no", _LOT, 30, 3, "41 位损溢单号：货位代码 30 位 + yyyyMMdd + 3 位流水"),
    _numbered("nature_change_no", _LOT, 30, 3, "41 位性质转变单号：货位代码 30 位 + yyyyMMdd + 3 位流水"),
    _numbered("scan_no", _LOT, 30, 4, "42 位检测单号：货位代码 30 位 + yyyyMMdd + 4 位流水"),
    _numbered("ventilation_no", _LOT, 30, 3, "41 位通风作业单号：货位代码 30 位 + yyyyMMdd + 3 位流水"),
    _numbered("fumigation_no", _WAREHOUSE, 25, 3, "36 位熏蒸作业单号：仓房代码 25 位 + yyyyMMdd + 3 位流水"),
    _numbered("warning_no", _DEPOT, 21, 3, "32 位预警信息代码：库区代码 21 位 + yyyyMMdd + 3 位流水"),
    _numbered("quality_report_no", "[0-9]{2}", 2, 4, "14 位质检报告单号：检验类别 2 位 + yyyyMMdd + 4 位流水"),
    _numbered("risk_no", "[0-9]{6}", 6, 4, "18 位风险点编码：区划 6 位 + yyyyMMdd + 4 位流水"),
    _composed("camera", "[0-9]{20}", "20 位设备编码（GB/T 28181）"),
    Rule("transfer_no", _transfer),
)}


@lru_cache(maxsize=65536)
def faults(name: str, value: str) -> tuple[Fault, ...]:
    """What is wrong with ``value`` as the identifier ``name``; empty when nothing is. Raises KeyError for an unknown
    rule."""
    return RULES[name].faults(value)


# Composition
# ----------------------------------------------------------------------------------------------------------------

def enterprise_of(code: str | None) -> str:
    """The enterprise in front of a depot, warehouse, compartment, lot or document number; "" when it is too short."""
    return code[:18] if code and len(code) >= 18 else ""


def depot_of(code: str | None) -> str:
    """The depot in front of a longer code; "" when it is too short."""
    return code[:21] if code and len(code) >= 21 else ""


def warehouse_of(code: str | None) -> str:
    """The warehouse or oil tank in front of a longer code; "" when it is too short."""
    return code[:25] if code and len(code) >= 25 else ""


def compartment_of(code: str | None) -> str:
    """The compartment in front of a lot's code or number; "" when it is too short. An oil tank has none: see
    ``is_oil_lot``."""
    return code[:28] if code and len(code) >= 28 else ""


def lot_of(code: str | None) -> str:
    """The lot in front of a document's number; "" when it is too short."""
    return code[:30] if code and len(code) >= 30 else ""


def is_oil_lot(code: str) -> bool:
    """Whether a lot's code has the form of an oil tank's only lot. Its compartment
    is numbered 000, which no warehouse's is."""
    return len(code) == 30 and code[25:] == "00001"


def is_virtual_lot(name: str) -> bool:
    """Whether a lot's *name* marks it as virtual, a place in the books only: it ends with ``//xn``."""
    return name.endswith("//xn")


@dataclass(frozen=True, slots=True)
class Device:
    """A GB/T 28181 device id: centre (region, 8), industry (2), type (3), network (1), serial (6)."""

    centre: str
    industry: str
    type: str
    network: str
    serial: str

    @property
    def is_camera(self) -> bool:
        """Whether the type is a camera (131) or an IP camera (132)."""
        return self.type in ("131", "132")


def device(code: str) -> Device | None:
    """The parts of a 20-digit device id; None when it is none."""
    if not RULES["camera"].faults(code):
        return Device(code[:8], code[8:10], code[10:13], code[13], code[14:])
    return None


_PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_PLATES = {
    "normal": re.compile(f"[{_PROVINCES}][A-Z][0-9A-HJ-NP-Z]{{5}}"),
    "trailer": re.compile(f"[{_PROVINCES}][A-Z][0-9A-HJ-NP-Z]{{4}}挂"),
    "special": re.compile(f"[{_PROVINCES}][A-Z][0-9A-HJ-NP-Z]{{4}}[学警港澳]"),
    # Small cars have the letter first, large ones last (GA 36-2018).
    "new_energy": re.compile(f"[{_PROVINCES}][A-Z](?:[A-HJ-NP-Z][0-9A-HJ-NP-Z][0-9]{{4}}|[0-9]{{5}}[A-HJ-NP-Z])"),
    "temporary": re.compile(r"LS[0-9A-Z一-鿿-]{1,30}"),
}


def plate_kind(text: str) -> str | None:
    """``normal``, ``trailer``, ``special``, ``new_energy`` or ``temporary`` (LS, a virtual number for vehicles without
    one)."""
    plain = plate(text)
    return next((kind for kind, pattern in _PLATES.items() if pattern.fullmatch(plain)), None)


def plate(text: str) -> str:
    """A plate written one way: upper case, without the dot and spaces people put after the second character."""
    return re.sub(r"[\s·•.・]", "", text).upper()
