"""schemathesis on everything that /api/v1 answers to a GET: thousands of requests made from its own document; no error of
the server, and answers as the document says. What is posted is tried harder by tests/interface."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance

from canglin.accounts.actions import create_token
from canglin.accounts.policy import CONSOLE
from tests.accounts.conftest import CHANGSHA
from tests.api.document import document
from tests.overview.cast import AGREEING, TIANXIN

pytestmark = pytest.mark.django_db

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 30
PREFIX = "/api/v1"
TICKET = f"142501010001|{AGREEING}"
#: What is there, for answers other than "not found".
KNOWN: dict[str, dict[str, Any]] = {
    "/enterprises/{key}": {"key": CHANGSHA}, "/depots/{key}": {"key": TIANXIN}, "/warehouses/{key}": {"key": AGREEING[:25]},
    "/lots/{key}": {"key": AGREEING}, "/tickets/inbound/{key}": {"key": TICKET},
    "/tickets/outbound/{key}": {"key": f"152501020001|{AGREEING}"}, "/contracts/{key}": {"key": f"演示合同一|{CHANGSHA}"},
    "/inspections/{key}": {"key": f"122501010001|{AGREEING}"}, "/quality-reports/{key}": {"key": f"01202501010001|{AGREEING}"},
    "/stock/lots/{lot}/account": {"lot": AGREEING}, "/stock/lots/{lot}/claim": {"lot": AGREEING},
    "/tables/{code}/schema": {"code": "1202"},
}
QUERIES: dict[str, dict[str, Any]] = {
    "/custody": {"lot": AGREEING, "from": "2025-01-01"}, "/stock/books": {"year": 2026, "month": 10},
    "/stock": {"by": "harvest_year"},
    "/records": {"table": "1202", "key": TICKET}, "/rules/value": {"code": "idle.months"},
}


def reading() -> list[Any]:
    """Every GET of the document, on Django itself."""
    schema = schemathesis.openapi.from_dict(document())
    schema.app = get_wsgi_application()
    operations = [found.ok() for found in schema.get_all_operations()]
    return [operation for operation in operations if operation.method.lower() == "get"]


OPERATIONS = {operation.path: operation for operation in reading()}


@pytest.fixture(autouse=True)
def one_transaction() -> Iterator[None]:
    """The test's connection outlives each request, as with Django's own test client."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def headers(small_province: None, person: Any) -> dict[str, str]:
    """A token that may see everything."""
    _, text = create_token(CONSOLE, person("admin", "00"), "演示")
    return {"Authorization": f"Bearer {text}"}


def test_the_whole_api_is_tried() -> None:
    assert len(OPERATIONS) > 35
    assert not Path(__file__).with_name("schemathesis.toml").exists()  # nothing is switched off beside this file


@pytest.mark.parametrize("path", OPERATIONS)
def test_no_request_breaks_the_server_or_the_document(path: str, headers: dict[str, str]) -> None:
    operation = OPERATIONS[path]

    @settings(
        max_examples=EXAMPLES, derandomize=True, deadline=None, database=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def tried(case: Any) -> None:
        # What the database refuses (422) would end the test's transaction; in service every request stands alone.
        savepoint = transaction.savepoint()
        answer = case.call(headers=headers)
        transaction.savepoint_rollback(savepoint)
        case.validate_response(answer, checks=CHECKS)

    tried()


@pytest.mark.parametrize("path", [path for path in OPERATIONS if "{" not in path or path.removeprefix(PREFIX) in KNOWN])
def test_what_is_there_looks_as_the_document_says(path: str, headers: dict[str, str]) -> None:
    name = path.removeprefix(PREFIX)
    for more in ({}, {"limit": 2}) if "{" not in path else ({},):
        case = OPERATIONS[path].Case(path_parameters=KNOWN.get(name, {}), query={**QUERIES.get(name, {}), **more})
        answer = case.call(headers=headers)
        assert answer.status_code == 200, answer.text
        case.validate_response(answer, checks=CHECKS)
