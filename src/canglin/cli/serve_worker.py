"""``canglin serve worker``: the process that does the jobs of the queue."""

import argparse
import asyncio
import signal

from canglin.cli import command, database, preparation

HELP = "the worker alone: imports, exports and everything that runs by the clock"
EXAMPLES = """\
  DATABASE_URL=postgresql://canglin@db/canglin ./canglin serve worker"""

CONCURRENCY = 2  # jobs at once; each may hold a connection and a child process that reads a workbook
LEAVE_S = 15.0


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    command.data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Work until asked to stop; a job in hand is finished first, or taken up again by the next worker."""
    with database.running(command.instance(options)):
        preparation.set_up_django()
        asyncio.run(_work())
    return command.OK


async def _work() -> None:
    from procrastinate.contrib.django import app

    worker_app = app.with_connector(app.connector.get_worker_connector())  # type: ignore[attr-defined]
    async with worker_app.open_async():
        working = asyncio.ensure_future(
            worker_app.run_worker_async(
                concurrency=CONCURRENCY, install_signal_handlers=False, shutdown_graceful_timeout=LEAVE_S,
            )
        )
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, working.cancel)
        try:
            await working
        except asyncio.CancelledError:
            return
