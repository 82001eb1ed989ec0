"""A gateway of forty lines, written from the interface's document: it opens what the sender closes and answers as it is
told."""

import asyncio
import gzip
import json
from base64 import b64decode
from collections import Counter
from collections.abc import Callable
from hashlib import md5
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SECRET, APP_KEY, APPID, TOKEN = "00112233445566778899aabbccddeeff", "key-of-the-app", "demo000000000001", "token-1"
KEYS = {"appid": APPID, "app_key": APP_KEY, "secret": SECRET}


def opened(text: str) -> bytes:
    """Plaintext of what the sender closed."""
    decrypt = Cipher(algorithms.AES256(SECRET.encode()), modes.ECB()).decryptor()
    plain = decrypt.update(b64decode(text, validate=True)) + decrypt.finalize()
    return plain[: -plain[-1]]


class FakeGateway:
    """``answer(endpoint, record)`` says what a record gets: an envelope's code, or None to hang up without an
    answer."""

    def __init__(self, answer: Callable[[str, dict[str, Any]], int | None] = lambda endpoint, record: 200) -> None:
        self.answer = answer
        self.taken: list[tuple[str, dict[str, Any]]] = []
        self.request_ids: list[str] = []
        self.files: dict[str, bytes] = {}
        self.logins = 0
        self.calls: Counter[str] = Counter()
        self.in_flight = self.most_in_flight = 0

    async def __aenter__(self) -> "FakeGateway":
        self._server = await asyncio.start_server(self._talk, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *error: object) -> None:
        self._server.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
                path = head[0].split(" ")[1]
                headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in head[1:])}
                body = await reader.readexactly(int(headers["content-length"]))
                self.in_flight += 1
                self.most_in_flight = max(self.most_in_flight, self.in_flight)
                await asyncio.sleep(0.002)
                reply = self._reply(path, headers, body)
                self.in_flight -= 1
                if reply is None:
                    break
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(reply) + reply)
        except asyncio.IncompleteReadError:
            pass
        writer.close()

    def _reply(self, path: str, headers: dict[str, str], body: bytes) -> bytes | None:
        self.calls[path] += 1
        if path == "/api/v2022/sfrz":
            login = json.loads(body)
            assert opened(login["appkey"]).decode() == APP_KEY
            self.logins += 1
            return _said(200, {"access_token": TOKEN, "appid": APPID, "dwdm": "", "dwmc": ""})
        assert headers["authorization"] == f"Bearer {TOKEN}"
        if path.startswith("/api/v1/records/"):
            assert headers["content-encoding"] == "gzip"
            rows = [json.loads(line) for line in gzip.decompress(body).splitlines()]
            codes = [self.answer(path, row) for row in rows]
            self.taken += [(path[-4:], row) for row, code in zip(rows, codes, strict=True) if code == 200]
            receipts = [{"line": i, "status": "taken" if code == 200 else "refused", "number": i, "errors": [
                {"field": "jz", "rule": "net", "found": "1", "expected": "2"}]} for i, code in enumerate(codes, 1)]
            taken = codes.count(200)
            return json.dumps({"taken": taken, "same": 0, "refused": len(rows) - taken, "rows": receipts}).encode()
        if path == "/api/v2022/file/upload":
            number = f"{len(self.files) + 1:020d}"
            self.files[number] = body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n--", 1)[0]
            return _said(200, number)
        plain = opened(body.decode())
        assert headers["digest"] == md5(plain).hexdigest()
        assert opened(headers["nonce"]).decode().removeprefix(TOKEN).isdigit()
        mark = opened(headers["requestid"]).decode().removeprefix(TOKEN)
        assert len(mark) == 19
        self.request_ids.append(mark)
        endpoint, record = path.removeprefix("/api/v2022/"), json.loads(plain)
        code = self.answer(endpoint, record)
        if code == 200:
            self.taken.append((endpoint, record))
        return None if code is None else _said(code, None)


def _said(code: int, data: Any) -> bytes:
    return json.dumps({"code": code, "msg": None if code == 200 else "不行", "data": data},
                      separators=(",", ":")).encode()
