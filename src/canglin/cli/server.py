"""The HTTP server process: Granian with one worker, which dies with its parent."""

import os
import signal
from importlib import import_module
from typing import Any

from granian.constants import HTTPModes, Interfaces, Loops
from granian.http import HTTP1Settings
from granian.log import LogLevels
from granian.server import Server

from canglin.cli.processes import die_with_parent

# Connections being answered at once. What comes beyond waits in the kernel's queue, not in our memory.
BACKPRESSURE = 512
BACKLOG = 1024
LEAVE_S = 15


def serve(target: str, host: str, port: int) -> None:
    """Serve the ASGI application ``module:name`` until SIGINT or SIGTERM; then the requests in hand are finished first."""
    tie = die_with_parent(signal.SIGKILL)  # whatever was answered is durable already

    def load(target: str) -> Any:
        # Runs in the worker, which Granian forks from us.
        tie()
        module, name = target.split(":")
        return getattr(import_module(module), name)

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "canglin.settings")
    Server(
        target, address=host, port=port, interface=Interfaces.ASGI, workers=1, loop=Loops.uvloop, http=HTTPModes.http1,
        websockets=False, backlog=BACKLOG, backpressure=BACKPRESSURE, runtime_blocking_threads=8,
        http1_settings=HTTP1Settings(keep_alive=True, header_read_timeout=15_000),
        log_level=LogLevels.warning, respawn_failed_workers=True, workers_kill_timeout=LEAVE_S,
    ).serve(target_loader=load)
