"""``POST /api/v1/records/{code}``: up to 10,000 records a call, one JSON a line, a receipt for each line.

``POST /api/v1/plans?table=1402`` is the same for the bureau's plan tables 1401–1405.
The caller is an application (its v2022 token, or the strong suite) or a person's API token. One bad row never spoils the others.
"""

import asyncio
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from hashlib import sha256
from typing import Any

import msgspec
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts import queries as people
from canglin.accounts.actions import used_token
from canglin.gateway import http
from canglin.gateway.checking import AREA, check, place_of
from canglin.gateway.directory import App, Directory
from canglin.gateway.intake import SLICE, Away, Busy, Intake, Job
from canglin.gateway.models import Answer
from canglin.gateway.refusals import Refused
from canglin.gateway.sessions import Tokens
from canglin.gateway.strong import Refused as Unsigned
from canglin.gateway.strong import Strong
from canglin.gateway.threads import in_thread
from canglin.records.commit import Outcome
from canglin.records.consequences import Entry
from canglin.standard.decode import Refused as Undecodable
from canglin.standard.messages import v2022_code
from canglin.standard.tables import TableSpec, Violation, tables

PREFIX = "/api/v1/records/"
PLANS = "/api/v1/plans"
PLAN_TABLES = frozenset({"1401", "1402", "1403", "1404", "1405"})
ROWS_BOUND = 10_000
BODY_BOUND = 64 << 20
ANSWERS_KEPT_H = 24


class Problem(Exception):
    """A call refused as a whole."""

    def __init__(self, status: int, code: str, detail: str):
        self.status, self.code, self.detail = status, code, detail


@dataclass(frozen=True)
class Caller:
    """Who calls: its name in the log, its own enterprise and (when it is but one) depot, and whether a record of an enterprise and
    depot is its to hand in."""

    source: str
    enterprise: str
    depot: str
    may: Callable[[TableSpec, str, str], bool]
    app: App | None = None


class Receipt(msgspec.Struct, omit_defaults=False):
    """What became of one line. ``errors`` are the reasons of a refusal, or faults noted on a record that was taken."""

    line: int
    status: str
    number: int | None
    errors: list[dict[str, str]]


def _errors(violations: Any) -> list[dict[str, str]]:
    return [{"field": v.field, "rule": v.rule, "found": v.found[:200], "expected": v.expected} for v in violations]


class Batch:
    """Handles the address."""

    def __init__(self, directory: Directory, tokens: Tokens, strong: Strong, intake: Intake):
        self._directory, self._tokens, self._strong, self._intake = directory, tokens, strong, intake

    async def __call__(self, scope: http.Scope, receive: Any, send: Any) -> None:
        """One call."""
        try:
            await http.answer(send, 200, await self._handle(scope, receive))
        except Problem as problem:
            retry = [(b"retry-after", b"1")] if problem.status in (429, 503) else None
            await http.problem(send, problem.status, problem.code, problem.detail, retry)
        except http.TooLarge:
            await http.problem(send, 413, "too_large", f"报文应不超过 {BODY_BOUND >> 20} MiB（解压后）")
        except http.Gone:
            return

    async def _handle(self, scope: http.Scope, receive: Any) -> bytes:
        headers, query = http.headers(scope), http.query(scope)
        plans = scope["path"].rstrip("/") == PLANS
        code = query.get("table", "") if plans else scope["path"][len(PREFIX):].strip("/")
        spec = tables().get(code)
        if spec is None or (plans and code not in PLAN_TABLES):
            raise Problem(404, "unknown_table", "没有这个数据表；代码见 /api/v1/openapi.json")
        if scope["method"] != "POST":
            raise Problem(405, "method", "应为 POST")
        caller, raw = await self._caller(scope, headers, receive)
        if headers.get(b"content-encoding", b"").strip().lower() == b"gzip":
            raw = await in_thread(partial(_gunzip, raw))
        idempotency_key = headers.get(b"idempotency-key", b"").decode("latin-1")
        return await self.take(spec, caller, raw, idempotency_key, query.get("dry_run") == "1")

    async def take(self, spec: TableSpec, caller: Caller, raw: bytes, idempotency_key: str, dry_run: bool) -> bytes:
        """Take NDJSON bytes of one table; the answer as JSON bytes. Raises Problem."""
        if idempotency_key:
            if len(idempotency_key) > 128:
                raise Problem(422, "idempotency_key", "Idempotency-Key 应不超过 128 个字符")
            digest = sha256(spec.code.encode() + b"\n%d\n" % dry_run + raw).hexdigest()
            if (earlier := await in_thread(partial(_earlier, caller.source, idempotency_key, digest))) is not None:
                return earlier
        lines = [(number, line) for number, line in enumerate(raw.split(b"\n"), 1) if line.strip()]
        if not lines:
            raise Problem(400, "empty", "报文为空，应为每行一条 JSON 记录")
        if len(lines) > ROWS_BOUND:
            raise Problem(413, "too_many_rows", f"{len(lines)} 行，应不超过 {ROWS_BOUND} 行")
        if caller.app is not None and not self._directory.within_rate(caller.app, len(lines) // 100 + 1):
            raise Problem(429, "rate", f"超过每分钟 {caller.app.per_minute} 次")
        answer = await self._commit(spec, caller, lines, dry_run)
        if idempotency_key:
            await in_thread(partial(_remember, caller.source, idempotency_key, digest, answer))
        return answer

    async def _commit(self, spec: TableSpec, caller: Caller, lines: list[tuple[int, bytes]], dry_run: bool) -> bytes:
        receipts: list[Receipt | None] = [None] * len(lines)
        step = len(lines) if dry_run else SLICE
        waiting: list[asyncio.Task[None]] = []
        # Slices are checked one after another while those before are being committed; the queue keeps their order.
        for start in range(0, len(lines), step):
            part = lines[start : start + step]
            entries, places, refused = await in_thread(partial(_check_all, spec, caller, part, start, receipts))
            flags = {at: found for at, (_, found) in enumerate(places) if found}
            job = Job(entries, () if dry_run else refused, flags, dry_run)
            waiting.append(asyncio.create_task(self._slice(job, places, lines, receipts)))
            await asyncio.sleep(0)
        problems = [e for e in await asyncio.gather(*waiting, return_exceptions=True) if isinstance(e, BaseException)]
        for error in problems:
            if isinstance(error, Busy):
                raise Problem(429, "busy", "接入繁忙，请稍后整批重发（已接收的记录会答复 same）")
            if isinstance(error, Away):
                raise Problem(503, "away", "数据库暂不可用，请稍后整批重发（已接收的记录会答复 same）")
            raise error
        rows = [receipt for receipt in receipts if receipt is not None]
        totals = {status: sum(r.status == status for r in rows) for status in ("taken", "same", "refused")}
        return http.encode({**totals, "dry_run": dry_run, "rows": rows})

    async def _slice(
        self, job: Job, places: list[tuple[int, Any]], lines: list[tuple[int, bytes]], receipts: list[Receipt | None]
    ) -> None:
        if not job.entries and not job.refused:
            return
        outcomes: list[Outcome] = await self._intake.submit(job)
        for (place, flags), outcome in zip(places, outcomes, strict=True):
            number = None if job.dry_run else outcome.number
            receipts[place] = Receipt(lines[place][0], outcome.status, number, _errors([*flags, *outcome.violations]))

    async def _caller(self, scope: http.Scope, headers: dict[bytes, bytes], receive: Any) -> tuple[Caller, bytes]:
        raw = await http.body(receive, BODY_BOUND, headers.get(b"content-length"))
        if self._strong.signed(headers):
            try:
                app, raw = await self._strong.open(scope, headers, raw)
            except Unsigned as unsigned:
                raise Problem(401, "signature", unsigned.msg) from None
            return of_app(app), raw
        scheme, _, token = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Problem(401, "token", "缺少 Authorization: Bearer 令牌")
        known = await self._tokens.app_of(token.strip())
        caller = of_app(known) if known else await in_thread(partial(of_token, token.strip()))
        if caller is None:
            raise Problem(401, "token", "令牌无效、已过期或已停用")
        return caller, raw


def of_app(app: App) -> Caller:
    """An application as caller: its own enterprise's or depots' records, none that only the bureau fills."""

    def may(spec: TableSpec, in_enterprise: str, in_depot: str) -> bool:
        # A depot named in a record stands for itself: batch has no stockHouse header.
        return not spec.bureau_only and app.allows(in_enterprise, in_depot, in_depot if app.bureau else "")

    return Caller(app.source, app.enterprise, app.depots[0] if len(app.depots) == 1 else "", may, app)


def of_token(text: str) -> Caller | None:
    """The person an API token belongs to, as caller: records of the rooms the role may submit, for places in the area."""
    token = people.token(text)
    if token is None:
        return None
    user = token.user
    used_token(token)

    def may(spec: TableSpec, in_enterprise: str, in_depot: str) -> bool:
        verb = f"{spec.model._meta.app_label}.submit"
        # A plan issued for no enterprise in particular lies in the area of the bureau that issues it.
        place = (in_depot or in_enterprise) or None
        return policy.may(user, verb, place)

    return Caller(f"user:{user.username}", *place_of(user.area), may)


def _check_all(
    spec: TableSpec, caller: Caller, lines: list[tuple[int, bytes]], start: int, receipts: list[Receipt | None]
) -> tuple[list[Entry], list[tuple[int, Any]], list[Refused]]:
    """Check each line; what is refused gets its receipt at once, what passes goes on with its place."""
    entries: list[Entry] = []
    places: list[tuple[int, Any]] = []
    refused: list[Refused] = []
    for place, (number, line) in enumerate(lines, start):
        violations: list[Violation]
        enterprise, depot = caller.enterprise, caller.depot
        try:
            checked = check(spec, line, caller.source, "batch")
            entry = checked.entry
            if caller.may(spec, entry.in_enterprise, entry.in_depot):
                entries.append(entry)
                places.append((place, checked.flags))
                continue
            violations = [Violation("", AREA, entry.in_depot or entry.in_enterprise, "本账号可报送的单位或库区")]
            # Shown to whoever sent it, not to those whose record it pretends to be.
            enterprise = enterprise or entry.in_enterprise
        except Undecodable as undecodable:
            violations = list(undecodable.violations)
        receipts[place] = Receipt(number, "refused", None, _errors(violations))
        refused.append(
            Refused(caller.source, "batch", spec.code, "", v2022_code(violations), violations,
                    line.decode("utf-8", "replace"), enterprise, depot)
        )
    return entries, places, refused


def _gunzip(raw: bytes) -> bytes:
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(raw, BODY_BOUND + 1)
    except zlib.error:
        raise Problem(400, "gzip", "报文不是有效的 gzip") from None
    if len(plain) > BODY_BOUND or unpacker.unconsumed_tail:
        raise http.TooLarge
    if not unpacker.eof:
        raise Problem(400, "gzip", "gzip 报文不完整")
    return plain


def _earlier(source: str, key: str, digest: str) -> bytes | None:
    kept = Answer.objects.filter(source=source, key=key, answered_at__gt=timezone.now() - timedelta(hours=ANSWERS_KEPT_H)).first()
    if kept is None:
        return None
    if kept.request_sha256 != digest:
        raise Problem(422, "idempotency_key", "同一 Idempotency-Key 已用于不同的报文")
    return bytes(kept.body)


def _remember(source: str, key: str, digest: str, body: bytes) -> None:
    Answer.objects.update_or_create(
        source=source, key=key, defaults={"request_sha256": digest, "body": body, "answered_at": timezone.now()}
    )
