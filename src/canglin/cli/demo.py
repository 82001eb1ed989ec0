"""``canglin demo``: serve an instance with a province that never was."""

import argparse
import json
import os
import signal
import subprocess
import sys

from canglin.cli import command
from canglin.cli.command import Failure, note
from canglin.cli.serving import Server, Stopped

HELP = "serve an instance with a demo province, sent through the gateway on the first start"
EXAMPLES = """\
  ./canglin demo                              24 depots, a year; ready within a minute
  ./canglin demo --scale city --port 8080     five times as much
  ./canglin demo --data /srv/demo --seed 7    another province, another folder

A restart keeps the data; what an interrupted start did not send is sent then."""

SCALES = ("small", "city", "province")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--port", type=int, default=8000, metavar="P", help="port (default 8000; 0 takes a free one)")
    parser.add_argument("--host", default="127.0.0.1", metavar="ADDRESS", help="address to listen on")
    parser.add_argument("--scale", choices=SCALES, default="small", help="24, 120 or 800 depots (default small)")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="which province (default 1)")
    command.data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Serve until asked to stop, with the demo's data in before ``ready``."""
    server = Server(command.instance(options), options.host, options.port, first_administrator=False)
    return server.serve(lambda healthy: _fill(healthy, options.scale, options.seed))


def _fill(server: Server, scale: str, seed: int) -> None:
    """Send the province from a process of its own, as depots would, and keep watch meanwhile."""
    words = [sys.executable, "-P", "-m", "canglin.cli.demo_data", server.url, scale, str(seed)]
    process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True)
    said = b""
    try:
        while True:
            try:
                said, _ = process.communicate(timeout=0.2)
                break
            except subprocess.TimeoutExpired:
                server.watch()
    except Stopped:
        os.killpg(process.pid, signal.SIGTERM)
        process.communicate()
        raise
    if process.returncode != 0:
        raise Failure("the demo province could not be sent", "see above; the same command goes on where it stopped")
    _tell(json.loads(said))


def _tell(told: dict[str, object]) -> None:
    sent = told["sent"]
    if isinstance(sent, dict):
        note(f"{sent['records']:,} records in {sent['seconds']:.0f} s, {sent['refused']:,} of them refused")
        for reason, count in sent["reasons"]:
            note(f"  {count:6,} × {reason}")
    logins = told["logins"]
    assert isinstance(logins, list)
    for login in logins:
        sys.stdout.write(f"{login['user']}  {login['password']}  {login['what']}\n")
    sys.stdout.flush()
