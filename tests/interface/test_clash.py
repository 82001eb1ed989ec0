"""408: a key that someone else holds."""

from __future__ import annotations

from decimal import Decimal

from tests.interface.conftest import Place, refusal


def test_a_transfer_number_another_depot_uses_is_refused_and_the_others_record_stays(place: Place, neighbour: Place) -> None:
    """Transfers are numbered by the depot itself, and the number alone is the key."""
    ours = place.take("1207", place.depot.transfer(place.lot, place.new_lot(), Decimal(10), dcdh="演示倒仓-2026-7"))
    theirs = neighbour.depot.transfer(neighbour.lot, neighbour.new_lot(), Decimal(900), dcdh=ours["dcdh"])
    refusal(neighbour.send("1207", theirs), 408)
    refusal(neighbour.send("1207", theirs | {"czbz": "d", "zhgxsj": neighbour.depot.stated()}), 408)
    assert place.client.batch("1207", [ours]).json["same"] == 1
