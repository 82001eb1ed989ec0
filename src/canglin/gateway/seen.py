"""When applications were last heard of: taken from the day's counts, so that no record costs a write more."""

from collections.abc import Iterable
from datetime import datetime

from canglin.accounts import actions
from canglin.accounts.models import Application


def note_seen(sources: Iterable[tuple[str, datetime]]) -> int:
    """Write down the newest moment of each application that has been heard of since it was last written; returns how many."""
    at = {source.removeprefix("app:"): last_at for source, last_at in sources if source.startswith("app:")}
    held = Application.objects.filter(appid__in=at).values_list("appid", "last_seen_at")
    newer = {appid: at[appid] for appid, seen in held if seen is None or seen < at[appid]}
    actions.seen_applications(newer)
    return len(newer)
