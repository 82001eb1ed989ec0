"""Tokens and the memory of requestIds."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from canglin.gateway import sessions
from canglin.gateway.sessions import NONCE_WINDOW_S, REMEMBER_S, TOKEN_LIFE_S, Replays, Tokens


class Book:
    """A directory of one application."""

    def __init__(self):
        self.app = SimpleNamespace(appid="0123456789abcdef", key_version=1)

    async def get(self, appid):
        return self.app if self.app is not None and appid == self.app.appid else None


@pytest.fixture
def book():
    return Book()


def asked(tokens, token):
    return asyncio.run(tokens.app_of(token))


def test_a_token_opens_for_the_application_it_was_issued_to(book):
    tokens = Tokens(book)
    assert asked(tokens, tokens.issue(book.app)) is book.app


def test_a_token_outlives_the_server_but_not_its_time(book, monkeypatch):
    token = Tokens(book).issue(book.app)
    assert asked(Tokens(book), token) is book.app, "another process knows it by its seal alone"
    later = time.time() + TOKEN_LIFE_S + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert asked(Tokens(book), token) is None


def test_a_token_that_is_remembered_expires_all_the_same(book, monkeypatch):
    tokens = Tokens(book)
    token = tokens.issue(book.app)
    assert asked(tokens, token) is book.app
    later = time.time() + TOKEN_LIFE_S + 1
    monkeypatch.setattr(sessions.time, "time", lambda: later)
    assert asked(tokens, token) is None


def test_turning_the_key_ends_tokens_at_once(book):
    tokens = Tokens(book)
    token = tokens.issue(book.app)
    assert asked(tokens, token) is book.app
    book.app.key_version = 2
    assert asked(tokens, token) is None


def test_disabling_the_application_ends_tokens_at_once(book):
    tokens = Tokens(book)
    token = tokens.issue(book.app)
    book.app = None
    assert asked(tokens, token) is None


@pytest.mark.parametrize("change", [
    lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
    lambda t: t.replace("0123456789abcdef", "0123456789abcdee"),
    lambda t: t.replace(".1.", ".2."),
    lambda t: t + ".x",
    lambda t: "", lambda t: "....", lambda t: "0123456789abcdef.9999999999.1.000000.AAAA",
])  # fmt: skip
def test_a_token_that_was_touched_opens_nothing(book, change):
    tokens = Tokens(book)
    assert asked(tokens, change(tokens.issue(book.app))) is None


def test_the_memory_of_tokens_is_bounded(book):
    tokens = Tokens(book)
    tokens._known.update({str(n): ("x", 1, 0.0) for n in range(20_001)})
    asked(tokens, tokens.issue(book.app))
    assert len(tokens._known) == 1


class Clock:
    now = 1_800_000_000.0

    def __call__(self):
        return self.now


def test_a_request_id_passes_once_for_as_long_as_its_nonce_could_be_valid():
    clock = Clock()
    replays = Replays(clock=clock)
    assert replays.first_time("a", "1")
    for _ in range(4):
        clock.now += REMEMBER_S / 4
        replays.first_time("b", str(clock.now))
        assert not replays.first_time("a", "1")
    assert replays.first_time("other application", "1")


def test_generations_are_dropped_whole_and_memory_stays_bounded():
    clock = Clock()
    replays = Replays(clock=clock)
    for n in range(1000):
        replays.first_time("a", str(n))
    for _ in range(2):
        clock.now += REMEMBER_S + 1
        replays.first_time("a", f"later {clock.now}")
    assert len(replays._now) + len(replays._before) <= 2
    assert replays.first_time("a", "1"), "its nonce is long out of date, so forgetting it opens nothing"


def test_after_a_long_silence_both_generations_are_gone_at_once():
    clock = Clock()
    replays = Replays(clock=clock)
    replays.first_time("a", "1")
    clock.now += 3 * REMEMBER_S
    assert replays.first_time("a", "1")
    assert len(replays._before) == 0


@pytest.mark.parametrize(("offset_s", "fresh"), [
    (0, True), (-NONCE_WINDOW_S, True), (NONCE_WINDOW_S, True), (-NONCE_WINDOW_S - 1, False), (NONCE_WINDOW_S + 1, False),
])  # fmt: skip
def test_a_nonce_is_fresh_a_minute_either_way(offset_s, fresh):
    clock = Clock()
    assert Replays(clock=clock).fresh(int((clock.now + offset_s) * 1000)) is fresh


def test_after_a_restart_nonces_from_before_the_newest_entry_are_too_old():
    clock = Clock()
    replays = Replays(floor_s=clock.now - 10, clock=clock)
    assert not replays.fresh(int((clock.now - 11) * 1000))
    assert replays.fresh(int((clock.now - 9) * 1000))
