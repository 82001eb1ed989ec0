"""The temperature of a heap of grain (1302): what conduction and the year make of it. Heating, pests and faults come
later.

A point at depth z below the surface follows the year damped by exp(−z/d) and late by z/d radians, with d ≈ 1 m for the
yearly wave at a diffusivity of 1e-7 m²/s. Cables stand at most 5 m apart, points at most 2 m (GB 50320).
"""

from datetime import datetime
from math import ceil, cos, exp, pi
from random import Random
from typing import Any

from canglin.simulator.cast import Lot

_MEAN_C, _SWING_C, _SKIN_M = 18.0, 11.0, 1.0
#: The hottest day of the year is about 25 July.
_HOTTEST_DAY = 206


def outdoors(at: datetime) -> float:
    """Daily mean outside, ℃: the year's wave alone."""
    return _MEAN_C + _SWING_C * cos(2 * pi * (at.timetuple().tm_yday - _HOTTEST_DAY) / 365.25)


def scan(lot: Lot, at: datetime, grain_mean_c: float = 18.0) -> dict[str, Any]:
    """1302 of a lot at a moment. Layers count from the top; silos read ring, point, layer."""
    rng = Random(f"{lot.code}{at:%Y%m%d}")
    length, width, line = lot.size
    angle = 2 * pi * (at.timetuple().tm_yday - _HOTTEST_DAY) / 365.25
    layers = ceil((line - 1) / 2) + 1
    if width:
        columns, rows = ceil((width - 1) / 5) + 1, ceil((length - 1) / 5) + 1
        points = [(layer, row, column) for layer in range(1, layers + 1) for row in range(1, rows + 1)
                  for column in range(1, columns + 1)]
    else:
        # One cable in the middle, six around it.
        rings = ((1, 1), (2, 1), (2, 2), (2, 3), (2, 4), (2, 5), (2, 6))
        points = [(ring, point, layer) for layer in range(1, layers + 1) for ring, point in rings]
    texts, values = [], []
    for a, b, c in points:
        layer = a if width else c
        depth = 0.4 + (line - 0.8) * (layer - 1) / max(1, layers - 1)
        nearest = min(depth, line - depth + 1.5)
        value = grain_mean_c + _SWING_C * exp(-nearest / _SKIN_M) * cos(angle - nearest / _SKIN_M) + rng.gauss(0, 0.25)
        values.append(round(value * 10))
        texts.append(f"{values[-1] / 10:.1f},{a},{b},{c}")
    air = outdoors(at) + rng.gauss(0, 1.5)
    return {
        "wsdjcdh": f"{lot.code}{at:%Y%m%d}0001", "jcsj": f"{at:%Y-%m-%d %H:%M:%S}", "hwdm": lot.code,
        "cfww": round(air, 1), "cfws": round(rng.uniform(55, 85), 1), "cfnw": round(air * 0.7 + grain_mean_c * 0.3, 1),
        "cfns": round(rng.uniform(50, 70), 1), "lszgw": max(values) / 10, "lszdw": min(values) / 10,
        "lspjw": round(sum(values) / len(values) / 10, 1), "lswdzjh": "|".join(texts), "czbz": "i",
        "zhgxsj": f"{at:%Y-%m-%d %H:%M:%S}"}
