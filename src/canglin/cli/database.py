"""Who may start and stop the instance's PostgreSQL.

Several commands may work on one instance at once. Each holds a shared lock while it needs the database; whoever finds no
other holder on leaving stops it. The kernel drops the lock of a killed process, so nothing stale is left behind.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from canglin import postgres
from canglin.cli.command import Failure
from canglin.instance import Instance


def lock_file(instance: Instance, name: str) -> Path:
    """The file whose lock is meant by ``name``."""
    folder = instance.data / "lock"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder / name


@contextmanager
def _locked(instance: Instance, name: str) -> Iterator[None]:
    descriptor = os.open(lock_file(instance, name), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def start(instance: Instance) -> str:
    """Start PostgreSQL unless it runs; returns its URL. Raises Failure with PostgreSQL's words and the way out."""
    try:
        with _locked(instance, "postgres-change"):
            return postgres.start(instance)
    except (postgres.DatabaseUnavailable, OSError) as error:
        raise Failure(f"no database: {_one_line(error)}", "run ./canglin doctor for details") from error


@contextmanager
def running(instance: Instance) -> Iterator[str]:
    """The database's URL while it is needed."""
    if url := os.environ.get("DATABASE_URL"):
        yield url
        return
    users = os.open(lock_file(instance, "postgres-users"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _locked(instance, "postgres-change"):
            fcntl.flock(users, fcntl.LOCK_SH)
        yield start(instance)
    finally:
        with _locked(instance, "postgres-change"):
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                pass  # somebody else still needs it
            else:
                postgres.stop(instance)
            os.close(users)


def alive(instance: Instance) -> bool:
    """Whether our own postmaster still lives; True when the database is somebody else's."""
    return bool(os.environ.get("DATABASE_URL")) or postgres.running(instance)


def _one_line(error: BaseException) -> str:
    return " ".join(str(error).split())[-300:]
