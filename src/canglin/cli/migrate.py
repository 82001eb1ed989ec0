"""``canglin migrate``: bring an instance to this version."""

import argparse

from canglin.cli import command, database, preparation

HELP = "bring the database to this version: tables, rules, static files (up does it by itself)"
EXAMPLES = """\
  DATABASE_URL=postgresql://canglin@db/canglin ./canglin migrate    before new processes start
  ./canglin migrate --data /srv/canglin --force                     load the rules again"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.data_option(parser)
    command.json_option(parser)
    parser.add_argument("--force", action="store_true", help="also when everything looks up to date")


def run(options: argparse.Namespace) -> int:
    """Prepare the database when needed."""
    here = command.instance(options)
    with database.running(here) as url:
        needed = options.force or not preparation.up_to_date(here, url)
        if needed:
            preparation.prepare(here, url)
    command.emit(options, {"changed": needed}, "brought up to date" if needed else "up to date already")
    return command.OK
