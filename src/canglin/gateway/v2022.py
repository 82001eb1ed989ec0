"""The depot interface in service (annex E of 粮食购销领域监管信息化规范), depot side.

HTTP 200 always; ``{"code", "msg", "data"}`` says what became of it. The steps of one record are numbered in `V2022.record`.
"""

import asyncio
from functools import partial
from typing import Any, Never

import msgspec

from canglin.accounts.queries import place_names
from canglin.gateway import files, http
from canglin.gateway.checking import AREA, Checked, check
from canglin.gateway.directory import App, Directory
from canglin.gateway.intake import Away, Busy, Intake, Job
from canglin.gateway.refusals import Refused
from canglin.gateway.sessions import Replays, Tokens
from canglin.gateway.strong import Refused as Unsigned
from canglin.gateway.strong import Strong
from canglin.gateway.suites import Unreadable, digest_v2022
from canglin.gateway.threads import in_thread
from canglin.standard.decode import Refused as Undecodable
from canglin.standard.messages import reason, v2022_code, v2022_message
from canglin.standard.tables import TableSpec, Violation, by_endpoint

PREFIX = "/api/v2022/"
RECORD_BOUND = 1 << 20
_OK = b'{"code":200,"msg":null,"data":null}'
_RETRY_AFTER = [(b"retry-after", b"1")]


class Reply(Exception):
    """An answer that ends the handling of a request."""

    def __init__(self, code: int, msg: str | None, data: Any = None):
        self.code, self.msg, self.data = code, msg, data


class _Login(msgspec.Struct):
    appid: str
    appkey: str


def _refuse(code: int, msg: str) -> Never:
    raise Reply(code, msg)


class V2022:
    """Handles every address under /api/v2022/."""

    def __init__(self, directory: Directory, tokens: Tokens, replays: Replays, strong: Strong, intake: Intake):
        self._directory, self._tokens, self._replays = directory, tokens, replays
        self._strong, self._intake = strong, intake
        self._tables: dict[str, TableSpec] = by_endpoint()

    async def __call__(self, scope: http.Scope, receive: Any, send: Any) -> None:
        """One request."""
        extra = None
        try:
            await self._handle(scope, receive)
            content = _OK
        except Reply as reply:
            content = http.encode({"code": reply.code, "msg": reply.msg, "data": reply.data})
            extra = _RETRY_AFTER if reply.code in (409, 429) else None
        except http.TooLarge:
            content = http.encode({"code": 410, "msg": "报文:超出长度，应为不超过 1 MiB", "data": None})
        except http.Gone:
            return
        await http.answer(send, 200, content, extra)

    async def _handle(self, scope: http.Scope, receive: Any) -> None:
        last = scope["path"][len(PREFIX):]
        spec = self._tables.get(last)
        if spec is None and last not in ("sfrz", "file/upload"):
            _refuse(404, f"没有接口 {last}")
        if scope["method"] != "POST":
            _refuse(405, "应为 POST")
        headers = http.headers(scope)
        if spec is not None:
            await self.record(spec, scope, headers, receive)
        elif last == "sfrz":
            await self._login(headers, receive)
        else:
            app = await self._app(headers)
            raise Reply(200, None, await self._upload(app, headers, receive))

    async def _login(self, headers: dict[bytes, bytes], receive: Any) -> Never:
        raw = await http.body(receive, 65_536, headers.get(b"content-length"))
        try:
            login = msgspec.json.decode(raw, type=_Login)
        except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
            _refuse(410, "appid,appkey:缺失或类型错误，应为 JSON 对象中的两个字符串")
        try:
            app = await self._directory.get(login.appid)
        except Exception:
            raise Reply(409, "数据库暂不可用，请稍后重试") from None
        # Whether the account or the key is wrong is not for a stranger to learn.
        try:
            good = app is not None and "v2022" in app.suites and app.v2022.open(login.appkey) == app.app_key.encode()
        except Unreadable:
            good = False
        if app is None or not good:
            _refuse(401, "appid 或 appkey 不正确，或应用已停用")
        name = (await in_thread(partial(place_names, [app.enterprise])))[app.enterprise]
        # An enterprise that has not reported itself yet is known by its application's name.
        called = app.name if name == app.enterprise else name
        data = {"access_token": self._tokens.issue(app), "appid": app.appid, "dwdm": app.enterprise, "dwmc": called}
        raise Reply(200, None, data)

    async def _app(self, headers: dict[bytes, bytes]) -> App:
        """The application a request's token belongs to (401, 402)."""
        token = _token(headers)
        if not token:
            _refuse(401, "缺少 Authorization 令牌")
        app = await self._tokens.app_of(token)
        if app is None:
            _refuse(402, "令牌无效或已过期，请重新登录")
        return app

    async def record(self, spec: TableSpec, scope: http.Scope, headers: dict[bytes, bytes], receive: Any) -> None:
        """One record; returns when it is taken or the same as held, raises Reply otherwise."""
        # 1. Who asks, and is the request fresh? The body is read in any case, so that the connection can go on.
        raw = await http.body(receive, RECORD_BOUND, headers.get(b"content-length"))
        stock_house = ""
        if self._strong.signed(headers):
            try:
                app, plain = await self._strong.open(scope, headers, raw)
            except Unsigned as unsigned:
                _refuse(unsigned.code, unsigned.msg)
        else:
            app = await self._app(headers)
            plain, stock_house = self._open(app, headers, raw)
        if not self._directory.within_rate(app):
            _refuse(429, f"超过每分钟 {app.per_minute} 次")
        # 2. Fields and rules between them.
        try:
            checked = check(spec, plain, app.source, "v2022")
        except Undecodable as undecodable:
            await self._keep(app, spec, plain, list(undecodable.violations), v2022_code(undecodable.violations), stock_house)
        # 3. Is it this account's to report?
        entry = checked.entry
        if not app.allows(entry.in_enterprise, entry.in_depot, stock_house):
            not_theirs = Violation("", AREA, entry.in_depot or entry.in_enterprise, "本账号所属的单位或库区")
            await self._keep(app, spec, plain, [not_theirs], 403, stock_house)
        # 4. References and versions, judged in the commit; the answer comes after it.
        await self._commit(checked)

    def _open(self, app: App, headers: dict[bytes, bytes], raw: bytes) -> tuple[bytes, str]:
        """Plaintext and stockHouse of a request in the field's suite (400)."""
        if "v2022" not in app.suites:
            _refuse(400, "本应用只允许国密套件")
        plain_body = raw.lstrip()[:1] in (b"{", b"[")
        if plain_body and not app.plain:
            _refuse(400, "报文须加密；明文须经管理员允许")
        if not raw.strip() and app.plain:
            plain_body = True
        token, cipher = _token(headers), app.v2022
        nonce, request_id, digest = headers.get(b"nonce"), headers.get(b"requestid"), headers.get(b"digest")
        # An application allowed to send plain text may leave the protection out, but what it does send must hold.
        optional = app.plain and plain_body
        try:
            if nonce is not None or not optional:
                text = cipher.open(nonce or b"").decode()
                stamp = text.removeprefix(token)
                if len(stamp) == len(text) or not stamp.isdigit() or len(stamp) > 14 or not self._replays.fresh(int(stamp)):
                    _refuse(400, "nonce 无效或已过期")
            if request_id is not None or not optional:
                text = cipher.open(request_id or b"").decode()
                mark = text.removeprefix(token)
                if len(mark) == len(text) or len(mark) != 19:
                    _refuse(400, "requestId 无效")
                if not self._replays.first_time(app.appid, mark):
                    _refuse(400, "requestId 重复")
            stock_house = cipher.open(headers[b"stockhouse"]).decode() if b"stockhouse" in headers else None
        except (Unreadable, UnicodeDecodeError):
            _refuse(400, "nonce、requestId 或 stockHouse 不能解密")
        if stock_house is not None and (not stock_house or not app.allows(stock_house[:18], stock_house, stock_house)):
            _refuse(403, "stockHouse 不是本账号的库区")
        if plain_body:
            plain = raw
        else:
            try:
                plain = cipher.open(raw.strip())
            except Unreadable:
                _refuse(400, "报文不能解密")
        if (digest is not None or not optional) and (digest or b"").decode("latin-1") != digest_v2022(plain):
            _refuse(400, "digest 与报文不符")
        return plain, stock_house or ""

    async def _commit(self, checked: Checked) -> None:
        try:
            outcome = (await self._intake.submit(Job([checked.entry], flags={0: checked.flags} if checked.flags else None)))[0]
        except Busy:
            raise Reply(429, "接入繁忙，请稍后重试") from None
        except Away:
            raise Reply(409, "数据库暂不可用，请稍后重试") from None
        except asyncio.CancelledError:
            raise
        except Exception:
            raise Reply(500, "平台内部错误，该记录未被接收") from None
        if outcome.status == "refused":
            raise Reply(v2022_code(list(outcome.violations)), v2022_message(list(outcome.violations)))
        # The record is taken; what was read liberally or found doubtful is said all the same.
        notes = [*checked.notes, *(f"{v.field}:{reason(v)}" for v in (*checked.flags, *outcome.violations))]
        if notes:
            raise Reply(200, ",".join(notes))

    async def _keep(self, app: App, spec: TableSpec, plain: bytes, violations: list[Violation], code: int, depot: str) -> Never:
        """Keep a refusal with its reasons, then answer it."""
        refused = Refused(
            app.source, "v2022", spec.code, "", code, violations, plain.decode("utf-8", "replace"), app.enterprise,
            depot or (app.depots[0] if len(app.depots) == 1 else ""),
        )
        try:
            await self._intake.submit(Job((), [refused]))
        except Busy:
            raise Reply(429, "接入繁忙，请稍后重试") from None
        except Away:
            raise Reply(409, "数据库暂不可用，请稍后重试") from None
        raise Reply(code, v2022_message(violations))

    async def _upload(self, app: App, headers: dict[bytes, bytes], receive: Any) -> str:
        """Take a file; its id (410 when it is none of ours)."""
        raw = await http.body(receive, files.BOUND, headers.get(b"content-length"))
        try:
            return await files.take(app, headers.get(b"content-type", b"").decode("latin-1"), raw)
        except files.Unfit as unfit:
            raise Reply(410, f"file:{unfit}") from None


def _token(headers: dict[bytes, bytes]) -> str:
    scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
