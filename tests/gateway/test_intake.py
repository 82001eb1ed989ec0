"""The queue: bounded, honest while the database is away, and unbothered by a record the database will not have."""

import asyncio
import threading
import time
from concurrent.futures import Future
from contextlib import contextmanager
from types import SimpleNamespace

import psycopg
import pytest
from django.db import connection

from canglin.gateway import intake as module
from canglin.gateway import metrics
from canglin.gateway.checking import check
from canglin.gateway.intake import BATCH_BOUND, GROUP, SLICE, WAITING_BOUND, Away, Busy, Intake, Job
from canglin.gateway.models import Refusal, Tally
from canglin.gateway.refusals import Refused
from canglin.records import effects
from canglin.records.models import Record
from canglin.standard.tables import Violation, table
from tests.interface.client import encode

SOURCE = "app:0123456789abcdef"


def entry(code, record):
    return check(table(code), encode(record), SOURCE, "v2022").entry


def waiting(up=True):
    """An intake whose writer never comes."""
    made = Intake("dbname=unused")
    made._up = up
    return made


def test_single_records_past_the_bound_are_told_to_come_back():
    queue = waiting()
    for _ in range(WAITING_BOUND):
        queue._admit(Job([object()]))
    with pytest.raises(Busy):
        queue._admit(Job([object()]))
    assert queue.waiting == WAITING_BOUND
    queue._admit(Job([object()] * 2))


def test_batch_rows_past_the_bound_are_told_to_come_back():
    queue = waiting()
    rows = [object()] * 2000
    for _ in range(BATCH_BOUND // 2000):
        queue._admit(Job(rows))
    with pytest.raises(Busy):
        queue._admit(Job(rows))
    assert queue.batch_rows_waiting == BATCH_BOUND
    queue._admit(Job([object()]))


def test_batches_never_starve_single_records():
    queue = waiting()
    queue._admit(Job([object()] * SLICE))
    queue._admit(Job([object()] * SLICE))
    single = Job([object()])
    queue._admit(single)
    group = queue._gather()
    assert group[0] is single
    assert sum(len(job.entries) for job in group) == SLICE + 1
    assert len(queue._gather()) == 1


def test_a_group_is_bounded_and_a_dry_run_goes_alone():
    queue = waiting()
    for _ in range(GROUP + 1):
        queue._admit(Job([object()]))
    assert len(queue._gather()) == GROUP
    queue._admit(Job([object()], dry_run=True))
    queue._admit(Job([object()]))
    assert [job.dry_run for job in queue._gather()] == [False]
    assert [job.dry_run for job in queue._gather()] == [True]
    assert [job.dry_run for job in queue._gather()] == [False]


def test_while_the_database_is_away_callers_are_told_at_once():
    queue = waiting(up=False)
    began = time.monotonic()
    with pytest.raises(Away):
        asyncio.run(queue.submit(Job([object()])))
    assert time.monotonic() - began < 1


def test_a_commit_that_hangs_counts_as_away():
    queue = waiting()
    queue._in_flight_since = time.monotonic() - module.PATIENCE_S - 1
    assert not queue.up
    with pytest.raises(Away):
        queue._admit(Job([object()]))


@pytest.mark.parametrize(("rows", "patience"), [(1, "PATIENCE_S"), (3, "BATCH_PATIENCE_S")])
def test_nobody_waits_for_ever_for_a_database_that_hangs(monkeypatch, rows, patience):
    monkeypatch.setattr(module, patience, 0.05)
    with pytest.raises(Away):
        asyncio.run(waiting().submit(Job([object()] * rows)))


class Flaky:
    """A database that is away, comes, breaks in the middle of a commit, and comes again."""

    def __init__(self):
        self.here = threading.Event()
        self.breaks = False

    @contextmanager
    def connect(self, *words, **settings):
        if not self.here.is_set():
            raise psycopg.OperationalError("connection refused")
        yield SimpleNamespace(execute=lambda *_: SimpleNamespace(fetchone=lambda: (7,)))

    def log(self, connection):
        def commit(entries, also, dry_run):
            if self.breaks:
                self.here.clear()
                raise psycopg.OperationalError("server closed the connection unexpectedly")
            return [SimpleNamespace(status="taken", number=n) for n, _ in enumerate(entries, 8)]

        return SimpleNamespace(commit=commit, size=8)


def until(condition):
    deadline = time.monotonic() + 5
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_it_recovers_by_itself_and_nobody_waits_for_a_broken_commit(monkeypatch):
    flaky = Flaky()
    monkeypatch.setattr(module.psycopg, "connect", flaky.connect)
    monkeypatch.setattr(module, "Log", flaky.log)
    monkeypatch.setattr(module, "RECONNECT_S", 0.02)
    queue = Intake("dbname=unused")
    queue.start()
    try:
        assert not queue.up
        flaky.here.set()
        until(lambda: queue.up)
        assert queue.log_size == 7
        assert queue.submit_and_wait(Job([object()]))[0].number == 8
        flaky.breaks = True
        began = time.monotonic()
        with pytest.raises(Away):
            queue.submit_and_wait(Job([object()]))
        assert time.monotonic() - began < 1
        until(lambda: not queue.up)
        flaky.breaks = False
        flaky.here.set()
        until(lambda: queue.up)
        assert queue.submit_and_wait(Job([object()]))[0].number == 8
    finally:
        queue.stop()
    assert not queue._thread.is_alive()


def test_stopping_commits_what_waits(monkeypatch):
    flaky = Flaky()
    flaky.here.set()
    monkeypatch.setattr(module.psycopg, "connect", flaky.connect)
    monkeypatch.setattr(module, "Log", flaky.log)
    queue = Intake("dbname=unused")
    queue.start()
    until(lambda: queue.up)
    jobs = [Job([object()], done=Future()) for _ in range(5)]
    for job in jobs:
        queue._admit(job)
    queue.stop()
    assert all(job.done.result(0)[0].status == "taken" for job in jobs)


def test_a_record_the_database_will_not_have_rolls_back_only_itself(intake, depot, monkeypatch):
    samples, _, _ = depot.place()
    assert [o.status for o in intake.submit_and_wait(Job([entry(code, record) for code, record in samples]))] == ["taken"] * 5
    good = [depot.warehouse() for _ in range(3)]
    poisoned = good[1]["cfdm"]
    real = effects.Change.__init__
    # An effect that trips over one record, as a bug of ours would.
    commit = intake.log._take

    def take(group):
        if any(each.key == poisoned for each in group):
            connection.connection.execute("SELECT 1 / 0")
        return commit(group)

    monkeypatch.setattr(intake.log, "_take", take)
    answers = intake.group([Job([entry("1103", record)]) for record in good])
    assert [type(answer).__name__ for answer in answers] == ["list", "DivisionByZero", "list"]
    held = set(Record.objects.filter(table_code="1103").values_list("key", flat=True))
    assert poisoned not in held
    assert {good[0]["cfdm"], good[2]["cfdm"]} <= held
    assert Tally.objects.get(table_code="1103", outcome="taken").count == 3
    assert real is effects.Change.__init__


def refused(**changes):
    given = {
        "source": SOURCE, "channel": "v2022", "table_code": "1103", "key": "", "code": 410,
        "violations": [Violation("cfdm", "required", "", "填写")], "payload": "{}", "in_enterprise": "91430121MA00000611",
        "in_depot": "",
    }  # fmt: skip
    return Refused(**given | changes)


def test_what_was_refused_is_kept_and_counted_once_and_by_rule(intake):
    twice = [Violation("a", "required", "", ""), Violation("b", "required", "", ""), Violation("c", "code", "x", "")]
    intake.submit_and_wait(Job((), [refused(violations=twice)]))
    intake.submit_and_wait(Job((), [refused(violations=twice)]))
    counts = {tally.rule: tally.count for tally in Tally.objects.filter(outcome="refused")}
    assert counts == {"": 2, "required": 2, "code": 2}
    assert Refusal.objects.count() == 2


def test_a_dry_run_keeps_nothing(intake, depot):
    samples, _, _ = depot.place()
    assert intake.submit_and_wait(Job([entry(*samples[0])], dry_run=True))[0].status == "taken"
    assert not Record.objects.exists()
    assert not Tally.objects.exists()


def test_faults_noted_before_the_commit_are_counted_when_the_record_is_taken(intake, depot):
    samples, _, _ = depot.place()
    flags = {0: [Violation("dwdm", "check-digit", "x", "y", refuses=False)]}
    intake.submit_and_wait(Job([entry(*samples[0])], flags=flags))
    intake.submit_and_wait(Job([entry(*samples[0])], flags=flags))
    assert Tally.objects.get(outcome="noted").count == 1, "the repeat is the same record, not another fault"
    assert Tally.objects.get(outcome="same").count == 1


@pytest.mark.parametrize("payload", ["\x00", "a\ud800b", "{" * 1000, "x" * 200_000, '{"cfdm": 1e999}'])
def test_whatever_was_sent_can_be_kept(intake, payload):
    spoilt = [Violation("cfdm", "character", "\x00\ud800", "没有 \x00")]
    intake.submit_and_wait(Job((), [refused(payload=payload, violations=spoilt, key="\x00" * 300)]))
    kept = Refusal.objects.get()
    assert len(kept.payload) <= 65_536
    assert "\x00" not in kept.payload


def test_a_refusal_carries_the_key_and_the_depot_that_the_payload_states(intake):
    enterprise = "91430121MA00000611"
    sent = [
        '{"cfdm": "91430121MA000006110010001", "kqdm": 5}',
        '{"cfdm": "91430121MA000009990010001"}',
        '{"cfdm": {"a": 1}}',
        "[1]",
        "not json",
    ]
    for payload in sent:
        intake.submit_and_wait(Job((), [refused(payload=payload)]))
    kept = list(Refusal.objects.order_by("id").values_list("key", "in_depot"))
    assert kept[0] == ("91430121MA000006110010001", enterprise + "001")
    assert kept[1] == ("91430121MA000009990010001", ""), "another enterprise's depot is not put on its page"
    assert kept[2:] == [("", "")] * 3


def test_metrics_say_what_the_queue_does():
    queue = waiting()
    queue._admit(Job([object()]))
    queue._admit(Job([object()] * 3))
    lines = dict(line.split(" ") for line in metrics.text(queue).splitlines() if not line.startswith("#"))
    assert lines["canglin_up"] == "1"
    assert lines["canglin_records_waiting"] == "1"
    assert lines["canglin_batch_rows_waiting"] == "3"
    assert float(lines["canglin_peak_memory_bytes"]) > 1e6
    assert metrics.text(queue).count("# HELP") == len(lines)
