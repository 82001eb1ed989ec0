"""Tokens of the v2022 interface, and the memory that tells a replay.

A token carries application, expiry and key version under an HMAC of this installation, so that it needs no table, outlives a
restart, and dies at once when its application is disabled or its key is rotated.
"""

import base64
import hmac
import time
from collections.abc import Callable
from hashlib import sha256

from canglin.gateway.directory import App, Directory
from canglin.instance import Instance

TOKEN_LIFE_S = 7200
#: A request's nonce may be this old, or this far in the future.
NONCE_WINDOW_S = 60
#: How long a requestId is remembered: nobody without the secret can write a fresh nonce, so none can come back later than this.
REMEMBER_S = 2 * NONCE_WINDOW_S + 5


class Tokens:
    """Issues and recognises tokens."""

    def __init__(self, directory: Directory):
        self._directory = directory
        self._key = Instance.current().secret("tokens")
        self._known: dict[str, tuple[str, int, float]] = {}

    def _mac(self, body: str) -> str:
        mac = hmac.digest(self._key, body.encode(), sha256)[:18]
        return base64.urlsafe_b64encode(mac).decode()

    def issue(self, app: App) -> str:
        """A new token; earlier ones stay valid."""
        body = f"{app.appid}.{int(time.time()) + TOKEN_LIFE_S}.{app.key_version}.{time.time_ns() % 1_000_000:06d}"
        return f"{body}.{self._mac(body)}"

    async def app_of(self, token: str) -> App | None:
        """The application the token was issued to; None when it is not ours, expired, or the application's key changed."""
        known = self._known.get(token)
        if known is None:
            body, _, mac = token.rpartition(".")
            parts = body.split(".")
            if len(parts) != 4 or not hmac.compare_digest(mac, self._mac(body)):
                return None
            if len(self._known) > 20_000:
                self._known.clear()
            known = self._known[token] = (parts[0], int(parts[2]), float(parts[1]))
        appid, key_version, expires = known
        if time.time() > expires:
            return None
        app = await self._directory.get(appid)
        return app if app is not None and app.key_version == key_version else None


class Replays:
    """Remembers requestIds for as long as their nonce could be valid.

    Two generations, the older dropped whole: constant work and bounded memory at any rate. What a former process saw is not
    known here; ``floor_s`` (the time of the newest log entry at start) makes nonces from before that too old.
    """

    def __init__(self, floor_s: float = 0, clock: Callable[[], float] = time.time):
        self._floor_ms = int(floor_s * 1000)
        self._clock = clock
        self._now: set[int] = set()
        self._before: set[int] = set()
        self._turned = clock()

    def first_time(self, appid: str, request_id: str) -> bool:
        """Consume a requestId: True the first time, False when it was seen."""
        now = self._clock()
        if now - self._turned > REMEMBER_S:
            self._before, self._now = (self._now, set()) if now - self._turned < 2 * REMEMBER_S else (set(), set())
            self._turned = now
        mark = hash((appid, request_id))
        if mark in self._now or mark in self._before:
            return False
        self._now.add(mark)
        return True

    def fresh(self, epoch_ms: int) -> bool:
        """Whether a nonce's time is within the window and not from before the floor."""
        now_ms = self._clock() * 1000
        return now_ms - NONCE_WINDOW_S * 1000 <= epoch_ms <= now_ms + NONCE_WINDOW_S * 1000 and epoch_ms >= self._floor_ms
