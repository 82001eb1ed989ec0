"""Columns and filters that the lists of places share."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString

from canglin.accounts import policy
from canglin.standard import codes, regions
from canglin.ui import formats
from canglin.ui.tables import Choice, Percent, Table

#: 货位状态 (1208.hwzt) with the tone in which it is shown.
LOT_STATES = {
    "1": ("空仓", "neutral"),
    "2": ("入库中", "info"),
    "3": ("封仓", "good"),
    "4": ("出库中", "info"),
    "9": ("其他", "neutral"),
    "": ("未报货位卡", "warn"),
}
#: More weighed grain than the stated capacity: either is wrong.
OVERFULL = Decimal("1.02")


@dataclass(frozen=True)
class Use(Percent):
    """How full a place is: a bar and the percentage."""

    def show(self, row: Mapping[str, Any]) -> SafeString:
        """The bar is decoration; the figure beside it says the same."""
        value = self.value(row)
        if value is None:
            return SafeString(formats.NOTHING)
        tone = " is-over" if value > OVERFULL else ""
        return format_html(
            '<span class="use{}"><progress value="{}" max="1" aria-hidden="true"></progress><span>{}</span></span>',
            tone,
            f"{min(max(value, Decimal(0)), Decimal(1)):.3f}",
            self.write(value),
        )


@dataclass(frozen=True)
class Holds(Choice):
    """One value offered; rows hold several."""

    def keeps(self, row: Mapping[str, Any], value: Any) -> bool:
        """The value is among the row's."""
        return value in row[self.key]


@dataclass(frozen=True)
class Within(Choice):
    """A city or county; a city stands for all its counties."""

    def keeps(self, row: Mapping[str, Any], value: Any) -> bool:
        """The row's region lies within."""
        return regions.contains(value, row[self.key])


@dataclass(frozen=True)
class Always(Choice):
    """One of the values offered; the one called ``usual`` where the reader chose none."""

    usual: Callable[[], str] = str
    template = "overview/filters/required.html"

    def read(self, read: Callable[[str], list[str]], request: HttpRequest) -> Any:
        """The value chosen, or the usual one."""
        return super().read(read, request) or self.usual()


def region_choices(codes_found: Iterable[str]) -> list[tuple[str, str]]:
    """Cities and under them their counties, of the regions that occur."""
    counties = sorted({code for code in codes_found if code})
    cities: dict[str, list[str]] = {}
    for county in counties:
        above = regions.parent(county) if regions.known(county) else None
        cities.setdefault(above if above and regions.level(above) == 2 else county, []).append(county)
    choices = []
    for city, below in sorted(cities.items()):
        choices.append((city, regions.name(city)))
        choices += [(county, f"\u3000{regions.name(county)}") for county in below if county != city]
    return choices


def code_choices(list_id: str, values: Iterable[str]) -> list[tuple[str, str]]:
    """The codes that occur, with their labels."""
    return [(value, codes.brief(value, list_id)) for value in sorted({value for value in values if value})]


class RoomTable(Table):
    """A table whose files only those may take out who hold ``export_verb``."""

    export_verb = "registry.export"

    def may_export(self, request: HttpRequest) -> bool:
        """Asks the policy."""
        return policy.may(request.user, self.export_verb)
