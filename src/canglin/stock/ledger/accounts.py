"""What an account is, and its number."""

from functools import lru_cache
from hashlib import blake2b
from typing import NamedTuple

LOT, SUPPLIER, CUSTOMER, LOSS, NATURE, TRANSIT = "lot", "supplier", "customer", "loss", "nature", "transit"


class AccountKey(NamedTuple):
    """The identity of an account; '' and 0 where a record does not state it. See models.Account."""

    kind: str
    depot_code: str
    lot_code: str = ""
    variety_code: str = ""
    nature_code: str = ""
    harvest_year: int = 0
    other_lot_code: str = ""


def depot_of(lot_code: str) -> str:
    """The depot a lot lies in: the first 21 of its 30 characters (LS/T 1714)."""
    return lot_code[:21]


# Bounded: a province has some 30,000 accounts; a hostile sender could name more.
@lru_cache(maxsize=1 << 16)
def number_of(account: AccountKey) -> int:
    """The account's number: 63 bits of a digest of its identity.

    A digest and not a sequence: whoever posts need not ask the database which number an account has, nothing has to be
    forgotten after a rollback, and the rebuilt ledger has the numbers of the live one.
    """
    identity = "\x1f".join(map(str, account)).encode()
    return int.from_bytes(blake2b(identity, digest_size=8).digest()) >> 1
