"""Places lie in China."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rows import broken, named, row

TABLES = {"1101": ("jd", "wd"), "1102": ("jd", "wd"), "1103": ("jd", "wd"), "1405": ("xmdzjd", "zmdzwd")}
longitudes = st.decimals("73.33", "135.05", places=6)
latitudes = st.decimals("3.51", "53.33", places=6)


@pytest.mark.parametrize("code", TABLES)
@given(longitudes, latitudes)
def test_a_place_in_china_passes(code: str, longitude: Decimal, latitude: Decimal) -> None:
    assert broken(code, row(code, longitude=longitude, latitude=latitude)) == []


@pytest.mark.parametrize("code", TABLES)
@given(longitudes, latitudes)
def test_exchanged_coordinates_are_refused(code: str, longitude: Decimal, latitude: Decimal) -> None:
    found = named(broken(code, row(code, longitude=latitude, latitude=longitude)))
    assert found == {(id, "geo.range") for id in TABLES[code]}


@pytest.mark.parametrize("code", TABLES)
def test_a_coordinate_is_named_when_it_alone_is_wrong(code: str) -> None:
    longitude, latitude = TABLES[code]
    edge = {"longitude": Decimal("73.33"), "latitude": Decimal("53.33")}
    assert broken(code, row(code, **edge)) == []
    west = row(code, **edge | {"longitude": Decimal("73.329999")})
    north = row(code, **edge | {"latitude": Decimal("53.330001")})
    assert named(broken(code, west)) == {(longitude, "geo.range")}
    assert named(broken(code, north)) == {(latitude, "geo.range")}


def test_a_warehouse_need_not_say_where_it_lies() -> None:
    assert broken("1103", row("1103")) == []


def test_a_rotation_plan_that_ends_before_it_starts_is_noted() -> None:
    found = broken("1403", row("1403", starts_on="2026-10-01", ends_on="2026-03-31"))
    assert named(found) == {("jzzxrq", "time.order")}
    assert not found[0].refuses
