"""How values are written: one place for figures, units, dates and codes, used by templates, tables and exports.

Mass and money are Decimal. Rooms above add writers of their own, for example the labels of code lists:
``formats.register("code", label_of)`` makes ``{{ value|code:"food_variety" }}`` work.
"""

from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

NOTHING = "—"
KG_PER_TONNE = Decimal(1000)

_writers: dict[str, Callable[..., str]] = {}


def register(name: str, writer: Callable[..., str]) -> None:
    """Supply the writer ``name``; a later registration replaces an earlier one."""
    _writers[name] = writer


def write(name: str, value: Any, *args: Any) -> str:
    """The value as the registered writer puts it; as it is when no such writer is installed."""
    if value is None or value == "":
        return NOTHING
    writer = _writers.get(name)
    return writer(value, *args) if writer else str(value)


def number(value: Any, digits: int | None = None) -> str:
    """A figure with thousands separators: ``digits`` decimals, or as many as it has. Rounds half up."""
    if value is None or value == "":
        return NOTHING
    exact = value if isinstance(value, Decimal) else Decimal(str(value))
    if not exact.is_finite():
        return NOTHING
    if digits is not None:
        exact = exact.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    elif exact == exact.to_integral_value():
        exact = exact.quantize(Decimal(1))
    else:
        exact = exact.normalize()
    if not exact:
        exact = abs(exact)  # no "-0.00"
    return f"{exact:,f}"


def with_unit(text: str, unit: str) -> SafeString:
    """A figure and its unit, which never part at the end of a line."""
    if text == NOTHING or not unit:
        return format_html('<span class="figure">{}</span>', text)
    return format_html('<span class="figure">{} <span class="unit">{}</span></span>', text, unit)


def tonnes(net_kg: Any, digits: int = 3) -> str:
    """Kilograms written in tonnes; three decimals are exact to the kilogram."""
    if net_kg is None or net_kg == "":
        return NOTHING
    return number(Decimal(str(net_kg)) / KG_PER_TONNE, digits)


def percent(share: Any, digits: int = 1) -> str:
    """A share of one (0.125) as a percentage (12.5%)."""
    if share is None or share == "":
        return NOTHING
    return number(Decimal(str(share)) * 100, digits) + "%"


def moment(value: datetime | None) -> str:
    """Date and time to the second in the installation's time zone, as the standard writes it."""
    if value is None:
        return NOTHING
    local = timezone.localtime(value) if timezone.is_aware(value) else value
    return local.strftime("%Y-%m-%d %H:%M:%S")


def day(value: date | datetime | None) -> str:
    """The date alone."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = (timezone.localtime(value) if timezone.is_aware(value) else value).date()
    return value.isoformat()


def ago(value: datetime | None, now: datetime | None = None) -> str:
    """How long since, in the largest unit that is not zero; the exact time belongs beside it."""
    if value is None:
        return NOTHING
    seconds = int(((now or timezone.now()) - value).total_seconds())
    if seconds < 0:
        return moment(value)
    if seconds < 60:
        return _("%d 秒前") % seconds
    if seconds < 3600:
        return _("%d 分钟前") % (seconds // 60)
    if seconds < 86400:
        return _("%d 小时前") % (seconds // 3600)
    return _("%d 天前") % (seconds // 86400)
