"""Serving one instance: the supervisor of PostgreSQL, the server and the worker, used by ``up`` and ``demo``."""

import fcntl
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from canglin.cli import database, preparation
from canglin.cli.command import INTERRUPTED, OK, Failure, note
from canglin.cli.processes import Child
from canglin.instance import Instance

READY_S = 60.0


class Stopped(Exception):
    """Somebody asked us to stop while we were still starting."""


def command(*words: str) -> list[str]:
    """The command line of one of our own commands."""
    return [sys.executable, "-P", "-m", "canglin.cli.main", *words]


class Server:
    """One instance being served on one port."""

    def __init__(self, instance: Instance, host: str, port: int, first_administrator: bool = True) -> None:
        self.instance = instance
        self.first_administrator = first_administrator
        self.host = host
        self.port = port or _free_port(host)
        self.stopping = threading.Event()
        log = instance.data / "log"
        self.web = Child("web", command("serve", "web", "--host", host, "--port", str(self.port)), log / "web.log")
        self.worker = Child("worker", command("serve", "worker"), log / "worker.log")

    @property
    def url(self) -> str:
        """Where a browser finds it."""
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104
        return f"http://{host}:{self.port}"

    def serve(self, when_healthy: Callable[["Server"], None] | None = None) -> int:
        """Start all, call ``when_healthy``, print ``ready …``, then watch until SIGINT or SIGTERM. Returns the exit code."""
        _check_port(self.host, self.port)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked)
        try:
            with self._only_server(), database.running(self.instance) as url:
                try:
                    self._prepare(url)
                    self.web.start()
                    self.worker.start()
                    self._wait_until_healthy()
                    if when_healthy:
                        when_healthy(self)
                    sys.stdout.write(f"ready {self.url}\n")
                    sys.stdout.flush()
                    while not self.stopping.wait(0.2):
                        self.watch()
                finally:
                    for child in (self.web, self.worker):
                        child.ask_to_stop()
                    for child in (self.web, self.worker):
                        child.stop()
        except Stopped:
            return INTERRUPTED
        return OK

    def watch(self) -> None:
        """One look: whatever has ended is started again. Raises Stopped when we shall stop."""
        if self.stopping.is_set():
            raise Stopped
        if not database.alive(self.instance):
            if not (self.instance.postgres_dir / "PG_VERSION").exists():
                # Starting would make a new, empty cluster in the place of the one that was taken away.
                raise Failure(f"the folder {self.instance.postgres_dir} is gone", "put it back, then start again")
            self.web.say("PostgreSQL is gone; starting it again")
            try:
                database.start(self.instance)
            except Failure as failure:
                # Its old children may still hold the shared memory for a moment; the next look tries again.
                self.web.say(str(failure))
                self.stopping.wait(0.5)
        self.web.keep_alive()
        self.worker.keep_alive()

    def healthy(self) -> bool:
        """Whether /healthz answers 200."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=3)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def _wait_until_healthy(self) -> None:
        deadline = time.monotonic() + READY_S
        while not self.healthy():
            self.watch()
            if time.monotonic() > deadline or self.web.restarts >= 3:
                note(self.web.tail())
                raise Failure("the server does not come up", f"its whole log is {self.web.log_path}")
            time.sleep(0.03)

    def _prepare(self, url: str) -> None:
        """Prepare the database when needed, in a process of its own: the supervisor stays small."""
        if preparation.up_to_date(self.instance, url):
            return
        note("preparing the database …")
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "canglin.cli.preparation",
             *(["--first-administrator"] if self.first_administrator else [])],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
        )
        while process.poll() is None:
            if self.stopping.is_set():
                process.terminate()
                process.communicate()
                raise Stopped
            try:
                said, complaint = process.communicate(timeout=0.2)
            except subprocess.TimeoutExpired:
                continue
        if process.returncode != 0:
            note(complaint.strip()[-2000:])
            raise Failure("the database could not be prepared", "see above; ./canglin doctor checks this instance")
        made = json.loads(said)
        if made["password"]:
            sys.stdout.write(f"管理员 administrator: {made['administrator']}  一次性密码 one-time password: {made['password']}\n")
            sys.stdout.flush()

    @contextmanager
    def _only_server(self) -> Iterator[None]:
        """Hold the lock of the one server of this instance. The file names who holds it, for people and for ``serving``."""
        path = database.lock_file(self.instance, "serving")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                raise Failure(
                    f"this instance is being served already: {path.read_text().strip() or 'it is starting'}",
                    "stop that one, or choose another folder with --data DIR",
                ) from error
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"{self.url} (process {os.getpid()})\n".encode(), 0)
            yield
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def _asked(self, number: int, frame: FrameType | None) -> None:
        self.stopping.set()


def served_at(instance: Instance) -> str | None:
    """The address at which this instance is being served now, None when it is not."""
    path = Path(database.lock_file(instance, "serving"))
    try:
        with path.open() as file:
            try:
                fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
            except BlockingIOError:
                return file.read().split(" ", 1)[0] or None
    except OSError:
        pass
    return None


def _check_port(host: str, port: int) -> None:
    """Fail while it is cheap. The server itself shares its port (SO_REUSEPORT) and would not notice a second one."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise Failure(f"cannot listen on {host}:{port}: {error.strerror}", f"choose another, e.g. --port {port + 1}") from error


def _free_port(host: str) -> int:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])
