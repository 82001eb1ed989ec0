"""``canglin serve web``: pages, API and gateway in one server process."""

import argparse

from canglin.cli import command, database

HELP = "the server alone: pages, API and gateway (no worker)"
EXAMPLES = """\
  DATABASE_URL=postgresql://canglin@db/canglin ./canglin serve web --port 8000"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=8000, metavar="P", help="port (default 8000)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (default 127.0.0.1)")
    command.data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until asked to stop. The database must have been prepared (``canglin migrate`` or ``up``)."""
    from canglin.cli.server import serve

    with database.running(command.instance(options)):
        serve("canglin.asgi:application", options.host, options.port)
    return command.OK
