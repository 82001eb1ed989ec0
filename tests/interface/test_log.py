"""The log seen from outside: every version kept, newest first, and each provably in the tree."""

from __future__ import annotations

import base64
import json
import random
from decimal import Decimal
from typing import Any

import pytest

from tests.interface.conftest import Place
from tests.interface.merkle import leaf_hash, node_hash, root_of, tree_root


def test_our_own_tree_agrees_with_itself() -> None:
    """The two definitions of the RFC, path and whole tree, lead to one root for every size and place."""
    for size in range(1, 34):
        leaves = [leaf_hash(bytes([number])) for number in range(size)]
        for index in range(size):
            assert root_of(leaves[index], index, size, path_of(leaves, index)) == tree_root(leaves)


def path_of(leaves: list[bytes], index: int) -> list[bytes]:
    if len(leaves) == 1:
        return []
    split = 1 << (len(leaves) - 1).bit_length() - 1
    if index < split:
        return [*path_of(leaves[:split], index), tree_root(leaves[split:])]
    return [*path_of(leaves[split:], index - split), tree_root(leaves[:split])]


def test_a_path_that_is_too_long_too_short_or_altered_proves_nothing() -> None:
    leaves = [leaf_hash(bytes([number])) for number in range(13)]
    path = path_of(leaves, 6)
    with pytest.raises(ValueError, match="short"):
        root_of(leaves[6], 6, 13, path[:-1])
    with pytest.raises(ValueError, match="long"):
        root_of(leaves[6], 6, 13, [*path, path[0]])
    assert root_of(leaves[6], 6, 13, [node_hash(path[0], path[0]), *path[1:]]) != tree_root(leaves)


def test_every_version_is_kept_newest_first(place: Place) -> None:
    lot = place.new_lot()
    scan = place.depot.temperature_scan(lot)
    versions = [scan]
    for celsius in ("24.1", "24.2"):
        versions.append(scan | {"cfww": float(celsius), "zhgxsj": place.depot.stated()})
    for version in versions:
        place.take("1302", version)
    place.take("1302", versions[-1])
    removal = place.take("1302", scan | {"czbz": "d", "zhgxsj": place.depot.stated()})
    found = place.versions("1302", scan["wsdjcdh"]).json
    numbers = [version["number"] for version in found]
    assert len(found) == 4
    assert numbers == sorted(numbers, reverse=True)
    assert removal["zhgxsj"] in str(found[0])
    assert [("24.2" in str(version), "24.1" in str(version)) for version in found[1:3]] == [
        (True, False),
        (False, True),
    ]


def test_a_key_of_several_fields_is_asked_for_with_its_parts_joined(place: Place) -> None:
    ticket = place.take("1202", place.depot.inbound(place.lot))
    place.take("1202", ticket | {"bz": "演示更正", "zhgxsj": place.depot.stated()})
    assert len(place.versions("1202", f"{ticket['rkywdh']}|{ticket['hwdm']}").json) == 2


def test_versions_of_a_record_nobody_sent_are_none(place: Place) -> None:
    answer = place.versions("1302", "nothing of this key")
    assert answer.http == 404 or answer.json == []


# Proofs, checked without the platform's help (docs/algorithms/tree.md gives the answer's form)


def proven(place: Place, number: int) -> dict[str, Any]:
    """The proof of an entry, after its path has led from its own leaf to the root it names."""
    answer = place.client.get(f"/api/v1/records/{number}/proof", token=place.officer)
    assert answer.http == 200, answer
    proof: dict[str, Any] = answer.json
    leaf = leaf_hash(proof["leaf"].encode())
    assert leaf == base64.b64decode(proof["leaf_hash"])
    path = [base64.b64decode(sibling) for sibling in proof["path"]]
    assert proof["number"] == number == proof["index"] + 1
    assert root_of(leaf, proof["index"], proof["size"], path) == base64.b64decode(proof["root"])
    return proof


def test_every_taken_record_is_provably_in_the_log_with_its_content(place: Place) -> None:
    lot = place.new_lot()
    scans = [place.depot.temperature_scan(lot, cfww=Decimal(number) / 10) for number in range(600)]
    rows = place.client.batch("1302", scans).json["rows"]
    for index in random.Random(1).sample(range(600), 40):
        entry = json.loads(proven(place, rows[index]["number"])["leaf"])
        assert (entry["table"], entry["operation"]) == ("1302", "i")
        assert entry["payload"]["wsdjcdh"] == scans[index]["wsdjcdh"]
        assert Decimal(entry["payload"]["cfww"]) == scans[index]["cfww"]
        assert entry["payload"]["lswdzjh"] == scans[index]["lswdzjh"]


def test_the_first_entry_and_the_newest_are_proven_as_the_log_grows(place: Place) -> None:
    sizes = []
    for _ in range(20):
        record = place.take("1107", place.depot.equipment())
        newest = proven(place, place.client.batch("1107", [record]).json["rows"][0]["number"])
        assert proven(place, 1)["size"] >= newest["size"]
        sizes.append(newest["size"])
    assert sizes == sorted(set(sizes))


def test_proofs_of_one_tree_lead_to_one_root_and_altered_leaves_do_not(place: Place) -> None:
    record = place.take("1107", place.depot.equipment())
    newest = proven(place, place.client.batch("1107", [record]).json["rows"][0]["number"])
    roots = {(proof["size"], proof["root"]) for proof in (proven(place, number) for number in range(1, 20))}
    assert len(roots) == len({size for size, _ in roots})
    forged = leaf_hash(newest["leaf"].replace("演示", "冒充").encode())
    path = [base64.b64decode(sibling) for sibling in newest["path"]]
    assert root_of(forged, newest["index"], newest["size"], path) != base64.b64decode(newest["root"])


@pytest.mark.parametrize("number", ["0", "999999999", "-1", "x", "1e3", "99999999999999999999999"])
def test_a_number_that_was_never_given_has_no_proof(place: Place, number: str) -> None:
    answer = place.client.get(f"/api/v1/records/{number}/proof", token=place.officer)
    assert answer.http in (400, 404, 422), answer


# Paging by the contract: {"items", "next"} when `limit` is given


def pages(place: Place, path: str, **query: str) -> tuple[list[Any], list[Any]]:
    """The whole list at once, and the same list page by page."""
    whole = place.client.get(path, token=place.officer, **query).json
    items: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = place.client.get(path, token=place.officer, limit=2, **query, **cursor)
        assert answer.http == 200, answer
        page = answer.json
        assert len(page["items"]) <= 2
        items += page["items"]
        if not page["next"]:
            return whole, items
        assert len(items) <= len(whole), "the pages never end"
        cursor = {"cursor": page["next"]}


def test_versions_and_stock_page_by_page_are_the_whole_list(place: Place) -> None:
    scan = place.depot.temperature_scan(place.new_lot())
    for _ in range(5):
        place.take("1302", scan | {"zhgxsj": place.depot.stated()})
    whole, paged = pages(place, "/api/v1/records", table="1302", key=scan["wsdjcdh"])
    assert len(whole) == 5
    assert paged == whole
    for _ in range(3):
        place.take("1202", place.depot.inbound(place.new_lot()))
    whole, paged = pages(place, "/api/v1/stock", by="lot", depot=place.depot.code)
    assert len(whole) >= 3
    assert paged == whole


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/api/v1/records", {"table": "1302"}),
        ("/api/v1/records", {"table": "x" * 500, "key": "1"}),
        ("/api/v1/records", {"table": "1302", "key": "\0"}),
        ("/api/v1/records", {"table": "1302", "key": "1", "limit": "-1"}),
        ("/api/v1/records", {"table": "1302", "key": "1", "limit": "2", "cursor": "garbage"}),
        ("/api/v1/stock", {"by": "colour"}),
        ("/api/v1/stock", {"by": "lot", "at": "yesterday"}),
        ("/api/v1/stock", {"by": "lot", "at": "9999-12-31T23:59:59+14:00"}),
        ("/api/v1/stock", {"by": "lot", "known_at": "0001-01-01T00:00:00"}),
        ("/api/v1/stock", {"by": "lot", "depot": "'; --"}),
        ("/api/v1/stock", {"by": "lot", "limit": "2", "cursor": "\U0001f33e"}),
        ("/api/v1/stock", {"by": "lot", "region": "43%"}),
        ("/api/v1/stock", {"by": "lot", "depot": "\0"}),
        ("/api/v1/stock", {"by": "lot", "region": "\0"}),
        ("/api/v1/stock", {"by": "lot", "limit": "2", "cursor": "\0"}),
    ],
)
def test_a_strange_question_gets_an_answer_and_no_failure(place: Place, path: str, query: dict[str, str]) -> None:
    answer = place.client.get(path, token=place.officer, **query)
    assert answer.http in (200, 400, 404, 422), answer
    assert answer.headers["content-type"].startswith("application/"), answer


def test_the_interface_of_officers_is_closed_without_a_token(place: Place) -> None:
    for path in ("/api/v1/records?table=1302&key=x", "/api/v1/records/1/proof", "/api/v1/stock?by=lot"):
        for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic YTpi"}):
            assert place.client.transport.request("GET", path, None, headers).http == 401, (path, headers)
