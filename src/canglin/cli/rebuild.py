"""``canglin rebuild``: current state and ledger once more from the log, compared with the live ones."""

import argparse
import sys
import time

from canglin.cli import command
from canglin.cli.command import FOUND, OK

HELP = "replay the log beside the live tables and report any difference"
EXAMPLES = """\
  ./canglin rebuild --check
  ./canglin rebuild --check --json    {"ok", "differences": [...]}"""

SHOWN = 20


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--check", action="store_true", required=True, help="compare only; nothing live is changed")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Replay and compare; exit code 1 when something differs."""
    with command.django(options):
        from canglin.records.rebuild import check

        differences = check(_Meter())
    lines = [f"{found['table']} {found['key']}: {found['what']}" for found in differences[:SHOWN]]
    if len(differences) > SHOWN:
        lines.append(f"… and {len(differences) - SHOWN} more (--json shows all)")
    command.emit(
        options,
        {"ok": not differences, "differences": differences},
        "\n".join(lines) or "no difference: the log gives what is live",
    )
    return FOUND if differences else OK


class _Meter:
    """How far the replay has come, for a person at a terminal."""

    def __init__(self) -> None:
        self._next = 0.0

    def __call__(self, done: int, whole: int) -> None:
        """Called now and then with entries done and in all."""
        if sys.stderr.isatty() and (time.monotonic() > self._next or done == whole):
            self._next = time.monotonic() + 0.5
            sys.stderr.write(f"\r{done:,} of {whole:,} entries" + ("\n" if done == whole else ""))
            sys.stderr.flush()
