"""What all commands share: exit codes, one-line errors, output for people and for programs, the instance they speak to."""

import argparse
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from canglin.instance import Instance

OK = 0
FOUND = 1  # the command worked and what it looked for is wrong: tests failed, differences, problems
USAGE = 2  # argparse's own code
CANNOT = 3  # something needed is not there: database, port, package
REFUSED = 4  # what was asked for is not allowed or not possible: unknown user, name taken
INTERRUPTED = 130


class Failure(Exception):
    """A command cannot go on: ``what`` is wrong, ``way_out`` is what to do about it, ``code`` the exit code."""

    def __init__(self, what: str, way_out: str, code: int = CANNOT) -> None:
        super().__init__(what)
        self.way_out = way_out
        self.code = code

    def __str__(self) -> str:
        return f"{self.args[0]}; {self.way_out}" if self.way_out else str(self.args[0])


class Command(Protocol):
    """The shape of a command's module."""

    HELP: str
    EXAMPLES: str

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the options."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; returns the exit code."""


def project_root() -> Path:
    """The folder that holds pyproject.toml and the tests."""
    return Path(__file__).resolve().parents[3]


def data_option(parser: argparse.ArgumentParser) -> None:
    """``--data``: which instance."""
    parser.add_argument("--data", metavar="DIR", help="the instance's folder (default: $CANGLIN_DATA, else ./var)")


def json_option(parser: argparse.ArgumentParser) -> None:
    """``--json``: one JSON object on standard output."""
    parser.add_argument("--json", action="store_true", help="print one JSON object")


def instance(options: argparse.Namespace) -> Instance:
    """The instance that ``--data`` names; also told to everything that reads CANGLIN_DATA after us. Makes its folder."""
    if options.data:
        os.environ["CANGLIN_DATA"] = str(Path(options.data).resolve())
    found = Instance.current()
    try:
        found.data.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise Failure(f"cannot use the folder {found.data}: {error.strerror}", "choose another with --data DIR") from error
    if not os.access(found.data, os.W_OK):
        raise Failure(f"the folder {found.data} cannot be written", "choose another with --data DIR, or ask its owner")
    return found


@contextmanager
def django(options: argparse.Namespace) -> Iterator[Instance]:
    """Django ready on the instance's database, which is started for as long as needed when nobody serves it."""
    from canglin.cli import database, preparation

    here = instance(options)
    with database.running(here) as url:
        if not preparation.up_to_date(here, url):
            preparation.prepare(here, url)
        preparation.set_up_django()
        yield here


def emit(options: argparse.Namespace, value: dict[str, Any], text: str) -> None:
    """Print ``value`` as JSON when ``--json`` was given, else ``text``."""
    sys.stdout.write((json.dumps(value, ensure_ascii=False, default=str) if getattr(options, "json", False) else text) + "\n")
    sys.stdout.flush()


def note(text: str) -> None:
    """A line for the person who watches; standard output stays for results."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()
