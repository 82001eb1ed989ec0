"""The platform as a person runs it: the real command in a real process, for tests that need a whole instance."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from canglin.cli.processes import die_with_parent

ROOT = Path(__file__).resolve().parents[1]
READY_S = 300.0  # a busy machine of two cores, with other suites beside


def canglin(*words: str, data: Path | None = None, timeout_s: float = 120, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run one command to its end."""
    return subprocess.run(
        command(*words, data=data), cwd=ROOT, env=clean_environment(**environment), capture_output=True, text=True,
        timeout=timeout_s, stdin=subprocess.DEVNULL,
    )


def command(*words: str, data: Path | None = None) -> list[str]:
    """Its command line, without the bootstrap."""
    return [sys.executable, "-P", "-m", "canglin.cli.main", *words, *(["--data", str(data)] if data else [])]


def clean_environment(**more: str) -> dict[str, str]:
    """Our environment without what the suite itself set for Django and the database."""
    ours = ("CANGLIN_DATA", "DATABASE_URL", "DJANGO_SETTINGS_MODULE")
    return {name: value for name, value in os.environ.items() if name not in ours} | {
        "PYTHONPATH": str(ROOT / "src"), "PYTHONUNBUFFERED": "1", **more,
    }


class Served:
    """A running ``up`` or ``demo``: its address, its folder, what it printed."""

    def __init__(self, data: Path, *words: str, **environment: str) -> None:
        self.data = data
        self.lines: list[str] = []
        self.complaints: list[str] = []
        words = words or ("up", "--port", "0")
        self.process = subprocess.Popen(
            command(*words, data=data), cwd=ROOT, env=clean_environment(**environment), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
            preexec_fn=die_with_parent(),
        )
        self._readers = [
            threading.Thread(target=self._read, args=(stream, lines), daemon=True)
            for stream, lines in ((self.process.stdout, self.lines), (self.process.stderr, self.complaints))
        ]
        for reader in self._readers:
            reader.start()

    @property
    def url(self) -> str:
        """Where it answers; only after ``wait_until_ready``."""
        return next(line.split()[1] for line in self.lines if line.startswith("ready "))

    @property
    def password(self) -> str:
        """The first administrator's one-time password."""
        return next(found[1] for line in self.lines if (found := re.search(r"one-time password: (\S+)", line)))

    def wait_until_ready(self) -> "Served":
        """Wait for its ``ready`` line."""
        deadline = time.monotonic() + READY_S
        while not any(line.startswith("ready ") for line in self.lines):
            if self.process.poll() is not None:
                for reader in self._readers:
                    reader.join(5)
                raise AssertionError(f"ended with {self.process.returncode}: " + "\n".join(self.complaints))
            assert time.monotonic() < deadline, "\n".join(self.complaints)
            time.sleep(0.05)
        return self

    def run(self, *words: str) -> Any:
        """Run a command with ``--json`` on this instance while it serves; returns what it said. It must succeed."""
        done = canglin(*words, "--json", data=self.data)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def stop(self, number: int = signal.SIGTERM) -> int:
        """Ask it to stop; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        code = self.process.wait(60)
        for reader in self._readers:
            reader.join(5)
        return code

    @staticmethod
    def _read(stream: Any, lines: list[str]) -> None:
        for line in stream:
            lines.append(line.rstrip("\n"))  # one by one: each must be seen as it comes


@contextmanager
def serve(data: Path, *words: str, **environment: str) -> Iterator[Served]:
    """A served instance for the length of a ``with`` block."""
    running = Served(data, *words, **environment)
    try:
        yield running.wait_until_ready()
    finally:
        running.stop()
