"""The strong suite as the example speaks it: the published vector, deliveries, and everything a forger could try."""

from __future__ import annotations

import importlib.util
import json
import secrets
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.interface.client import Reply, encode
from tests.interface.conftest import Place
from tests.interface.generator import Record

EXAMPLE = Path(__file__).parents[2] / "examples" / "reference_client.py"
SEALED = bytes.fromhex(
    "000102030405060708090a0bb30749ccd389e931514fdc1310d2f583086573411d18d61b6d39e7ff",
)
SIGNATURE = "60edd7ae90faa87eb50da2dfe68cc8f53146fec45936e5d9c313e92af84b448a"


def load() -> ModuleType:
    specification = importlib.util.spec_from_file_location("reference_client", EXAMPLE)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


example = load()


def test_the_published_vector_of_the_strong_suite() -> None:
    body, headers = example.protect(
        "demoappid0000001",
        "00112233445566778899aabbccddeeff",
        "/api/v2022/kqxx",
        b'{"czbz":"i"}',
        "1767225600000",
        "0123456789abcdef",
        SEALED[:12],
    )
    assert body == SEALED
    assert headers["X-Canglin-Signature"] == SIGNATURE


def test_the_example_stays_short_enough_to_read() -> None:
    assert len(EXAMPLE.read_text().splitlines()) <= 60


def test_the_example_delivers_singly_and_in_a_batch(place: Place) -> None:
    def run(table: str, content: bytes) -> Any:
        ours, address = place.client, f"http://{place.client.transport.address}"
        command = [sys.executable, str(EXAMPLE), address, ours.appid, ours.secret, table]
        done = subprocess.run(command, input=content, capture_output=True, timeout=60, check=True)
        return json.loads(done.stdout)

    record = place.depot.equipment()
    assert run("sbxx", encode(record))["code"] == 200
    more = [place.depot.equipment() for _ in range(3)]
    answer = run("1107", b"\n".join(map(encode, [record, *more])))
    assert (answer["taken"], answer["same"]) == (3, 1), answer
    assert place.client.batch("1107", [record, *more]).json["same"] == 4


Forgery = Callable[[bytes, dict[str, str]], tuple[bytes, dict[str, str]]]


def post(place: Place, record: Record, *, late_ms: int = 0, forge: Forgery | None = None, nonce: str = "") -> Reply:
    path, now_ms = "/api/v2022/sbxx", str(time.time_ns() // 1_000_000 + late_ms)
    ours = place.client
    nonce = nonce or secrets.token_hex(16)
    body, headers = example.protect(ours.appid, ours.secret, path, encode(record), now_ms, nonce, secrets.token_bytes(12))
    if forge:
        body, headers = forge(body, headers)
    return ours.envelope("POST", path, body, headers)


def flipped(position: int) -> Forgery:
    def forge(body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        spoiled = bytearray(body)
        spoiled[position] ^= 1
        return bytes(spoiled), headers

    return forge


def with_header(name: str, value: str) -> Forgery:
    return lambda body, headers: (body, headers | {name: value})


FORGERIES: dict[str, Forgery] = {
    "an altered body": flipped(20),
    "an altered IV": flipped(0),
    "an altered tag": flipped(-1),
    "another signature": with_header("X-Canglin-Signature", SIGNATURE),
    "an empty signature": with_header("X-Canglin-Signature", ""),
    "another nonce": with_header("X-Canglin-Nonce", "f" * 32),
    "another time": with_header("X-Canglin-Time", str(time.time_ns() // 1_000_000)),
    "a time that is none": with_header("X-Canglin-Time", "today"),
    "a body cut short": lambda body, headers: (body[:-1], headers),
    "no body": lambda body, headers: (b"", headers),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_request_is_400(place: Place, forgery: str) -> None:
    assert post(place, place.depot.equipment(), forge=FORGERIES[forgery]).code == 400


def test_an_unknown_application_is_401(place: Place) -> None:
    reply = post(place, place.depot.equipment(), forge=with_header("X-Canglin-Appid", "0" * 16))
    assert reply.code == 401


@pytest.mark.parametrize("late_ms", [-62_000, 62_000, -(10**10), 10**10])
def test_a_stale_or_future_request_is_400(place: Place, late_ms: int) -> None:
    assert post(place, place.depot.equipment(), late_ms=late_ms).code == 400


def test_a_nonce_serves_once(place: Place) -> None:
    nonce = secrets.token_hex(16)
    assert post(place, place.depot.equipment(), nonce=nonce).code == 200
    assert post(place, place.depot.equipment(), nonce=nonce).code == 400


@pytest.mark.parametrize("nonce", ["short", "x" * 65])
def test_a_nonce_of_a_wrong_length_is_400(place: Place, nonce: str) -> None:
    assert post(place, place.depot.equipment(), nonce=nonce).code == 400


def test_a_request_replayed_on_another_path_is_400(place: Place) -> None:
    """The path is signed: a record for one table cannot be redirected to another."""
    kept: list[tuple[bytes, dict[str, str]]] = []

    def keep(body: bytes, headers: dict[str, str]) -> tuple[bytes, dict[str, str]]:
        kept.append((body, headers))
        return b"", headers

    post(place, place.depot.equipment(), forge=keep)
    [(body, headers)] = kept
    assert place.client.envelope("POST", "/api/v2022/yjxx", body, headers).code == 400
