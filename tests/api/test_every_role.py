"""Every address of /api/v1 for every role: open exactly where the role holds the verb, and for nobody without a token."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client

from canglin.accounts import roles
from canglin.accounts.actions import create_token
from canglin.accounts.policy import CONSOLE
from tests.accounts.conftest import CHANGSHA
from tests.api.document import document
from tests.api.test_schemathesis import KNOWN, QUERIES

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("small_province")]

PATHS = [path.removeprefix("/api/v1") for path, methods in document()["paths"].items() if "get" in methods]
#: The verb behind each address, by its first word; None: any account.
VERBS = {
    "rules": "rulebook.view", "me": None, "applications": "applications.view", "audit": "audit.view", "records": "records.view",
    "refusals": "gateway.view", "tables": "gateway.view", "overview": "overview.view", "inspections": "quality.view",
    "quality-reports": "quality.view",
    **dict.fromkeys(("enterprises", "depots", "warehouses", "tanks", "equipment", "chemicals", "lots"), "registry.view"),
    **dict.fromkeys(("stock", "custody", "claims", "tickets", "settlements", "contracts"), "stock.view"),
}


def address(path: str) -> str:
    """With what is there for its parts."""
    known = KNOWN.get(path, {})
    return "/api/v1" + re.sub(r"\{(\w+)\}", lambda found: quote(str(known.get(found[1], "1")), safe=""), path)


@pytest.mark.parametrize("role", roles.ROLES)
def test_what_a_role_may_read_and_what_not(person: Any, role: str) -> None:
    user = person(role, "43" if "region" in roles.ROLES[role].areas else CHANGSHA)
    _, text = create_token(CONSOLE, user, "演示")
    client = Client(headers={"authorization": f"Bearer {text}"})
    for path in PATHS:
        verb = VERBS[path.split("/")[1]]
        answer = client.get(address(path), QUERIES.get(path, {}))
        if verb is None or roles.grants(role, verb):
            assert answer.status_code in (200, 404), (path, answer.content)
            assert answer.status_code == 200 or "{" in path, path
        else:
            assert answer.status_code == 403, path
        assert answer["content-type"].startswith("application/json"), path


def test_a_stranger_reads_nothing_and_nobody_writes_where_one_reads(client: Client, person: Any) -> None:
    _, text = create_token(CONSOLE, person("plans", "43"), "演示")
    for path in PATHS:
        assert client.get(address(path), QUERIES.get(path, {})).status_code == 401, path
        for method in (client.post, client.put, client.patch, client.delete):
            answer = method(address(path), headers={"authorization": f"Bearer {text}"})
            assert answer.status_code in (404, 405), path
