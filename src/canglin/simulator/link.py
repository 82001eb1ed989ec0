"""The least of HTTP/1.1 that a depot system needs: POST over a few connections kept alive, no redirects, no cookies."""

import asyncio
from typing import NamedTuple
from urllib.parse import urlsplit

_BODY_BOUND = 64 << 20


class LinkError(Exception):
    """No answer: the connection failed, broke or kept silent. What was sent may or may not have been taken."""


class Answer(NamedTuple):
    """Status and body of a reply, and the seconds it asks one to wait (0 when it does not say)."""

    status: int
    body: bytes
    retry_after_s: float


class Link:
    """Connections to one server, at most ``width`` at a time. A request takes one for itself and gives it back."""

    def __init__(self, base_url: str, width: int = 8, timeout_s: float = 30.0) -> None:
        parts = urlsplit(base_url)
        if parts.scheme != "http" or not parts.hostname:
            raise ValueError(f"{base_url!r}: should be http://host:port")
        self._host, self._port, self._timeout_s = parts.hostname, parts.port or 80, timeout_s
        self._prefix = parts.path.rstrip("/")
        self._free: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self._places = asyncio.Semaphore(width)

    async def post(self, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        """POST and read the reply. Raises LinkError; whether to try again is the caller's to judge."""
        head = [f"POST {self._prefix}{path} HTTP/1.1", f"Host: {self._host}:{self._port}",
                f"Content-Length: {len(body)}"]
        head += [f"{name}: {value}" for name, value in headers.items()]
        request = "\r\n".join(head).encode() + b"\r\n\r\n" + body
        async with self._places:
            connection = None
            try:
                async with asyncio.timeout(self._timeout_s):
                    connection = self._free.pop() if self._free else await asyncio.open_connection(self._host,
    self._port)
                    reader, writer = connection
                    writer.write(request)
                    await writer.drain()
                    answer, keep = await _read(reader)
            except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
                # TimeoutError is an OSError, IncompleteReadError an EOFError: a link that failed once is not used
                # again.
                if connection:
                    connection[1].close()
                raise LinkError(f"{self._host}:{self._port}: {error or 'no answer in time'}") from error
            if keep:
                self._free.append(connection)
            else:
                connection[1].close()
            return answer

    def close(self) -> None:
        """Hang up."""
        for _, writer in self._free:
            writer.close()
        self._free.clear()


async def _read(reader: asyncio.StreamReader) -> tuple[Answer, bool]:
    """One reply, and whether the connection stays open."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    status = int(head[0].split(" ", 2)[1])
    headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:])}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = bytearray()
        while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
            if len(body) + size > _BODY_BOUND:
                raise ValueError("the reply is too long")
            body += await reader.readexactly(size)
            await reader.readexactly(2)
        await reader.readuntil(b"\r\n")
        content = bytes(body)
    else:
        length = int(headers.get("content-length", "0"))
        if length > _BODY_BOUND:
            raise ValueError("the reply is too long")
        content = await reader.readexactly(length)
    wait = headers.get("retry-after", "0")
    keep = headers.get("connection", "").lower() != "close"
    return Answer(status, content, float(wait) if wait.isdigit() else 0.0), keep
