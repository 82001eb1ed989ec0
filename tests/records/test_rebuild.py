"""Rebuilding from the log: nothing to report when nothing happened, and every edit named when something did."""

from typing import Any

import pytest
from django.db import connection

from canglin.records.rebuild import compare
from tests.interface.samples import Depot
from tests.records.conftest import Send


def found() -> list[dict[str, str]]:
    return compare(connection.connection)


@pytest.fixture
def year(send: Send, depot: Depot) -> list[dict[str, Any]]:
    """Tickets in and out, one corrected, one removed."""
    lot = depot.lot_code
    tickets = [depot.inbound(lot) for _ in range(6)]
    send([("1202", ticket) for ticket in tickets])
    changed = tickets[0] | {"bz": "更正\t换行\n与反斜杠\\", "zhgxsj": depot.stated()}
    gone = tickets[1] | {"czbz": "d", "zhgxsj": depot.stated()}
    outcomes = send([("1202", changed), ("1202", gone), ("1205", depot.outbound(lot))])
    assert [o.status for o in outcomes] == ["taken"] * 3
    return tickets


def test_the_log_gives_what_is_live_corrections_and_removals_included(year: list[dict[str, Any]]) -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("edit", "table", "says"),
    [
        ("UPDATE stock_inboundticket SET net_kg = net_kg + 0.000001 WHERE key LIKE '%%0003|%%'", "1202", "net_kg is"),
        ("DELETE FROM stock_inboundticket WHERE key LIKE '%%0004|%%'", "1202", "has no live row"),
        ("UPDATE stock_inboundticket SET removed = false WHERE removed", "1202", "removed is False, log says True"),
        ("UPDATE stock_inboundticket SET key = 'other' WHERE key LIKE '%%0005|%%'", "1202", "not in the log"),
        ("UPDATE registry_depot SET in_depot = 'x'", "1102", "in_depot is x"),
        ("DELETE FROM stock_move WHERE number = (SELECT max(number) FROM stock_move)", "stock.moves", "missing"),
        ("UPDATE stock_account SET priced_kg = priced_kg + 1 WHERE kind = 'lot'", "stock.balances", "only live"),
    ],
)
def test_an_edit_behind_the_platforms_back_is_named(year: list[dict[str, Any]], edit: str, table: str, says: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(edit.replace("%%", "%"))
        assert cursor.rowcount
    differences = found()
    assert any(d["table"] == table and says in d["what"] for d in differences), differences


def test_it_leaves_nothing_behind(year: list[dict[str, Any]]) -> None:
    found()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM information_schema.schemata WHERE schema_name = 'rebuilt'")
        assert cursor.fetchone() == (0,)
