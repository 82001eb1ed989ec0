"""/api/v1 of the stock, as the scripts outside the project use it, and by whom."""

import json
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from canglin.accounts.actions import create_token
from canglin.accounts.models import User
from canglin.accounts.policy import CONSOLE
from tests.stock.ledger_cast import (
    DEPOT_A,
    DEPOT_B,
    LOT_1,
    LOT_2,
    LOT_3,
    PROVINCIAL,
    WHEAT,
    Book,
    empty_book,
    inbound,
    kg,
    outbound,
    transfer,
)
from tests.stock.test_ledger_queries import card, depot

pytestmark = pytest.mark.django_db
KIND = {"variety": WHEAT, "nature": PROVINCIAL, "harvest_year": 2025}


@pytest.fixture
def book() -> Any:
    with empty_book() as book:
        depot(DEPOT_A, "430102")
        depot(DEPOT_B, "430201")
        book.post(inbound(LOT_1, kg("28000.125"), "2026-01-02 10:00:00", deducted=kg(20)))
        book.post(transfer(LOT_1, LOT_3, kg(500), "2026-01-03"))
        book.post(inbound(LOT_2, kg(7), "2026-01-04 10:00:00"))
        yield book


def asker(area: str, role: str = "plans") -> Any:
    user = User.objects.create(
        username=f"演示{area}{role}", name="演示", role=role, area_codes=area.split(","), must_change_password=False, password="!"
    )
    _, text = create_token(CONSOLE, user, "test")
    client = Client(headers={"authorization": f"Bearer {text}"})

    def ask(path: str, expected: int = 200, **query: Any) -> Any:
        answer = client.get(f"/api/v1/stock{path}", query)
        assert answer.status_code == expected, answer.content
        return json.loads(answer.content, parse_float=Decimal)

    return ask


def test_stock_by_lot_is_what_the_contract_promises(book: Book) -> None:
    assert asker("00")("", by="lot") == [
        {"lot": LOT_1, **KIND, "net_kg": kg("27500.125"), "weighed_kg": kg("27520.125")},
        {"lot": LOT_2, **KIND, "net_kg": 7, "weighed_kg": 7},
        {"lot": LOT_3, **KIND, "net_kg": 500, "weighed_kg": 500},
    ]


def test_past_moments_of_business_and_of_knowledge(book: Book) -> None:
    ask = asker("00")
    assert [row["lot"] for row in ask("", by="lot", at="2026-01-02")] == [LOT_1]
    assert ask("", by="lot", at="2026-01-02T09:59:59") == []
    assert [row["lot"] for row in ask("", by="lot", at="2026-01-02T10:00:00+08:00")] == [LOT_1]
    first = "2026-01-01T00:01:00Z"  # the first commit of the test's book
    assert [row["net_kg"] for row in ask("", by="lot", known_at=first)] == [kg("28000.125")]
    assert ask("", by="lot", known_at=first, at="2026-01-01") == []


def test_nobody_sees_stock_outside_his_area(book: Book) -> None:
    seen = {
        area: {row["depot"] for row in asker(area)("", by="depot")} for area in ("43", "4301", "430201", "44", f"{DEPOT_B}")
    }
    assert seen == {"43": {DEPOT_A, DEPOT_B}, "4301": {DEPOT_A}, "430201": {DEPOT_B}, "44": set(), DEPOT_B: {DEPOT_B}}
    narrow = asker(DEPOT_A)
    assert narrow("", by="lot", depot=DEPOT_B) == []
    assert narrow("", by="lot", region="430200") == []
    for path in (f"/lots/{LOT_3}/account", f"/lots/{LOT_3}/claim"):
        narrow(path, 403)
    assert {row["depot"] for row in narrow("/capacity")} == {DEPOT_A}
    assert {row["depot"] for row in narrow("/books", year=2026, month=1)} == {DEPOT_A}
    asker("00", "audit")("", 403, by="lot")
    assert Client().get("/api/v1/stock").status_code == 401


def test_lists_page_by_cursor_through_everything_once(book: Book) -> None:
    ask, seen, cursor = asker("00"), [], {}
    while True:
        answer = ask("", by="lot", limit=1, **cursor)
        seen += [row["lot"] for row in answer["items"]]
        if answer["next"] is None:
            break
        cursor = {"cursor": answer["next"]}
    assert seen == [LOT_1, LOT_2, LOT_3]


@pytest.mark.parametrize("query", [
    {"by": "colour"}, {"at": "2026-02-30"}, {"at": "yesterday"}, {"known_at": "0001-01-01T00:00:00Z"}, {"limit": 0},
    {"limit": 1001},
    {"limit": 1, "cursor": "!"}, {"limit": 1, "cursor": "bnVsbA"}, {"region": "43x"},
])
def test_what_cannot_be_asked_is_said(book: Book, query: dict[str, Any]) -> None:
    asker("00")("", 422, **query)


def test_the_account_of_a_lot(book: Book) -> None:
    answer = asker("00")(f"/lots/{LOT_1}/account", **{"from": "2026-01-03", "to": "2026-01-03"})
    assert (answer["opening_net_kg"], answer["closing_net_kg"]) == (kg("28000.125"), kg("27500.125"))
    [line] = answer["lines"]
    assert (line["kind"], line["counterpart"]) == ("倒出", LOT_3)
    assert (line["net_out_kg"], line["net_balance_kg"]) == (500, kg("27500.125"))


def test_a_claim_names_the_ticket_that_explains_it(book: Book) -> None:
    ask = asker("00")
    ask(f"/lots/{LOT_2}/claim", 404)
    gone = book.post(outbound(LOT_2, kg(3), "2026-01-05 10:00:00"))
    card(LOT_2, "2026-01-06 08:00:00", 7)
    answer = ask(f"/lots/{LOT_2}/claim")
    assert answer["net_difference_kg"] == 3
    assert [[c["key"] for c in explanation] for explanation in answer["net_explanations"]] == [[gone]]


def test_books_can_be_narrowed_to_what_differs(book: Book) -> None:
    rows = asker("00")("/books", year=2026, month=1, differing=True)
    assert [(row["depot"], row["claimed"], row["closing_difference_kg"]) for row in rows] == [
        (DEPOT_A, False, kg("-27507.125")), (DEPOT_B, False, -500),
    ]


@pytest.mark.parametrize("path", [
    "?depot=%00", "?depot=%27%3B--", "?region=%00", "/lots/%00/account", "/lots/a%20b/claim", "?by=%00",
])
def test_what_is_no_code_is_refused_before_the_database_sees_it(book: Book, path: str) -> None:
    asker("00")(path, 422)
