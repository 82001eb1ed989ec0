"""What others may ask of the log: the versions of a record, and proof that an entry is in the tree."""

import base64
from dataclasses import dataclass
from typing import Any

from canglin.records.commit import canonical_leaf
from canglin.records.merkle import KEPT_LEVEL, Frontier, Hash, inclusion_proof, leaf_hash
from canglin.records.models import Node, Record, Tree


@dataclass(frozen=True)
class Head:
    """The tree as it stands: number of leaves and root."""

    size: int
    root: Hash


@dataclass(frozen=True)
class Proof:
    """That entry ``number`` is leaf ``number − 1`` of the tree with ``head``: hash the leaf, follow the path, get the root."""

    number: int
    leaf: bytes
    leaf_hash: Hash
    path: list[Hash]
    head: Head

    def as_json(self) -> dict[str, Any]:
        """For the interface: hashes in Base64, as transparency logs write them."""

        def b64(value: bytes) -> str:
            return base64.b64encode(value).decode()

        return {
            "number": self.number, "index": self.number - 1, "size": self.head.size, "root": b64(self.head.root),
            "leaf": self.leaf.decode(), "leaf_hash": b64(self.leaf_hash), "path": [b64(h) for h in self.path],
            "algorithm": "RFC 6962 SHA-256",
        }


def head() -> Head:
    """The current head of the tree."""
    tree = Tree.objects.get(pk=1)
    return Head(tree.size, bytes(tree.root))


def history(table_code: str, key: str) -> list[Record]:
    """Every version of a record, newest first."""
    return list(Record.objects.filter(table_code=table_code, key=key).order_by("-number"))


def leaf_of(record: Record) -> bytes:
    """The bytes that the entry's leaf hash is over, made again from what is stored."""
    return canonical_leaf(
        record.table_code, record.key, record.operation, record.payload, record.source, record.channel, record.received_at
    )


def _subtree(level: int, index: int) -> Hash:
    """Root of a perfect subtree: kept from KEPT_LEVEL up, computed from leaf hashes below."""
    if level >= KEPT_LEVEL:
        return bytes(Node.objects.values_list("hash", flat=True).get(level=level, index=index))
    first, count = (index << level) + 1, 1 << level
    leaves = Record.objects.filter(number__gte=first, number__lt=first + count).order_by("number")
    frontier = Frontier()
    frontier.append(bytes(h) for h in leaves.values_list("leaf_hash", flat=True))
    if frontier.size != count:
        raise ValueError(f"the log lacks entries between {first} and {first + count - 1}")
    return frontier.root()


def proof(number: int) -> Proof:
    """Inclusion proof of entry ``number`` against the current root. Raises Record.DoesNotExist when there is none."""
    # The tree only grows: a head read first is a tree whose leaves and inner nodes are all there afterwards.
    now = head()
    record = Record.objects.get(number=number)
    leaf = leaf_of(record)
    return Proof(number, leaf, leaf_hash(leaf), inclusion_proof(number - 1, now.size, _subtree), now)
