"""``canglin app list``: the accounts of depots' systems."""

import argparse

from canglin.cli import command

HELP = "list applications (never their keys)"
EXAMPLES = """\
  ./canglin app list
  ./canglin app list --json"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.data_option(parser)
    command.json_option(parser)


def run(options: argparse.Namespace) -> int:
    """Print one line each."""
    with command.django(options):
        from canglin.accounts.models import Application

        rows = [
            {
                "appid": app.appid,
                "name": app.name,
                "enterprise": app.enterprise,
                "depots": app.depots,
                "plain": app.plain,
                "state": app.state,
                "per_minute": app.per_minute,
                "last_seen_at": app.last_seen_at and app.last_seen_at.isoformat(),
            }
            for app in Application.objects.order_by("name", "appid")
        ]
        lines = [
            f"{r['appid']}  {r['state']:8}  {r['enterprise']}  last seen {r['last_seen_at'] or 'never'}  {r['name']}" for r in rows
        ]
        command.emit(options, {"applications": rows}, "\n".join(lines) or "none yet: ./canglin app create")
    return command.OK
