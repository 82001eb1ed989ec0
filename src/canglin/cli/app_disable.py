"""``canglin app disable``: stop an application at once."""

import argparse

from canglin.cli import command, people

HELP = "stop an application: it may neither sign in nor report"
EXAMPLES = """\
  ./canglin app disable 3f6b0c1d2e4a5968
  ./canglin app disable 3f6b0c1d2e4a5968 --undo"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("appid", help="as app list shows it")
    parser.add_argument("--undo", action="store_true", help="let it report again")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Disable, or enable again."""
    with command.django(options), people.refusals():
        from canglin.accounts import actions, policy

        change = actions.enable_application if options.undo else actions.disable_application
        app = change(policy.CONSOLE, people.find_application(options.appid))
        command.emit(options, {"appid": app.appid, "state": app.state}, f"{app.name} {app.appid} is {app.state}")
    return command.OK
