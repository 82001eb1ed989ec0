"""Sets of readings inside a lot, and what a scan (1302) says of them.

A set is ``value,layer,row,column|…``; in silos ``value,ring,point,layer`` (v2022 interface, LS/T 1811-2017).
"""

import re
from collections.abc import Iterator
from itertools import pairwise
from math import fsum

from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

SCAN_FORM = declare("scan.form", "测点集合格式错误")
SCAN_ORDER = declare("scan.order", "最低、平均、最高粮温大小不符")
SCAN_STATS = declare("scan.stats", "最低、平均、最高粮温与测点不符")

#: What a temperature sensor that gives no reading is written as, ℃. (A humidity sensor's is −1 %.)
DEAD_C = -100

#: Sets are printed with one place behind the point, the three figures with more or fewer; and a mean of rounded
#: readings may differ from the rounded mean of what was read.
EXTREME_TOLERANCE_C = 0.05
MEAN_TOLERANCE_C = 0.1
_FLOAT_NOISE = 1e-9

# Possessive throughout: nothing is tried twice, which makes it six times as fast and leaves nothing to a hostile text.
_INDEX = r"\s*+,\s*+[0-9]{1,4}+"
_POINT = rf"\s*+[+-]?[0-9]{{1,4}}+(?:\.[0-9]{{1,6}}+)?+{_INDEX}{_INDEX}{_INDEX}\s*+"
_ONE = re.compile(_POINT)
_SET = re.compile(rf"(?:{_POINT}\|)*+(?:{_POINT})?+")
_VALUES = re.compile(r"(?:^|\|)\s*([+-]?[0-9.]+)")


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
    # Temperatures, neither money nor mass: floats, because a day brings millions of readings.
    alive = [value for value in map(float, _VALUES.findall(row.temperatures_c)) if value != DEAD_C]
    if not alive:
        return
    truth = {"lszdw": min(alive), "lspjw": fsum(alive) / len(alive), "lszgw": max(alive)}
    for field, _, figure in given:
        tolerance = MEAN_TOLERANCE_C if field == "lspjw" else EXTREME_TOLERANCE_C
        if abs(float(figure) - truth[field]) > tolerance + _FLOAT_NOISE:
            expected = f"{truth[field]:.2f}（由测点集合计算，不计失效测点，误差 ±{tolerance}）"
            yield Violation(field, SCAN_STATS, f"{figure:f}", expected)
