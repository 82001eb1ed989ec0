"""Rules between fields of places: where they lie on the map."""

from collections.abc import Iterator
from decimal import Decimal

from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

GEO_RANGE = declare("geo.range", "经纬度不在中国范围内")

#: The span of China's territory in degrees, as the v2022 interface checks it.
LONGITUDE = Decimal("73.33"), Decimal("135.05")
LATITUDE = Decimal("3.51"), Decimal("53.33")


def in_china(
    longitude: Decimal | None, latitude: Decimal | None, longitude_id: str = "jd", latitude_id: str = "wd",
) -> Iterator[Violation]:
    """What of a pair of coordinates, in degrees, lies outside China; an absent one passes. Exchanged ones are found
    this way too."""
    for field, value, (least, most) in ((longitude_id, longitude, LONGITUDE), (latitude_id, latitude, LATITUDE)):
        if value is not None and not least <= value <= most:
            yield Violation(field, GEO_RANGE, f"{value:f}", f"{least}–{most} 度")


def coordinates(row: Row) -> Iterator[Violation]:
    """Enterprises, depots and warehouses lie in China."""
    return in_china(row.longitude, row.latitude)
