"""A client of the strong suite (docs/strong-suite.md): SM4-GCM bodies, signed with HMAC-SM3. Needs `cryptography`.

    python examples/reference_client.py http://127.0.0.1:8000 APPID SECRET 1102 < record.json

delivers the record on standard input to a table by its code (1102; one record a line) or by its endpoint (kqxx).
"""

import json
import secrets
import sys
import time
import urllib.request

from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes


def hmac_sm3(key: bytes, message: bytes) -> bytes:
    mac = hmac.HMAC(key, hashes.SM3())
    mac.update(message)
    return mac.finalize()


def sm3_hex(message: bytes) -> str:
    hashed = hashes.Hash(hashes.SM3())
    hashed.update(message)
    return hashed.finalize().hex()


def protect(appid: str, secret: str, path: str, plain: bytes, now_ms: str, nonce: str, iv: bytes) -> tuple[bytes, dict[str, str]]:
    """The sealed body and the headers that go with it. `nonce` and `iv` must never have been used before."""
    mac_key = hmac_sm3(secret.encode(), b"canglin sm mac 1")
    cipher_key = hmac_sm3(secret.encode(), b"canglin sm enc 1")[:16]
    sealer = Cipher(algorithms.SM4(cipher_key), modes.GCM(iv)).encryptor()
    sealer.authenticate_additional_data("\n".join((appid, now_ms, nonce)).encode())
    body = iv + sealer.update(plain) + sealer.finalize() + sealer.tag
    request = "\n".join(("POST", path, appid, now_ms, nonce, sm3_hex(body)))
    return body, {
        "Content-Type": "application/vnd.canglin.sm4-gcm",
        "X-Canglin-Appid": appid,
        "X-Canglin-Time": now_ms,
        "X-Canglin-Nonce": nonce,
        "X-Canglin-Signature": hmac_sm3(mac_key, request.encode()).hex(),
    }


def deliver(base_url: str, appid: str, secret: str, table: str, plain: bytes) -> object:
    """Deliver a record and return the platform's answer, parsed. A retry of the same record is signed anew."""
    path = f"/api/v1/records/{table}" if table.isdigit() else f"/api/v2022/{table}"
    now_ms = str(time.time_ns() // 1_000_000)
    body, headers = protect(appid, secret, path, plain, now_ms, secrets.token_hex(16), secrets.token_bytes(12))
    request = urllib.request.Request(base_url + path, body, headers)  # noqa: S310 - the operator names the platform
    with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
        return json.load(answer)


if __name__ == "__main__":
    base_url, appid, secret, table = sys.argv[1:]
    print(json.dumps(deliver(base_url, appid, secret, table, sys.stdin.buffer.read()), ensure_ascii=False))
