"""The tree against the definitions of RFC 6962, written down here once more in their plainest form."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from canglin.records.merkle import (
    KEPT_LEVEL,
    Frontier,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_from_inclusion,
)


def plain_root(leaves: list[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, as it stands there."""
    if not leaves:
        return sha256(b"").digest()
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0]).digest()
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + plain_root(leaves[:k]) + plain_root(leaves[k:])).digest()


def plain_path(m: int, leaves: list[bytes]) -> list[bytes]:
    """PATH of section 2.1.1."""
    if len(leaves) == 1:
        return []
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    if m < k:
        return [*plain_path(m, leaves[:k]), plain_root(leaves[k:])]
    return [*plain_path(m - k, leaves[k:]), plain_root(leaves[:k])]


def subtree_of(leaves: list[bytes]):
    return lambda level, index: plain_root(leaves[index << level : (index + 1) << level])


def some(count: int) -> list[bytes]:
    return [f"leaf {i}".encode() for i in range(count)]


@given(st.lists(st.integers(1, 40), max_size=12))
def test_a_tree_grown_in_any_steps_has_the_root_of_the_definition(steps: list[int]) -> None:
    leaves = some(sum(steps))
    size, packed, at = 0, b"", 0
    for step in steps:
        frontier = Frontier(size, packed)
        frontier.append(leaf_hash(leaf) for leaf in leaves[at : at + step])
        at += step
        size, packed = frontier.size, frontier.packed()
        assert frontier.root() == plain_root(leaves[:at])


def test_the_kept_nodes_are_the_roots_of_their_subtrees() -> None:
    leaves = some(1300)
    frontier = Frontier()
    kept = frontier.append(leaf_hash(leaf) for leaf in leaves)
    assert len(kept) == len({(level, index) for level, index, _ in kept})
    assert {(level, index) for level, index, _ in kept} == {
        (level, index) for level in range(KEPT_LEVEL, 11) for index in range(1300 >> level)
    }
    for level, index, node in kept:
        assert node == subtree_of(leaves)(level, index)


@given(st.integers(1, 200), st.data())
def test_every_inclusion_proof_is_the_definitions_and_leads_to_the_root(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    index = data.draw(st.integers(0, size - 1))
    path = inclusion_proof(index, size, subtree_of(leaves))
    assert path == plain_path(index, leaves)
    assert root_from_inclusion(leaf_hash(leaves[index]), index, size, path) == plain_root(leaves)


@given(st.integers(2, 100), st.data())
def test_a_proof_fits_no_other_leaf_place_or_size(size: int, data: st.DataObject) -> None:
    leaves = some(size)
    index, other = data.draw(st.permutations(range(size)))[:2]
    path = inclusion_proof(index, size, subtree_of(leaves))
    root = plain_root(leaves)
    assert root_from_inclusion(leaf_hash(leaves[other]), index, size, path) != root
    for place, total in ((other, size), (index, size + 1)):
        try:
            led_to = root_from_inclusion(leaf_hash(leaves[index]), place, total, path)
        except ValueError:
            continue
        # A longer tree with the same path length has another root in truth; the path must not lead to ours by its claim alone
        # unless the claim describes the same walk.
        if (place, total) != (index, size) and led_to == root:
            assert inclusion_walk(place, total) == inclusion_walk(index, size)


def inclusion_walk(index: int, size: int) -> list[str]:
    """On which side each sibling stands: what index and size say about a path."""
    walk, last = [], size - 1
    while last:
        if index & 1:
            walk.append("left")
        elif index < last:
            walk.append("right")
        index, last = index >> 1, last >> 1
    return walk


def test_a_path_cut_short_or_made_longer_is_refused() -> None:
    leaves = some(11)
    path = inclusion_proof(4, 11, subtree_of(leaves))
    for wrong in (path[:-1], [*path, path[-1]]):
        with pytest.raises(ValueError):
            root_from_inclusion(leaf_hash(leaves[4]), 4, 11, wrong)


@given(st.integers(1, 120), st.integers(0, 120))
def test_a_consistency_proof_rebuilds_both_roots(old: int, more: int) -> None:
    leaves = some(old + more)
    proof = consistency_proof(old, old + more, subtree_of(leaves))
    assert roots_from_consistency(old, old + more, proof, plain_root(leaves[:old])) == (
        plain_root(leaves[:old]), plain_root(leaves),
    )


def roots_from_consistency(old: int, new: int, proof: list[bytes], old_root: bytes) -> tuple[bytes, bytes]:
    """RFC 9162, section 2.1.4.2."""
    if old == new:
        assert not proof
        return old_root, old_root
    path = [old_root, *proof] if old & (old - 1) == 0 else list(proof)
    node, last = old - 1, new - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = path[0]
    for sibling in path[1:]:
        assert last
        if node & 1 or node == last:
            first, second = node_hash(sibling, first), node_hash(sibling, second)
            while node & 1 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, sibling)
        node, last = node >> 1, last >> 1
    assert last == 0
    return first, second


def test_a_frontier_that_does_not_fit_its_size_is_refused() -> None:
    with pytest.raises(ValueError, match="2 peaks"):
        Frontier(5, b"x" * 32)
