"""Dates and times that a reader enters to ask for a past."""

from datetime import date, datetime, time

from django.utils.dateparse import parse_date, parse_datetime

from canglin.stock.ledger.balances import CHINA

UNREADABLE = "请填写存在的日期或时间，如 2026-03-01 或 2026-03-01 08:00"


class Unreadable(ValueError):
    """What was entered is no date or time; the message says what would do."""


def moment(text: str, *, end: bool) -> datetime | None:
    """``2026-03-01`` (its last second when ``end``, else its first), ``2026-03-01T08:00`` (its last second), in China's
    time; None for nothing. Raises Unreadable."""
    text = text.strip()
    if not text:
        return None
    try:
        day = parse_date(text) if len(text) == 10 else None
        at = parse_datetime(text) if day is None else _day(day, end)
    except ValueError:
        raise Unreadable(UNREADABLE) from None
    if at is None or not 1950 <= at.year < 2200:
        raise Unreadable(UNREADABLE)
    at = at if at.tzinfo else at.replace(tzinfo=CHINA)
    # A field of hours and minutes means the whole minute.
    return at.replace(second=59) if end and len(text) == 16 else at


def _day(day: date, end: bool) -> datetime:
    return datetime.combine(day, time(23, 59, 59) if end else time(), CHINA)
