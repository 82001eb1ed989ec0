"""The copy in memory: cheap, heard of changes, safe in an event loop, and serving while the database is away."""

import asyncio
import threading
from datetime import date

import pytest
from django.db import OperationalError
from hypothesis import given
from hypothesis import strategies as st

from canglin.accounts.policy import CONSOLE
from canglin.rulebook import actions, queries, rules
from canglin.rulebook.queries import _Book
from canglin.rulebook.rules import Rule


async def ask(code="check-digit"):
    return queries.severity(code)


@pytest.mark.django_db
def test_values_in_memory_cost_no_query(django_assert_num_queries):
    queries.value("idle.months")
    with django_assert_num_queries(0):
        for _ in range(100):
            queries.value("idle.months", region="430103")
            queries.severity("check-digit")


@pytest.mark.django_db(transaction=True)
def test_an_event_loop_may_ask_and_hears_of_a_change():
    assert asyncio.run(ask()) == "flag"
    actions.change(CONSOLE, "severity.check-digit", "ignore", valid_from=date(2020, 1, 1), source="演示文件")

    async def until_heard():
        for _ in range(200):
            if queries.severity("check-digit") == "ignore":
                return True
            await asyncio.sleep(0.02)
        return False

    assert asyncio.run(until_heard())


@pytest.mark.django_db
def test_while_the_database_is_away_an_event_loop_is_served_with_the_last_known(monkeypatch):
    assert queries.severity("check-digit") == "flag"

    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(queries, "_stamp", away)
    queries.forget()
    assert asyncio.run(ask()) == "flag"
    for thread in threading.enumerate():
        if thread.name == "rulebook":
            thread.join()


def test_what_was_never_read_is_not_made_up(monkeypatch):
    def away():
        raise OperationalError("gone")

    monkeypatch.setattr(queries, "_stamp", away)

    async def of():
        return _Book().of("idle.months")

    with pytest.raises(OperationalError):
        asyncio.run(of())


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
prefixes = st.sampled_from(["", "4", "43", "4301", "430103", "44"])


@st.composite
def made(draw):
    first = draw(days)
    last = draw(st.none() | st.dates(first, date(2031, 12, 31)))
    return Rule(
        id=draw(st.integers(1, 9)), code="x", name="x", value=1, unit="", region=draw(prefixes),
        variety=draw(st.sampled_from(["", "11", "1131"])),
        nature=draw(st.sampled_from(["", "1", "121"])), subject=draw(st.sampled_from(["", "a"])), valid_from=first, valid_to=last,
        source="x", mark="S", confirmed=True,
    )  # fmt: skip


@given(st.lists(made(), max_size=12), days, prefixes, st.sampled_from(["", "1131001", "1121000"]), st.sampled_from(["", "121"]))
def test_the_chosen_value_holds_and_no_narrower_one_does(found, at, region, variety, nature):
    case = (at, region, variety, nature, "a")
    chosen = rules.most_specific(found, *case)
    holding = [r for r in found if r.holds(*case)]
    if chosen is None:
        assert not holding
        return
    assert chosen in holding
    assert region.startswith(chosen.region)
    assert chosen.valid_from <= at <= (chosen.valid_to or at)
    assert not any(len(r.region) > len(chosen.region) for r in holding)
    assert all(r.specific <= chosen.specific for r in holding)


@given(st.lists(made(), max_size=12), days)
def test_the_choice_does_not_depend_on_the_order(found, at):
    forward, backward = (rules.most_specific(each, at, "430103", "1131001", "121", "a") for each in (found, found[::-1]))
    assert (forward and forward.specific) == (backward and backward.specific)
