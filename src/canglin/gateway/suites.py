"""The two ways a request is protected on its way in.

``v2022`` is what the field speaks: AES-256 in ECB with PKCS#7, Base64, MD5 as digest. It stays for compatibility. ``sm`` is ours:
SM4-GCM bodies and HMAC-SM3 over a canonical request; docs/strong-suite.md has its test vector and examples/ a client.
"""

import base64
import binascii
import hmac
from hashlib import md5

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hmac import HMAC

_BLOCK = 16


class Unreadable(ValueError):
    """A ciphertext or signature does not open or does not match."""


class V2022:
    """The field's cipher under one application's secret (32 hex characters used as 32 ASCII bytes).

    ECB keeps no state between blocks, so one open context serves every message of a session; a new one for each would cost
    more than the cipher itself. Not for use by several threads.
    """

    def __init__(self, secret: str):
        cipher = Cipher(algorithms.AES256(secret.encode()), modes.ECB())  # noqa: S305
        self._decrypt = cipher.decryptor().update
        self._encrypt = cipher.encryptor().update

    def open(self, text: bytes | str) -> bytes:
        """Plaintext of Base64 ``text``. Raises Unreadable."""
        try:
            raw = binascii.a2b_base64(text)
        except (binascii.Error, ValueError):
            raise Unreadable("not Base64") from None
        if not raw or len(raw) % _BLOCK:
            raise Unreadable("not whole blocks")
        plain = self._decrypt(raw)
        pad = plain[-1]
        if not 1 <= pad <= _BLOCK or plain[-pad:] != bytes([pad]) * pad:
            raise Unreadable("wrong padding")
        return plain[:-pad]

    def close(self, plain: bytes) -> str:
        """Base64 ciphertext of ``plain``."""
        pad = _BLOCK - len(plain) % _BLOCK
        return base64.b64encode(self._encrypt(plain + bytes([pad]) * pad)).decode()


def digest_v2022(plain: bytes) -> str:
    """Lowercase hex MD5, the field's digest."""
    return md5(plain, usedforsecurity=False).hexdigest()


def sm3(data: bytes) -> bytes:
    """SM3 hash (GB/T 32905-2016), 32 bytes."""
    hasher = hashes.Hash(hashes.SM3())
    hasher.update(data)
    return hasher.finalize()


def hmac_sm3(key: bytes, data: bytes) -> bytes:
    """HMAC with SM3, 32 bytes."""
    mac = HMAC(key, hashes.SM3())
    mac.update(data)
    return mac.finalize()


class Sm:
    """The strong suite under one application's secret."""

    def __init__(self, secret: str):
        # One secret, two keys: what signs must not also encrypt.
        self._mac = hmac_sm3(secret.encode(), b"canglin sm mac 1")
        self._cipher = hmac_sm3(secret.encode(), b"canglin sm enc 1")[:16]

    @staticmethod
    def canonical(method: str, target: str, appid: str, time_ms: str, nonce: str, body: bytes) -> bytes:
        """What is signed, a line each: method, path with query as sent, application, time, nonce, SM3 of the body as sent."""
        return "\n".join((method, target, appid, time_ms, nonce, sm3(body).hex())).encode()

    def sign(self, canonical: bytes) -> str:
        """Lowercase hex HMAC-SM3."""
        return hmac_sm3(self._mac, canonical).hex()

    def check(self, canonical: bytes, signature: str) -> None:
        """Raises Unreadable when ``signature`` is not ours."""
        if not hmac.compare_digest(self.sign(canonical), signature.lower()):
            raise Unreadable("wrong signature")

    def open(self, body: bytes, bound: bytes) -> bytes:
        """Plaintext of IV (12 bytes) ‖ ciphertext ‖ tag (16 bytes); ``bound`` (appid, time, nonce) is authenticated with it."""
        if len(body) < 28:
            raise Unreadable("too short for SM4-GCM")
        decryptor = Cipher(algorithms.SM4(self._cipher), modes.GCM(body[:12], body[-16:])).decryptor()
        decryptor.authenticate_additional_data(bound)
        try:
            return decryptor.update(body[12:-16]) + decryptor.finalize()
        except InvalidTag:
            raise Unreadable("the body was changed or the key is another") from None

    def close(self, plain: bytes, bound: bytes, iv: bytes) -> bytes:
        """The other direction; ``iv`` is 12 bytes never used before under this key."""
        encryptor = Cipher(algorithms.SM4(self._cipher), modes.GCM(iv)).encryptor()
        encryptor.authenticate_additional_data(bound)
        return iv + encryptor.update(plain) + encryptor.finalize() + encryptor.tag
