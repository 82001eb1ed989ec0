"""Changing the rulebook: what holds when, and that nothing ever gets lost."""

from datetime import date

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.utils import DatabaseError

from canglin.accounts import actions as people
from canglin.accounts.models import AuditEntry
from canglin.accounts.policy import CONSOLE
from canglin.rulebook import actions, queries
from canglin.rulebook.actions import Refused
from canglin.rulebook.models import RuleValue

pytestmark = pytest.mark.django_db
SOURCE = "演示文件〔2026〕1号"


def change(text="5", valid_from=date(2026, 7, 1), **more):
    return actions.change(CONSOLE, "idle.months", text, valid_from=valid_from, source=SOURCE, **more)


def months(at, **where):
    return queries.value("idle.months", at=at, **where)


def test_a_change_holds_from_its_day_and_not_before():
    change()
    assert months(date(2026, 6, 30)) == 4
    assert months(date(2026, 7, 1)) == 5


def test_a_value_with_an_end_gives_way_to_what_held_before():
    change(valid_to=date(2026, 9, 30))
    assert [months(date(2026, m, 30)) for m in (6, 7, 9, 10)] == [4, 5, 5, 4]


def test_a_county_may_have_its_own_value_and_its_neighbour_does_not_feel_it():
    change("2", region="430103")
    at = date(2026, 8, 1)
    assert months(at, region="430103") == 2
    assert months(at, region="430102") == 4
    assert months(at) == 4


def test_correcting_a_value_keeps_the_wrong_one_readable():
    wrong = change("5")
    change("6")
    assert months(date(2026, 7, 1)) == 6
    wrong.refresh_from_db()
    assert wrong.replaced_at is not None
    assert wrong in queries.history("idle.months")


def test_who_is_not_granted_the_rulebook_cannot_change_it():
    officer = people.create_user(CONSOLE, "演示计划员", "plans", "43").user
    with pytest.raises(PermissionDenied):
        actions.change(officer, "idle.months", "5", valid_from=date(2026, 7, 1), source=SOURCE)
    assert months(date(2026, 8, 1)) == 4


def test_an_officer_changes_values_of_his_own_region_only():
    officer = people.create_user(CONSOLE, "演示规则员", "rules", "4301").user
    for region in ("", "43", "4302", "430202"):
        with pytest.raises(PermissionDenied):
            actions.change(officer, "idle.months", "5", valid_from=date(2026, 7, 1), source=SOURCE, region=region)
    actions.change(officer, "idle.months", "5", valid_from=date(2026, 7, 1), source=SOURCE, region="430103")
    assert months(date(2026, 8, 1), region="430103") == 5


def test_a_change_is_in_the_audit_trail_with_before_and_after():
    officer = people.create_user(CONSOLE, "演示规则员", "rules", "00").user
    actions.change(officer, "idle.months", "5", valid_from=date(2026, 7, 1), source=SOURCE)
    line = AuditEntry.objects.filter(verb="rulebook.change").get()
    assert (line.who, line.before["values"][0]["text"], line.after["text"]) == ("演示规则员", "4", "5")


@pytest.mark.parametrize(
    "slip",
    [
        {"source": " "},
        {"text": "five"},
        {"text": "NaN"},
        {"text": None},
        {"region": "9"},
        {"variety": "rice"},
        {"valid_to": date(2026, 6, 1)},
        {"mark": "?"},
        {"code": "no.such.rule"},
    ],
)
def test_a_change_that_makes_no_sense_is_refused(slip):
    given = {"code": "idle.months", "text": "5", "valid_from": date(2026, 7, 1), "source": SOURCE} | slip
    with pytest.raises(Refused):
        actions.change(CONSOLE, given.pop("code"), given.pop("text"), **given)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM rulebook_rulevalue",
        "UPDATE rulebook_rulevalue SET text = '9'",
        "UPDATE rulebook_rulevalue SET valid_from = '2001-01-01'",
        "UPDATE rulebook_rulevalue SET valid_to = NULL, replaced_at = NULL WHERE replaced_at IS NOT NULL",
        "UPDATE rulebook_rulevalue SET valid_to = '9999-01-01' WHERE valid_to IS NOT NULL",
    ],
)
def test_the_database_refuses_to_rewrite_history(statement):
    change("5", valid_to=date(2026, 9, 30))
    change("6", valid_to=date(2026, 9, 30))
    with pytest.raises(DatabaseError, match="rule values are"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_loading_the_file_again_changes_nothing():
    before = list(RuleValue.objects.values_list("id", "text", "replaced_at"))
    done = actions.load()
    assert (done.added, done.replaced, done.retired) == (0, 0, 0)
    assert list(RuleValue.objects.values_list("id", "text", "replaced_at")) == before


def test_loading_leaves_alone_what_people_have_changed():
    change("5")
    assert actions.load().kept == 1
    assert months(date(2026, 8, 1)) == 5


def test_a_severity_is_one_of_three_words_and_is_heard_at_once():
    assert queries.severity("check-digit") == "flag"
    actions.change(CONSOLE, "severity.check-digit", "refuse", valid_from=date(2020, 1, 1), source=SOURCE)
    assert queries.severity("check-digit") == "refuse"
    assert queries.severity("never-declared") is None
    with pytest.raises(Refused):
        actions.change(CONSOLE, "severity.check-digit", "flag", valid_from=date(2020, 1, 1), source=SOURCE, region="43")
    with pytest.raises(Refused):
        actions.change(CONSOLE, "severity.check-digit", "perhaps", valid_from=date(2020, 1, 1), source=SOURCE)
