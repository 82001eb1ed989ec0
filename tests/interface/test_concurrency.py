"""Sixty-four at once: nothing lost, nothing twice, and the same record twice at the same time is one entry."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from tests.interface.book import Book
from tests.interface.conftest import Place

THREADS = 64


def test_sixty_four_threads_of_tickets_add_up_to_the_gram(place: Place) -> None:
    lot = place.new_lot()
    records = [place.depot.inbound(lot) for _ in range(640)]
    with ThreadPoolExecutor(THREADS) as threads:
        replies = list(threads.map(lambda record: place.send("1202", record), records))
    assert {reply.code for reply in replies} == {200}
    answer = place.client.batch("1202", records).json
    assert (answer["taken"], answer["same"]) == (0, 640)
    assert len({row["number"] for row in answer["rows"]}) == 640
    ours = {grain: pair for grain, pair in place.stock().items() if grain[0] == lot}
    assert ours == Book(("1202", record) for record in records).stock()


def test_the_same_record_sixty_four_times_at_once_is_one_entry(place: Place) -> None:
    lot = place.new_lot()
    record = place.depot.temperature_scan(lot)
    with ThreadPoolExecutor(THREADS) as threads:
        replies = list(threads.map(lambda _: place.send("1302", record), range(THREADS)))
    assert {reply.code for reply in replies} == {200}
    assert len(place.versions("1302", record["wsdjcdh"]).json) == 1


def test_versions_racing_each_other_end_with_the_newest(place: Place) -> None:
    lot = place.new_lot()
    versions = [place.depot.inbound(lot, rkywdh="149901010001") for _ in range(THREADS)]
    with ThreadPoolExecutor(THREADS) as threads:
        replies = list(threads.map(lambda record: place.send("1202", record), versions))
    assert {reply.code for reply in replies} <= {200, 411}
    assert replies[-1].code == 200
    assert place.client.batch("1202", [versions[-1]]).json["same"] == 1
    ours = {grain: pair for grain, pair in place.stock().items() if grain[0] == lot}
    assert ours == Book([("1202", versions[-1])]).stock()


def test_a_reference_and_what_refers_to_it_may_race(place: Place) -> None:
    """The second is refused or taken, never taken without the first."""
    pairs = [(customer := place.depot.customer(), place.depot.contract(customer)) for _ in range(32)]
    with ThreadPoolExecutor(THREADS) as threads:
        customers = [threads.submit(place.send, "1212", customer) for customer, _ in pairs]
        contracts = [threads.submit(place.send, "1201", contract) for _, contract in pairs]
    assert {future.result().code for future in customers} == {200}
    assert {future.result().code for future in contracts} <= {200, 411}
    for _, contract in pairs:
        place.take("1201", contract)
