"""Secrets: none lies in the database in clear, and a stolen row opens nothing."""

from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from canglin import crypto
from canglin.accounts import actions, queries
from canglin.accounts.actions import Refused
from canglin.accounts.models import Application, AuditEntry, Token
from canglin.accounts.policy import CONSOLE, Denied
from tests.accounts.conftest import CHANGSHA, ZHUZHOU

pytestmark = pytest.mark.django_db


def dump():
    """All text and bytes of this room's tables, as whoever steals a dump has them."""
    with connection.cursor() as cursor:
        found = []
        for table in ("accounts_application", "accounts_token", "accounts_user", "accounts_auditentry"):
            cursor.execute(f"SELECT t::text FROM {table} t")
            found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_secret_is_in_the_database_in_clear(person):
    keys = actions.create_application(CONSOLE, CHANGSHA, "演示系统")
    made = actions.create_user(CONSOLE, "演示人员", "viewer", "43")
    _, token = actions.create_token(CONSOLE, made.user, "演示")
    stolen = dump()
    for secret in (keys.app_key, keys.secret, made.password, token, token[9:]):
        assert secret not in stolen
        assert secret.encode().hex() not in stolen


def test_keys_have_the_form_the_field_speaks():
    keys = actions.create_application(CONSOLE, CHANGSHA, "演示系统")
    assert len(keys.application.appid) == 16
    assert len(keys.secret) == 32
    assert set(keys.secret) <= set("0123456789abcdef")
    held = queries.application(keys.application.appid)
    assert (held.app_key, held.secret) == (keys.app_key, keys.secret)


def test_a_sealed_secret_does_not_open_in_another_row():
    mine = actions.create_application(CONSOLE, CHANGSHA, "演示甲").application
    other = actions.create_application(CONSOLE, ZHUZHOU, "演示乙").application
    Application.objects.filter(pk=other.pk).update(sealed_secret=mine.sealed_secret)
    with pytest.raises(crypto.SealBroken):
        _ = Application.objects.get(pk=other.pk).secret


def test_a_changed_seal_does_not_open():
    sealed = crypto.seal(b"secret", "演示")
    assert crypto.unseal(sealed, "演示") == b"secret"
    assert crypto.seal(b"secret", "演示") != sealed
    for at in range(len(sealed)):
        with pytest.raises(crypto.SealBroken):
            crypto.unseal(sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :], "演示")
    for short in (b"", sealed[:20]):
        with pytest.raises(crypto.SealBroken):
            crypto.unseal(short, "演示")


def test_rotation_gives_new_keys_and_ends_the_old_ones():
    first = actions.create_application(CONSOLE, CHANGSHA, "演示系统")
    second = actions.rotate_application(CONSOLE, first.application)
    held = queries.application(first.application.appid)
    assert {second.app_key, second.secret}.isdisjoint({first.app_key, first.secret})
    assert (held.secret, held.key_version) == (second.secret, 2)


@pytest.mark.parametrize(
    "slip",
    [
        {"enterprise": "43"},
        {"enterprise": CHANGSHA + "001"},
        {"depots": ["001"]},
        {"name": " "},
        {"suites": []},
        {"suites": ["rot13"]},
        {"per_minute": 0},
    ],
)
def test_an_application_that_makes_no_sense_is_refused(slip):
    given = {"enterprise": CHANGSHA, "name": "演示系统"} | slip
    with pytest.raises(Refused):
        actions.create_application(CONSOLE, given.pop("enterprise"), given.pop("name"), **given)


def test_an_administrator_makes_and_stops_applications_of_his_area_only(province, person):
    city = person("admin", "4301")
    mine = actions.create_application(city, CHANGSHA, "演示系统").application
    with pytest.raises(Denied):
        actions.create_application(city, ZHUZHOU, "演示系统")
    with pytest.raises(Denied):  # a depot of another city slipped in
        actions.create_application(city, CHANGSHA, "演示系统", depots=[CHANGSHA + "001", ZHUZHOU + "001"])
    other = actions.create_application(CONSOLE, ZHUZHOU, "演示系统").application
    for act in (actions.disable_application, actions.rotate_application):
        with pytest.raises(Denied):
            act(city, other)
    assert not actions.disable_application(city, mine).active
    assert list(queries.visible_applications(city)) == [mine]


def test_a_token_opens_for_its_owner_until_it_expires_or_is_revoked(person):
    user = person("viewer", "43")
    token, text = actions.create_token(user, user, "演示", days=30)
    assert queries.token(text).user == user
    assert queries.token(text + "x") is None
    assert queries.token(text[:-1]) is None
    assert queries.token(token.digest.hex()) is None
    assert queries.token(text, timezone.now() + timedelta(days=31)) is None
    actions.revoke_token(user, token)
    assert queries.token(text) is None


def test_a_disabled_persons_token_opens_nothing(person):
    user = person("viewer", "43")
    _, text = actions.create_token(user, user, "演示")
    actions.disable_user(CONSOLE, user)
    assert queries.token(text) is None


def test_nobody_makes_or_ends_anothers_token(person):
    user, other = person("viewer", "43"), person("viewer", "43")
    token, _ = actions.create_token(user, user, "演示")
    with pytest.raises(Refused):
        actions.create_token(other, user, "演示")
    with pytest.raises(Denied):
        actions.revoke_token(other, token)
    assert Token.objects.get(pk=token.pk).revoked_at is None


def test_making_and_losing_keys_is_in_the_trail():
    app = actions.create_application(CONSOLE, CHANGSHA, "演示系统").application
    actions.rotate_application(CONSOLE, app)
    actions.disable_application(CONSOLE, app)
    actions.disable_application(CONSOLE, app)
    verbs = list(AuditEntry.objects.order_by("id").values_list("verb", flat=True))
    assert verbs == ["applications.create", "applications.rotate", "applications.disable"]
