"""czbz: insert and update are both upserts, removal removes; identical repeats, corrections, spellings."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.interface.client import encode
from tests.interface.conftest import Place, refusal
from tests.interface.media import jpeg


def numbers(place: Place, table: str, record: dict[str, Any]) -> int:
    """The log number under which the platform holds exactly this record."""
    answer = place.client.batch(table, [record]).json
    assert answer["same"] == 1, answer
    return int(answer["rows"][0]["number"])


def test_insert_twice_with_other_content_is_an_upsert(place: Place) -> None:
    record = place.take("1107", place.depot.equipment())
    place.take("1107", record | {"sbms": "演示第二版", "zhgxsj": place.depot.stated()})


def test_update_of_a_record_never_sent_before_takes_it(place: Place) -> None:
    place.take("1107", place.depot.equipment(czbz="u"))


def test_another_content_with_the_same_time_is_taken_as_the_later_arrival(place: Place) -> None:
    """Only an older statement is refused."""
    record = place.take("1107", place.depot.equipment())
    place.take("1107", record | {"sbms": "演示同一秒的更正"})


def test_an_identical_repeat_keeps_its_log_number(place: Place) -> None:
    record = place.take("1107", place.depot.equipment())
    first = numbers(place, "1107", record)
    place.take("1107", record)
    assert numbers(place, "1107", dict(reversed(record.items()))) == first


def test_a_removed_record_can_no_longer_be_referred_to_and_may_return(place: Place) -> None:
    customer = place.take("1212", place.depot.customer())
    place.take("1212", customer | {"czbz": "d", "zhgxsj": place.depot.stated()})
    refusal(place.send("1201", place.depot.contract(customer)), 411)
    place.take("1212", customer | {"zhgxsj": place.depot.stated()})
    place.take("1201", place.depot.contract(customer))


def test_a_late_copy_of_a_removed_record_does_not_bring_it_back(place: Place) -> None:
    customer = place.take("1212", place.depot.customer())
    place.take("1212", customer | {"czbz": "d", "zhgxsj": place.depot.stated()})
    refusal(place.send("1212", customer), 411)
    refusal(place.send("1201", place.depot.contract(customer)), 411)


def test_a_removal_repeated_is_answered_200(place: Place) -> None:
    record = place.take("1107", place.depot.equipment())
    removal = record | {"czbz": "d", "zhgxsj": place.depot.stated()}
    place.take("1107", removal)
    place.take("1107", removal)


def test_a_stock_card_of_an_earlier_moment_may_come_later(place: Place) -> None:
    """1208 appends: its time is part of its key, so an older card is another card and not an older version."""
    lot = place.new_lot()
    earlier = place.depot.stock_card(lot, Decimal(0), Decimal(0), hwzt="1")
    later = place.depot.stock_card(lot, Decimal(0), Decimal(0), hwzt="2")
    for card in (later, earlier):
        place.take("1208", card)
    assert place.client.batch("1208", [earlier, later]).json["same"] == 2


def test_a_lot_that_was_never_filled_has_a_card_without_grain(place: Place) -> None:
    empty = dict.fromkeys(("lspzdm", "lsxzdm", "lsdjdm", "shnd", "rcsj", "fcrq", "lqgsdwdm", "gb", "cd"))
    place.take("1208", place.depot.stock_card(place.new_lot(), Decimal(0), Decimal(0), hwzt="1", **empty))


def test_the_documents_spellings_are_accepted_for_the_fields_they_misspell(place: Place) -> None:
    contract = place.depot.contract(place.customer())
    misspelt = {"lysl": "Lysl", "lyl": "Lyl", "jsjg": "Jsjg", "jszje": "Jszje", "shr": "spr"}
    place.take("1201", {misspelt.get(name, name): value for name, value in contract.items()})
    assert place.client.batch("1201", [contract]).json["same"] == 1

    for table, record, right, written in [
        ("1301", place.depot.safety_risk(), "yhxx", "Yhxx"),
        ("1306", place.depot.fumigation(place.warehouse, None), "lhqnddw", "nlhqnddw"),
        ("1212", place.depot.customer(), "khtyshxydmhsfzh", "khtyshxydmhsfz h"),
    ]:
        respelt = {written if name == right else name: value for name, value in record.items()}
        assert written in respelt, (table, record)
        place.take(table, respelt)
        assert place.client.batch(table, [record]).json["same"] == 1, table


def test_a_snapshots_misspelt_preset_is_its_key(place: Place) -> None:
    snapshot = place.depot.snapshot(place.warehouse, place.lot, place.upload(_picture(place)))
    snapshot["Yzwbh"] = snapshot.pop("yzwbh")
    place.take("1307", snapshot)


def _picture(place: Place) -> bytes:
    return jpeg(f"{place.depot.code}{place.depot.next('picture')}")


@pytest.mark.parametrize("literal", ["26831.75", "26831.750000", "2.683175e4"])
def test_the_same_number_written_otherwise_is_the_same_record(place: Place, literal: str) -> None:
    record = place.take("1202", place.depot.inbound(place.lot))
    assert record["jz"] == Decimal("26831.75")
    respelt = encode(record).replace(b'"jz": 26831.75', f'"jz": {literal}'.encode())
    answer = place.client.batch("1202", [respelt]).json
    assert (answer["taken"], answer["same"]) == (0, 1), answer
