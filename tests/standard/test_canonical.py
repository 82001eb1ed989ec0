"""The canonical form c1 against its rules said slowly, and against RFC 8785 where it says something."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from canglin.standard import canonical, numbers
from canglin.standard.rows import row_type
from canglin.standard.tables import table, tables

# No lone surrogates and no NUL: the decoders let neither in.
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=30)
AMOUNT = st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**14), max_value=10**14)
WHOLE = st.integers(-numbers.LARGEST_WHOLE, numbers.LARGEST_WHOLE)


@st.composite
def records(draw: st.DrawFn) -> tuple[str, dict[str, str | int | Decimal]]:
    code = draw(st.sampled_from(sorted(tables())))
    kept = draw(st.lists(st.sampled_from(table(code).fields), unique_by=lambda f: f.id, max_size=12))
    values = {"decimal": AMOUNT, "integer": WHOLE}
    return code, {f.id: draw(values.get(f.kind, TEXT)) for f in kept}


@settings(max_examples=200, deadline=None)
@given(records())
def test_the_fast_form_is_the_form_by_the_rules(case: tuple[str, dict[str, str | int | Decimal]]) -> None:
    code, record = case
    spec = table(code)
    row = row_type(spec)(**{
        spec.by_id[id].attribute: Decimal(numbers.plain(v)) if isinstance(v, Decimal) else v for id, v in record.items()
    })
    made = canonical.payload(row)
    assert made == canonical.reference(record)
    assert row.operation == record.get("czbz"), "encoding must leave the row as it was"
    # Any RFC 8785 library would write the same from the same members.
    members = json.loads(made)
    assert list(members) == sorted(members)
    assert json.dumps(members, ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode() == made


@pytest.mark.parametrize(("text", "written"), [
    ("\x01\x1f", r"\u0001\u001f"), ("\b\t\n\f\r", r"\b\t\n\f\r"), ('"\\/', r"\"\\/"), ("\x7f\x80", "\x7f\x80"),
    ("\u2028\u2029\ufeff", "\u2028\u2029\ufeff"), ("😀𠮷", "😀𠮷"), ("<>&'", "<>&'"),
])
def test_text_is_escaped_as_rfc_8785_says(text: str, written: str) -> None:
    row = row_type(table("1202"))(**{table("1202").by_id["bz"].attribute: text})
    assert canonical.payload(row) == canonical.reference({"bz": text}) == f'{{"bz":"{written}"}}'.encode()


@pytest.mark.parametrize(("amount", "plain"), [
    ("29400", "29400"), ("29400.000", "29400"), ("2.94E+4", "29400"), ("0.500000", "0.5"), ("-0.0", "0"), ("0E+9", "0"),
    ("1E-6", "0.000001"), ("-12.30", "-12.3"), ("100", "100"),
])
def test_an_amount_has_one_form(amount: str, plain: str) -> None:
    assert numbers.plain(Decimal(amount)) == plain
    assert Decimal(plain) == Decimal(amount)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**20), max_value=10**20, places=8))
def test_places_are_those_of_the_plain_form(amount: Decimal) -> None:
    whole, _, part = numbers.plain(amount).lstrip("-").partition(".")
    assert numbers.places(amount) == (len(whole.lstrip("0")), len(part))


def test_places_of_a_monstrous_exponent_cost_nothing() -> None:
    assert numbers.places(Decimal("1E+999999999")) == (1_000_000_000, 0)
    assert numbers.places(Decimal("1E-999999999")) == (0, 999_999_999)


def test_the_operation_is_no_part_of_the_payload() -> None:
    spec = table("1107")
    row = row_type(spec)(operation="d", stated_at="2026-11-02 08:00:00")
    assert canonical.payload(row) == b'{"zhgxsj":"2026-11-02 08:00:00"}'
