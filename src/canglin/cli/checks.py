"""What ``doctor`` looks at. Each check returns the problems it found, each with its way out."""

import os
import re
import shutil
import stat
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from canglin.cli import preparation
from canglin.cli.command import Failure
from canglin.instance import Instance

LEAST_FREE_BYTES = 2_000_000_000
OLDEST_POSTGRES = 15
CLOCK_S = 2.0
# Acknowledged means durable: each of these off would lose records that were answered 200.
DURABLE = {"fsync": "on", "full_page_writes": "on", "synchronous_commit": ("on", "remote_apply", "remote_write", "local")}


@dataclass(frozen=True)
class Problem:
    """Something wrong and what to do about it."""

    what: str
    way_out: str


def folder(instance: Instance) -> list[Problem]:
    """Disk space and who can read the keys."""
    found = []
    free = shutil.disk_usage(instance.data).free
    if free < LEAST_FREE_BYTES:
        found.append(
            Problem(f"only {free / 1e9:.1f} GB free in {instance.data}", "free some space, or move the instance to a larger disk")
        )
    keys = instance.data / "keys"
    for path in [keys, *keys.iterdir()] if keys.is_dir() else []:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            found.append(
                Problem(f"{path} can be read by others (mode {mode:o})", f"chmod {'700' if path.is_dir() else '600'} {path}")
            )
    return found


def cluster(instance: Instance) -> None:
    """Raise Failure when there is nothing to look at yet: doctor makes no instance."""
    if not os.environ.get("DATABASE_URL") and not (instance.postgres_dir / "PG_VERSION").exists():
        raise Failure(
            f"there is no database in {instance.data} yet", "make it with ./canglin up, or name the right folder with --data"
        )


def server(url: str) -> list[Problem]:
    """Version, durability, encoding, clock, room for connections."""
    found = []
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            version = connection.info.server_version // 10_000
            if version < OLDEST_POSTGRES:
                found.append(Problem(f"PostgreSQL {version} is too old", f"move to PostgreSQL {OLDEST_POSTGRES} or newer"))
            rows = connection.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", (list(DURABLE),))
            for name, setting in rows:
                if setting not in DURABLE[name]:
                    found.append(
                        Problem(
                            f"{name} is {setting}: acknowledged records can be lost",
                            f"ALTER SYSTEM SET {name} = on; then reload PostgreSQL",
                        )
                    )
            row = connection.execute(
                "SELECT pg_encoding_to_char(encoding), extract(epoch FROM clock_timestamp()) "
                "FROM pg_database WHERE datname = current_database()"
            ).fetchone()
            assert row is not None
            if row[0] != "UTF8":
                found.append(
                    Problem(f"the database's encoding is {row[0]}", "make a new one with ENCODING 'UTF8' and restore into it")
                )
            drift = abs(float(row[1]) - time.time())
            if drift > CLOCK_S:
                found.append(
                    Problem(f"our clock and the database's differ by {drift:.1f} s", "let both hosts keep time with NTP (chrony)")
                )
    except psycopg.OperationalError as error:
        raise Failure(f"no database: {' '.join(str(error).split())}", "is DATABASE_URL right and the server up?") from error
    if time.time() < 1_735_689_600:  # 2025-01-01
        found.append(Problem(f"the clock says {time.strftime('%Y-%m-%d')}", "set it; nonces and the log depend on it"))
    return found


def content(instance: Instance, url: str) -> list[Problem]:
    """Migrations, an administrator, static files, the log's own count."""
    preparation.set_up_django()
    from django.conf import settings
    from django.contrib.staticfiles import finders
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    found = []
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if plan:
        return [Problem(f"{len(plan)} migrations are missing", "./canglin migrate")]
    from canglin.accounts.models import User

    if not User.objects.filter(role="admin", is_active=True).exists():
        found.append(Problem("nobody can administer this instance", "./canglin user create --name admin --role admin --area 00"))
    for name in _static_needed():
        if finders.find(name) is None and not (Path(settings.STATIC_ROOT) / name).exists():
            found.append(
                Problem(
                    f"the browser file {name} is missing",
                    "remove .venv/canglin-stamp.json and run ./canglin again, which fetches it",
                )
            )
            break
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*), coalesce(max(number), 0) FROM records_record")
        count, last = cursor.fetchone()
    found += _tree(count, last)
    connection.close()
    return found


def _static_needed() -> list[str]:
    """Third-party files that the base page names."""
    base = Path(__file__).resolve().parents[1] / "ui" / "templates" / "ui" / "base.html"
    if not base.exists():
        return []
    return re.findall(r"""\{% static ["'](vendor/[^"'{}]+)["'] %\}""", base.read_text(encoding="utf-8"))


def _tree(count: int, last: int) -> list[Problem]:
    """The log and its Merkle tree count the same records."""
    from canglin.records.queries import head

    size = head().size
    if size == count:
        return []
    return [
        Problem(
            f"the log holds {count} records (last number {last}), its tree {size}", "./canglin rebuild --check names the difference"
        )
    ]
