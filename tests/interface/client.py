"""A depot system's client of the v2022 interface, written from the interface's document alone.

It shares no code with the server on purpose: both sides were read from the same document, so where they disagree one
of them has misread it. Every protecting header can be replaced or left out, which is how the tests make each wrong.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import secrets
import threading
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

TIMEOUT_S = 60


def encrypt(secret: str, plain: bytes) -> str:
    """AES-256, ECB, PKCS#7, Base64. The 32 hexadecimal characters of the secret are themselves the 32 key bytes."""
    padder = padding.PKCS7(128).padder()
    encryptor = Cipher(algorithms.AES(secret.encode("ascii")), modes.ECB()).encryptor()  # the field's cipher
    padded = padder.update(plain) + padder.finalize()
    return base64.b64encode(encryptor.update(padded) + encryptor.finalize()).decode("ascii")


def digest(plain: bytes) -> str:
    return hashlib.md5(plain).hexdigest()


def encode(record: Any) -> bytes:
    """JSON as depot systems write it: numbers bare, Chinese unescaped."""

    def number(value: object) -> object:
        if isinstance(value, Decimal):
            return int(value) if value == value.to_integral_value() else float(value)
        raise TypeError(type(value))

    return json.dumps(record, ensure_ascii=False, default=number).encode()


@dataclass(frozen=True)
class Reply:
    """What came back: the HTTP status, the envelope's three members, and the headers."""

    http: int
    code: int
    msg: str | None
    data: Any
    headers: Mapping[str, str]

    @property
    def fields(self) -> set[str]:
        """The fields a 410 names: ``field:reason`` joined by a comma."""
        return {part.split(":", 1)[0].strip() for part in (self.msg or "").split(",") if ":" in part}


@dataclass(frozen=True)
class Answer:
    """An answer outside the v2022 envelope."""

    http: int
    body: bytes
    headers: Mapping[str, str]

    @property
    def json(self) -> Any:
        return json.loads(self.body, parse_float=Decimal)


class Transport:
    """One kept-alive connection a thread."""

    def __init__(self, base_url: str) -> None:
        self.address = urlsplit(base_url).netloc
        self._local = threading.local()

    def request(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """Send once. A kept connection that the server closed meanwhile is replaced before anything was sent on it."""
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        fresh = connection is None
        if connection is None:
            connection = self._local.connection = http.client.HTTPConnection(self.address, timeout=TIMEOUT_S)
        try:
            connection.request(method, path, body=body, headers=dict(headers))
            response = connection.getresponse()
            content = response.read()
        except (http.client.RemoteDisconnected, BrokenPipeError, ConnectionResetError):
            self.close()
            if fresh:
                raise
            return self.request(method, path, body, headers)
        except (OSError, http.client.HTTPException):
            self.close()
            raise
        if response.will_close:
            self.close()
        return Answer(response.status, content, {name.lower(): value for name, value in response.getheaders()})

    def close(self) -> None:
        connection: http.client.HTTPConnection | None = getattr(self._local, "connection", None)
        self._local.connection = None
        if connection is not None:
            connection.close()


class Client:
    """One application of a depot system, logged in on first use."""

    def __init__(self, base_url: str, appid: str, app_key: str, secret: str) -> None:
        self.appid, self.app_key, self.secret = appid, app_key, secret
        self.transport = Transport(base_url)
        self._token: str | None = None

    # Logging in

    def sign_in(self, **changes: Any) -> Reply:
        """``POST /api/v2022/sfrz`` with the published members; `changes` replaces or (with None) drops some."""
        body = {"appid": self.appid, "appkey": encrypt(self.secret, self.app_key.encode())} | changes
        body = {name: value for name, value in body.items() if value is not None}
        return self.envelope("POST", "/api/v2022/sfrz", encode(body), {"Content-Type": "application/json"})

    @property
    def token(self) -> str:
        if self._token is None:
            reply = self.sign_in()
            if reply.code != 200:
                raise AssertionError(f"login was refused: {reply}")
            self._token = reply.data["access_token"]
        return self._token

    # Sending a record

    def nonce(self, offset_ms: int = 0, token: str | None = None) -> str:
        milliseconds = time.time_ns() // 1_000_000 + offset_ms
        return encrypt(self.secret, f"{token or self.token}{milliseconds}".encode())

    def request_id(self, token: str | None = None) -> str:
        """Base64 AES(token + 19 characters); a new one every time."""
        return encrypt(self.secret, f"{token or self.token}{secrets.randbelow(10**19):019d}".encode())

    def headers(self, plain: bytes, stock_house: str | None = None) -> dict[str, str]:
        headers = {
            "Authorization": f"Bearer {self.token}",
            "Content-Type": "application/json",
            "digest": digest(plain),
            "nonce": self.nonce(),
            "requestId": self.request_id(),
        }
        if stock_house is not None:
            headers["stockHouse"] = encrypt(self.secret, stock_house.encode())
        return headers

    def send(
        self,
        endpoint: str,
        record: Any,
        *,
        plain: bool = False,
        body: bytes | None = None,
        method: str = "POST",
        stock_house: str | None = None,
        headers: Mapping[str, str | None] | None = None,
    ) -> Reply:
        """Deliver one record; bytes go as they are. `headers` replaces headers, or leaves out those set to None.

        `body` replaces what is transmitted while the headers still belong to `record`. A 429 is obeyed: the
        application waits and sends again with a new requestId, as the document asks.
        """
        plaintext = record if isinstance(record, bytes) else encode(record)
        for _ in range(50):
            complete: dict[str, str | None] = {**self.headers(plaintext, stock_house), **(headers or {})}
            sent = {name: value for name, value in complete.items() if value is not None}
            content = body
            if content is None:
                content = plaintext if plain else encrypt(self.secret, plaintext).encode("ascii")
            reply = self.envelope(method, f"/api/v2022/{endpoint}", content, sent)
            if reply.code != 429:
                return reply
            time.sleep(min(float(reply.headers.get("retry-after", "0.2")), 2.0))
        return reply

    def upload(self, content: bytes, name: str = "photo.jpg", *, authorised: bool = True, part: str = "file") -> Reply:
        """``POST /api/v2022/file/upload``: a multipart form with nothing but the token to protect it."""
        boundary = secrets.token_hex(16)
        head = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="{part}"; filename="{name}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        body = head.encode() + content + f"\r\n--{boundary}--\r\n".encode()
        headers = {"Content-Type": f"multipart/form-data; boundary={boundary}"}
        if authorised:
            headers["Authorization"] = f"Bearer {self.token}"
        return self.envelope("POST", "/api/v2022/file/upload", body, headers)

    def envelope(self, method: str, path: str, body: bytes | None, headers: Mapping[str, str]) -> Reply:
        answer = self.transport.request(method, path, body, headers)
        content = json.loads(answer.body)
        assert set(content) >= {"code", "msg", "data"}, f"not the envelope of the document: {content}"
        return Reply(answer.http, content["code"], content["msg"], content["data"], answer.headers)

    # The platform's own interface, with the same login

    def batch(
        self,
        code: str,
        records: Iterable[Any],
        *,
        compressed: bool = False,
        dry_run: bool = False,
        idempotency_key: str | None = None,
        token: str | None = None,
    ) -> Answer:
        """``POST /api/v1/records/{code}``: one record a line; bytes go as they are."""
        lines = [record if isinstance(record, bytes) else encode(record) for record in records]
        body = b"\n".join(lines) + b"\n"
        headers = {"Authorization": f"Bearer {token or self.token}", "Content-Type": "application/x-ndjson"}
        if compressed:
            body, headers["Content-Encoding"] = gzip.compress(body, compresslevel=1), "gzip"
        if idempotency_key is not None:
            headers["Idempotency-Key"] = idempotency_key
        query = "?dry_run=1" if dry_run else ""
        return self.transport.request("POST", f"/api/v1/records/{quote(code)}{query}", body, headers)

    def get(self, path: str, *, token: str | None = None, **query: Any) -> Answer:
        target = f"{path}?{urlencode(query)}" if query else path
        return self.transport.request("GET", target, None, {"Authorization": f"Bearer {token or self.token}"})
