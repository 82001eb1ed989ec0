"""``canglin app rotate``: new keys for an application."""

import argparse

from canglin.cli import command, people

HELP = "new keys for an application (shown once); the old ones stop at once"
EXAMPLES = """\
  ./canglin app rotate 3f6b0c1d2e4a5968 --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("appid", help="as app list shows it")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Rotate and print the keys."""
    with command.django(options), people.refusals():
        from canglin.accounts import actions, policy

        people.show_keys(options, actions.rotate_application(policy.CONSOLE, people.find_application(options.appid)))
    return command.OK
