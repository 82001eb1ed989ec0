"""Login, cipher and the headers that protect a request: each made wrong in every way the document names."""

from __future__ import annotations

import base64
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.interface.client import Client, digest, encode, encrypt
from tests.interface.conftest import CreateApp, Place, refusal
from tests.interface.generator import ENDPOINTS
from tests.interface.samples import Depot

VECTOR_SECRET = "00112233445566778899aabbccddeeff"


def test_the_published_vector_of_the_cipher() -> None:
    assert encrypt(VECTOR_SECRET, b'{"czbz":"i"}') == "suyGf6dL6SmcTC7SfJhzJg=="
    assert digest(b'{"czbz":"i"}') == "2b440b4d2eae68b1bdd2595aa03bde41"


# Login


def test_login_hands_out_a_token_and_says_whose_it_is(place: Place) -> None:
    reply = place.client.sign_in()
    assert (reply.http, reply.code) == (200, 200)
    assert len(place.client.appid) == 16
    assert reply.data["access_token"]
    assert reply.data["appid"] == place.client.appid
    assert reply.data["dwdm"] == place.depot.enterprise
    assert reply.data["dwmc"] == place.depot.name


def test_a_new_login_leaves_the_older_token_valid(place: Place) -> None:
    first, second = (place.client.sign_in().data["access_token"] for _ in range(2))
    for token in (first, second):
        client = Client(f"http://{place.client.transport.address}", place.client.appid, "", place.client.secret)
        client._token = token
        assert client.send(ENDPOINTS["1107"], place.depot.equipment()).code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"appid": "0" * 16},
        {"appid": None},
        {"appkey": None},
        {"appkey": "not Base64 at all"},
        {"appkey": base64.b64encode(secrets.token_bytes(32)).decode()},
        {"appkey": encrypt(VECTOR_SECRET, b"someone else's")},
        {"appid": {"a": 1}},
        {"appkey": ["x"]},
    ],
    ids=lambda changes: "-".join(changes),
)
def test_a_wrong_login_is_refused(app: CreateApp, new_enterprise: Callable[[], Depot], changes: dict[str, Any]) -> None:
    client: Client = _spare(app, new_enterprise)
    reply = client.sign_in(**changes)
    assert reply.http == 200
    assert reply.code in (400, 401, 402, 403, 408, 410), reply
    assert not reply.data, reply


_spared: list[Client] = []


def _spare(app: CreateApp, new_enterprise: Callable[[], Depot]) -> Client:
    """An application to spoil logins with, so that a lock on it harms no other test."""
    if not _spared:
        _spared.append(app(new_enterprise().enterprise))
    return _spared[0]


# Token


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer "])
def test_no_token_is_401(place: Place, header: str | None) -> None:
    refusal(place.send("1107", place.depot.equipment(), headers={"Authorization": header}), 401)


@pytest.mark.parametrize("token", ["x", "0" * 32, "null", "a.b.c", "令牌".encode().hex(), "' OR 1=1 --"])
def test_a_token_that_nobody_handed_out_is_402(place: Place, token: str) -> None:
    refusal(place.send("1107", place.depot.equipment(), headers={"Authorization": f"Bearer {token}"}), 402)


def test_a_token_of_another_application_does_not_open_this_ones_cipher(place: Place, neighbour: Place) -> None:
    headers = {"Authorization": f"Bearer {neighbour.client.token}"}
    assert place.send("1107", place.depot.equipment(), headers=headers).code == 400


# digest, nonce, requestId


def test_a_wrong_or_missing_digest_is_400(place: Place) -> None:
    record = place.depot.equipment()
    for value in (None, "", "0" * 32, digest(b"{}"), "x" * 500):
        refusal(place.send("1107", record, headers={"digest": value}), 400)
    encrypted = encrypt(place.client.secret, encode(record))
    refusal(place.send("1107", record, headers={"digest": digest(encrypted.encode())}), 400)


def test_a_missing_or_garbled_nonce_is_400(place: Place) -> None:
    record, client = place.depot.equipment(), place.client
    garbled = [
        None,
        "",
        "nonsense",
        base64.b64encode(secrets.token_bytes(48)).decode(),
        encrypt(client.secret, b""),
        encrypt(client.secret, client.token.encode()),
        encrypt(client.secret, f"{client.token}yesterday".encode()),
        encrypt(client.secret, f"{client.token}{'9' * 400}".encode()),
        encrypt(client.secret, b"1750000000000"),
        client.nonce(token="someone-elses-token"),
        encrypt(VECTOR_SECRET, f"{client.token}1750000000000".encode()),
    ]
    for value in garbled:
        refusal(place.send("1107", record, headers={"nonce": value}), 400)


@pytest.mark.parametrize("offset_ms", [-62_000, -3_600_000, 62_000, 3_600_000, -(10**12)])
def test_a_stale_or_future_nonce_is_400(place: Place, offset_ms: int) -> None:
    headers = {"nonce": place.client.nonce(offset_ms)}
    refusal(place.send("1107", place.depot.equipment(), headers=headers), 400)


@pytest.mark.parametrize("offset_ms", [-55_000, 55_000])
def test_a_clock_up_to_a_minute_wrong_is_accepted(place: Place, offset_ms: int) -> None:
    headers = {"nonce": place.client.nonce(offset_ms)}
    assert place.send("1107", place.depot.equipment(), headers=headers).code == 200


def test_a_missing_or_garbled_request_id_is_400(place: Place) -> None:
    record, client = place.depot.equipment(), place.client
    garbled = [
        None,
        "",
        "nonsense",
        base64.b64encode(secrets.token_bytes(48)).decode(),
        encrypt(client.secret, client.token.encode()),
        encrypt(client.secret, b"1234567890123456789"),
        client.request_id(token="someone-elses-token"),
    ]
    for value in garbled:
        refusal(place.send("1107", record, headers={"requestId": value}), 400)


def test_a_replayed_request_id_is_400(place: Place) -> None:
    headers = {"requestId": place.client.request_id()}
    assert place.send("1107", place.depot.equipment(), headers=headers).code == 200
    refusal(place.send("1107", place.depot.equipment(), headers=headers), 400)


def test_a_request_id_is_spent_even_when_the_record_is_refused(place: Place) -> None:
    headers = {"requestId": place.client.request_id()}
    refusal(place.send("1107", place.depot.equipment(sbyqmc=None), headers=headers), 410, "sbyqmc")
    refusal(place.send("1107", place.depot.equipment(), headers=headers), 400)


def test_of_many_requests_with_one_request_id_at_once_only_one_passes(place: Place) -> None:
    headers = {"requestId": place.client.request_id()}
    records = [place.depot.equipment() for _ in range(16)]
    with ThreadPoolExecutor(16) as threads:
        replies = list(threads.map(lambda record: place.send("1107", record, headers=headers), records))
    assert sorted(reply.code for reply in replies) == [200] + [400] * 15


# Body


def test_a_tampered_ciphertext_is_400(place: Place) -> None:
    record = place.depot.equipment()
    cipher = bytearray(base64.b64decode(encrypt(place.client.secret, encode(record))))
    for position in (0, len(cipher) // 2, len(cipher) - 1):
        spoiled = bytearray(cipher)
        spoiled[position] ^= 0x40
        refusal(place.send("1107", record, body=base64.b64encode(spoiled)), 400)
    refusal(place.send("1107", record, body=base64.b64encode(cipher[:-16])), 400)
    refusal(place.send("1107", record, body=base64.b64encode(cipher[:-3])), 400)
    refusal(place.send("1107", record, body=base64.b64encode(cipher[16:32] + cipher[:16] + cipher[32:])), 400)
    refusal(place.send("1107", record, body=b"this is not Base64 ="), 400)


def test_a_plain_body_is_refused_where_the_administrator_did_not_allow_it(place: Place) -> None:
    reply = place.send("1107", place.depot.equipment(), plain=True)
    assert reply.code in (400, 403), reply
    assert reply.msg


def test_a_plain_body_is_taken_where_the_administrator_allowed_it(place: Place, plain_client: Client) -> None:
    assert plain_client.send(ENDPOINTS["1107"], place.depot.equipment(), plain=True).code == 200
    assert plain_client.send(ENDPOINTS["1107"], place.depot.equipment()).code == 200
    reply = plain_client.send(ENDPOINTS["1107"], place.depot.equipment(), plain=True, headers={"digest": "0" * 32})
    refusal(reply, 400)


def test_an_empty_body_is_refused(place: Place) -> None:
    assert place.send("1107", b"").code == 410
    assert place.send("1107", b"", body=b"").code in (400, 410)


@pytest.mark.parametrize("characters", [400_000, 2_000_000, 10_000_000])
def test_a_body_above_one_mebibyte_is_answered_with_the_reason(place: Place, characters: int) -> None:
    """A depot system sends its whole body before it reads: hanging up on it would look like a broken line."""
    for _ in range(5):
        reply = place.send("1107", place.depot.equipment(sbms="长" * characters))
        assert reply.http == 200
        assert reply.code in (400, 410, 413), reply
    assert place.send("1107", place.depot.equipment()).code == 200


# Path and method


@pytest.mark.parametrize("path", ["nosuch", "1202", "cfxx/1", "CFXX", "%00"])
def test_an_unknown_path_is_404(place: Place, path: str) -> None:
    reply = place.client.send(path, place.depot.equipment())
    assert (reply.http, reply.code) == (200, 404), reply


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH"])
def test_another_method_is_405(place: Place, method: str) -> None:
    for endpoint in ("cfxx", "sfrz"):
        reply = place.client.send(endpoint, place.depot.equipment(), method=method)
        assert (reply.http, reply.code) == (200, 405), reply
