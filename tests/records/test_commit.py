"""What a commit does with groups of records: versions, order, references, numbers, the tree."""

import random
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canglin.records import queries
from canglin.records.commit import Log
from canglin.records.merkle import root_from_inclusion
from canglin.records.models import Record, Tree
from canglin.standard.tables import table
from tests.interface.samples import Depot
from tests.records.conftest import Send, entry

TICKET = table("1202").model


def statuses(outcomes: list[Any]) -> list[str]:
    return [outcome.status for outcome in outcomes]


def test_numbers_follow_each_other_without_gaps_across_refusals(send: Send, depot: Depot) -> None:
    good = [("1202", depot.inbound(depot.lot_code)) for _ in range(3)]
    bad = ("1202", depot.inbound(depot.lot_code[:-1] + "9"))
    outcomes = send([good[0], bad, good[1], good[0], good[2]])
    assert statuses(outcomes) == ["taken", "refused", "taken", "same", "taken"]
    assert [o.number for o in outcomes] == [6, None, 7, 6, 8]
    assert list(Record.objects.values_list("number", flat=True)) == list(range(1, 9))


def test_a_refusal_names_field_rule_found_and_expected(send: Send, depot: Depot) -> None:
    (outcome,) = send([("1202", depot.inbound(depot.lot_code[:-1] + "9"))])
    (violation,) = outcome.violations
    assert (violation.field, violation.rule, violation.found) == ("hwdm", "reference", depot.lot_code[:-1] + "9")
    assert "货位信息" in violation.expected


def test_versions_in_one_group_end_with_the_newest_whatever_their_order(send: Send, depot: Depot) -> None:
    first = depot.inbound(depot.lot_code)
    second = first | {"bz": "第二次", "zhgxsj": depot.stated()}
    third = first | {"bz": "第三次", "zhgxsj": depot.stated()}
    assert statuses(send([("1202", second), ("1202", first), ("1202", third)])) == ["taken", "refused", "taken"]
    assert TICKET.objects.get().note == "第三次"
    assert Record.objects.filter(table_code="1202").count() == 2


def test_a_record_sent_and_removed_in_one_group_leaves_a_mark_that_stops_its_repeat(send: Send, depot: Depot) -> None:
    ticket = depot.inbound(depot.lot_code)
    gone = ticket | {"czbz": "d", "zhgxsj": depot.stated()}
    assert statuses(send([("1202", ticket), ("1202", gone)])) == ["taken", "taken"]
    assert not TICKET.objects.exists()
    assert TICKET.everything.get().removed
    assert statuses(send([("1202", ticket), ("1202", gone)])) == ["refused", "same"]
    assert statuses(send([("1202", ticket | {"zhgxsj": depot.stated()})])) == ["taken"]
    assert TICKET.objects.count() == 1


def test_what_came_earlier_in_a_group_already_counts_as_a_reference(send: Send, db: None) -> None:
    other = Depot(815)
    samples, _, lot = other.place()
    assert statuses(send([*samples, ("1202", other.inbound(lot))])) == ["taken"] * 6
    late = Depot(816)
    samples, _, lot = late.place()
    assert statuses(send([("1202", late.inbound(lot)), *samples])) == ["refused", *["taken"] * 5]


def test_a_dry_run_leaves_nothing_behind_and_the_writer_unharmed(log: Log, depot: Depot) -> None:
    ticket = entry("1202", depot.inbound(depot.lot_code))
    before = queries.head()
    assert log.commit([ticket], dry_run=True)[0].status == "taken"
    assert queries.head() == before
    assert not TICKET.everything.exists()
    assert log.commit([ticket])[0].status == "taken"


def test_a_second_writer_sees_what_the_first_one_added(log: Log, send: Send, depot: Depot) -> None:
    second = Log(log.connection)
    lot = depot.lot(depot.lot_code[:-2])
    assert statuses(send([("1105", lot)])) == ["taken"]
    assert second.commit([entry("1202", depot.inbound(lot["hwdm"]))])[0].status == "taken"
    assert statuses(send([("1202", depot.inbound(lot["hwdm"]))])) == ["taken"]


def test_every_entry_can_be_proved_and_an_edited_one_cannot(send: Send, depot: Depot) -> None:
    send([("1202", depot.inbound(depot.lot_code)) for _ in range(300)])
    for number in (1, 5, 6, 255, 256, 257, 305):
        proof = queries.proof(number)
        assert bytes(Record.objects.get(number=number).leaf_hash) == proof.leaf_hash
        assert root_from_inclusion(proof.leaf_hash, number - 1, 305, proof.path) == queries.head().root


def test_the_log_refuses_update_and_delete(send: Send, depot: Depot) -> None:
    from django.db import DatabaseError, connection, transaction

    for statement in ("UPDATE records_record SET key = 'x'", "DELETE FROM records_record", "TRUNCATE records_record"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)


def test_receipt_times_never_run_backwards(send: Send, depot: Depot, monkeypatch: pytest.MonkeyPatch) -> None:
    Tree.objects.update(received_at="2030-01-01T00:00:00Z")
    send([("1202", depot.inbound(depot.lot_code))])
    times = list(Record.objects.order_by("number").values_list("received_at", flat=True))
    assert times == sorted(times)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.randoms(use_true_random=False), st.integers(1, 40))
def test_any_shuffle_in_any_groups_gives_the_same_state_and_balances(
    log: Log, depot: Depot, chance: random.Random, group: int
) -> None:
    """Records that arrive before what they refer to are refused and sent again, as depot systems do."""
    from django.db import connection

    maker = Depot(4711, fill=False)
    lots = [depot.lot(depot.lot_code[:-2]) for _ in range(2)]
    tickets = [maker.inbound(lot["hwdm"]) for lot in lots for _ in range(5)]
    corrected = [t | {"mz": t["mz"] + 20, "jz": t["jz"] + 20, "zhgxsj": maker.stated()} for t in tickets[:4]]
    removed = [t | {"czbz": "d", "zhgxsj": maker.stated()} for t in (tickets[1], tickets[6])]
    moves: list[tuple[str, dict[str, Any]]] = [("1105", lot) for lot in lots] + [("1202", t) for t in tickets]
    moves += [("1202", t) for t in corrected] + [("1205", maker.outbound(lots[0]["hwdm"]))]
    moves += [("1202", removed[1])]

    def book(order: list[tuple[str, dict[str, Any]]]) -> Any:
        savepoint = connection.savepoint()
        waiting = [*order, *order[:5]]
        for _ in range(6):
            outcomes = []
            for start in range(0, len(waiting), group):
                outcomes += log.commit([entry(code, record) for code, record in waiting[start : start + group]])
            waiting = [
                one for one, o in zip(waiting, outcomes, strict=True)
                if o.status == "refused" and {v.rule for v in o.violations} & {"reference", "remove-missing"}
            ]
            if not waiting:
                break
        with connection.cursor() as cursor:
            cursor.execute("SELECT key, digest, removed FROM stock_inboundticket ORDER BY key")
            rows = [(key, bytes(digest), gone) for key, digest, gone in cursor.fetchall()]
            cursor.execute(
                "SELECT lot_code, variety_code, nature_code, harvest_year, kind, priced_kg, weighed_kg FROM stock_account "
                "WHERE priced_kg <> 0 OR weighed_kg <> 0 ORDER BY 1, 2, 3, 4, 5"
            )
            balances = cursor.fetchall()
        connection.savepoint_rollback(savepoint)
        log._forget()
        return rows, balances

    shuffled = list(moves)
    chance.shuffle(shuffled)
    in_order, out_of_order = book(moves), book(shuffled)
    assert in_order == out_of_order
    assert sum((row[5] for row in in_order[1]), Decimal(0)) == 0
