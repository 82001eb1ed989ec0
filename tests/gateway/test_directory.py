"""Applications in memory: fresh within seconds, served from memory while the database is away, held to their rate."""

import pytest

from canglin.accounts import actions
from canglin.accounts.policy import CONSOLE
from canglin.gateway import directory
from canglin.gateway.directory import FRESH_S, UNKNOWN_S, Directory


@pytest.fixture
def here(monkeypatch):
    """Reads in this thread, inside the test's transaction, and counts how often."""
    reads = []

    async def at_once(work):
        reads.append(1)
        return work()

    monkeypatch.setattr(directory, "in_thread", at_once)
    return reads


class Clock:
    now = 1000.0

    def monotonic(self):
        return self.now


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr(directory, "time", clock)
    return clock


def get(book, appid):
    """Runs without an event loop, inside one of which Django would take another connection, outside the test's transaction."""
    try:
        book.get(appid).send(None)
    except StopIteration as done:
        return done.value
    raise AssertionError("it waited")


def test_a_change_holds_within_two_seconds(app, here, clock):
    book = Directory()
    first = get(book, app.application.appid)
    assert first.secret == app.secret
    actions.rotate_application(CONSOLE, app.application)
    assert get(book, app.application.appid) is first, "fresh enough"
    clock.now += FRESH_S + 0.1
    assert get(book, app.application.appid).key_version == 2
    actions.disable_application(CONSOLE, app.application)
    clock.now += FRESH_S + 0.1
    assert get(book, app.application.appid) is None


def test_what_did_not_change_keeps_its_open_ciphers(app, here, clock):
    book = Directory()
    first = get(book, app.application.appid)
    clock.now += FRESH_S + 0.1
    assert get(book, app.application.appid) is first


def test_a_new_application_is_known_at_once_and_guessing_names_costs_little(app, here, clock):
    book = Directory()
    get(book, app.application.appid)
    here.clear()
    for _ in range(50):
        assert get(book, "ffffffffffffffff") is None
    assert len(here) == 0
    new = actions.create_application(CONSOLE, app.application.enterprise, "演示另一系统").application
    clock.now += UNKNOWN_S + 0.01
    assert get(book, new.appid).name == "演示另一系统"
    assert len(here) == 1


def test_while_the_database_is_away_the_last_known_serve(app, here, clock, monkeypatch):
    book = Directory()
    known = get(book, app.application.appid)

    def away():
        raise OSError("away")

    monkeypatch.setattr(directory, "_read", away)
    clock.now += FRESH_S + 0.1
    assert get(book, app.application.appid) is known
    with pytest.raises(OSError, match="away"):
        get(Directory(), app.application.appid)


def test_the_rate_is_a_bucket_that_refills_evenly(app, here, clock):
    book = Directory()
    one = get(book, app.application.appid)
    one.per_minute = 60
    assert sum(book.within_rate(one) for _ in range(100)) == 60
    clock.now += 10
    assert sum(book.within_rate(one) for _ in range(100)) == 10
    clock.now += 3600
    assert sum(book.within_rate(one) for _ in range(100)) == 60, "it never holds more than one minute's worth"


def test_a_call_larger_than_the_whole_rate_passes_when_the_bucket_is_full(app, here, clock):
    book = Directory()
    one = get(book, app.application.appid)
    one.per_minute = 10
    assert book.within_rate(one, 101)
    assert not book.within_rate(one, 1)
