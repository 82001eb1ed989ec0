"""Bodies over ASGI, and what unpacks: bounded before they are held."""

import asyncio
import gzip
import zlib

import pytest

from canglin.gateway import http
from canglin.gateway.batch import BODY_BOUND, Problem, _gunzip


def receiver(*chunks, end="http.request"):
    messages = [{"type": "http.request", "body": chunk, "more_body": True} for chunk in chunks]
    messages.append({"type": end, "body": b""} if end == "http.disconnect" else {"type": end, "body": b"", "more_body": False})
    given = iter(messages)
    taken = []

    async def receive():
        message = next(given)
        taken.append(message)
        return message

    return receive, taken


def read(bound, *chunks, declared=None, end="http.request"):
    receive, taken = receiver(*chunks, end=end)
    return asyncio.run(http.body(receive, bound, declared)), taken


def test_a_body_in_parts_is_put_together():
    assert read(10, b"ab", b"", b"cd")[0] == b"abcd"
    assert read(4, b"ab", b"cd")[0] == b"abcd"


def test_a_length_that_is_declared_too_long_is_refused_whatever_comes():
    with pytest.raises(http.TooLarge):
        read(10, b"x", declared=b"11")


def test_a_body_past_the_bound_is_thrown_away_as_it_comes_and_not_for_ever(monkeypatch):
    monkeypatch.setattr(http, "DISCARDED", 100)
    receive, taken = receiver(*[b"x" * 10] * 1000)
    with pytest.raises(http.TooLarge):
        asyncio.run(http.body(receive, 25, None))
    assert len(taken) <= 14


@pytest.mark.parametrize("declared", [b"", b"-1", b"x", b"\xb2", b"3"])
def test_a_declared_length_that_lies_changes_nothing(declared):
    with pytest.raises(http.TooLarge):
        read(5, b"abcdef", declared=declared)


def test_a_client_that_hangs_up_is_gone():
    with pytest.raises(http.Gone):
        read(10, b"ab", end="http.disconnect")


def test_the_last_of_repeated_parameters_and_headers_counts():
    scope = {"query_string": b"a=1&a=2&b=", "headers": [(b"x", b"1"), (b"x", b"2")], "path": "/p", "raw_path": None}
    assert http.query(scope) == {"a": "2", "b": ""}
    assert http.headers(scope) == {b"x": b"2"}
    assert http.target(scope) == "/p?a=1&a=2&b="


def test_gzip_there_and_back():
    assert _gunzip(gzip.compress(b"x" * 1000)) == b"x" * 1000


def test_a_bomb_is_refused_without_unpacking_it_whole():
    bomb = gzip.compress(b"\0" * (BODY_BOUND + 1), compresslevel=9)
    assert len(bomb) < 100_000
    with pytest.raises(http.TooLarge):
        _gunzip(bomb)


@pytest.mark.parametrize("raw", [b"", b"x", gzip.compress(b"abc")[:-4], zlib.compress(b"abc"), b"\x1f\x8b\x08"])
def test_what_is_no_whole_gzip_is_said_to_be_none(raw):
    with pytest.raises(Problem) as problem:
        _gunzip(raw)
    assert problem.value.status == 400
