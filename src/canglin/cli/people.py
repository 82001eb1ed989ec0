"""What the commands about applications, users and tokens share."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from canglin.cli import command
from canglin.cli.command import REFUSED, Failure

if TYPE_CHECKING:
    from canglin.accounts.actions import Keys
    from canglin.accounts.models import Application


@contextmanager
def refusals() -> Iterator[None]:
    """Turn a room's "no" into a one-line error."""
    from canglin.accounts.policy import Denied
    from canglin.errors import Refused

    try:
        yield
    except (Refused, Denied) as no:
        raise Failure(str(no), "", REFUSED) from no


def show_keys(options: argparse.Namespace, keys: "Keys") -> None:
    """An application's keys, which are shown this once."""
    value = {"appid": keys.application.appid, "app_key": keys.app_key, "secret": keys.secret}
    command.emit(
        options, value, "\n".join(f"{name:8} {text}" for name, text in value.items()) + "\nshown this once: keep them safe"
    )


def find_application(appid: str) -> "Application":
    """The application of that appid. Raises Failure."""
    from canglin.accounts.models import Application

    found = Application.objects.filter(appid=appid).first()
    if found is None:
        raise Failure(f"no application {appid}", "./canglin app list shows them", REFUSED)
    return found
