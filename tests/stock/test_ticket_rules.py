"""Rules between fields of weighing tickets: good ones always pass, each way of breaking one is named."""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import LOT, broken, named, row

OTHERS = ("cleaning_deduction_kg", "packaging_deduction_kg", "other_deduction_kg", "site_deduction_kg")
PARTS = (
    "moisture_deduction_kg", "impurity_deduction_kg", "imperfect_kernel_deduction_kg", "mixture_deduction_kg",
    "mould_deduction_kg", "head_rice_deduction_kg", "brown_rice_deduction_kg", "yellow_kernel_deduction_kg",
    "other_quality_deduction_kg",
)
GRAM = Decimal("0.001")

#: Up to the six places the specification allows.
weights = st.decimals(min_value=0, max_value=60_000, places=6)
deductions = st.none() | st.decimals(min_value=-500, max_value=100, places=6)


@st.composite
def moments(draw: st.DrawFn) -> list[str]:
    """Four times of one business, not one before the other."""
    start = draw(st.datetimes(datetime(2000, 1, 1), datetime(2099, 12, 30)))
    steps = draw(st.lists(st.integers(0, 7200), min_size=4, max_size=4))
    return [f"{start + timedelta(seconds=sum(steps[:i])):%Y-%m-%d %H:%M:%S}" for i in range(1, 5)]


@st.composite
def inbound(draw: st.DrawFn) -> dict[str, Any]:
    """A good ticket in, heavy enough to be more than its deductions."""
    tare, load = draw(weights), draw(weights) + 20_000
    parts = {name: draw(deductions) for name in PARTS}
    given = [p for p in parts.values() if p is not None]
    quality = sum(given, Decimal(0)) if given else draw(st.decimals(-500, 100, places=6))
    others = {name: draw(deductions) for name in OTHERS}
    registered, gross, empty, out = draw(moments())
    return parts | others | {
        "gross_kg": tare + load, "tare_kg": tare, "quality_deduction_kg": quality,
        "net_kg": load + quality + sum((o for o in others.values() if o is not None), Decimal(0)),
        "registered_at": registered, "gross_at": gross, "tare_at": empty, "gate_out_at": out, "lot_code": LOT,
    }


@st.composite
def outbound(draw: st.DrawFn) -> dict[str, Any]:
    """A good ticket out, its net weight with or without the adjustment."""
    tare, load, adjustment = draw(weights), draw(weights) + 1000, draw(deductions)
    registered, empty, gross, out = draw(moments())
    net = load + (adjustment if adjustment is not None and draw(st.booleans()) else 0)
    return {
        "gross_kg": tare + load, "tare_kg": tare, "net_kg": net, "adjustment_kg": adjustment,
        "registered_at": registered, "tare_at": empty, "gross_at": gross, "gate_out_at": out, "lot_code": LOT,
    }


def ticket(**changes: Any) -> dict[str, Any]:
    return {
        "gross_kg": Decimal(49_000), "tare_kg": Decimal(16_000), "quality_deduction_kg": Decimal("-660"),
        "moisture_deduction_kg": Decimal("-660"), "net_kg": Decimal(32_340), "registered_at": "2026-11-02 08:00:00",
        "gross_at": "2026-11-02 08:10:00", "tare_at": "2026-11-02 08:40:00", "gate_out_at": "2026-11-02 08:50:00",
    } | changes


@given(inbound())
def test_a_good_ticket_in_passes(values: dict[str, Any]) -> None:
    assert broken("1202", row("1202", **values)) == []


@given(inbound(), st.sampled_from(["net_kg", *OTHERS]), st.decimals(-10, 10, places=6).filter(bool))
def test_a_weight_changed_by_any_amount_breaks_the_sum(values: dict[str, Any], name: str, by: Decimal) -> None:
    values[name] = (values[name] or 0) + by
    assert ("jz", "net.sum") in named(broken("1202", row("1202", **values)))


@given(inbound(), st.sampled_from(PARTS), st.decimals(-10, 10, places=6).filter(bool))
def test_a_part_that_the_subtotal_does_not_hold_is_refused(values: dict[str, Any], name: str, by: Decimal) -> None:
    values["moisture_deduction_kg"] = values["moisture_deduction_kg"] or Decimal(0)
    values["quality_deduction_kg"] = sum((values[p] for p in PARTS if values[p] is not None), Decimal(0))
    values[name] = (values[name] or 0) + by
    assert ("zjklxj", "deduction.sum") in named(broken("1202", row("1202", **values)))


def test_a_subtotal_without_parts_is_taken_as_it_is() -> None:
    values = ticket(moisture_deduction_kg=None)
    assert broken("1202", row("1202", **values)) == []


def test_deductions_are_negative_so_a_positive_one_adds() -> None:
    plus = ticket(quality_deduction_kg=Decimal(247), moisture_deduction_kg=Decimal(247), net_kg=Decimal(33_247))
    assert broken("1202", row("1202", **plus)) == []
    minus = ticket(quality_deduction_kg=Decimal(660), moisture_deduction_kg=Decimal(660))
    found = broken("1202", row("1202", **minus))
    assert named(found) == {("jz", "net.sum")}
    assert found[0].expected.startswith("33660（")


def test_a_truck_heavier_than_its_gross_is_refused() -> None:
    values = ticket(tare_kg=Decimal(49_001), net_kg=Decimal(-661))
    found = broken("1202", row("1202", **values))
    assert ("pz", "weight.order") in named([v for v in found if v.refuses])
    assert ("jz", "net.negative") in named([v for v in found if not v.refuses])


def test_weights_below_nothing_are_refused_in_and_out() -> None:
    values = ticket(gross_kg=Decimal(10), tare_kg=Decimal(-10), net_kg=Decimal(-640))
    assert ("pz", "amount.negative") in named(broken("1202", row("1202", **values)))
    out = ticket(gross_kg=Decimal(-10), tare_kg=Decimal(-20), net_kg=Decimal(10), gross_at="2026-11-02 08:45:00")
    for name in ("quality_deduction_kg", "moisture_deduction_kg"):
        out.pop(name)
    assert {("mz", "amount.negative"), ("pz", "amount.negative")} <= named(broken("1205", row("1205", **out)))


@pytest.mark.parametrize(
    ("name", "field"),
    [("registered_at", "mzjlsj"), ("gross_at", "pzjlsj"), ("tare_at", "cmsj")],
)
def test_a_time_in_that_comes_too_late_is_named_by_the_one_it_overtakes(name: str, field: str) -> None:
    found = broken("1202", row("1202", **ticket(**{name: "2026-11-02 23:59:59"})))
    assert named(found) == {(field, "time.order")}
    assert "2026-11-02 23:59:59" in found[0].expected


def test_a_truck_out_is_weighed_empty_before_it_is_weighed_full() -> None:
    inbound_order = {k: v for k, v in ticket(net_kg=Decimal(33_000)).items() if "deduction" not in k}
    assert named(broken("1205", row("1205", **inbound_order))) == {("mzjlsj", "time.order")}


@given(outbound())
def test_a_good_ticket_out_passes(values: dict[str, Any]) -> None:
    assert broken("1205", row("1205", **values)) == []


@given(outbound(), st.decimals(min_value="0.000001", max_value=10, places=6))
def test_a_net_weight_out_that_follows_from_nothing_is_noted_and_taken(values: dict[str, Any], by: Decimal) -> None:
    values["net_kg"] = values["gross_kg"] - values["tare_kg"] + by
    values["adjustment_kg"] = by + 1
    found = broken("1205", row("1205", **values))
    assert named(found) == {("jz", "outbound.net")}
    assert not any(v.refuses for v in found)


def test_sums_of_the_largest_weights_stay_exact() -> None:
    most = Decimal("99999999999999.999999")
    values = ticket(
        gross_kg=most, tare_kg=Decimal(0), quality_deduction_kg=Decimal("-0.000001"),
        moisture_deduction_kg=Decimal("-0.000001"), net_kg=most - Decimal("0.000001"),
    )
    assert broken("1202", row("1202", **values)) == []
    assert named(broken("1202", row("1202", **values | {"net_kg": most}))) == {("jz", "net.sum")}
