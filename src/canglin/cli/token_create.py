"""``canglin token create``: a key for a program that speaks to /api/v1 in a person's name."""

import argparse

from canglin.cli import command, people
from canglin.cli.command import REFUSED, Failure

HELP = "a token for /api/v1 (Authorization: Bearer …), shown once"
EXAMPLES = """\
  ./canglin token create --user wang --json
  ./canglin token create --user wang --name 月报 --days 90"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--user", required=True, metavar="U", help="whose rights it has")
    parser.add_argument("--name", default="", metavar="N", help="what it is for")
    parser.add_argument("--days", type=int, default=365, metavar="N", help="how long it lives (default and most 365)")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Make it and print it."""
    with command.django(options), people.refusals():
        from canglin.accounts import actions, policy, queries

        user = queries.user(options.user)
        if user is None:
            raise Failure(f"no user {options.user}", "./canglin user create makes one", REFUSED)
        _, text = actions.create_token(policy.CONSOLE, user, options.name, days=options.days)
        command.emit(options, {"token": text}, text)
    return command.OK
