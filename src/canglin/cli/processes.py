"""Child processes that never outlive us, and that come back when they die."""

import ctypes
import logging
import logging.handlers
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from pathlib import Path

LOG_BYTES = 10_000_000
LOG_FILES = 5
STEADY_S = 60.0  # who has run this long has started well: its next fall is a first one
LONGEST_WAIT_S = 30.0
STOP_S = 20.0

_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(number: int = signal.SIGTERM) -> Callable[[], None]:
    """What to run in a new child so that the kernel sends it ``number`` when the parent's thread ends, even by kill -9."""
    parent = os.getpid()

    def arrange() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and prctl
            os._exit(1)

    return arrange


class Child:
    """One part of the platform, started again with growing pauses whenever it ends by itself."""

    def __init__(self, name: str, command: Sequence[str], log: Path) -> None:
        self.name = name
        self.command = list(command)
        self.log_path = log
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._started_at = 0.0
        self._wait_s = 0.0
        self._next_start = 0.0
        log.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._handler = logging.handlers.RotatingFileHandler(log, maxBytes=LOG_BYTES, backupCount=LOG_FILES, encoding="utf-8")

    def start(self) -> None:
        """Start it. Must be called from a thread that lives as long as the child shall."""
        self._process = subprocess.Popen(
            self.command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C in the terminal reaches us alone; we stop the children in order
            preexec_fn=die_with_parent(),  # no thread of ours holds a lock that the child needs
        )
        self._started_at = time.monotonic()
        threading.Thread(target=self._copy, args=(self._process,), daemon=True).start()

    @property
    def pid(self) -> int | None:
        """Process number while it runs."""
        return self._process.pid if self._process and self._process.poll() is None else None

    def keep_alive(self) -> None:
        """Start it again when it has ended and its pause is over. Called every moment by the supervisor."""
        if self._process is None or self._process.poll() is None:
            return
        now = time.monotonic()
        if not self._next_start:
            steady = now - self._started_at > STEADY_S
            self._wait_s = 0.25 if steady or not self._wait_s else min(self._wait_s * 2, LONGEST_WAIT_S)
            self._next_start = now + self._wait_s
            self.say(f"{self.name} ended with code {self._process.returncode}; starting it again in {self._wait_s:g} s")
        if now >= self._next_start:
            self._next_start = 0.0
            self.restarts += 1
            self.start()

    def ask_to_stop(self) -> None:
        """Ask it to end what it does and leave."""
        if self._process and self._process.poll() is None:
            self._process.terminate()

    def stop(self) -> None:
        """Wait for it to leave; kill it and all it started when it does not."""
        if self._process is None:
            return
        self.ask_to_stop()
        try:
            self._process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            self.say(f"{self.name} did not stop within {STOP_S:g} s and was killed")
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
        self._handler.close()

    def say(self, text: str) -> None:
        """A line of the supervisor in the child's log."""
        self._write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} SUPERVISOR {text}")

    def tail(self, lines: int = 8) -> str:
        """The end of its log, for an error message."""
        try:
            return "\n".join(self.log_path.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        except OSError:
            return ""

    def _copy(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            self._write(line.decode("utf-8", "replace").rstrip("\n"))

    def _write(self, line: str) -> None:
        self._handler.emit(logging.LogRecord(self.name, logging.INFO, "", 0, line, None, None))
