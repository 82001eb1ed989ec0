"""Requests in the strong suite: who signed, is it fresh, what is inside. Protocol: docs/strong-suite.md.

Failures are one answer each for the outside: which part of a signature was wrong is nobody's business.
"""

from canglin.gateway import http
from canglin.gateway.directory import App, Directory
from canglin.gateway.sessions import Replays
from canglin.gateway.suites import Unreadable

APPID, TIME, NONCE, SIGNATURE = b"x-canglin-appid", b"x-canglin-time", b"x-canglin-nonce", b"x-canglin-signature"
SEALED = b"application/vnd.canglin.sm4-gcm"


class Refused(Exception):
    """The request is not accepted; ``code`` as in the v2022 envelope (400 or 401)."""

    def __init__(self, code: int, msg: str):
        super().__init__(msg)
        self.code, self.msg = code, msg


class Strong:
    """Opens signed requests."""

    def __init__(self, directory: Directory, replays: Replays):
        self._directory, self._replays = directory, replays

    @staticmethod
    def signed(headers: dict[bytes, bytes]) -> bool:
        """Whether a request speaks this suite."""
        return SIGNATURE in headers

    async def open(self, scope: http.Scope, headers: dict[bytes, bytes], raw: bytes) -> tuple[App, bytes]:
        """The application that signed the request, and the plain body. Raises Refused."""
        appid, time_ms, nonce = (headers.get(name, b"").decode("latin-1") for name in (APPID, TIME, NONCE))
        app = await self._directory.get(appid)
        if app is None or "sm" not in app.suites:
            raise Refused(401, "应用不存在、已停用或未允许国密套件")
        try:
            canonical = app.sm.canonical(scope["method"], http.target(scope), appid, time_ms, nonce, raw)
            app.sm.check(canonical, headers[SIGNATURE].decode("latin-1"))
        except Unreadable:
            raise Refused(400, "签名不符") from None
        # Only after the signature: a stranger must not be able to use up somebody's nonces.
        if not time_ms.isdigit() or len(time_ms) > 14 or not self._replays.fresh(int(time_ms)):
            raise Refused(400, "时间戳无效或已过期")
        if not 16 <= len(nonce) <= 64 or not self._replays.first_time(appid, "sm:" + nonce):
            raise Refused(400, "随机数无效或重复")
        if headers.get(b"content-type", b"").split(b";")[0].strip() != SEALED:
            return app, raw
        try:
            return app, app.sm.open(raw, f"{appid}\n{time_ms}\n{nonce}".encode())
        except Unreadable:
            raise Refused(400, "报文不能解密") from None
