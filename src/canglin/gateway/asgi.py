"""The gateway's ASGI application: the hot path, beside Django in the same process."""

import asyncio
import contextlib
import gc
import logging
import sys
import threading
from typing import Any

import psycopg

from canglin.gateway import http, metrics
from canglin.gateway.batch import PLANS, Batch
from canglin.gateway.batch import PREFIX as BATCH
from canglin.gateway.checking import severity
from canglin.gateway.directory import Directory
from canglin.gateway.intake import shared
from canglin.gateway.sessions import Replays, Tokens
from canglin.gateway.strong import Strong
from canglin.gateway.v2022 import PREFIX as DEPOT
from canglin.gateway.v2022 import V2022
from canglin.instance import Instance
from canglin.standard.decode import decoder
from canglin.standard.tables import tables

log = logging.getLogger(__name__)
SWITCH_S = 0.0005


def _newest_entry_s() -> float:
    """When the newest log entry was received, epoch seconds; 0 for an empty log or a database not there yet."""
    try:
        with psycopg.connect(Instance.current().database_url(), connect_timeout=2) as connection:
            row = connection.execute("SELECT extract(epoch FROM received_at) FROM records_tree WHERE id = 1").fetchone()
            return float(row[0]) if row and row[0] else 0.0
    except psycopg.Error:
        return 0.0


def _warm() -> None:
    """Make what the first records would otherwise wait for, then take it out of the garbage collector's rounds.

    Rows and entries hold no cycles, so the collector finds nothing among them; at its usual thresholds it would still walk over
    everything alive every few hundred records.
    """
    for spec in tables().values():
        decoder(spec, severity)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    # The writer lets go of the interpreter at every wait for the database and must queue to get it back behind a thread that
    # checks a batch: at Python's usual 5 ms a slice of 2,000 rows would wait longer than it works.
    sys.setswitchinterval(SWITCH_S)


class Gateway:
    """Routes the gateway's addresses and owns its intake."""

    def __init__(self) -> None:
        self.intake = shared()
        self._started = False
        self._routes: list[tuple[str, Any]] = []

    def takes(self, scope: http.Scope) -> bool:
        """Whether an address is the gateway's: the depot interface, and batches of records."""
        path: str = scope["path"]
        batch = path.startswith(BATCH) or path.rstrip("/") == PLANS
        return path.startswith(DEPOT) or (batch and scope["method"] == "POST") or path in ("/healthz", "/metrics")

    def _start(self) -> None:
        """On the first event: an event loop is running now, and the database has been migrated."""
        if self._started:
            return
        self._started = True
        directory, replays = Directory(), Replays(_newest_entry_s())
        tokens, strong = Tokens(directory), Strong(directory, replays)
        self._routes = [
            (DEPOT, V2022(directory, tokens, replays, strong, self.intake)),
            (BATCH, batch := Batch(directory, tokens, strong, self.intake)),
            (PLANS, batch),
        ]
        self.intake.start()
        threading.Thread(target=_warm, name="warm-up", daemon=True).start()

    async def __call__(self, scope: http.Scope, receive: Any, send: Any) -> None:
        """One connection."""
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
            return
        self._start()
        if scope["path"] == "/healthz":
            await self._health(send)
            return
        if scope["path"] == "/metrics":
            content = metrics.text(self.intake).encode()
            await send({"type": "http.response.start", "status": 200,
                        "headers": [(b"content-type", b"text/plain; version=0.0.4; charset=utf-8")]})
            await send({"type": "http.response.body", "body": content})
            return
        for prefix, handler in self._routes:
            if scope["path"].startswith(prefix):
                try:
                    await handler(scope, receive, send)
                except asyncio.CancelledError:
                    raise
                except Exception:
                    # Nothing was committed for this caller, or its outcome is unknown: a repeat is harmless either way.
                    log.exception("unexpected error at %s", scope["path"])
                    with contextlib.suppress(Exception):
                        if prefix == DEPOT:
                            await http.answer(send, 200, http.encode({"code": 500, "msg": "平台内部错误，请重试", "data": None}))
                        else:
                            await http.problem(send, 500, "internal", "平台内部错误，请重试")
                return

    async def _health(self, send: Any) -> None:
        for _ in range(20):  # right after the start the writer is still connecting
            if self.intake.up:
                await http.answer(send, 200, b'{"ok":true}')
                return
            await asyncio.sleep(0.05)
        await http.answer(send, 503, b'{"ok":false}')

    async def _lifespan(self, receive: Any, send: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._start()
                await send({"type": "lifespan.startup.complete"})
            elif message["type"] == "lifespan.shutdown":
                await asyncio.to_thread(self.intake.stop)
                await send({"type": "lifespan.shutdown.complete"})
                return
