"""``POST /api/v1/records/{code}``: a receipt for every line, none spoiled by another, and bounds that hold."""

from __future__ import annotations

import gzip
import http.client
from decimal import Decimal

import pytest

from tests.interface.client import Answer, Client, encode
from tests.interface.conftest import Place
from tests.interface.generator import ENDPOINTS, Record


def tickets(place: Place, count: int) -> list[Record]:
    return [place.depot.inbound(place.lot) for _ in range(count)]


def counts(answer: Answer) -> tuple[int, int, int]:
    assert answer.http == 200, answer
    found = answer.json
    statuses = [row["status"] for row in found["rows"]]
    for status in ("taken", "same", "refused"):
        assert statuses.count(status) == found[status], found
    return found["taken"], found["same"], found["refused"]


def test_every_line_gets_its_receipt_with_its_log_number(place: Place) -> None:
    records = tickets(place, 50)
    answer = place.client.batch("1202", records)
    assert counts(answer) == (50, 0, 0)
    rows = answer.json["rows"]
    assert [row["line"] for row in rows] == list(range(1, 51))
    assert len({row["number"] for row in rows}) == 50
    again = place.client.batch("1202", records)
    assert counts(again) == (0, 50, 0)
    assert [row["number"] for row in again.json["rows"]] == [row["number"] for row in rows]


def test_a_bad_row_never_spoils_the_others_and_says_what_would_pass(place: Place) -> None:
    good = tickets(place, 4)
    lines = [
        good[0],
        b"not json",
        good[1],
        place.depot.inbound(place.lot, ysgj="7"),
        b"",
        place.depot.inbound(f"{place.compartment}99"),
        good[2],
        b'{"czbz":"i"',
        good[3],
    ]
    answer = place.client.batch("1202", lines)
    taken, _, refused = counts(answer)
    assert taken == 4
    assert refused in (4, 5)
    rows = {row["line"]: row for row in answer.json["rows"]}
    assert {line for line, row in rows.items() if row["status"] == "taken"} == {1, 3, 7, 9}
    for line in (2, 4, 6, 8):
        assert rows[line]["errors"], rows[line]
        assert rows[line]["number"] is None
    error = rows[4]["errors"][0]
    assert (error["field"], str(error["found"])) == ("ysgj", "7")
    assert error["rule"]
    assert error["expected"]
    assert rows[6]["errors"][0]["field"] == "hwdm"


def test_a_batch_may_refer_to_what_it_brings_itself(place: Place) -> None:
    """A later line of one batch may correct an earlier one, and the later arrival wins."""
    record = place.depot.equipment()
    newer = record | {"sbms": "演示后到", "zhgxsj": place.depot.stated()}
    assert counts(place.client.batch("1107", [record, newer, newer])) == (2, 1, 0)
    assert counts(place.client.batch("1107", [newer])) == (0, 1, 0)


def test_a_dry_run_says_what_would_happen_and_does_nothing(place: Place) -> None:
    records = [*tickets(place, 3), place.depot.inbound(place.lot, ysgj="7")]
    before = place.stock()
    answer = place.client.batch("1202", records, dry_run=True)
    taken, same, refused = counts(answer)
    assert (taken, same, refused) == (3, 0, 1)
    assert all(row["number"] is None for row in answer.json["rows"])
    assert place.stock() == before
    assert counts(place.client.batch("1202", records)) == (3, 0, 1)


def test_an_idempotency_key_makes_a_repeat_answer_what_the_first_did(place: Place) -> None:
    records, key = tickets(place, 5), f"interface-{place.depot.next('idempotency')}-{place.depot.code}"
    first = place.client.batch("1202", records, idempotency_key=key)
    assert counts(first) == (5, 0, 0)
    assert place.client.batch("1202", records, idempotency_key=key).json == first.json
    other = place.client.batch("1202", tickets(place, 5), idempotency_key=key)
    assert other.http in (409, 422), other


def test_a_compressed_batch_is_read(place: Place) -> None:
    assert counts(place.client.batch("1202", tickets(place, 200), compressed=True)) == (200, 0, 0)


def test_ten_thousand_rows_pass_and_one_more_does_not(place: Place) -> None:
    scans = [place.depot.temperature_scan(place.lot) for _ in range(10_000)]
    extra = place.depot.temperature_scan(place.lot)
    refused = place.client.batch("1302", [*scans, extra])
    assert 400 <= refused.http < 500, refused.http
    assert counts(place.client.batch("1302", [extra])) == (1, 0, 0), "a refused batch must take nothing"
    assert counts(place.client.batch("1302", scans, compressed=True)) == (10_000, 0, 0)


def raw_batch(client: Client, body: bytes, **headers: str) -> int | None:
    """HTTP status; None when the server hung up while we were still sending, which is also a refusal."""
    complete = {"Authorization": f"Bearer {client.token}", "Content-Type": "application/x-ndjson"} | headers
    connection = http.client.HTTPConnection(client.transport.address, timeout=60)
    try:
        connection.request("POST", "/api/v1/records/1202", body=body, headers=complete)
        return connection.getresponse().status
    except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
        return None
    finally:
        connection.close()


def test_a_batch_above_sixty_four_mebibytes_is_refused(place: Place) -> None:
    line = b'{"bz":"' + b"x" * 1_000_000 + b'"}\n'
    assert raw_batch(place.client, line * 68) in (413, None)
    assert place.send("1107", place.depot.equipment()).code == 200


def test_a_small_file_that_unpacks_to_more_than_the_bound_is_refused(place: Place) -> None:
    bomb = gzip.compress(b" " * (65 * 1024 * 1024), compresslevel=9)
    assert len(bomb) < 100_000
    assert raw_batch(place.client, bomb, **{"Content-Encoding": "gzip"}) == 413


@pytest.mark.parametrize("body", [b"\x1f\x8b broken", b"", b"plain text"])
def test_what_claims_to_be_gzip_and_is_not_is_refused(place: Place, body: bytes) -> None:
    status = raw_batch(place.client, body, **{"Content-Encoding": "gzip"})
    assert status is not None
    assert 400 <= status < 500


def test_a_batch_needs_a_token_that_stands(place: Place) -> None:
    for token in ("x", "0" * 40):
        assert place.client.batch("1202", tickets(place, 1), token=token).http == 401
    answer = place.client.transport.request("POST", "/api/v1/records/1202", b"{}\n", {})
    assert answer.http == 401


@pytest.mark.parametrize("code", ["9999", "x", "lsrkxx", "12 02", "../1202"])
def test_a_batch_of_an_unknown_table_is_404(place: Place, code: str) -> None:
    assert place.client.batch(code, tickets(place, 1)).http == 404


def test_both_ways_in_hold_the_same_record(place: Place) -> None:
    """What came singly and enciphered is what comes in a batch, and the other way round."""
    singly, together = place.take("1202", place.depot.inbound(place.lot)), place.depot.inbound(place.lot)
    assert counts(place.client.batch("1202", [singly, together])) == (1, 1, 0)
    assert place.send("1202", together).code == 200
    assert counts(place.client.batch("1202", [together])) == (0, 1, 0)


def test_a_plain_json_body_of_one_record_is_a_batch_of_one(place: Place) -> None:
    body = encode(place.depot.inbound(place.lot, Decimal(30_000)))
    assert raw_batch(place.client, body) == 200
    assert "1202" in ENDPOINTS
