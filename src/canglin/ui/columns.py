"""Columns of data tables: what a cell shows, what an export holds, what may be sorted."""

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from canglin.ui import formats

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Link:
    """An address made of a URL name and fields of the row; no link when one of them is empty."""

    url_name: str
    fields: tuple[str, ...]

    def __init__(self, url_name: str, *fields: str) -> None:
        object.__setattr__(self, "url_name", url_name)
        object.__setattr__(self, "fields", fields)

    def __call__(self, row: Row) -> str | None:
        """The address for this row."""
        values = [row.get(field) for field in self.fields]
        return None if any(value in (None, "") for value in values) else reverse(self.url_name, args=values)


@dataclass(frozen=True)
class Column:
    """Text. ``key`` is the field of the row, relations included (``depot__name``).

    ``text`` computes the cell from the row instead (then name the fields it needs in ``needs``); such a column sorts
    only when ``sort`` names a field. ``hidden`` columns are shown when a reader chooses them.
    """

    key: str
    label: str
    _: KW_ONLY
    link: Callable[[Row], str | None] | None = None
    text: Callable[[Row], Any] | None = None
    needs: tuple[str, ...] = ()
    sort: str | bool = True
    hidden: bool = False
    wrap: bool = False
    mono: bool = False
    unit: str = ""
    help: str = ""

    @property
    def sort_field(self) -> str:
        """The field that sorting by this column orders by; empty when it does not sort."""
        if isinstance(self.sort, str):
            return self.sort
        return self.key if self.sort and self.text is None else ""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields of the row that this column reads."""
        own = () if self.text else (self.key,)
        linked = self.link.fields if isinstance(self.link, Link) else ()
        return own + self.needs + linked

    @property
    def css(self) -> str:
        """Classes of the cell."""
        return " ".join(name for name, on in (("wrap", self.wrap), ("mono", self.mono)) if on)

    @property
    def total(self) -> bool:
        """Whether the foot of the table adds this column up."""
        return False

    def value(self, row: Row) -> Any:
        """The cell's value before it is written."""
        return self.text(row) if self.text else row.get(self.key)

    def write(self, value: Any) -> str:
        """The value as a reader sees it."""
        return formats.NOTHING if value is None or value == "" else str(value)

    def show(self, row: Row) -> SafeString:
        """The cell as HTML, linked when the row leads somewhere."""
        shown = conditional_escape(self.write(self.value(row)))
        href = self.link(row) if self.link else None
        return format_html('<a href="{}">{}</a>', href, shown) if href else SafeString(shown)

    def export(self, row: Row) -> Any:
        """The cell in a file: typed where the file can hold the type, otherwise as written."""
        value = self.value(row)
        return None if value is None or value == "" else self.write(value)


@dataclass(frozen=True)
class Number(Column):
    """A figure, right-aligned, its unit in the heading. ``digits`` fixes decimals, ``scale`` divides (1000: kg → t).

    ``sum`` adds the column up, over all filtered rows, in the foot of the table.
    """

    digits: int | None = None
    scale: int = 1
    sum: bool = False

    @property
    def css(self) -> str:
        """Figures stand right-aligned under each other."""
        return ("num " + super().css).strip()

    @property
    def total(self) -> bool:
        """True when the column says so."""
        return self.sum

    def scaled(self, value: Any) -> Decimal | None:
        """The value in the column's unit."""
        if value is None or value == "":
            return None
        exact = value if isinstance(value, Decimal) else Decimal(str(value))
        return exact if self.scale == 1 else exact / self.scale

    def write(self, value: Any) -> str:
        """With thousands separators."""
        return formats.number(self.scaled(value), self.digits)

    def show(self, row: Row) -> SafeString:
        """Negative figures are marked, as red ink does on paper."""
        shown = super().show(row)
        value = self.scaled(self.value(row))
        return format_html('<span class="negative">{}</span>', shown) if value is not None and value < 0 else shown

    def export(self, row: Row) -> Decimal | None:
        """A number, so that a workbook can add it up."""
        return self.scaled(self.value(row))


@dataclass(frozen=True)
class Tonnes(Number):
    """A mass held in kilograms, shown and exported in tonnes."""

    digits: int | None = 3
    scale: int = 1000
    unit: str = "吨"


@dataclass(frozen=True)
class Money(Number):
    """Yuan, to the fen."""

    digits: int | None = 2
    unit: str = "元"


@dataclass(frozen=True)
class Percent(Number):
    """A share of one, shown as a percentage; the file holds the share."""

    digits: int | None = 1

    def write(self, value: Any) -> str:
        """With the sign."""
        return formats.percent(value, self.digits or 0)


@dataclass(frozen=True)
class Moment(Column):
    """Date and time, to the second."""

    @property
    def css(self) -> str:
        """Equal widths, so that times can be compared down the column."""
        return ("time " + super().css).strip()

    def write(self, value: Any) -> str:
        """As the standard writes it."""
        return formats.moment(value)

    def export(self, row: Row) -> Any:
        """A date that a workbook can calculate with."""
        return self.value(row)


@dataclass(frozen=True)
class Day(Moment):
    """A date."""

    def write(self, value: Any) -> str:
        """The date alone."""
        return formats.day(value)


@dataclass(frozen=True)
class Code(Column):
    """A code of a code list, shown by its label; the writer ``code`` is registered by the room that keeps the lists."""

    codes: str = ""

    def write(self, value: Any) -> str:
        """The label."""
        return formats.write("code", value, self.codes)


@dataclass(frozen=True)
class Flag(Column):
    """Yes or no."""

    def write(self, value: Any) -> str:
        """In words."""
        return formats.NOTHING if value is None else (_("是") if value else _("否"))


# How urgent a state is. parts.css gives each a mark besides its colour, for readers who cannot tell colours apart.
TONES = ("neutral", "good", "info", "warn", "bad")


@dataclass(frozen=True)
class Badge(Column):
    """A state: value → (label, tone). A value not listed is shown as it is, without colour."""

    states: Mapping[Any, tuple[str, str]] | None = None

    def state(self, value: Any) -> tuple[str, str]:
        """Label and tone."""
        return (self.states or {}).get(value, (super().write(value), "neutral"))

    def write(self, value: Any) -> str:
        """The label."""
        return self.state(value)[0]

    def show(self, row: Row) -> SafeString:
        """The label in its tone."""
        label, tone = self.state(self.value(row))
        if label == formats.NOTHING:
            return SafeString(label)
        shown = format_html('<span class="state state-{}">{}</span>', tone, label)
        href = self.link(row) if self.link else None
        return format_html('<a href="{}">{}</a>', href, shown) if href else shown


@dataclass(frozen=True)
class Heading:
    """A column's heading as drawn."""

    column: Column
    href: str
    direction: str

    @property
    def aria_sort(self) -> str:
        """In the words of ARIA."""
        return {"up": "ascending", "down": "descending"}.get(self.direction, "none")


@dataclass(frozen=True)
class Line:
    """A row as drawn: its cells in HTML."""

    cells: SafeString
    href: str | None
    tone: str
