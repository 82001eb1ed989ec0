"""The little of HTTP that the gateway needs over ASGI: headers, a body with a bound, JSON answers."""

import json
from typing import Any
from urllib.parse import parse_qsl

import msgspec

Scope = dict[str, Any]
_JSON = [(b"content-type", b"application/json; charset=utf-8")]
#: How much of a body over its bound is read and thrown away before the answer.
DISCARDED = 64 << 20


class TooLarge(Exception):
    """The body is longer than allowed."""


class Gone(Exception):
    """The client hung up before its request was complete."""


def headers(scope: Scope) -> dict[bytes, bytes]:
    """Headers by lowercase name; of a repeated one the last counts."""
    return dict(scope["headers"])


def query(scope: Scope) -> dict[str, str]:
    """Query parameters; of a repeated one the last counts."""
    return dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))


def target(scope: Scope) -> str:
    """Path and query as the client wrote them."""
    path = (scope.get("raw_path") or scope["path"].encode()).decode("latin-1")
    return f"{path}?{scope['query_string'].decode('latin-1')}" if scope["query_string"] else path


async def body(receive: Any, bound: int, declared: bytes | None = None) -> bytes:
    """The whole body. Raises Gone, and TooLarge past ``bound`` bytes: then what is still on its way has been read and thrown away
    up to DISCARDED bytes, since a client that is still sending would see a broken connection instead of the answer."""
    message = await receive()
    first: bytes = message.get("body", b"")
    if message["type"] == "http.request" and not message.get("more_body"):
        if len(first) > bound:
            raise TooLarge
        return first
    parts, length = [first], len(first)
    excessive = declared is not None and declared.isdigit() and int(declared) > bound
    while message["type"] == "http.request" and message.get("more_body"):
        if length > bound or excessive:
            excessive = True
            parts.clear()
            if length > bound + DISCARDED:
                raise TooLarge
        message = await receive()
        chunk = message.get("body", b"")
        length += len(chunk)
        if not excessive:
            parts.append(chunk)
    if message["type"] == "http.disconnect":
        raise Gone
    if excessive or length > bound:
        raise TooLarge
    return b"".join(parts)


async def answer(send: Any, status: int, content: bytes, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    """Send JSON bytes."""
    head = [*_JSON, (b"content-length", str(len(content)).encode()), *(extra or ())]
    await send({"type": "http.response.start", "status": status, "headers": head})
    await send({"type": "http.response.body", "body": content})


async def problem(send: Any, status: int, code: str, detail: str, extra: list[tuple[bytes, bytes]] | None = None) -> None:
    """An error of /api/v1: what is wrong and the way out."""
    await answer(send, status, json.dumps({"error": code, "detail": detail}, ensure_ascii=False).encode(), extra)


def encode(value: Any) -> bytes:
    """JSON of plain values and structs."""
    return msgspec.json.encode(value)
