"""How many queries each list costs: kept beside this file, and not to grow with the rows nor with time.

``python -m pytest tests/api/test_query_counts.py`` with ``QUERY_COUNTS=write`` writes the file anew.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from canglin.accounts.actions import create_token
from canglin.accounts.policy import CONSOLE
from canglin.overview import kept
from canglin.stock.queries import contents
from tests.api.conftest import ticket
from tests.api.document import document
from tests.api.test_schemathesis import QUERIES
from tests.overview.cast import AGREEING, DIFFERING

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_province")]

COUNTS = Path(__file__).with_name("query_counts.json")
REFRESH = "QUERY_COUNTS=write ./canglin test tests/api/test_query_counts.py"
PATHS = sorted(
    path.removeprefix("/api/v1") for path, methods in document()["paths"].items() if "get" in methods and "{" not in path
)


def counted(client: Client, path: str) -> int:
    """Queries of one answer, with nothing kept in memory."""
    kept.forget_all()
    contents.forget()
    with CaptureQueriesContext(connection) as queries:
        assert client.get(f"/api/v1{path}", QUERIES.get(path, {})).status_code == 200
    return len(queries)


@pytest.fixture
def client(person: Any) -> Client:
    """A person of a region: the area's own filter counts too."""
    _, text = create_token(CONSOLE, person("admin", "43"), "演示")
    return Client(headers={"authorization": f"Bearer {text}"})


def test_no_list_costs_more_queries_than_it_did(client: Client) -> None:
    client.get("/api/v1/me")  # what the process asks once
    found = {path: counted(client, path) for path in PATHS}
    if os.environ.get("QUERY_COUNTS") == "write":
        COUNTS.write_text(json.dumps(found, indent=1) + "\n")
    before = json.loads(COUNTS.read_text())
    assert before.keys() == found.keys(), f"lists came or went: {REFRESH}"
    grown = {path: (before[path], count) for path, count in found.items() if count > before[path]}
    assert grown == {}, f"more queries than before (before, now); when there is a good reason: {REFRESH}"
    assert max(found.values()) <= 25


def test_no_list_asks_more_for_more_rows(client: Client) -> None:
    client.get("/api/v1/me")
    paths = ("/tickets/inbound", "/tickets/outbound", "/lots", "/overview", "/claims", "/depots")
    few = {path: counted(client, path) for path in paths}
    for n in range(20):
        ticket("1202", f"1426010100{n:02}", DIFFERING)
        ticket("1205", f"1526010100{n:02}", AGREEING)
    assert {path: counted(client, path) for path in paths} == few
