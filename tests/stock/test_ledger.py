"""The ledger on real PostgreSQL: whatever arrives, in whatever order, the same balances, to the milligram."""

from collections import defaultdict
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canglin.stock.ledger import effect
from canglin.stock.ledger.accounts import AccountKey, number_of
from canglin.stock.ledger.balances import CHINA, Moment, balances
from canglin.stock.ledger.effect import AccountClash, LedgerEffect
from canglin.stock.ledger.postings import postings
from canglin.stock.models import Account, DayNet, MonthNet, Move
from canglin.stock.queries.claims import ledger_then
from canglin.stock.queries.contents import contents, forget
from canglin.stock.queries.custody import custody_account
from tests.stock.ledger_cast import (
    COMMERCIAL,
    LOT_1,
    LOT_2,
    LOT_3,
    LOTS,
    PADDY,
    PROVINCIAL,
    WHEAT,
    Book,
    empty_book,
    inbound,
    kg,
    loss,
    nature_change,
    outbound,
    transfer,
)

pytestmark = pytest.mark.django_db
Naive = dict[AccountKey, tuple[Decimal, Decimal]]

amounts = st.decimals(min_value="0", max_value="99999999999999.999999", places=6) | st.decimals("0", "60000", places=2)
losses = st.decimals(min_value="-9999", max_value="9999", places=3)
days = st.dates(datetime(2025, 11, 28).date(), datetime(2026, 3, 3).date()).map(str)
moments = st.builds("{} {:02d}:{:02d}:{:02d}".format, days, st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
lots = st.sampled_from(LOTS)
varieties = st.sampled_from([WHEAT, PADDY])
kinds = {"variety": varieties, "nature": st.sampled_from([PROVINCIAL, COMMERCIAL]), "year": st.integers(2023, 2025)}
rows_of = {
    "1202": st.builds(inbound, lots, amounts, moments, **kinds, deducted=losses),
    "1205": st.builds(outbound, lots, amounts, moments, **kinds),
    "1207": st.builds(transfer, lots, lots, amounts, days, variety=varieties),
    "1209": st.builds(loss, lots, losses, days),
    "1210": st.builds(nature_change, lots, amounts, days, variety=varieties),
}


@st.composite
def histories(draw: Any) -> list[tuple[str, int, Any]]:
    """Versions (key, version, row); of one key all are of one table, None removes."""
    versions = []
    for index in range(draw(st.integers(1, 6))):
        table = draw(st.sampled_from(sorted(rows_of)))
        versions.append((f"{table}:{index}", 0, draw(rows_of[table])))
        for version in range(1, 1 + draw(st.integers(0, 2))):
            versions.append((f"{table}:{index}", version, draw(st.none() | rows_of[table])))
    return versions


def naive(current: dict[str, Any], until: str = "9999") -> Naive:
    """The balances a clerk with much paper would find: all current records by ``until``, added up."""
    sums: dict[AccountKey, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for row in current.values():
        for posting in postings(row.table, row) if row is not None else ():
            if posting.at <= until:
                for account, sign in ((posting.account, 1), (posting.contra, -1)):
                    sums[account][0] += sign * posting.priced_kg
                    sums[account][1] += sign * posting.weighed_kg
    return {account: (a, b) for account, (a, b) in sums.items() if a or b}


def booked() -> Naive:
    return {
        AccountKey(*row[:7]): (row[7], row[8])
        for row in Account.objects.values_list(*AccountKey._fields, "priced_kg", "weighed_kg")
        if row[7] or row[8]
    }


def held_at(moment: Moment) -> Naive:
    return {
        AccountKey("lot", b.lot_code[:21], *b[1:6]): (b.priced_kg, b.weighed_kg)
        for b in balances(moment) if b.priced_kg or b.weighed_kg
    }


def only_lots(all_accounts: Naive) -> Naive:
    return {account: kgs for account, kgs in all_accounts.items() if account.kind == "lot"}


def deliver(book: Book, arrival: list[tuple[str, int, Any]], sizes: list[int]) -> dict[str, Any]:
    """Let versions arrive as the commit would: stale ones refused, repeats the same, a removal of nothing refused."""
    current: dict[str, tuple[int, Any]] = {}
    group: list[tuple[str, Any]] = []
    for index, (key, version, row) in enumerate(arrival):
        known = current.get(key)
        if known is None and row is None:
            # The commit refuses to remove what it never saw; the sender tries again once it has arrived.
            arrival.append((key, version, row))
            continue
        if known is None or version > known[0]:
            if not (row is None and known is not None and known[1] is None):
                group.append((key, row))
            current[key] = version, row
        if len(group) >= sizes[index % len(sizes)]:
            book.receive(*group)
            group = []
    if group:
        book.receive(*group)
    return {key: row for key, (_, row) in current.items()}


slow_enough = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@slow_enough
@given(histories(), st.randoms(use_true_random=False), st.lists(st.integers(1, 5), min_size=1, max_size=3))
def test_any_order_repetition_and_correction_gives_the_same_balances(history: list[Any], rnd: Any, sizes: list[int]) -> None:
    newest = {key: row for key, _, row in history}
    with empty_book() as book:
        arrival = history + history[: len(history) // 2]
        rnd.shuffle(arrival)
        deliver(book, arrival, sizes)
        assert booked() == naive(newest)
        assert sum((b.priced_kg for b in Account.objects.all()), Decimal(0)) == 0
        assert sum((b.weighed_kg for b in Account.objects.all()), Decimal(0)) == 0
        nets_equal_moves_equal_balances()


def nets_equal_moves_equal_balances() -> None:
    """Three figures of every account, kept apart, must be one."""
    sums: dict[str, dict[int, Decimal]] = {name: defaultdict(Decimal) for name in ("moves", "months", "days")}
    for move in Move.objects.all():
        sums["moves"][move.account_id] += move.priced_kg
        sums["moves"][move.contra_id] -= move.priced_kg
    for month in MonthNet.objects.all():
        sums["months"][month.account_id] += month.priced_kg
    for day in DayNet.objects.all():
        sums["days"][day.account_id] += day.priced_kg
    for account in Account.objects.all():
        assert sums["moves"][account.id] == sums["months"][account.id] == account.priced_kg
        if account.kind == "lot":
            assert sums["days"][account.id] == account.priced_kg
        assert account.id == number_of(AccountKey(*(getattr(account, name) for name in AccountKey._fields)))


@slow_enough
@given(histories(), moments, st.integers(0, 8), st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_what_was_true_then_and_what_we_knew_then_are_both_answered(
    history: list[Any], at: str, known_commits: int, sizes: list[int]
) -> None:
    with empty_book() as book:
        commits: list[dict[str, Any]] = [{}]
        plain_receive = book.receive

        def receive(*group: tuple[str, Any]) -> datetime:
            commits.append(commits[-1] | dict(group))
            return plain_receive(*group)

        book.receive = receive  # type: ignore[method-assign]
        deliver(book, list(history), sizes)
        moment = datetime.fromisoformat(at).replace(tzinfo=CHINA)
        known = min(known_commits, len(commits) - 1)
        known_at = datetime(2026, 1, 1, tzinfo=CHINA) + timedelta(hours=8, minutes=known)
        assert held_at(Moment(at=moment)) == only_lots(naive(commits[-1], at))
        assert held_at(Moment(known_at=known_at)) == only_lots(naive(commits[known]))
        assert held_at(Moment(moment, known_at)) == only_lots(naive(commits[known], at))
        for lot in LOTS:
            alone = balances(Moment(moment, known_at), lots=[lot])
            assert alone == [b for b in balances(Moment(moment, known_at)) if b.lot_code == lot]


@slow_enough
@given(histories(), moments)
def test_naming_unstated_grain_neither_makes_nor_loses_any(history: list[Any], at: str) -> None:
    with empty_book() as book:
        deliver(book, list(history), [3])
        moment = Moment(datetime.fromisoformat(at).replace(tzinfo=CHINA))
        for asked in (Moment(), moment):
            resolved = contents(asked)
            for lot in LOTS:
                accounts = balances(asked, lots=[lot])
                for index in (0, 1):
                    kinds = resolved[lot].grains.values() if lot in resolved else ()
                    assert sum((k[index] for k in kinds), Decimal(0)) == sum((a[6 + index] for a in accounts), Decimal(0))
            alone = {lot: inside.grains for lot in LOTS for lot, inside in contents(asked, lots=[lot]).items()}
            assert alone == {lot: inside.grains for lot, inside in resolved.items()}


def test_a_rolled_back_commit_leaves_no_trace_and_the_next_one_is_whole() -> None:
    with empty_book() as book:
        with transaction.atomic():
            book.post(inbound(LOT_1, kg(100), "2026-01-05 10:00:00"))
            transaction.set_rollback(True)
        book.effect.forget()
        assert not Account.objects.exists()
        book.held.clear()
        book.post(inbound(LOT_1, kg(100), "2026-01-05 10:00:00"))
        assert {a.kind: a.priced_kg for a in Account.objects.all()} == {"lot": 100, "supplier": -100}


def test_a_corrected_ticket_keeps_both_versions_and_names_what_it_reverses() -> None:
    with empty_book() as book:
        key = book.post(inbound(LOT_1, kg("28000.5"), "2026-01-05 10:00:00"))
        book.receive((key, inbound(LOT_2, kg("28000.4"), "2026-01-06 10:00:00")))
        book.receive((key, None))
        moves = list(Move.objects.order_by("number", "seq").values_list("number", "priced_kg", "reverses"))
        assert moves == [
            (1, kg("28000.5"), None), (2, kg("-28000.5"), 1), (2, kg("28000.4"), None), (3, kg("-28000.4"), 2),
        ]
        assert booked() == {}


def test_a_late_ticket_touches_one_row_of_each_net() -> None:
    with empty_book() as book:
        for month in range(1, 7):
            book.post(inbound(LOT_1, kg(1000), f"2026-{month:02d}-10 10:00:00"))
        before = {net.pk: net.priced_kg for net in [*MonthNet.objects.all(), *DayNet.objects.all()]}
        book.post(inbound(LOT_1, kg(1), "2026-02-10 09:00:00"))
        after = {net.pk: net.priced_kg for net in [*MonthNet.objects.all(), *DayNet.objects.all()]}
        assert sum(before[pk] != after[pk] for pk in before) == 3  # lot's month, lot's day, supplier's month
        at = datetime(2026, 2, 10, 9, 30, tzinfo=CHINA)
        assert [b.priced_kg for b in balances(Moment(at), lots=[LOT_1])] == [1001]


def test_keys_with_tabs_and_backslashes_arrive_as_they_are() -> None:
    with empty_book() as book:
        book.receive(("1202:a\tb\\c\nd", inbound(LOT_1, kg(1), "2026-01-05 10:00:00")))
        assert Move.objects.get().key == "1202:a\tb\\c\nd"


def test_transfers_between_depots_leave_nothing_in_transit() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(5000), "2026-01-05 10:00:00"))
        book.post(transfer(LOT_1, LOT_3, kg(2000), "2026-01-07"))
        assert Account.objects.get(kind="transit").priced_kg == 0
        grain = (WHEAT, PROVINCIAL, 2025)
        assert {lot: inside.grains for lot, inside in contents().items()} == {
            LOT_1: {grain: (3000, 3000)}, LOT_3: {grain: (2000, 2000)},
        }
        assert contents(lots=[LOT_3])[LOT_3].grains == {grain: (2000, 2000)}
        assert contents(depots=[LOT_3[:21]]).keys() == {LOT_3}


def test_the_effect_tells_rebuild_what_it_writes() -> None:
    for query in LedgerEffect.comparisons.values():
        with connection.cursor() as cursor:
            cursor.execute(query)
    assert set(LedgerEffect.relations) == {m._meta.db_table for m in (Account, Move, MonthNet, DayNet)}


@slow_enough
@given(histories(), st.lists(st.integers(1, 3), min_size=1, max_size=3))
def test_what_is_kept_in_memory_between_commits_is_what_reading_anew_gives(history: list[Any], sizes: list[int]) -> None:
    with empty_book() as book:
        plain_receive = book.receive

        def receive(*group: tuple[str, Any]) -> datetime:
            at = plain_receive(*group)
            kept = {lot: inside.grains for lot, inside in contents().items()}
            assert kept == {lot: inside.grains for lot in LOTS for lot, inside in contents(lots=[lot]).items()}
            forget()
            assert kept == {lot: inside.grains for lot, inside in contents().items()}
            return at

        book.receive = receive  # type: ignore[method-assign]
        deliver(book, list(history), sizes)


def test_tables_exchanged_under_the_memory_are_noticed() -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(100), "2026-01-05 10:00:00"))
        assert set(contents()) == {LOT_1}
        for model in (Account, Move, MonthNet, DayNet):
            model.objects.all().delete()
        assert contents() == {}
        Book().post(inbound(LOT_2, kg(100), "2026-01-05 10:00:00"))
        assert set(contents()) == {LOT_2}


def test_two_accounts_with_one_number_fail_instead_of_mixing_grain(monkeypatch: pytest.MonkeyPatch) -> None:
    with empty_book() as book:
        book.post(inbound(LOT_1, kg(1), "2026-01-05 10:00:00"))
        taken = number_of(AccountKey("lot", LOT_1[:21], LOT_1, WHEAT, PROVINCIAL, 2025))
        monkeypatch.setattr(effect, "number_of", lambda account: taken if account.kind == "lot" else number_of(account))
        for clashing in ([inbound(LOT_2, kg(1), "2026-01-05 10:00:00")], [transfer(LOT_1, LOT_2, kg(1), "2026-01-05")]):
            with pytest.raises(AccountClash), transaction.atomic():
                book.post(*clashing)
        assert [move.key for move in Move.objects.all()] == ["1202:1"]


@slow_enough
@given(histories(), moments, moments)
def test_every_custody_account_runs_from_the_balance_before_to_the_balance_after(history: list[Any], one: str, two: str) -> None:
    since, until = (datetime.fromisoformat(text).replace(tzinfo=CHINA) for text in sorted((one, two)))
    with empty_book() as book:
        newest = deliver(book, list(history), [2])
        before, after = naive(newest, str(since - timedelta(seconds=1))[:19]), naive(newest, str(until)[:19])
        for lot in LOTS:
            shown = custody_account(lot, since, until)
            full = custody_account(lot, since, until, with_reversed=True)
            sides = [[sum((kgs[q] for a, kgs in book_.items() if a.lot_code == lot), Decimal(0)) for q in (0, 1)]
                     for book_ in (before, after)]
            for account in (shown, full):
                sums = account.sums()
                assert [account.opening_priced_kg, account.opening_weighed_kg] == sides[0]
                assert [account.closing_priced_kg, account.closing_weighed_kg] == sides[1]
                assert account.opening_priced_kg + sums["priced_in_kg"] - sums["priced_out_kg"] == account.closing_priced_kg
                assert account.opening_weighed_kg + sums["weighed_in_kg"] - sums["weighed_out_kg"] == account.closing_weighed_kg
            assert all(line.reverses is None and line.reversed_by is None for line in shown.lines)
            assert ledger_then({lot: until})[lot] == tuple(sides[1])
