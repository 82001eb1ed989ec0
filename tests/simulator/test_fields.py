"""Every record the simulator makes is one the specification's document allows."""

from collections import Counter
from datetime import date, datetime

import pytest

from canglin.simulator.province import REFERENCE_ORDER, Province
from canglin.simulator.send import ENDPOINTS
from tests.simulator.specification import TABLES, composed, faults, key, number_in_depot


def test_every_record_has_the_fields_types_lengths_and_codes_of_the_document(items):
    wrong = Counter(fault for code, record in items for fault in faults(code, record))
    assert not wrong, wrong.most_common(10)


def test_codes_and_document_numbers_are_composed_as_the_document_says(items):
    wrong = Counter(fault for code, record in items for fault in composed(code, record))
    assert not wrong, wrong.most_common(10)


def test_no_key_comes_twice(items):
    twice = [k for k, n in Counter(key(code, record) for code, record in items).items() if n > 1]
    assert not twice, twice[:5]


def test_a_document_number_stands_once_in_its_depot(items):
    numbers = Counter(n for code, record in items if (n := number_in_depot(code, record)))
    assert [n for n, times in numbers.items() if times > 1] == []


def test_every_table_a_depot_reports_appears(by_table):
    reported = {code for code, table in TABLES.items() if table["endpoint"]}
    assert reported <= by_table.keys()
    assert {"1401", "1402", "1403", "1404"} <= by_table.keys()


def test_the_sender_knows_the_documents_addresses():
    assert {code: table["endpoint"] for code, table in TABLES.items() if table["endpoint"]} == ENDPOINTS
    assert set(ENDPOINTS) <= set(REFERENCE_ORDER)


@pytest.mark.parametrize("now", [
    datetime(2024, 2, 29, 10, 30), datetime(2026, 1, 1, 0, 1), datetime(2026, 6, 20, 3, 0),
    datetime(2025, 12, 31, 23, 59, 59)])
def test_whatever_the_day_nothing_comes_from_the_future_and_every_table_appears(now):
    province = Province("small", 3, now)
    seen, wrong = set(), Counter()
    for code, record in province.records():
        seen.add(code)
        assert record["zhgxsj"] <= str(now)
        wrong.update(faults(code, record))
    assert not wrong
    assert seen >= set(ENDPOINTS)


def test_the_same_seed_and_moment_give_the_same_records(province, items):
    again = Province("small", 7, province.now)
    assert [*again.registry(), *again.bureau(), *(i for d in again.depots for i in again.business(d))] == items


def test_another_seed_gives_another_province(province):
    other = Province("small", 8, province.now)
    assert {d.code for d in other.depots}.isdisjoint(d.code for d in province.depots)


def test_the_small_province_is_small_enough_to_wait_for(province, items):
    assert len(province.depots) == 24
    assert sum(len(d.lots) for d in province.depots) == 150
    assert 30_000 < len(items) <= 60_000


def test_a_running_harvest_brings_lorries_today(by_table, province):
    today = str(province.now.date())
    assert sum(t["ywrq"] == today for t in by_table["1202"]) >= 10


def test_a_date_alone_means_its_evening_and_an_unknown_scale_is_named():
    assert Province("small", 1, date(2026, 5, 4)).now == datetime(2026, 5, 4, 18, 0)
    with pytest.raises(ValueError, match="small, city, province"):
        Province("tiny")
