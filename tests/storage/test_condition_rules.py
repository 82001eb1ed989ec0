"""A scan's sets of readings, and the three figures that must agree with them."""

from decimal import Decimal
from time import perf_counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import LOT, broken, named, row

TENTH = Decimal("0.1")
temperatures = st.integers(-150, 450).map(lambda tenths: tenths * TENTH)


@st.composite
def scans(draw: st.DrawFn) -> dict[str, Any]:
    """A scan of a real grid with some dead sensors, its figures rounded as depots round them."""
    columns = draw(st.integers(1, 6))
    readings = draw(st.lists(temperatures, min_size=1, max_size=40))
    dead = draw(st.sets(st.integers(0, 40), max_size=5))
    cells, alive = [], []
    for i, value in enumerate(readings):
        at = f"{i // (columns * 3) + 1},{i // columns % 3 + 1},{i % columns + 1}"
        gone = i in dead and len(readings) > 5
        cells.append(f"{'-100' if gone else value},{at}")
        if not gone:
            alive.append(value)
    places = draw(st.sampled_from([TENTH, Decimal("0.01"), Decimal("0.000001")]))
    mean = (sum(alive, Decimal(0)) / len(alive)).quantize(places)
    mean = min(max(mean, min(alive)), max(alive))
    given = draw(st.sets(st.sampled_from(["min_c", "mean_c", "max_c"])))
    figures = {"min_c": min(alive), "mean_c": mean, "max_c": max(alive)}
    end = draw(st.sampled_from(["", "|"]))
    return {"temperatures_c": "|".join(cells) + end, "lot_code": LOT} | {k: v for k, v in figures.items() if k in given}


def scan(**changes: Any) -> dict[str, Any]:
    return {
        "temperatures_c": "18.0,1,1,1|21.5,1,1,2|-100,1,2,1|20.0,1,2,2", "humidities_pct": "65.0,1,1,1|-1,1,1,2",
        "min_c": Decimal("18.0"), "mean_c": Decimal("19.8"), "max_c": Decimal("21.5"),
    } | changes


@given(scans())
def test_a_good_scan_passes_with_whatever_figures_it_gives(values: dict[str, Any]) -> None:
    assert broken("1302", row("1302", **values)) == []


@given(scans(), st.sampled_from(["min_c", "mean_c", "max_c"]), st.decimals("0.3", 40, places=1), st.booleans())
def test_a_figure_that_no_sensor_supports_is_refused_by_name(
    values: dict[str, Any], name: str, by: Decimal, up: bool
) -> None:
    for other in ("min_c", "mean_c", "max_c"):
        values.pop(other, None)
    alive = [Decimal(cell.split(",")[0]) for cell in values["temperatures_c"].removesuffix("|").split("|")]
    alive = [value for value in alive if value != -100]
    truth = {"min_c": min(alive), "mean_c": sum(alive, Decimal(0)) / len(alive), "max_c": max(alive)}[name]
    values[name] = (truth + (by if up else -by)).quantize(Decimal("0.000001"))
    field = {"min_c": "lszdw", "mean_c": "lspjw", "max_c": "lszgw"}[name]
    assert named(broken("1302", row("1302", **values))) == {(field, "scan.stats")}


def test_dead_sensors_are_left_out_and_a_scan_of_dead_ones_proves_nothing() -> None:
    assert broken("1302", row("1302", **scan())) == []
    assert named(broken("1302", row("1302", **scan(min_c=Decimal(-100))))) == {("lszdw", "scan.stats")}
    assert broken("1302", row("1302", **scan(temperatures_c="-100,1,1,1|-100.0,1,1,2"))) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"min_c": Decimal("20.5")}, "lspjw"),
        ({"max_c": Decimal("19.0")}, "lszgw"),
        ({"min_c": Decimal("22"), "mean_c": None}, "lszgw"),
    ],
)
def test_the_least_is_not_above_the_mean_nor_the_mean_above_the_most(changes: dict[str, Any], field: str) -> None:
    assert (field, "scan.order") in named(broken("1302", row("1302", **scan(**changes))))


@pytest.mark.parametrize(
    "text",
    [
        "18.0", "18.0,1,1", "18.0,1,1,1,1", "18.0,1,,1", "warm,1,1,1", "18.0,1,1,1||19.0,1,1,2", "|18.0,1,1,1",
        "18.0,1,1,1;19.0,1,1,2", "18.,1,1,1", "1e1,1,1,1", "18.0,-1,1,1", "NaN,1,1,1", "18.0,1,1,1|",
        "18,1,1,1|18,1,1,1",
    ],
)
def test_a_set_that_is_not_value_layer_row_column_is_refused(text: str) -> None:
    for name, field in (("temperatures_c", "lswdzjh"), ("humidities_pct", "lssdzjh")):
        found = named(broken("1302", row("1302", **scan(**{name: text, "mean_c": None, "min_c": None, "max_c": None}))))
        # A separator at the end is a habit of systems in the field, and harmless.
        assert found == (set() if text.endswith("|") else {(field, "scan.form")})


def test_the_first_bad_reading_is_shown() -> None:
    found = broken("1302", row("1302", **scan(temperatures_c="18.0,1,1,1|cold,1,1,2|19,1,1")))
    assert [v.found for v in found] == ["cold,1,1,2"]


@pytest.mark.parametrize("text", ["1,1,1,1|" * 999 + "x", " " * 7999, "1 " * 4000, "1" * 8000, "1,1,1,1" + " " * 7990])
def test_a_hostile_set_takes_no_longer_than_a_good_one(text: str) -> None:
    start = perf_counter()
    broken("1302", row("1302", **scan(temperatures_c=text)))
    assert perf_counter() - start < 0.1


def test_a_fumigation_that_ends_before_it_starts_is_noted() -> None:
    found = broken("1306", row("1306", started_on="2026-07-02", ended_on="2026-07-01"))
    assert named(found) == {("xzjssj", "time.order")}
    assert not found[0].refuses
    assert broken("1306", row("1306", started_on="2026-07-02", ended_on="2026-07-02")) == []
