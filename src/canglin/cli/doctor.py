"""``canglin doctor``: what is wrong with this installation, and what to do about it."""

import argparse

from canglin.cli import checks, command, database
from canglin.cli.command import FOUND, OK, Failure

HELP = "check this installation and say what is wrong with it"
EXAMPLES = """\
  ./canglin doctor
  ./canglin doctor --data /srv/canglin --json    {"ok", "database_url", "problems": [...]}"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Look at everything; exit code 1 when something is wrong."""
    here = command.instance(options)
    problems = checks.folder(here)
    url = here.database_url()
    try:
        checks.cluster(here)
        with database.running(here) as url:
            problems += checks.server(url) + checks.content(here, url)
    except Failure as failure:
        problems.append(checks.Problem(str(failure.args[0]), failure.way_out))
    value = {"ok": not problems, "database_url": url, "problems": [{"what": p.what, "way_out": p.way_out} for p in problems]}
    lines = [f"✗ {problem.what}\n  → {problem.way_out}" for problem in problems] or ["✓ nothing wrong"]
    command.emit(options, value, "\n".join([f"database {url}", *lines]))
    return FOUND if problems else OK
