"""How requests travel: in chunks, with other line ends, too many at once."""

from __future__ import annotations

import http.client
import json
import time

from tests.interface.client import Client, encode, encrypt
from tests.interface.conftest import Place
from tests.interface.generator import ENDPOINTS
from tests.served import Served


def test_a_body_sent_in_chunks_is_taken(place: Place) -> None:
    """Java's HTTP clients stream a body whose length they were not told."""
    record = place.depot.equipment()
    body = encrypt(place.client.secret, encode(record)).encode()
    connection = http.client.HTTPConnection(place.client.transport.address, timeout=30)
    headers = place.client.headers(encode(record))
    chunks = (body[start : start + 100] for start in range(0, len(body), 100))
    connection.request("POST", "/api/v2022/sbxx", chunks, headers, encode_chunked=True)
    assert json.loads(connection.getresponse().read())["code"] == 200
    connection.close()


def test_header_names_may_be_written_in_any_case(place: Place) -> None:
    record = place.depot.equipment()
    headers = {name.upper(): value for name, value in place.client.headers(encode(record)).items()}
    body = encrypt(place.client.secret, encode(record)).encode()
    assert place.client.envelope("POST", "/api/v2022/sbxx", body, headers).code == 200


def test_a_batch_with_windows_line_ends_is_read(place: Place) -> None:
    lines = [encode(place.depot.equipment()) + b"\r" for _ in range(3)]
    assert place.client.batch("1107", lines).json["taken"] == 3


def test_an_application_over_its_rate_is_429_and_told_when_to_come_back(served: Served, place: Place) -> None:
    words = ("app", "create", "--enterprise", place.depot.enterprise, "--name", "演示限流", "--per-minute", "60")
    made = served.run(*words)
    client = Client(served.url, made["appid"], made["app_key"], made["secret"])
    records = [place.depot.equipment() for _ in range(200)]
    for record in records:
        plain = encode(record)
        body = encrypt(client.secret, plain).encode()
        reply = client.envelope("POST", f"/api/v2022/{ENDPOINTS['1107']}", body, client.headers(plain))
        if reply.code == 429:
            break
    assert (reply.http, reply.code) == (200, 429), reply
    wait_s = float(reply.headers["retry-after"])
    assert 0 < wait_s <= 60
    assert place.send("1107", record).code == 200, "another application of the same enterprise is not held up"
    time.sleep(min(wait_s, 5))
    assert client.send(ENDPOINTS["1107"], record).code == 200
