"""Bringing an instance's database and static files to the state this version of the program expects.

Asking whether that is needed costs one query and a walk over the package; only when the answer is yes does Django load its
migrations.
"""

import hashlib
import json
import os
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from canglin.cli.command import Failure
from canglin.instance import Instance

STATE = "SELECT coalesce(md5(string_agg(app || name || applied::text, ',' ORDER BY id)), '') FROM django_migrations"
# One preparation at a time, also when web, gateway and worker start together on different machines.
LOCK = 0x63616E676C696E


@dataclass(frozen=True)
class Prepared:
    """What a preparation did that somebody must hear of."""

    administrator: str | None = None
    password: str | None = None


def set_up_django() -> None:
    """Import Django and the rooms. Called late: it costs most of a second."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "canglin.settings"
    import django

    django.setup()


def program() -> str:
    """Digest of this version of the program: its files and the folder of installed packages, by size and time."""
    package = Path(__file__).resolve().parents[1]
    mixed = hashlib.sha256()
    for folder, folders, files in os.walk(package):
        folders[:] = sorted(name for name in folders if name not in ("__pycache__", "templates", "cli", "simulator"))
        for name in sorted(files):
            seen = os.stat(os.path.join(folder, name))
            mixed.update(f"{folder}/{name} {seen.st_size} {seen.st_mtime_ns}\n".encode())
    spec = find_spec("django")
    if spec and spec.origin:
        mixed.update(str(Path(spec.origin).parents[1].stat().st_mtime_ns).encode())
    return mixed.hexdigest()


def database_state(url: str) -> str:
    """Digest of the migrations applied, with their times; empty for a database without any."""
    with psycopg.connect(url, connect_timeout=5) as connection:
        try:
            row = connection.execute(STATE).fetchone()
        except psycopg.errors.UndefinedTable:
            return ""
    return str(row[0]) if row else ""


def _stamp(instance: Instance) -> Path:
    return instance.data / "prepared.json"


def up_to_date(instance: Instance, url: str) -> bool:
    """Whether this program has prepared this database before and neither has changed since."""
    try:
        held = json.loads(_stamp(instance).read_text())
    except (OSError, ValueError):
        return False
    try:
        return bool(held == {"program": program(), "database": database_state(url)})
    except psycopg.OperationalError as error:
        raise Failure(f"no database: {' '.join(str(error).split())}", "is DATABASE_URL right and the server up?") from error


def prepare(instance: Instance, url: str, first_administrator: bool = False) -> Prepared:
    """Migrate, load the rulebook, collect static files; with ``first_administrator`` make one when nobody is there.

    Safe to run at any time, again, and by several processes at once.
    """
    set_up_django()
    from django.core.management import call_command

    with psycopg.connect(url, autocommit=True) as guard:
        guard.execute("SELECT pg_advisory_lock(%s)", (LOCK,))
        call_command("migrate", verbosity=0, interactive=False)
        _load()
        call_command("collectstatic", verbosity=0, interactive=False)
        made = _first_administrator() if first_administrator else Prepared()
        aside = _stamp(instance).with_suffix(f".{os.getpid()}.new")
        aside.write_text(json.dumps({"program": program(), "database": database_state(url)}))
        aside.replace(_stamp(instance))
    from django.db import connections

    connections.close_all()
    return made


def _load() -> None:
    """The dated rules, without which nothing can be judged. (Regions and code lists come with the program.)"""
    from canglin.rulebook.actions import load

    load()


def _first_administrator() -> Prepared:
    """An administrator of everything, when there is nobody yet."""
    from canglin.accounts import actions, policy
    from canglin.accounts.models import User

    if User.objects.exists():
        return Prepared()
    made = actions.create_user(policy.CONSOLE, "admin", "admin", "00", name="系统管理员")
    return Prepared(made.user.username, made.password)


def main() -> int:
    """Run a preparation in a process of its own, so that the supervisor never has to hold Django; prints JSON."""
    from canglin.cli import database

    instance = Instance.current()
    try:
        with database.running(instance) as url:
            made = prepare(instance, url, first_administrator="--first-administrator" in sys.argv)
    except Failure as failure:
        sys.stderr.write(f"{failure}\n")
        return failure.code
    sys.stdout.write(json.dumps({"administrator": made.administrator, "password": made.password}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
