"""Cryptography used by more than one room. Here: sealing, how secrets lie in the database.

A sealed value is useless without the installation's key, which lies in the data folder and never in the database:
whoever steals a database dump learns no application's secret. The cipher is AES-256-GCM; ``context`` names what the
value belongs to and is authenticated, so that a sealed secret copied from one row into another does not open.

Form: one byte of version (1), 12 bytes of nonce, ciphertext with its 16-byte tag.
"""

import os
from functools import cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from canglin.instance import Instance

_VERSION = b"\x01"
_NONCE_BYTES = 12


class SealBroken(ValueError):
    """A sealed value does not open: another installation's key, another context, or the bytes were changed."""


@cache
def _cipher() -> AESGCM:
    return AESGCM(Instance.current().secret("seal"))


def seal(plaintext: bytes, context: str) -> bytes:
    """``plaintext`` sealed for ``context`` (what it belongs to, e.g. ``application:0a1b…:secret``). Never twice the
    same bytes."""
    nonce = os.urandom(_NONCE_BYTES)
    return _VERSION + nonce + _cipher().encrypt(nonce, plaintext, _VERSION + context.encode())


def unseal(sealed: bytes | memoryview, context: str) -> bytes:
    """What ``seal`` was given. Raises SealBroken when key, context or bytes are not those of the sealing."""
    raw = bytes(sealed)
    if len(raw) < 1 + _NONCE_BYTES + 16 or raw[:1] != _VERSION:
        raise SealBroken(f"not a sealed value of a known version: {context}")
    nonce, body = raw[1 : 1 + _NONCE_BYTES], raw[1 + _NONCE_BYTES :]
    try:
        return _cipher().decrypt(nonce, body, _VERSION + context.encode())
    except InvalidTag:
        raise SealBroken(f"{context} does not open with this installation's key (keys/seal)") from None
