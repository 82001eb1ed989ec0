"""A whole depot reports itself: every table that a depot reports, once full and once with nothing optional."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.interface.conftest import CreateApp, Place
from tests.interface.generator import BUREAU_TABLES, ENDPOINTS
from tests.interface.samples import Depot, Sample

Delivered = tuple[Place, list[Sample], list[str]]


@pytest.fixture(scope="module", params=[True, False], ids=["every field", "required fields"])
def delivered(
    request: pytest.FixtureRequest, app: CreateApp, new_enterprise: Callable[[], Depot], officer: str
) -> tuple[Place, list[Sample], list[str]]:
    """A new depot and its records, sent in the document's order; and what was not taken."""
    depot: Depot = new_enterprise()
    depot.fill = request.param
    place = Place(depot, app(depot.enterprise), officer)
    samples = depot.samples(place.upload)
    complaints = []
    for table, record in samples:
        reply = place.send(table, record)
        if (reply.http, reply.code, reply.data) != (200, 200, None):
            complaints.append(f"{table} {ENDPOINTS[table]}: {reply.code} {reply.msg}")
    return place, samples, complaints


def test_every_table_a_depot_reports_is_taken(delivered: Delivered) -> None:
    _, samples, complaints = delivered
    assert {table for table, _ in samples} == set(ENDPOINTS)
    assert not complaints, "\n".join(complaints)


def test_an_identical_second_delivery_is_answered_200_and_takes_no_new_entry(delivered: Delivered) -> None:
    place, samples, _ = delivered
    again = {(table, place.send(table, record).code) for table, record in samples}
    assert {code for _, code in again} == {200}, again
    for table, record in samples:
        answer = place.client.batch(table, [record]).json
        assert (answer["taken"], answer["same"], answer["refused"]) == (0, 1, 0), (table, answer)


@pytest.mark.parametrize("table", BUREAU_TABLES)
def test_a_depot_cannot_report_what_only_the_bureau_fills(place: Place, table: str) -> None:
    record = place.depot.record(table)
    answer = place.client.batch(table, [record])
    assert answer.http in (403, 404) or answer.json["refused"] == 1, answer
    assert answer.http != 200 or answer.json["taken"] == 0, answer
    assert place.client.send(table, record).code == 404
