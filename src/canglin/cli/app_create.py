"""``canglin app create``: an account for a depot's own system."""

import argparse

from canglin.cli import command, people

HELP = "an account for a depot's system, with its keys (shown once)"
EXAMPLES = """\
  ./canglin app create --enterprise 91430100MA00000001 --name 库存系统
  ./canglin app create --enterprise 91430100MA00000001 --depot 91430100MA00000001001 --name 一库 --plain --json

The enterprise need not have reported itself yet."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--enterprise", required=True, metavar="CODE", help="统一社会信用代码, 18 characters")
    parser.add_argument(
        "--depot", action="append", default=[], metavar="CODE", help="only this depot (21 characters); may be given again"
    )
    parser.add_argument("--name", required=True, metavar="N", help="what people call it")
    parser.add_argument("--plain", action="store_true", help="allow bodies without encryption")
    parser.add_argument("--per-minute", type=int, default=60_000, metavar="N", help="requests a minute (default 60000)")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Make it and print its keys."""
    with command.django(options), people.refusals():
        from canglin.accounts import actions, policy

        keys = actions.create_application(
            policy.CONSOLE,
            options.enterprise,
            options.name,
            depots=options.depot,
            plain=options.plain,
            per_minute=options.per_minute,
        )
        people.show_keys(options, keys)
    return command.OK
