"""``canglin test``: the whole suite, or a part of it, on a PostgreSQL made for the run."""

import argparse
import os
import sys
from collections.abc import Sequence

from canglin.cli.command import project_root

HELP = "run the tests on a temporary PostgreSQL; paths and options go to pytest"
EXAMPLES = """\
  ./canglin test                        everything
  ./canglin test tests/stock -k late    one room, tests whose name has "late"
  ./canglin test -m "not browser"       without a browser"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """For the help only: pytest reads the arguments itself."""
    parser.add_argument("paths", nargs="*", help="files, folders or options of pytest (default: tests)")


def run(options: argparse.Namespace) -> int:
    """Run pytest on the paths."""
    return run_pytest(options.paths)


def run_pytest(arguments: Sequence[str]) -> int:
    """Become pytest, so that signals and the exit code are its own. Works from any folder."""
    root = project_root()
    os.environ.pop("DJANGO_SETTINGS_MODULE", None)
    # Paths are meant from where the user stands; pytest's configuration is the project's.
    given = [os.path.abspath(word) if not word.startswith("-") and os.path.exists(word) else word for word in arguments]
    os.chdir(root)
    os.execv(sys.executable, [sys.executable, "-P", "-m", "pytest", *given])  # noqa: S606
