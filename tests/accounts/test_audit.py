"""The audit trail: it is written with the act, never without, and cannot be rewritten."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from canglin.accounts import actions, audit, policy, queries
from canglin.accounts.models import AuditEntry, User
from canglin.accounts.policy import CONSOLE

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE accounts_auditentry SET who = '演示他人'",
        "UPDATE accounts_auditentry SET at = at - interval '1 day'",
        "DELETE FROM accounts_auditentry",
        "DELETE FROM accounts_auditentry WHERE id = (SELECT max(id) FROM accounts_auditentry)",
        "INSERT INTO accounts_auditentry SELECT * FROM accounts_auditentry ON CONFLICT (id) DO UPDATE SET who = '演示'",
    ],
)
def test_raw_sql_cannot_rewrite_it(statement):
    audit.record(CONSOLE, "people.change", "x")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert AuditEntry.objects.get().who == "控制台"


def test_the_models_own_ways_cannot_rewrite_it_either():
    entry = audit.record(CONSOLE, "people.change", "x")
    for act in (entry.delete, entry.save, AuditEntry.objects.all().delete):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()


def test_an_act_that_is_rolled_back_leaves_no_line_and_no_line_leaves_no_act(monkeypatch):
    with transaction.atomic():
        actions.create_user(CONSOLE, "演示甲", "viewer", "43")
        transaction.set_rollback(True)
    assert not AuditEntry.objects.exists()

    def broken(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(actions.audit, "record", broken)
    with pytest.raises(RuntimeError), transaction.atomic():
        actions.create_user(CONSOLE, "演示乙", "viewer", "43")
    assert not User.objects.filter(username="演示乙").exists()


def test_it_says_who_from_where_what_before_and_after(person):
    admin, user = person("admin", "43"), person("viewer", "4301")
    with audit.from_here("web", "192.0.2.7"):
        actions.grant(admin, user, "county", "430103")
    line = AuditEntry.objects.order_by("-id").first()
    assert (line.who, line.role, line.channel, line.address) == (str(admin), "admin", "web", "192.0.2.7")
    assert (line.object_kind, line.object_key, line.area, line.result) == ("人员", user.username, "430103", "done")
    assert (line.before["area"], line.after["area"]) == ("4301", "430103")
    assert audit.record(CONSOLE, "people.change", "x").channel == "console"


def test_amounts_and_dates_are_kept_exactly():
    entry = audit.record(
        CONSOLE, "stock.change", "x", after={"net_kg": Decimal("29400.10"), "day": date(2026, 11, 2), "lots": {"a"}}
    )
    entry.refresh_from_db()
    assert entry.after == {"net_kg": "29400.10", "day": "2026-11-02", "lots": ["a"]}


def test_over_long_words_of_a_stranger_do_not_break_the_trail():
    audit.record("攻" * 500, "people.sign_in", "x" * 999, result="failed", detail="<script>" * 99)
    assert AuditEntry.objects.get().result == "failed"


def test_depots_and_enterprises_do_not_read_it(person, province):
    audit.record(CONSOLE, "people.change", "x")
    assert queries.audit_trail(person("audit", "43"))
    assert not queries.audit_trail(person("manager", province.south.key))
    assert not policy.may(person("plans", "43"), "audit.view")
