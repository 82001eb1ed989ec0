"""Signing in: one-time passwords, lockout, what a stranger learns, and what ends a session."""

import pytest
from django.test import Client

from canglin.accounts import actions
from canglin.accounts.models import AuditEntry, User
from canglin.accounts.policy import CONSOLE

pytestmark = pytest.mark.django_db
OWN = "演示-Parole-2026"


@pytest.fixture
def made():
    return actions.create_user(CONSOLE, "演示人员", "viewer", "43", unit="演示粮库一二三四五六")


@pytest.fixture
def ready(made):
    actions.change_password(made.user, made.password, OWN)
    return User.objects.get(pk=made.user.pk)


def sign_in(client, name, password):
    return client.post("/accounts/login/", {"login": name, "password": password})


def test_a_one_time_password_opens_nothing_but_the_change_of_password(client, made):
    sign_in(client, "演示人员", made.password)
    for address in ("/", "/rulebook/", "/people/", "/account/tokens/"):
        assert client.get(address).url == "/account/password/"
    assert client.get("/rulebook/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/account/password/"
    assert client.get("/account/password/").status_code == 200
    done = client.post("/account/password/", {"old": made.password, "new": OWN, "again": OWN})
    assert done.status_code == 302
    assert client.get("/rulebook/").status_code == 200


@pytest.mark.parametrize("new", ["short", "1234567890", "qwertyuiop", "演示粮库一二三四五7"])
def test_a_weak_password_is_refused(client, made, new):
    sign_in(client, "演示人员", made.password)
    said = client.post("/account/password/", {"old": made.password, "new": new, "again": new})
    assert said.status_code == 200
    assert User.objects.get(pk=made.user.pk).must_change_password


def test_the_old_password_is_asked_for_and_both_entries_must_agree(client, ready):
    sign_in(client, "演示人员", OWN)
    for given in ({"old": "x", "new": OWN + "x", "again": OWN + "x"}, {"old": OWN, "new": OWN + "x", "again": OWN + "y"}):
        assert client.post("/account/password/", given).status_code == 200
    assert User.objects.get(pk=ready.pk).check_password(OWN)


def test_changing_the_password_ends_the_other_sessions(ready):
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        sign_in(client, "演示人员", OWN)
    here.post("/account/password/", {"old": OWN, "new": OWN + "x", "again": OWN + "x"})
    assert here.get("/rulebook/").status_code == 200
    assert elsewhere.get("/rulebook/").status_code == 302


def test_five_failures_lock_the_name_at_that_address_and_nowhere_else(ready):
    attacker, owner = Client(REMOTE_ADDR="192.0.2.1"), Client(REMOTE_ADDR="192.0.2.2")
    for _ in range(4):
        assert sign_in(attacker, "演示人员", "wrong").status_code == 200
    locked = sign_in(attacker, "演示人员", "wrong")
    assert locked.status_code == 429
    assert "锁定" in locked.content.decode()
    assert sign_in(attacker, "演示人员", OWN).status_code == 429
    assert sign_in(owner, "演示人员", OWN).status_code == 302
    assert AuditEntry.objects.filter(verb="people.lock", result="denied", address="192.0.2.1").exists()


def test_an_unknown_name_and_a_wrong_password_sound_the_same(client, ready):
    words = [sign_in(client, name, "wrong").context["form"].non_field_errors() for name in ("演示人员", "演示无此人")]
    assert words[0] == words[1]


def test_a_failed_sign_in_is_in_the_trail_without_the_password(client, ready):
    sign_in(client, "演示人员", "mistyped-secret")
    line = AuditEntry.objects.filter(verb="people.sign_in", result="failed").get()
    assert (line.who, line.address) == ("演示人员", "127.0.0.1")
    assert "mistyped-secret" not in f"{line.detail}{line.before}{line.after}"


def test_a_forwarded_address_is_not_believed_without_our_proxy(client, ready):
    client.post("/accounts/login/", {"login": "x", "password": "y"}, headers={"X-Forwarded-For": "203.0.113.9"})
    assert AuditEntry.objects.filter(verb="people.sign_in").get().address == "127.0.0.1"


def test_a_disabled_person_cannot_sign_in_and_a_running_session_ends(client, ready):
    sign_in(client, "演示人员", OWN)
    actions.disable_user(CONSOLE, ready)
    assert client.get("/rulebook/").status_code == 302
    assert sign_in(Client(), "演示人员", OWN).status_code == 200


def test_a_session_ends_after_half_an_hour_without_use(client, ready, settings):
    sign_in(client, "演示人员", OWN)
    assert client.session.get_expiry_age() == 30 * 60
    assert client.session.get_expire_at_browser_close()


def test_signing_out_needs_a_post_and_ends_the_session(client, ready):
    sign_in(client, "演示人员", OWN)
    assert client.get("/accounts/logout/").status_code == 200
    assert client.get("/rulebook/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/rulebook/").status_code == 302


@pytest.mark.parametrize("address", ["signup/", "password/reset/", "email/", "password/change/", "password/set/"])
def test_there_is_no_other_door(client, address):
    assert client.get(f"/accounts/{address}").status_code == 404


def test_nobody_is_sent_to_another_site_after_signing_in(client, ready):
    gone = client.post("/accounts/login/", {"login": "演示人员", "password": OWN, "next": "https://example.org/"})
    assert gone.url == "/"


def test_passwords_are_kept_with_argon2(ready):
    assert ready.password.startswith("argon2$argon2id$")
