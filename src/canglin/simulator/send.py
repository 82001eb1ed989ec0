"""One depot system at work: signs in, encrypts, signs, sends, tries again, and counts what became of each record.

Written from the interface's document (v2022, and batch), not from the platform's code.
"""

import asyncio
import secrets
import time
from base64 import b64encode
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from gzip import compress
from hashlib import md5
from itertools import islice
from typing import Any

import msgspec
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from canglin.simulator.link import Answer, Link, LinkError
from canglin.simulator.province import REFERENCE_ORDER, Batch, encode
from canglin.simulator.records_events import FILE_FIELDS, content

ENDPOINTS = {
    "1101": "dwxx", "1102": "kqxx", "1103": "cfxx", "1104": "ajxx", "1105": "hwxx", "1106": "ygxx", "1107": "sbxx",
    "1108": "yjxx", "1109": "wjxx", "1110": "kqtcfdwbz", "1111": "kqtspjksbdwbz", "1112": "ryxx", "1201": "htxx",
    "1202": "lsrkxx", "1203": "rkjyxx", "1204": "rkjsxx", "1205": "lsckxx", "1206": "lsckjs", "1207": "dcxx",
    "1208": "lskc", "1209": "syd", "1210": "xzzbd", "1211": "zmkcxx", "1212": "khxx", "1301": "aqgl", "1302": "wsdjc",
    "1303": "hcjc", "1304": "qtjc", "1305": "tfzy", "1306": "xzzy", "1307": "cnsptx", "1308": "spjkycsjgjjbxx",
    "1309": "wgyjxx", "1310": "zjsj"}
_RANK = {code: rank for rank, code in enumerate(REFERENCE_ORDER)}
#: Tries of one request, and the first wait between two; each wait doubles.
TRIES, FIRST_WAIT_S = 7, 0.25
#: Records sent between two barriers.
WINDOW = 600


@dataclass(frozen=True)
class Keys:
    """What an application was given: ``canglin app create``."""

    appid: str
    app_key: str
    secret: str

    @classmethod
    def of(cls, keys: "Mapping[str, str] | Keys") -> "Keys":
        """From the command's JSON."""
        return keys if isinstance(keys, Keys) else cls(keys["appid"], keys["app_key"], keys["secret"])


@dataclass
class Outcome:
    """What became of what was sent. ``reasons`` counts refusals by table and reason, so that a fault is seen once."""

    taken: int = 0
    same: int = 0
    refused: int = 0
    retries: int = 0
    by_table: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)

    @property
    def sent(self) -> int:
        """All records that were answered."""
        return self.taken + self.same + self.refused

    def add(self, other: "Outcome") -> None:
        """Count another's as well."""
        self.taken += other.taken
        self.same += other.same
        self.refused += other.refused
        self.retries += other.retries
        self.by_table.update(other.by_table)
        self.reasons.update(other.reasons)


class GaveUp(Exception):
    """The gateway could not be reached or would not let the application in."""


class _Cipher:
    """AES-256 in ECB with PKCS#7; the secret's 32 hex characters are the key's bytes."""

    def __init__(self, secret: str) -> None:
        self._update = Cipher(algorithms.AES256(secret.encode()), modes.ECB()).encryptor().update  # noqa: S305

    def close(self, plain: bytes) -> bytes:
        """Base64 ciphertext."""
        pad = 16 - len(plain) % 16
        return b64encode(self._update(plain + bytes([pad]) * pad))


class Sender:
    """Reports as one application. Several records are in flight, never one before what it refers to has been
    answered."""

    def __init__(self, link: Link, keys: Keys | str, on_answer: Callable[[int], None] = lambda records: None) -> None:
        """``keys`` of an application, or a person's token: that serves for batches alone."""
        self._link, self._on_answer = link, on_answer
        self._keys: Keys | None = None if isinstance(keys, str) else keys
        self._token = keys if isinstance(keys, str) else ""
        self._cipher = _Cipher(self._keys.secret if self._keys else "0" * 32)
        self._signing_in = asyncio.Lock()
        self.outcome = Outcome()

    # Getting in ------------------------------------------------------------------------------------

    async def _sign_in(self, stale: str) -> None:
        async with self._signing_in:
            if self._token != stale:
                return
            if not self._keys:
                raise GaveUp("the token is not accepted")
            body = {"appid": self._keys.appid, "appkey": self._cipher.close(self._keys.app_key.encode()).decode()}
            answer = await self._try("/api/v2022/sfrz", lambda: (msgspec.json.encode(body), _JSON))
            reply = _envelope(answer)
            if reply["code"] != 200:
                raise GaveUp(f"sign-in of {self._keys.appid}: {reply['code']} {reply['msg']}")
            self._token = reply["data"]["access_token"]

    async def _try(self, path: str, make: Callable[[], tuple[bytes, dict[str, str]]]) -> Answer:
        """Send, again while the gateway is away or says it is busy. ``make`` builds each try anew: a nonce ages, and a
        requestId counts as used even when its record is not taken."""
        wait = FIRST_WAIT_S
        for attempt in range(1, TRIES + 1):
            body, headers = make()
            try:
                answer = await self._link.post(path, body, headers)
            except LinkError as error:
                if attempt == TRIES:
                    raise GaveUp(str(error)) from error
            else:
                busy = answer.status in (429, 503) or (answer.status == 200 and answer.body[:11] in _BUSY)
                if not busy or attempt == TRIES:
                    return answer
                wait = max(wait, answer.retry_after_s)
            self.outcome.retries += 1
            await asyncio.sleep(wait)
            wait *= 2
        raise AssertionError("unreachable: the last try returns or raises")

    def _signed(self, plain: bytes) -> tuple[bytes, dict[str, str]]:
        close, token = self._cipher.close, self._token
        return close(plain), {
            "Content-Type": "application/json", "Authorization": f"Bearer {token}",
            "digest": md5(plain, usedforsecurity=False).hexdigest(),
            "nonce": close(f"{token}{time.time_ns() // 1_000_000}".encode()).decode(),
            "requestId": close((token + secrets.token_hex(10)[:19]).encode()).decode()}

    # Records ---------------------------------------------------------------------------------------

    async def record(self, code: str, record: dict[str, Any]) -> None:
        """One record over v2022, its file first when it binds one."""
        if code in FILE_FIELDS:
            name = FILE_FIELDS[code]
            record = {**record, name: await self.upload(*content(record[name]))}
        plain = encode(record)
        reply = await self._asked(f"/api/v2022/{ENDPOINTS[code]}", lambda: self._signed(plain))
        if reply["code"] == 200:
            self.outcome.taken += 1
        else:
            self._refused(code, f"{reply['code']} {reply['msg']}")
        self.outcome.by_table[code] += 1
        self._on_answer(1)

    async def _asked(self, path: str, make: Callable[[], tuple[bytes, dict[str, str]]]) -> dict[str, Any]:
        """A v2022 request's envelope; signs in first, and again when the token has run out."""
        for _ in range(2):
            token = self._token
            if not token:
                await self._sign_in(token)
            reply = _envelope(await self._try(path, make))
            if reply["code"] not in (401, 402):
                break
            await self._sign_in(self._token)
        return reply

    async def upload(self, name: str, data: bytes) -> str:
        """A picture or clip; its id. Raises GaveUp when it is not taken."""
        mark = secrets.token_hex(12)
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
        body = f"{head}Content-Type: application/octet-stream\r\n\r\n".encode() + data + f"\r\n--{mark}--\r\n".encode()
        reply = await self._asked("/api/v2022/file/upload", lambda: (body, {
            "Content-Type": f"multipart/form-data; boundary={mark}", "Authorization": f"Bearer {self._token}"}))
        if reply["code"] != 200:
            raise GaveUp(f"upload of {name}: {reply['code']} {reply['msg']}")
        return str(reply["data"])

    async def records(self, items: Iterable[tuple[str, dict[str, Any]]]) -> None:
        """Many records over v2022: window by window, and in a window table by table, so that what is referred to is
        there."""
        source = iter(items)
        while window := list(islice(source, WINDOW)):
            by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for code, record in window:
                by_table[code].append(record)
            for code in sorted(by_table, key=_RANK.__getitem__):
                await asyncio.gather(*(self.record(code, record) for record in by_table[code]))

    async def batch(self, batch: Batch) -> None:
        """Rows of one table in one call."""
        body = compress(batch.body, 1)
        for _ in range(2):
            if not self._token:
                await self._sign_in("")
            answer = await self._try(f"/api/v1/records/{batch.code}", lambda: (body, {
                "Content-Type": "application/x-ndjson", "Content-Encoding": "gzip",
                "Authorization": f"Bearer {self._token}"}))
            if answer.status != 401:
                break
            await self._sign_in(self._token)
        if answer.status != 200:
            self._refused(batch.code, f"HTTP {answer.status} {answer.body[:200].decode(errors='replace')}", batch.rows)
        else:
            self._receipts(batch.code, msgspec.json.decode(answer.body))
        self.outcome.by_table[batch.code] += batch.rows
        self._on_answer(batch.rows)

    def _receipts(self, code: str, reply: dict[str, Any]) -> None:
        self.outcome.taken += reply["taken"]
        self.outcome.same += reply["same"]
        if reply["refused"]:
            for row in reply["rows"]:
                if row["status"] == "refused":
                    first = row["errors"][0] if row["errors"] else {"field": "", "rule": "unknown", "found": ""}
                    self._refused(code, f"{first['field']}:{first['rule']} {first['found'][:60]}")

    def _refused(self, code: str, reason: str, records: int = 1) -> None:
        self.outcome.refused += records
        self.outcome.reasons[f"{code} {reason}"] += records


_JSON = {"Content-Type": "application/json"}
#: How an envelope begins that asks for another try.
_BUSY = (b'{"code":409', b'{"code":429')


def _envelope(answer: Answer) -> dict[str, Any]:
    try:
        reply = msgspec.json.decode(answer.body)
    except msgspec.DecodeError:
        reply = None
    if not isinstance(reply, dict) or not isinstance(reply.get("code"), int):
        return {"code": answer.status, "msg": answer.body[:120].decode(errors="replace"), "data": None}
    return reply


