"""The OpenAPI document: complete, and changed only on purpose."""

import json
import re
from typing import Any

import pytest
from django.test import Client

from tests.api.document import REFRESH, SNAPSHOT, document, written

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def operations() -> dict[str, Any]:
    """``GET /api/v1/…`` → operation."""
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document()["paths"].items() for method, operation in methods.items()
    }


def test_the_document_is_the_one_that_was_agreed() -> None:
    before = json.loads(SNAPSHOT.read_text(encoding="utf-8")) if SNAPSHOT.exists() else {}
    now = json.loads(written())
    changed = sorted(name for name in before.keys() | now.keys() if before.get(name) != now.get(name))
    assert changed == [], f"the API changed; when that is meant: {REFRESH}, look at the difference, commit it"


def test_every_operation_says_in_chinese_what_it_does_and_where_it_belongs(operations: dict[str, Any]) -> None:
    tags = {tag["name"] for tag in document()["tags"]}
    for name, operation in operations.items():
        assert CHINESE.search(operation["summary"]), name
        assert set(operation["tags"]) <= tags, name
        assert len(operation["tags"]) == 1, name
        assert operation.get("description"), name


def test_every_parameter_is_described(operations: dict[str, Any]) -> None:
    silent = {
        f"{name} {parameter['name']}"
        for name, operation in operations.items() for parameter in operation["parameters"] if not parameter.get("description")
    }
    assert silent == set()


def test_operation_names_are_unique(operations: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations.values()]
    assert len(set(names)) == len(names)


def test_every_operation_demands_a_token_and_names_its_errors(operations: dict[str, Any]) -> None:
    for name, operation in operations.items():
        assert operation["security"], name
        assert {"200", "401", "422"} <= set(operation["responses"]), name
        for status, answer in operation["responses"].items():
            if status != "200":
                assert answer["content"]["application/json"]["schema"]["$ref"].rsplit("/")[-1] in ("Error", "Problem"), name


def test_every_reference_leads_somewhere() -> None:
    whole = document()
    for reference in set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(whole))):
        part = whole
        for step in reference.split("/"):
            part = part[step]


def test_anybody_may_read_the_document(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")
    assert answer.status_code == 200
    assert answer.json()["info"]["version"] == "1"
    assert answer.json()["paths"].keys() == document()["paths"].keys()


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/api/v1/nothing", "/api/v1/lots/a/b/c"])
def test_an_address_that_is_none_answers_in_json(client: Client, person: Any, address: str) -> None:
    assert client.get(address).json() == {"detail": "没有令牌，或令牌不可用"}
    client.force_login(person("viewer", "43"))
    answer = client.get(address)
    assert (answer.status_code, answer.json()) == (404, {"detail": "没有这个接口"})
