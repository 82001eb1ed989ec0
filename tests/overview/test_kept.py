"""Kept answers: nobody waits for what somebody else just asked, nobody sees what is too old."""

from types import SimpleNamespace

import pytest

from canglin.overview import kept
from canglin.overview.kept import Kept


@pytest.fixture
def clock(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(kept.time, "monotonic", lambda: now[0])
    return now


class Source:
    def __init__(self):
        self.version, self.worked = 0, 0

    def work(self):
        self.worked += 1
        return self.version

    def keep(self, **ages):
        made = Kept(self.work, lambda: self.version, **({"fresh_s": 5, "bound_s": 60} | ages))
        Kept.everyone.remove(made)
        return made


def test_an_unchanged_answer_holds_for_ever(clock):
    source = Source()
    answer = source.keep()
    first = answer()
    clock[0] += 10_000
    assert answer().value == first.value
    assert source.worked == 1
    assert answer().as_of >= first.as_of


def test_a_changed_answer_is_not_worked_out_for_every_reader(clock):
    source = Source()
    answer = source.keep()
    first = answer()
    source.version = 1
    clock[0] += 4
    assert answer() == first
    assert source.worked == 1


def test_an_old_answer_is_renewed_aside(clock, monkeypatch):
    source = Source()
    answer = source.keep()
    first = answer()
    started = []
    monkeypatch.setattr(kept.threading, "Thread", lambda target, **_: started.append(target) or SimpleNamespace(start=target))
    monkeypatch.setattr(kept.connection, "close", lambda: None)
    source.version = 1
    clock[0] += 6
    assert answer() == first
    assert len(started) == 1
    assert answer().value == 1


def test_a_reader_waits_rather_than_see_what_is_too_old(clock):
    source = Source()
    answer = source.keep()
    answer()
    source.version = 1
    clock[0] += 61
    assert answer().value == 1


def test_what_changes_while_it_is_worked_out_is_noticed(clock):
    source = Source()

    def work():
        seen = source.version
        source.version = 1
        return seen

    answer = Kept(work, lambda: source.version, fresh_s=0, bound_s=0)
    Kept.everyone.remove(answer)
    assert answer().value == 0
    clock[0] += 1
    assert answer().value == 1


def test_forgetting_works_out_anew(clock):
    source = Source()
    answer = source.keep()
    answer()
    answer.forget()
    answer()
    assert source.worked == 2
