"""Dates, times and years in the specification's own form, kept as strings.

``2026-11-02``, ``2026-11-02 08:00:00``, ``2026``. All are in China's time, and as strings they sort as time does.
"""

import re
from datetime import date, datetime, timedelta, timezone

#: China's time, in which the specification writes.
CHINA = timezone(timedelta(hours=8), "Asia/Shanghai")

_DAY = (r"(?:19|20)[0-9]{2}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
        r"|02-(?:0[1-9]|1[0-9]|2[0-8]))")
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"

#: Right beyond doubt: every day of these two centuries but 29 February.
DAY = re.compile(_DAY)
MOMENT = re.compile(f"{_DAY} {_TIME}")
YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_DAY_FORM = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME_FORM = re.compile(_TIME)


def is_day(text: str) -> bool:
    """Whether the text is ``yyyy-MM-dd`` and a day of the calendar."""
    if not _DAY_FORM.fullmatch(text):
        return False
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def is_moment(text: str) -> bool:
    """Whether the text is ``yyyy-MM-dd HH:mm:ss``, a day of the calendar and a time of the day."""
    return len(text) == 19 and text[10] == " " and is_day(text[:10]) and bool(_TIME_FORM.fullmatch(text, 11))


def day(text: str) -> date:
    """The date of a day or moment. Raises ValueError for anything else."""
    return date.fromisoformat(text[:10])


def moment(text: str) -> datetime:
    """The aware datetime of ``yyyy-MM-dd HH:mm:ss``. Raises ValueError for anything else."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=CHINA)


def text(value: datetime) -> str:
    """``yyyy-MM-dd HH:mm:ss`` in China's time of an aware datetime."""
    return value.astimezone(CHINA).strftime("%Y-%m-%d %H:%M:%S")
