"""The command line explains itself."""

import pytest

from canglin.cli.main import COMMANDS, module
from tests.served import canglin


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_examples_that_name_it(name: str) -> None:
    command = module(name)
    assert command.HELP
    assert f"./canglin {name}" in command.EXAMPLES


def test_an_unknown_command_is_refused_in_one_line_with_the_choices() -> None:
    done = canglin("fly")
    assert done.returncode == 2
    assert "invalid choice" in done.stderr
    assert "Traceback" not in done.stderr
