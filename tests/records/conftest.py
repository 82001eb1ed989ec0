"""A writer of the log inside the test's own transaction, and depots that send to it."""

from collections.abc import Callable, Iterable
from typing import Any

import pytest
from django.db import connection

from canglin.gateway.checking import check
from canglin.records.commit import Log, Outcome
from canglin.records.consequences import Entry
from canglin.standard.tables import table
from tests.interface.client import encode
from tests.interface.samples import Depot, Sample

SOURCE = "app:0123456789abcdef"


def entry(code: str, record: dict[str, Any]) -> Entry:
    """A record as the gateway hands it to the log."""
    return check(table(code), encode(record), SOURCE, "v2022").entry


Send = Callable[[Iterable[Sample]], list[Outcome]]


@pytest.fixture
def log(db: None) -> Log:
    """A writer; what it commits is rolled back with the test."""
    connection.ensure_connection()
    return Log(connection.connection)


@pytest.fixture
def send(log: Log) -> Send:
    """Commit records as one group."""
    return lambda samples: log.commit([entry(code, record) for code, record in samples])


@pytest.fixture
def depot(send: Send) -> Depot:
    """A depot with a warehouse and an empty lot, reported."""
    made = Depot(4711)
    samples, _, made_lot = made.place()
    assert [outcome.status for outcome in send(samples)] == ["taken"] * 5
    made.lot_code = made_lot  # type: ignore[attr-defined]
    return made
