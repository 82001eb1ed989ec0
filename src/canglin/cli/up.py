"""``canglin up``: serve an instance."""

import argparse

from canglin.cli import command
from canglin.cli.serving import Server

HELP = "serve an instance: database, server and worker, until Ctrl-C"
EXAMPLES = """\
  ./canglin up                             http://127.0.0.1:8000, data in ./var
  ./canglin up --port 8080 --data /srv/canglin
  DATABASE_URL=postgresql://canglin@db/canglin ./canglin up    a PostgreSQL of your own

The first start prints the name and one-time password of the first administrator."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=8000, metavar="P", help="port (default 8000; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on (default 127.0.0.1)")
    command.data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    return Server(command.instance(options), options.host, options.port).serve()
