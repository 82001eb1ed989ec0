"""What the platform says is in a lot equals the tests' own sum to the gram, in any order and after any correction."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from tests.interface.book import Book
from tests.interface.conftest import Place
from tests.interface.generator import shanghai_now
from tests.interface.samples import Sample
from tests.interface.trade import COMMERCIAL


def held(place: Place, *lots: str, **when: str) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
    return {grain: pair for grain, pair in place.stock(**when).items() if grain[0] in lots}


def day_of_trade(place: Place, first: str, second: str, third: str) -> Iterator[Sample]:
    """Tickets in awkward grams, a transfer, an emptied lot with its loss, a change of nature."""
    depot = place.depot
    for grams in range(7):
        yield "1202", depot.inbound(first, Decimal(40_000) + Decimal(grams) / 1000 + Decimal("0.0005"))
    for grams in range(3):
        yield "1205", depot.outbound(first, Decimal(30_000) + Decimal(grams) / 1000)
    yield "1207", depot.transfer(first, second, Decimal("5000.123"))
    yield "1210", depot.nature_change(second, Decimal("5000.123"), Decimal("1200.001"))
    filled = depot.inbound(third)
    emptied = depot.outbound(third, filled["jz"] + Decimal("15140.5"))
    yield "1202", filled
    yield "1205", emptied
    yield "1209", depot.loss(third, filled["jz"], emptied["jz"])


@pytest.mark.parametrize("seed", [None, 1, 2, 3])
def test_the_stock_of_every_lot_is_our_own_sum_in_any_order(place: Place, seed: int | None) -> None:
    lots = place.new_lot(), place.new_lot(), place.new_lot()
    records = list(day_of_trade(place, *lots))
    book = Book(records)
    if seed is not None:
        random.Random(seed).shuffle(records)
    for table, record in records:
        place.take(table, record)
    assert held(place, *lots) == book.stock()


def test_a_corrected_ticket_counts_once_with_its_last_weight(place: Place) -> None:
    lot = place.new_lot()
    wrong = place.take("1202", place.depot.inbound(lot, Decimal(42_000)))
    right = place.depot.inbound(lot, Decimal(41_000), rkywdh=wrong["rkywdh"])
    place.take("1202", right)
    place.take("1202", right)
    assert held(place, lot) == Book([("1202", right)]).stock()


def test_a_ticket_moved_to_another_variety_leaves_nothing_behind(place: Place) -> None:
    lot = place.new_lot()
    wrong = place.take("1202", place.depot.inbound(lot))
    right = place.take("1202", wrong | {"lspzdm": "1131001", "lsxzdm": COMMERCIAL, "zhgxsj": place.depot.stated()})
    assert held(place, lot) == Book([("1202", right)]).stock()


def test_a_removed_ticket_is_reversed_and_its_return_counts_again(place: Place) -> None:
    lot = place.new_lot()
    kept, gone = (place.take("1202", place.depot.inbound(lot)) for _ in range(2))
    place.take("1202", gone | {"czbz": "d", "zhgxsj": place.depot.stated()})
    assert held(place, lot) == Book([("1202", kept)]).stock()
    back = place.take("1202", gone | {"zhgxsj": place.depot.stated()})
    assert held(place, lot) == Book([("1202", kept), ("1202", back)]).stock()


def test_a_refused_ticket_moves_no_stock(place: Place) -> None:
    lot = place.new_lot()
    ticket = place.depot.inbound(lot)
    assert place.send("1202", ticket | {"jz": ticket["jz"] + Decimal("0.001")}).code != 200
    assert held(place, lot) == {}


def test_ten_thousand_grams_in_single_grams_make_ten_kilograms(place: Place) -> None:
    """What floating point loses, decimals keep."""
    lot = place.new_lot()
    records = [
        place.depot.inbound(lot, Decimal("15360.001"), **dict.fromkeys(PARTS, Decimal(0)), jz=Decimal("0.001")) for _ in range(1000)
    ]
    answer = place.client.batch("1202", records)
    assert answer.json["taken"] == 1000, answer.json["rows"][0]
    [(priced_kg, weighed_kg)] = held(place, lot).values()
    assert (priced_kg, weighed_kg) == (Decimal(1), Decimal(1))


PARTS = ("qzsfzkl", "qzzzzkl", "zjklxj", "zlfyzkl", "qtkl", "xckl")


@pytest.mark.parametrize("by", ["depot", "enterprise", "region", "variety", "nature"])
def test_totals_are_the_sum_of_the_lots(place: Place, by: str) -> None:
    place.take("1202", place.depot.inbound(place.new_lot()))
    lots = place.stock().values()
    answer = place.client.get("/api/v1/stock", token=place.officer, by=by, depot=place.depot.code)
    assert answer.http == 200
    for name, index in (("net_kg", 0), ("weighed_kg", 1)):
        total_kg = sum((Decimal(str(row[name])) for row in answer.json), Decimal(0))
        assert total_kg == sum((pair[index] for pair in lots), Decimal(0)), name


def moment(when: datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%S.%f}+08:00"


def test_what_was_true_then_follows_business_time(place: Place) -> None:
    lot = place.new_lot()
    inbound = place.take("1202", place.depot.inbound(lot))
    outbound = place.take("1205", place.depot.outbound(lot))
    arrived = datetime.fromisoformat(inbound["cmsj"])
    left = datetime.fromisoformat(outbound["cmsj"])
    assert arrived + timedelta(days=1) < left
    before, between, after = (Book(), Book([("1202", inbound)]), Book([("1202", inbound), ("1205", outbound)]))
    for when, book in (
        (arrived - timedelta(days=1), before),
        (arrived + timedelta(days=1), between),
        (left + timedelta(days=1), after),
    ):
        assert held(place, lot, at=moment(when)) == book.stock(), when


def test_what_we_knew_then_follows_the_time_of_receipt(place: Place) -> None:
    """A correction received later changes today's answer about yesterday, and not what was known yesterday."""
    lot = place.new_lot()
    wrong = place.take("1202", place.depot.inbound(lot, Decimal(42_000)))
    time.sleep(0.05)
    known = moment(shanghai_now())
    time.sleep(0.05)
    right = place.take("1202", place.depot.inbound(lot, Decimal(41_000), rkywdh=wrong["rkywdh"]))
    late = place.take("1202", place.depot.inbound(lot))
    assert held(place, lot, known_at=known) == Book([("1202", wrong)]).stock()
    assert held(place, lot) == Book([("1202", right), ("1202", late)]).stock()
