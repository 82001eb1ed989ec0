"""Grades and deductions in whole steps, by the documents' own examples and whatever else one tries."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.simulator.grain import (
    EARLY,
    GRAINS,
    MAIZE,
    WHEAT,
    examine,
    grade,
    impurity_deduction,
    moisture_deduction,
)

TENTHS = st.integers(60, 200)


@pytest.mark.parametrize(("tenths", "standard", "expected"), [
    (135, 135, 0), (139, 135, 0), (140, 135, -100), (146, 135, -200), (131, 135, 0), (130, 135, 75), (110, 135, 375),
    (90, 135, 375)])
def test_moisture_counts_whole_half_points_and_adds_no_more_than_five(tenths, standard, expected):
    assert moisture_deduction(tenths, standard) == expected


@pytest.mark.parametrize(("tenths", "expected"), [(10, 0), (14, 0), (15, -150), (20, -300), (6, 0), (5, 75), (0, 150)])
def test_impurities_count_whole_half_points(tenths, expected):
    assert impurity_deduction(tenths) == expected


@given(TENTHS, TENTHS)
def test_wetter_or_dirtier_grain_is_never_paid_more(one, other):
    low, high = sorted((one, other))
    assert moisture_deduction(low, 135) >= moisture_deduction(high, 135)
    assert impurity_deduction(low - 60) >= impurity_deduction(high - 60)


@given(st.sampled_from([EARLY, WHEAT, MAIZE]), st.integers(500, 900))
def test_a_grade_is_the_first_step_reached(grain, value):
    number = grade(value, grain.grade_steps)
    assert number == 1 + sum(value < step for step in grain.grade_steps)


@given(st.sampled_from(list(GRAINS.values())), st.integers(), st.floats(-6, 6), st.integers(3, 5))
def test_no_truck_is_taken_below_the_grade_bought_or_beyond_the_bounds(grain, seed, shift, poorest):
    found = examine(grain, Random(seed), shift, poorest)
    assert found.grade <= poorest
    for value, index in zip(found.values, grain.indices, strict=True):
        assert index.low <= value <= index.high
    assert found.total_bp == found.moisture_bp + found.impurity_bp


def test_loads_of_whole_divisions_give_deductions_of_whole_hundredths():
    # 20 kg times any multiple of 0.25 % is a multiple of 0.05 kg: nothing is ever rounded.
    assert all(20 * moisture_deduction(m, 135) % 100 == 0 == 20 * impurity_deduction(m) % 100 for m in range(200))
