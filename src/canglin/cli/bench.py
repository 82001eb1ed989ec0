"""``canglin bench``: what this machine does, measured on an instance made for it."""

import argparse
import json
import os
import platform
from importlib import import_module
from pathlib import Path

from canglin.cli import command
from canglin.cli.benches.ground import ground
from canglin.cli.command import OK, Failure

HELP = "measure this machine: gateway, batch, ledger or pages"
EXAMPLES = """\
  ./canglin bench gateway
  ./canglin bench batch --scale small --json batch.json
  ./canglin bench pages --scale city

A new instance is made in the data folder, served, filled and removed: the figures are those of its disk."""

SCALES = {"gateway": "city", "batch": "city", "ledger": "province", "pages": "city"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("name", choices=SCALES, help="what to measure")
    parser.add_argument("--scale", choices=("small", "city", "province"), help="how much data (default: as docs/performance.md)")
    parser.add_argument("--json", metavar="FILE", type=Path, help="also write the figures there as one flat JSON object")
    command.data_option(parser)


def run(options: argparse.Namespace) -> int:
    """Measure and print."""
    measure = import_module(f"canglin.cli.benches.{options.name}").run
    try:
        with ground(command.instance(options)) as place:
            figures = measure(place, options.scale or SCALES[options.name])
    except RuntimeError as error:
        raise Failure(f"{options.name}: {error}", "the figures would mean nothing; see the instance's log") from error
    rounded = {name: round(value, 3) for name, value in figures.items()}
    width = max(len(name) for name in rounded)
    print("\n".join(f"{name:{width}}  {value:,}" for name, value in rounded.items()))
    print(f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}")
    if options.json:
        options.json.write_text(json.dumps(rounded, indent=1) + "\n", encoding="utf-8")
    return OK
