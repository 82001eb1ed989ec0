"""The ``canglin`` command: reads the arguments and calls the module of the subcommand."""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from canglin.cli.command import CANNOT, INTERRUPTED, Command, Failure

# Command → module, in the order of the help. A name with a blank is a command of two words.
COMMANDS = {
    "demo": "demo",
    "up": "up",
    "test": "test",
    "app create": "app_create",
    "app list": "app_list",
    "app disable": "app_disable",
    "app rotate": "app_rotate",
    "user create": "user_create",
    "token create": "token_create",
    "doctor": "doctor",
    "rebuild": "rebuild",
    "bench": "bench",
    "migrate": "migrate",
    "serve web": "serve_web",
    "serve gateway": "serve_gateway",
    "serve worker": "serve_worker",
    "lock": "lock",
}
GROUPS = {
    "app": "applications that deliver records",
    "user": "people who sign in",
    "token": "keys of programs for /api/v1",
    "serve": "one part of the platform as a process of its own",
}
EXIT_CODES = """\
exit codes: 0 done · 1 it worked and found something wrong · 2 wrong arguments · 3 something needed is missing
(database, port, package) · 4 refused · 130 interrupted. Everything else is in docs/operating.md."""


def module(name: str) -> Command:
    """The module behind a command."""
    found: Command = import_module(f"canglin.cli.{COMMANDS[name]}")
    return found


def parser(only: str | None = None) -> argparse.ArgumentParser:
    """The whole command line; ``only`` loads one command's module in full, which keeps start-up short."""
    top = argparse.ArgumentParser(
        prog="./canglin", description="仓廪 Canglin: supervision of government grain reserves.", epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    firsts = top.add_subparsers(metavar="COMMAND", required=True)
    groups = {}
    for name in COMMANDS:
        if only is not None and name.split()[0] != only:
            continue
        command = module(name)
        first, _, second = name.partition(" ")
        if second and first not in groups:
            group = firsts.add_parser(first, help=GROUPS[first], description=GROUPS[first])
            groups[first] = group.add_subparsers(metavar="WHAT", required=True)
        place = groups[first] if second else firsts
        entry = place.add_parser(
            second or first, help=command.HELP, description=command.HELP, epilog="examples:\n" + command.EXAMPLES,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.arguments(entry)
        entry.set_defaults(run=command.run)
    return top


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    first = given[0] if given and given[0] in {name.split()[0] for name in COMMANDS} else None
    if first == "test":
        # Everything behind `test` belongs to pytest, also what looks like an option of ours.
        from canglin.cli import test

        if given[1:] not in (["-h"], ["--help"]):
            return test.run_pytest(given[1:])
    options = parser(first).parse_args(given)
    try:
        code: int = options.run(options)
    except Failure as failure:
        sys.stderr.write(f"canglin: {failure}\n")
        return failure.code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CANNOT
    return code


if __name__ == "__main__":
    sys.exit(main())
