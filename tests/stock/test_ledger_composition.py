"""What unstated grain is (pure): totals are kept, old grain goes first, and what nothing explains stays unstated."""

from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from canglin.stock.rules.composition import NOTHING, Contents, Grain, Part, _full, _plain, resolve, split
from canglin.stock.rules.explanation import Candidate, explanations

OLD, NEW = Grain("1111001", "121", 2024), Grain("1111001", "121", 2025)
PADDY = Grain("1131002", "121", 2025)
WHEAT_ONLY = Grain("1111001", "", 0)


def part(grain: Grain, kg: Any, since: str = "2025-01-01", other: str = "", weighed: Any = None) -> Part:
    return Part(grain, other, since, Decimal(kg), Decimal(kg if weighed is None else weighed))


def priced(contents: Contents) -> dict[Grain, Decimal]:
    return {grain: kgs[0] for grain, kgs in contents.grains.items()}


kgs = st.decimals("-100000", "100000", places=6)
grains = st.builds(
    Grain, st.sampled_from(["", "1111001", "1131002"]), st.sampled_from(["", "121", "200"]), st.sampled_from([0, 2024, 2025])
)
dates = st.sampled_from(["", "2025-01-01", "2025-02-01"])
parts = st.lists(st.builds(Part, grains, st.sampled_from(["", "A", "B"]), dates, kgs, kgs), max_size=8)
shares = st.dictionaries(grains, kgs, max_size=3)


@given(parts, st.dictionaries(st.sampled_from(["A", "B"]), st.tuples(shares, shares)), st.none() | grains)
def test_no_milligram_is_made_or_lost(accounts: list[Part], origins: Any, card: Grain | None) -> None:
    contents = resolve(accounts, origins, card)
    for index, name in enumerate(("priced_kg", "weighed_kg")):
        assert sum((kg[index] for kg in contents.grains.values()), Decimal(0)) == sum(
            (getattr(account, name) for account in accounts), Decimal(0)
        )


@given(parts, st.randoms(use_true_random=False))
def test_the_order_of_accounts_means_nothing(accounts: list[Part], rnd: Any) -> None:
    shuffled = list(accounts)
    rnd.shuffle(shuffled)
    assert resolve(shuffled) == resolve(accounts)


stated = st.builds(Part, st.sampled_from([OLD, NEW, PADDY]), st.just(""), st.sampled_from(["2025-01-01", "2025-02-01"]), kgs, kgs)
losses = st.decimals("-999", "0", places=3)
lost = st.builds(Part, st.just(NOTHING), st.just(""), st.just(""), losses, losses)


@given(st.lists(stated, max_size=3, unique_by=lambda part: part.grain), st.lists(lost, max_size=1))
def test_the_short_way_gives_what_the_long_way_gives(held: list[Part], gone: list[Part]) -> None:
    short = _plain(held + gone)
    assert short is not None
    assert short.grains == _full(held + gone, {}, None).grains


@given(kgs, st.dictionaries(grains, st.decimals("0.000001", "99999", places=6), min_size=1))
def test_a_split_adds_up_and_is_to_the_gram_but_for_the_largest(amount: Decimal, weights: dict[Grain, Decimal]) -> None:
    found = split(amount, weights)
    assert sum(found.values()) == amount
    assert sum(share != share.quantize(Decimal("0.001")) for share in found.values()) <= 1


def test_the_loss_of_an_emptied_lot_is_of_the_grain_that_was_in_it_not_of_what_came_later() -> None:
    contents = resolve([part(OLD, 120, "2024-07-01"), part(NEW, 5000, "2025-07-01"), part(NOTHING, -120, "2025-06-01")])
    assert priced(contents) == {NEW: 5000}


def test_a_lot_refilled_with_an_older_harvest_still_loses_what_came_first() -> None:
    contents = resolve([part(NEW, 100, "2025-01-01"), part(OLD, 900, "2025-08-01"), part(WHEAT_ONLY, -100, "2025-07-01", "B")])
    assert priced(contents) == {OLD: 900}
    assert contents.departed["B"][0] == {NEW: 100}


def test_a_transfer_brings_the_kinds_that_left_the_other_lot() -> None:
    origins = {"A": ({OLD: Decimal(1), NEW: Decimal(2)}, {OLD: Decimal(1)})}
    contents = resolve([part(WHEAT_ONLY, 100, other="A")], origins)
    assert contents.grains == {
        OLD: (Decimal("33.333"), Decimal(100)), NEW: (Decimal("66.667"), Decimal(0)),
    }


def test_grain_of_another_variety_than_the_sheet_states_does_not_come_along() -> None:
    origins = {"A": ({PADDY: Decimal(9), NEW: Decimal(1)},) * 2}
    assert priced(resolve([part(WHEAT_ONLY, 100, other="A")], origins)) == {NEW: 100}


def test_changed_nature_keeps_its_harvest_year_even_when_sold_at_once() -> None:
    before, after, sold = Grain("1111001", "121", 0), Grain("1111001", "200", 0), Grain("1111001", "200", 2024)
    assert priced(resolve([part(OLD, 100), part(before, -40), part(after, 40)])) == {OLD: 60, sold: 40}
    assert priced(resolve([part(OLD, 100), part(before, -100), part(after, 100), part(sold, -98), part(NOTHING, -2)])) == {}


def test_a_card_names_what_nothing_else_does_and_only_if_it_fits() -> None:
    arrived = [part(WHEAT_ONLY, 100, other="A")]
    assert priced(resolve(arrived, card=NEW)) == {NEW: 100}
    assert priced(resolve(arrived, card=PADDY)) == {WHEAT_ONLY: 100}
    assert priced(resolve(arrived)) == {WHEAT_ONLY: 100}


def test_more_lost_than_there_was_stays_visible_as_unstated() -> None:
    assert priced(resolve([part(NEW, 100), part(NOTHING, -130)])) == {NOTHING: -30}


def test_a_gain_found_at_emptying_balances_what_went_out_beyond_the_book() -> None:
    assert priced(resolve([part(NEW, -12), part(NOTHING, 12)])) == {}


candidates = st.lists(
    st.builds(Candidate, st.just("1202"), st.text("abcdef", min_size=1, max_size=2), st.integers(1, 9), st.just("not_in_claim"),
              st.decimals("-90", "90", places=1)), max_size=12,
)


@given(candidates, st.decimals("-90", "90", places=1))
def test_every_explanation_adds_up_and_uses_no_ticket_twice(found: list[Candidate], difference: Decimal) -> None:
    for explanation in explanations(difference, found):
        assert sum(candidate.effect_kg for candidate in explanation) == difference
        assert len({candidate.key for candidate in explanation}) == len(explanation) <= 3


def test_three_tickets_are_found_among_a_hundred_and_one_is_preferred_to_two() -> None:
    many = [Candidate("1202", str(n), n, "not_in_claim", Decimal(-(1000 + n * n * 7))) for n in range(100)]
    wanted = many[3].effect_kg + many[50].effect_kg + many[99].effect_kg
    assert (many[3], many[50], many[99]) in explanations(wanted, many)
    assert explanations(many[7].effect_kg, many) == [(many[7],)]
