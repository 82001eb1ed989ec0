"""The picture of a weighing: every bar lies within its scale, steps join, nothing that moved is invisible."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from canglin.stock.pages.weighing import WIDTH, picture

masses = st.decimals(min_value=0, max_value=99_999, places=3)
parts = st.lists(st.tuples(st.text(max_size=5), st.decimals(min_value=-900, max_value=900, places=3)), max_size=13)


@given(masses, masses, parts)
def test_bars_stay_inside_and_follow_each_other(gross, tare, adjustments):
    net = gross - tare + sum((kg for _, kg in adjustments), Decimal(0))
    drawn = picture(gross, tare, net, adjustments)
    for step in [*drawn.whole, *drawn.steps]:
        assert Decimal(step.x) >= 0
        assert Decimal(step.x) + Decimal(step.width) <= WIDTH + Decimal("0.1")
        assert step.kg == 0 or Decimal(step.width) > 0
    assert [step.kg for step in drawn.steps] == [kg for _, kg in adjustments if kg]
    assert drawn.whole[-1].kg == net


def test_a_deduction_goes_left_and_an_addition_goes_right():
    drawn = picture(
        Decimal(42_360), Decimal(15_360), Decimal(26_950), [("水分", Decimal(-120)), ("杂质", Decimal(70)), ("互混", Decimal(0))]
    )
    taken, added = drawn.steps
    assert (taken.kind, added.kind) == ("taken", "added")
    assert Decimal(taken.guide) < Decimal(added.guide) < Decimal(taken.x) + Decimal(taken.width)
