"""Sets of readings inside a lot, and what a scan (1302) says of them.

A set is ``value,layer,row,column|…``; in silos ``value,ring,point,layer`` (v2022 interface, LS/T 1811-2017).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

SCAN_FORM = declare("scan.form", "测点集合格式错误")
SCAN_ORDER = declare("scan.order", "最低、平均、最高粮温大小不符")
SCAN_STATS = declare("scan.stats", "最低、平均、最高粮温与测点不符")

#: What a sensor that gives no reading is written as, temperature (℃) and humidity (%).
DEAD_C = Decimal(-100)
DEAD_PCT = Decimal(-1)

#: Sets are printed with one place behind the point, the three figures with more or fewer; and a mean of rounded
#: readings may differ from the rounded mean of what was read.
EXTREME_TOLERANCE_C = Decimal("0.05")
MEAN_TOLERANCE_C = Decimal("0.1")

_POINT = r"\s*[+-]?[0-9]{1,4}(?:\.[0-9]{1,6})?(?:\s*,\s*[0-9]{1,4}){3}\s*"
_ONE = re.compile(_POINT)
_SET = re.compile(rf"(?:{_POINT}\|)*{_POINT}\|?")
_VALUES = re.compile(r"(?:^|\|)\s*([+-]?[0-9.]+)")


@dataclass(frozen=True, slots=True)
class Point:
    """One reading and where it was taken: layer, row and column, or in silos ring, point and layer."""

    value: Decimal
    position: tuple[int, int, int]


def points(text: str) -> list[Point]:
    """The readings of a set, dead ones too. Raises ValueError with the first part that is none."""
    found = []
    for part in text.removesuffix("|").split("|"):
        if not _ONE.fullmatch(part):
            raise ValueError(part)
        value, first, second, third = part.split(",")
        found.append(Point(Decimal(value.strip()), (int(first), int(second), int(third))))
    return found


def well_formed(field: str, text: str) -> Iterator[Violation]:
    """What is wrong with a set's form: the first part that is no reading with its place, or a place given twice."""
    if not _SET.fullmatch(text):
        for part in text.removesuffix("|").split("|"):
            if not _ONE.fullmatch(part):
                yield Violation(field, SCAN_FORM, part[:60], "测值,层,行,列（筒仓：测值,圈,点,层），以 | 分隔")
                return
    places = [part.partition(",")[2] for part in text.removesuffix("|").split("|")]
    if len(set(places)) != len(places):
        seen: set[str] = set()
        twice = next(place for place in places if place in seen or seen.add(place))  # type: ignore[func-returns-value]
        yield Violation(field, SCAN_FORM, twice, "每个测点位置只出现一次")


def grain_condition_scan(row: Row) -> Iterator[Violation]:
    """Both sets are well formed; 最低 ≤ 平均 ≤ 最高; and the three agree with the set, dead sensors left out. ℃."""
    faults = list(well_formed("lswdzjh", row.temperatures_c))
    if row.humidities_pct is not None:
        faults += well_formed("lssdzjh", row.humidities_pct)
    yield from faults

    lowest, mean, highest = row.min_c, row.mean_c, row.max_c
    figures = [("lszdw", "最低温", lowest), ("lspjw", "平均温", mean), ("lszgw", "最高温", highest)]
    given = [figure for figure in figures if figure[2] is not None]
    for (_, name, below), (field, _, above) in pairwise(given):
        if below > above:
            yield Violation(field, SCAN_ORDER, f"{above:f}", f"不低于{name} {below:f}")
    if faults or not given:
        return
    alive = [value for value in map(Decimal, _VALUES.findall(row.temperatures_c)) if value != DEAD_C]
    if not alive:
        return
    truth = {"lszdw": min(alive), "lspjw": sum(alive, Decimal(0)) / len(alive), "lszgw": max(alive)}
    for field, _, figure in given:
        tolerance = MEAN_TOLERANCE_C if field == "lspjw" else EXTREME_TOLERANCE_C
        if abs(figure - truth[field]) > tolerance:
            expected = f"{truth[field]:.2f}（由测点集合计算，不计失效测点，误差 ±{tolerance}）"
            yield Violation(field, SCAN_STATS, f"{figure:f}", expected)
