"""``canglin serve gateway``: only the way in for records, as a process of its own."""

import argparse

from canglin.cli import command, database, serve_web

HELP = "the gateway alone: /api/v2022, /api/v1/records, /healthz"
EXAMPLES = """\
  DATABASE_URL=postgresql://canglin@db/canglin ./canglin serve gateway --port 8001"""

arguments = serve_web.arguments


def run(options: argparse.Namespace) -> int:
    """Serve until asked to stop."""
    from canglin.cli.server import serve

    with database.running(command.instance(options)):
        serve("canglin.asgi:gateway_only", options.host, options.port)
    return command.OK
