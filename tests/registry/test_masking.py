"""Personal data as pages show it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.registry import masking

texts = st.text(min_size=1, max_size=64)


@given(texts)
def test_an_identity_number_never_shows_its_middle(text):
    shown = masking.id_card(text)
    assert len(shown) == len(text)
    assert set(shown[6:-2]) <= {"*"}


@given(texts)
def test_a_short_telephone_is_hidden_whole(text):
    shown = masking.phone(text)
    assert len(shown) == len(text)
    if len(text) <= 7:
        assert set(shown) == {"*"}


@given(texts)
def test_of_a_name_only_the_first_character_stays(text):
    assert masking.name(text) == text[0] + "*" * (len(text) - 1)


@pytest.mark.parametrize("mask", [masking.name, masking.id_card, masking.phone, masking.account, masking.email, masking.address])
@pytest.mark.parametrize("nothing", [None, ""])
def test_nothing_stays_nothing(mask, nothing):
    assert mask(nothing) == ""


def test_examples():
    assert masking.id_card("430103199001011234") == "430103**********34"
    assert masking.phone("13812345678") == "138****5678"
    assert masking.account("6222021234567890123") == "***************0123"
    assert masking.email("zhang.san@example.org") == "z***@example.org"
    assert masking.email("no address") == "n***"
    assert masking.address("湖南省长沙市天心区某路 1 号") == "湖南省长沙市*********"
