"""The reviewed file: that every row of it can be asked for, and that doubtful figures say so."""

from datetime import date
from decimal import Decimal

import pytest

from canglin.rulebook import queries
from canglin.rulebook.file import rows
from canglin.rulebook.models import RuleValue

pytestmark = pytest.mark.django_db


def test_every_row_with_a_figure_is_what_its_own_scope_and_first_day_give():
    for row in rows():
        if row.text is None:
            with pytest.raises(queries.NoRule, match="not known"):
                queries.value(
                    row.code,
                    at=row.valid_from,
                    region=row.region,
                    variety=row.variety,
                    nature=row.nature,
                    subject=row.subject,
                )
        else:
            found = queries.rule(
                row.code,
                at=row.valid_from,
                region=row.region,
                variety=row.variety,
                nature=row.nature,
                subject=row.subject,
            )
            assert (found.value, found.source) == (row.value, row.source), row


def test_figures_keep_their_written_form():
    assert RuleValue.objects.get(code="moisture.safe", variety="112").text == "14.0"
    assert queries.value("loss.natural", variety="1131001") == [
        {"months_to": Decimal(6), "percent": Decimal("0.10")},
        {"months_to": Decimal(12), "percent": Decimal("0.15")},
        {"percent": Decimal("0.20")},
    ]


@pytest.mark.parametrize(
    ("code", "scope"),
    [
        ("conversion.raw_grain", {"variety": "2361001"}),
        ("conversion.oil", {"variety": "1411003"}),
        ("price.minimum", {"variety": "1131001", "nature": "310", "at": date(2026, 8, 1)}),
        ("fumigation.filing_days", {}),
    ],
)
def test_a_figure_nobody_found_is_never_guessed(code, scope):
    with pytest.raises(queries.NoRule, match="to be confirmed"):
        queries.value(code, **scope)


def test_a_weak_figure_is_given_but_marked_to_be_confirmed():
    found = queries.rule("price.minimum", at=date(2026, 7, 1), variety="1111001", nature="310")
    assert (found.value, found.confirmed) == (Decimal(119), False)


@pytest.mark.parametrize(
    ("code", "scope", "expected"),
    [
        ("storage.years", {"variety": "1131002"}, 3),
        ("storage.years", {"variety": "1132002", "region": "520402"}, 2),
        ("food_safety.max", {"variety": "2128000", "subject": "02030201"}, 20),
        ("food_safety.max", {"variety": "2121000", "subject": "02030201"}, 10),
        ("food_safety.max", {"variety": "1111001", "subject": "02030201"}, 5),
        ("food_safety.max", {"variety": "1121000", "subject": "02010812"}, Decimal("0.1")),
        ("quality.max", {"variety": "1131001", "subject": "020101"}, Decimal("13.5")),
        ("settlement.deduction", {"variety": "1133002", "subject": "01010201"}, {"step": 2, "percent": 1}),
        (
            "grade.min",
            {"variety": "1131001", "subject": "01012101"},
            {"01": 79, "02": 77, "03": 75, "04": 73, "05": 71},
        ),
        ("truck.gross_max", {"subject": "6"}, 49),
    ],
)
def test_the_narrowest_value_is_chosen(code, scope, expected):
    assert queries.value(code, **scope) == expected


def test_a_rule_nobody_wrote_is_named_with_its_day():
    with pytest.raises(queries.NoRule, match=r"no\.such on 2026-01-02 variety 111 is not in the rulebook"):
        queries.value("no.such", at=date(2026, 1, 2), variety="111")
