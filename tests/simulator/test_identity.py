"""Numbers with check digits hold against their standards."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.simulator.identity import Person, credit_code, credit_code_check, organisation_check, person_id, plate
from canglin.simulator.places import PREFECTURES

_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@pytest.mark.parametrize("code", ["91370104264415058K", "91350100M000100Y43"])
def test_the_check_character_of_known_credit_codes_comes_out(code):
    assert credit_code_check(code[:17]) == code[17]
    assert organisation_check(code[8:16]) == code[16]


def test_the_check_digit_of_the_standards_own_id_card_comes_out():
    assert person_id("110105", "19491231", 2) == "11010519491231002X"


@given(serial=st.integers(0, 9_999_999), kind=st.sampled_from(["91", "11"]),
       region=st.sampled_from([p.code for p in PREFECTURES]))
def test_any_credit_code_passes_the_sum_of_the_standard(serial, kind, region):
    code = credit_code(kind, region, serial)
    total = sum(_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    assert len(code) == 18
    assert (total + _ALPHABET.index(code[17])) % 31 == 0


@given(st.integers())
def test_people_are_grown_ups_with_valid_cards_and_names_that_say_so(seed):
    person = Person(Random(seed), "430112")
    weights = [pow(2, 17 - i, 11) for i in range(18)]
    digits = [10 if c == "X" else int(c) for c in person.id_card]
    assert sum(d * w for d, w in zip(digits, weights, strict=True)) % 11 == 1
    assert person.name.startswith("演示")
    assert person.man == (digits[16] % 2 == 1)


@given(st.integers())
def test_plates_have_seven_characters_of_the_province(seed):
    assert len(plate(Random(seed), "A")) == 7
    assert plate(Random(seed), "A").startswith("湘A")


def test_places_stand_in_their_prefecture():
    for prefecture in PREFECTURES:
        assert prefecture.code.endswith("00")
        assert all(code[:4] == prefecture.code[:4] for code, _ in prefecture.counties)
