"""/api/v1 of the gateway: refusals by pages within one's area, tables with their schemas, and batches in the OpenAPI document."""

import json
from datetime import timedelta

import jsonschema
import pytest
from django.utils import timezone

from canglin.accounts import actions
from canglin.accounts.policy import CONSOLE
from canglin.gateway.models import Refusal
from canglin.standard.tables import tables

pytestmark = pytest.mark.django_db


def refusal(enterprise, minutes_ago=0, table="1103", payload="{}"):
    return Refusal.objects.create(
        received_at=timezone.now() - timedelta(minutes=minutes_ago), source="app:x", channel="v2022", table_code=table, key="k",
        code=410, violations=[{"field": "cfdm", "rule": "required", "found": "", "expected": "填写"}], payload=payload,
        in_enterprise=enterprise, in_depot="",
    )


@pytest.fixture
def ask(client, person, depot):
    """Asks as a person of the depot's enterprise, or of another role and area."""

    def get(path, role="manager", area=None, **query):
        user = person(role, area or depot.enterprise)
        _, text = actions.create_token(CONSOLE, user, "试")
        return client.get(f"/api/v1/{path}", query, headers={"Authorization": f"Bearer {text}"})

    return get


def test_refusals_come_newest_first_page_by_page_without_gap_or_repeat(ask, depot):
    made = [refusal(depot.enterprise, minutes_ago=n).pk for n in range(7)]
    seen, cursor = [], None
    while True:
        page = ask("refusals", limit=3, **({"cursor": cursor} if cursor else {})).json()
        seen += [item["id"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == sorted(made, reverse=True)


def test_refusals_stay_within_the_area(ask, depot):
    mine = refusal(depot.enterprise)
    refusal("91430203MA4TEST026")
    assert [item["id"] for item in ask("refusals").json()["items"]] == [mine.pk]


def test_refusals_are_narrowed_by_time_and_table(ask, depot):
    old, new = refusal(depot.enterprise, minutes_ago=100), refusal(depot.enterprise, table="1104")
    cut = (timezone.now() - timedelta(minutes=50)).isoformat()
    assert [item["id"] for item in ask("refusals", **{"from": cut}).json()["items"]] == [new.pk]
    assert [item["id"] for item in ask("refusals", to=cut).json()["items"]] == [old.pk]
    assert [item["id"] for item in ask("refusals", table="1104").json()["items"]] == [new.pk]


@pytest.mark.parametrize("query", [{"limit": 0}, {"limit": 100_000}, {"cursor": "!"}, {"cursor": "eA"}, {"from": "2026-02-30"},
                                   {"table": "12345"}])  # fmt: skip
def test_what_cannot_be_meant_is_422(ask, query):
    assert ask("refusals", **query).status_code == 422


def test_personal_data_is_masked_as_on_the_page(ask, depot):
    card = "430121199001011239"
    refusal(depot.enterprise, table="1112", payload=json.dumps({"sfzhm": card}))
    assert card in ask("refusals").content.decode()
    assert card not in ask("refusals", role="keeper").content.decode()


@pytest.mark.parametrize("path", ["refusals", "tables", "tables/1202/schema"])
def test_they_open_only_for_those_who_may_see_the_gateway(client, ask, path):
    assert client.get(f"/api/v1/{path}").status_code == 401
    assert ask(path, role="audit", area="43").status_code == 403
    assert ask(path).status_code == 200


def test_every_table_has_a_schema_that_is_one(ask):
    listed = ask("tables").json()
    assert [each["code"] for each in listed] == list(tables())
    for code in ("1101", "1202", "1405"):
        jsonschema.Draft202012Validator.check_schema(ask(f"tables/{code}/schema").json())
    assert ask("tables/9999/schema").status_code == 404


def test_the_openapi_document_describes_batches_of_every_table(client):
    document = client.get("/api/v1/openapi.json").json()
    for code, spec in tables().items():
        operation = document["paths"][f"/api/v1/records/{code}"]["post"]
        named = operation["requestBody"]["content"]["application/x-ndjson"]["schema"]["$ref"].rpartition("/")[2]
        assert named == spec.english
        assert document["components"]["schemas"][named]["x-table"] == code
    assert len(document["paths"]["/api/v1/plans"]["post"]["requestBody"]["content"]["application/x-ndjson"]["schema"]["oneOf"]) == 5
    text = json.dumps(document)
    for ref in {part.partition('"')[0] for part in text.split('"#/components/schemas/')[1:]}:
        assert ref in document["components"]["schemas"], ref
