"""``canglin lock``: writes the three lock files anew from pyproject.toml."""

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

from canglin.cli.command import OK, Failure, emit, project_root

HELP = "bring the lock files in line with pyproject.toml (for developers)"
EXAMPLES = """\
  ./canglin lock              after adding a dependency
  ./canglin lock --upgrade    take the newest versions that pyproject.toml allows"""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options."""
    parser.add_argument("--upgrade", action="store_true", help="look for newer versions too")


def run(options: argparse.Namespace) -> int:
    """Compile runtime, developers' and build requirements, every file with its SHA-256."""
    root = project_root()
    build = tomllib.loads((root / "pyproject.toml").read_text())["build-system"]["requires"]
    done = [
        _compile(root, options.upgrade, "requirements.lock", "pyproject.toml"),
        # The developers' lock holds the runtime's versions, so that tests run on what is delivered.
        _compile(root, options.upgrade, "requirements-dev.lock", "pyproject.toml", "--group", "dev", "-c", "requirements.lock"),
        _compile(root, options.upgrade, "requirements-build.lock", "-", given="\n".join([*build, "uv"])),
    ]
    emit(options, {"files": done}, "wrote " + ", ".join(done))
    return OK


def _compile(root: Path, upgrade: bool, output: str, *source: str, given: str = "") -> str:
    command = [
        str(Path(sys.executable).with_name("uv")), "pip", "compile", "-q", "--generate-hashes", "--no-header", "--universal",
        "--python-version", "3.11", *(["--upgrade"] if upgrade else []), *source, "-o", output,
    ]
    done = subprocess.run(command, cwd=root, input=given, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"{output}: {done.stderr.strip().splitlines()[-1]}", "correct pyproject.toml, then run it again")
    return output
