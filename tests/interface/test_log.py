"""The log seen from outside: every version kept, newest first, and each provably in the tree."""

from __future__ import annotations

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


def test_versions_of_a_record_nobody_sent_are_none(place: Place) -> None:
    answer = place.versions("1302", "nothing of this key")
    assert answer.http == 404 or answer.json == []
