"""The Merkle tree of RFC 6962 (section 2.1) over SHA-256: hashing, appending, proving, verifying. Pure; knows no database."""

from collections.abc import Callable, Iterable
from hashlib import sha256

#: Inner nodes from this level up are kept in the database; one for 2**KEPT_LEVEL leaves.
KEPT_LEVEL = 8

Hash = bytes
#: (level, index) of a perfect subtree → its root.
Subtree = Callable[[int, int], Hash]


def leaf_hash(leaf: bytes) -> Hash:
    """Hash of one leaf: SHA-256(0x00 ‖ leaf)."""
    return sha256(b"\x00" + leaf).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """Hash of an inner node: SHA-256(0x01 ‖ left ‖ right)."""
    return sha256(b"\x01" + left + right).digest()


class Frontier:
    """The right edge of a growing tree: all that is needed to append and to know the root.

    ``size`` leaves; ``peaks`` the roots of its perfect subtrees, largest first.
    """

    def __init__(self, size: int = 0, packed: bytes = b""):
        if len(packed) != 32 * size.bit_count():
            raise ValueError(f"a tree of {size} leaves has {size.bit_count()} peaks, found {len(packed) / 32}")
        self.size = size
        self.peaks = [packed[i : i + 32] for i in range(0, len(packed), 32)]

    def packed(self) -> bytes:
        """The peaks as stored."""
        return b"".join(self.peaks)

    def append(self, leaves: Iterable[Hash]) -> list[tuple[int, int, Hash]]:
        """Append leaf hashes; return the inner nodes (level, index, hash) to keep."""
        kept: list[tuple[int, int, Hash]] = []
        peaks, size = self.peaks, self.size
        for leaf in leaves:
            peaks.append(leaf)
            size += 1
            # As in adding one to a binary number, every trailing carry joins two equal subtrees.
            level, rest = 0, size
            while rest & 1 == 0:
                right = peaks.pop()
                peaks[-1] = node = sha256(b"\x01" + peaks[-1] + right).digest()
                level, rest = level + 1, rest >> 1
                if level >= KEPT_LEVEL:
                    kept.append((level, rest - 1, node))
        self.size = size
        return kept

    def root(self) -> Hash:
        """Root of the tree; of the empty tree SHA-256 of nothing."""
        if not self.peaks:
            return sha256(b"").digest()
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def _range_root(start: int, end: int, subtree: Subtree) -> Hash:
    """Root over leaves [start, end); start is a multiple of the largest power of two below end − start."""
    count = end - start
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return subtree(level, start >> level)
    split = 1 << (count.bit_length() - 1)
    return node_hash(_range_root(start, start + split, subtree), _range_root(start + split, end, subtree))


def inclusion_proof(index: int, size: int, subtree: Subtree) -> list[Hash]:
    """Audit path of leaf ``index`` in the tree of ``size`` leaves, lowest first (RFC 6962, 2.1.1)."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    path: list[Hash] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < split:
            path.append(_range_root(split, end, subtree))
            end = split
        else:
            path.append(_range_root(start, split, subtree))
            start = split
    return path[::-1]


def consistency_proof(old: int, new: int, subtree: Subtree) -> list[Hash]:
    """Proof that the tree of ``old`` leaves is a prefix of the tree of ``new`` leaves (RFC 6962, 2.1.2)."""
    if not 0 < old <= new:
        raise ValueError(f"no consistency proof from {old} to {new}")
    proof: list[Hash] = []
    start, end, whole = 0, new, True
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            proof.append(_range_root(split, end, subtree))
            end = split
        else:
            proof.append(_range_root(start, split, subtree))
            start, whole = split, False
    if not whole:
        proof.append(_range_root(start, end, subtree))
    return proof[::-1]


def root_from_inclusion(leaf: Hash, index: int, size: int, path: list[Hash]) -> Hash:
    """The root that ``path`` leads to (RFC 9162, 2.1.3.2). Raises ValueError when its length does not fit."""
    if not 0 <= index < size:
        raise ValueError(f"leaf {index} is not in a tree of {size}")
    node, last, root = index, size - 1, leaf
    for sibling in path:
        if last == 0:
            raise ValueError("the path is too long")
        if node & 1 or node == last:
            root = node_hash(sibling, root)
            while node & 1 == 0 and node:
                node, last = node >> 1, last >> 1
        else:
            root = node_hash(root, sibling)
        node, last = node >> 1, last >> 1
    if last:
        raise ValueError("the path is too short")
    return root
