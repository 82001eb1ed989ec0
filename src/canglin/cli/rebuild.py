"""``canglin rebuild``: current state and ledger once more from the log, compared with the live ones."""

import argparse

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

        differences = check()
        lines = [str(difference) for difference in differences[:SHOWN]]
        if len(differences) > SHOWN:
            lines.append(f"… and {len(differences) - SHOWN} more (--json shows all)")
        command.emit(
            options,
            {"ok": not differences, "differences": differences},
            "\n".join(lines) or "no difference: the log gives what is live",
        )
    return FOUND if differences else OK
