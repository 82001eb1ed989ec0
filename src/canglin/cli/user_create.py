"""``canglin user create``: an account for a person."""

import argparse

from canglin.cli import command, people

HELP = "an account for a person, with a one-time password"
EXAMPLES = """\
  ./canglin user create --name wang --role stock --area 430000
  ./canglin user create --name li --role keeper --area 91430100MA00000001001 --json

An area is 00 (everything), a region of 2, 4 or 6 digits, an enterprise of 18 characters, or depots of 21 with commas."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--name", required=True, metavar="N", help="what the person signs in with")
    parser.add_argument(
        "--role", required=True, metavar="ROLE", help="admin, security, audit, stock, quality, plans, …, manager, keeper, viewer"
    )
    parser.add_argument("--area", required=True, metavar="CODE", help="what the account may see")
    parser.add_argument("--full-name", default="", metavar="姓名", help="the person's name")
    parser.add_argument("--unit", default="", metavar="单位", help="where the person works")
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Open the account and print its password, which must be changed at the first sign-in."""
    with command.django(options), people.refusals():
        from canglin.accounts import actions, policy

        made = actions.create_user(
            policy.CONSOLE,
            options.name,
            options.role,
            options.area,
            name=options.full_name,
            unit=options.unit,
        )
        value = {"user": made.user.username, "password": made.password}
        command.emit(options, value, f"{made.user.username}  one-time password {made.password}")
    return command.OK
