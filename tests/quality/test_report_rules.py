"""Rules between fields of tests at the gate and of laboratory reports."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.quality.rules import VERDICTS
from tests.rows import broken, named, row

ITEMS = ["020101", "01010301", "01010401", "01012101", "01010701"]


def report(**changes: Any) -> dict[str, Any]:
    return {
        "index_categories": "1#2", "verdicts": "达标#宜存|综合判定",
        "test_items": "020101#040201", "test_values": "13.5#18.2",
        "sampled_at": "2026-11-02 08:00:00", "tested_at": "2026-11-03 08:00:00",
    } | changes


@given(st.lists(st.sampled_from("123"), min_size=1, max_size=3, unique=True), st.data())
def test_as_many_verdicts_as_categories_each_in_its_words_pass(categories: list[str], data: st.DataObject) -> None:
    ends = st.sampled_from(["", "|综合判定"])
    words = [data.draw(st.sampled_from(VERDICTS[c])) + data.draw(ends) for c in categories]
    values = report(index_categories="#".join(categories), verdicts="#".join(words))
    assert broken("1310", row("1310", **values)) == []


@given(st.sampled_from("123"), st.sampled_from("123"), st.data())
def test_a_verdict_in_the_words_of_another_category_is_refused(category: str, other: str, data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(VERDICTS[other]))
    found = named(broken("1310", row("1310", **report(index_categories=category, verdicts=word))))
    assert found == (set() if other == category else {("zbjgpd", "report.verdict")})


@pytest.mark.parametrize("verdicts", ["达标", "达标#宜存#合格", "达标宜存"])
def test_another_number_of_verdicts_than_of_categories_is_refused(verdicts: str) -> None:
    assert ("zbjgpd", "report.parts") in named(broken("1310", row("1310", **report(verdicts=verdicts))))


@pytest.mark.parametrize("verdicts", ["达标#", "达标#还行", "达标#|综合判定", "达标#宜 存"])
def test_a_verdict_that_says_nothing_known_is_refused(verdicts: str) -> None:
    assert named(broken("1310", row("1310", **report(verdicts=verdicts)))) == {("zbjgpd", "report.verdict")}


def test_a_sample_is_tested_after_it_was_taken() -> None:
    found = broken("1310", row("1310", **report(tested_at="2026-11-02 07:59:59")))
    assert named(found) == {("jysj", "time.order")}
    assert found[0].refuses
    assert broken("1310", row("1310", **report(tested_at=None))) == []


def inspection(items: list[str], separator: str, **changes: Any) -> dict[str, Any]:
    def joined(value: str) -> str:
        return separator.join([value] * len(items))

    return {
        "test_items": separator.join(items), "test_values": joined("13.5"), "price_adjustments_cny": joined("0"),
        "deductions_kg": joined("-12.5"), "sampled_at": "2026-11-02 08:00:00", "tested_at": "2026-11-02 08:00:00",
    } | changes


@given(
    st.lists(st.sampled_from(ITEMS), min_size=1, max_size=5, unique=True), st.sampled_from("|#;,；，、"), st.booleans(),
)
def test_lists_of_one_length_pass_whatever_separates_them(items: list[str], separator: str, closed: bool) -> None:
    values = inspection(items, separator)
    if closed:
        values["test_values"] += separator
    assert broken("1203", row("1203", **values)) == []


@pytest.mark.parametrize(
    ("name", "field"), [("test_values", "jyz"), ("price_adjustments_cny", "zkj"), ("deductions_kg", "zkl")],
)
def test_a_list_of_another_length_is_refused(name: str, field: str) -> None:
    found = broken("1203", row("1203", **inspection(ITEMS[:3], "|", **{name: "1|2"})))
    assert named(found) == {(field, "report.parts")}
    assert found[0].refuses


def test_one_deduction_for_all_items_is_noted_but_one_value_for_all_is_refused() -> None:
    whole = broken("1203", row("1203", **inspection(ITEMS[:3], ",", deductions_kg="-40")))
    assert [(v.field, v.refuses) for v in whole] == [("zkl", False)]
    one = broken("1203", row("1203", **inspection(ITEMS[:3], ",", test_values="13.5")))
    assert [(v.field, v.refuses) for v in one] == [("jyz", True)]
