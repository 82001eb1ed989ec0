"""Load from a process of its own: requests built beforehand, a fixed number in flight, the time of each answer.

A connection sends its next request when the answer to the last one has come, as a depot system does.
"""

import asyncio
import multiprocessing
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

PATIENCE_S = 60.0


@dataclass
class Measured:
    """Answers counted, the seconds they took together, each one's latency in ms, and what was not a success."""

    seconds: float = 0.0
    latencies_ms: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    @property
    def per_s(self) -> float:
        """Answers a second."""
        return len(self.latencies_ms) / self.seconds if self.seconds else 0.0

    def percentile_ms(self, percent: float) -> float:
        """The latency that ``percent`` of the answers did not exceed."""
        ordered = sorted(self.latencies_ms)
        return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))] if ordered else 0.0


class _Connection(asyncio.Protocol):
    """One kept-alive connection in a closed loop."""

    def __init__(self, requests: Iterator[bytes], measured: Measured, good: bytes) -> None:
        self._requests, self._measured, self._good = requests, measured, good
        self._buffer = b""
        self._sent_at = 0.0
        self.done: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        """Ready to send."""
        self._transport = transport
        self._next()

    def _next(self) -> None:
        request = next(self._requests, None)
        if request is None:
            self._transport.close()
            if not self.done.done():
                self.done.set_result(None)
            return
        self._sent_at = time.perf_counter()
        self._transport.write(request)

    def data_received(self, data: bytes) -> None:
        """Part of an answer."""
        self._buffer += data
        head, blank, body = self._buffer.partition(b"\r\n\r\n")
        if not blank:
            return
        length = int(head.lower().partition(b"content-length:")[2].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        self._measured.latencies_ms.append((time.perf_counter() - self._sent_at) * 1000)
        if self._good not in self._buffer and len(self._measured.failures) < 20:
            self._measured.failures.append(body[:300].decode("utf-8", "replace"))
        self._buffer = b""
        self._next()

    def connection_lost(self, error: Exception | None) -> None:
        """Closed by the server before we were done."""
        if not self.done.done():
            self._measured.failures.append(f"connection lost: {error}")
            self.done.set_result(None)


async def _run(url: str, requests: Sequence[bytes], in_flight: int, good: bytes) -> Measured:
    address = urlsplit(url)
    measured, pending, loop = Measured(), iter(requests), asyncio.get_running_loop()
    connections = []
    began = time.perf_counter()
    for _ in range(in_flight):
        _, connection = await loop.create_connection(
            lambda: _Connection(pending, measured, good), address.hostname or "", address.port or 80)
        connections.append(connection.done)
    await asyncio.wait_for(asyncio.gather(*connections), len(requests) / 100 + PATIENCE_S)
    measured.seconds = time.perf_counter() - began
    return measured


def _process(url: str, build: Callable[..., list[bytes]], given: tuple[Any, ...], in_flight: int, good: bytes, out: Any) -> None:
    import uvloop

    try:
        out.send(uvloop.run(_run(url, build(*given), in_flight, good)))
    except Exception as error:
        out.send(error)


def measure(url: str, build: Callable[..., list[bytes]], given: tuple[Any, ...], in_flight: int, good: bytes) -> Measured:
    """Build the requests in another process (``build(*given)``), send them all and return what was measured.

    An answer without ``good`` in it is a failure. Raises what went wrong there.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_process, args=(url, build, given, in_flight, good, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        result = ours.recv()
    finally:
        process.join(10)
    if isinstance(result, Exception):
        raise result
    measured: Measured = result
    return measured


def post(url: str, path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """A whole POST request as it goes over the wire."""
    head = [f"POST {path} HTTP/1.1", f"Host: {urlsplit(url).netloc}", f"Content-Length: {len(body)}"]
    return "\r\n".join([*head, *(f"{name}: {value}" for name, value in headers.items())]).encode() + b"\r\n\r\n" + body
