"""The two books of ``bench ledger``, in a schema of their own that is dropped afterwards.

Both are posted through the ledger's own effect: one lot's account with a million moves over a year, and a province of
lots over two years with transfers and loss sheets. Then a late ticket arrives in the million; then the province page
asks for its totals. The baseline of each is the same question asked of the moves alone, as a ledger without nets would.
"""

import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection, transaction

from canglin.records.effects import Change
from canglin.standard.tables import TableSpec, table
from canglin.stock.ledger.accounts import AccountKey, number_of
from canglin.stock.ledger.balances import CHINA, NOW, Moment, balances
from canglin.stock.ledger.effect import LedgerEffect
from canglin.stock.queries import contents
from canglin.stock.queries.totals import totals

MILLION = 1_000_000
LOTS_PER_DEPOT, YEARS = 10, (2024, 2025)
GROUP = 2000
_SCHEMA = "bench_ledger"
_RECEIVED = datetime(2026, 1, 1, tzinfo=UTC)
_VARIETIES = ("1131001", "1131002", "1111001", "1121000", "1411003")
_NATURES = ("121", "122", "123", "200", "310")
_BUSY = "91430000MA4LBENCH1001000100101"


@contextmanager
def _schema() -> Iterator[None]:
    """Empty copies of the ledger's tables, first on the search path; the live ones are not touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {_SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {_SCHEMA}")
        for relation in (*LedgerEffect.relations, "stock_stockcard"):
            cursor.execute(f"CREATE TABLE {_SCHEMA}.{relation} (LIKE public.{relation} INCLUDING ALL)")
        cursor.execute(f"SET search_path TO {_SCHEMA}, public")
    contents.forget()
    try:
        yield
    finally:
        contents.forget()
        with connection.cursor() as cursor:
            cursor.execute("SET search_path TO DEFAULT")
            cursor.execute(f"DROP SCHEMA {_SCHEMA} CASCADE")


class _Poster:
    """Posts made-up records as the commit would."""

    def __init__(self) -> None:
        self.effect, self.number, self.seconds = LedgerEffect(), 0, 0.0

    def post(self, rows: Sequence[tuple[str, Any]]) -> None:
        specs: dict[str, TableSpec] = {}
        for start in range(0, len(rows), GROUP):
            changes = []
            for code, row in rows[start : start + GROUP]:
                self.number += 1
                spec = specs.setdefault(code, table(code))
                changes.append(Change(self.number, spec, f"{self.number}|{code}", "i", row, None, None, _RECEIVED, "", ""))
            began = time.perf_counter()
            with transaction.atomic():
                connection.ensure_connection()
                self.effect.apply(connection.connection, changes)
            self.seconds += time.perf_counter() - began


def _truck(lot: str, day: date, minute: int, net_kg: str, variety: str, nature: str, year: int) -> SimpleNamespace:
    net = Decimal(net_kg)
    return SimpleNamespace(
        lot_code=lot, variety_code=variety, nature_code=nature, harvest_year=str(year), net_kg=net, tare_kg=Decimal(15000),
        gross_kg=net + Decimal(15060), gate_out_at=f"{day} {minute // 60:02d}:{minute % 60:02d}:00",
    )


def _busy_account(poster: _Poster) -> None:
    start = date(2025, 1, 1)
    for first in range(0, MILLION, 50_000):
        poster.post([
            ("1205" if index % 2 else "1202",
             _truck(_BUSY, start + timedelta(days=index * 365 // MILLION), 360 + index % 900, "28140.5", "1131002", "121", 2024))
            for index in range(first, first + 50_000)
        ])


def _province(poster: _Poster, lot_count: int) -> None:
    """Each lot is filled over three months of a year and emptied over two of the next, with a loss sheet; some grain
    changes lots."""
    rows: list[tuple[str, Any]] = []
    for depot in range(lot_count // LOTS_PER_DEPOT):
        lots = [f"91430000MA4L{depot:06d}001{lot:04d}00101" for lot in range(LOTS_PER_DEPOT)]
        for index, lot in enumerate(lots):
            variety, nature = _VARIETIES[(depot + index) % 5], _NATURES[(depot * 3 + index) % 5]
            for year in YEARS:
                for truck in range(12):
                    day = date(year, 7 + truck % 3, 1 + (truck * 5 + index) % 28)
                    rows.append(("1202", _truck(lot, day, 600 + truck, "29000.25", variety, nature, year)))
                    if year > YEARS[0]:
                        out = date(year, 3 + truck % 2, 1 + (truck * 7 + index) % 28)
                        rows.append(("1205", _truck(lot, out, 600 + truck, "28990.25", variety, nature, year - 1)))
                if year > YEARS[0]:
                    loss = SimpleNamespace(lot_code=lot, business_date=f"{year}-05-10", net_gain_loss_kg=Decimal(120))
                    rows.append(("1209", loss))
            if index % 20 == 0:
                rows.append(("1207", SimpleNamespace(
                    from_lot_code=lot, to_lot_code=lots[index + 1], variety_code=variety, transferred_on="2025-10-10",
                    moved_kg=Decimal(5000),
                )))
    poster.post(rows)


def _times_ms(ask: Callable[[], object], rounds: int) -> list[float]:
    taken = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return taken


def _middle(times: Sequence[float]) -> float:
    return statistics.median(times)


def _naive_ms(sql: str, *values: Any) -> float:
    with connection.cursor() as cursor:
        return _middle(_times_ms(lambda: cursor.execute(sql, values), 3))


def _analyse() -> None:
    with connection.cursor() as cursor:
        for relation in LedgerEffect.relations:
            cursor.execute(f"ANALYZE {relation}")


def measure(lot_count: int) -> dict[str, float]:
    """Post, ask, and answer a flat dictionary of figures, units in the names. Takes about a minute at province scale.

    Raises AssertionError when a balance is not the one the moves give: a fast wrong answer is no figure.
    """
    figures: dict[str, float] = {}
    with _schema():
        poster = _Poster()
        _busy_account(poster)
        _analyse()
        figures |= _late_ticket(poster)
    with _schema():
        province = _Poster()
        _province(province, lot_count)
        _analyse()
        figures |= _province_page() | {"lots": float(lot_count)}
        figures["posted_per_s"] = (poster.number + province.number) / (poster.seconds + province.seconds)
    return figures


def _late_ticket(poster: _Poster) -> dict[str, float]:
    late = _truck(_BUSY, date(2025, 6, 15), 617, "1000", "1131002", "121", 2024)
    at = Moment(datetime(2025, 6, 15, 12, 0, tzinfo=CHINA))
    held: list[Decimal] = []

    def arrive() -> None:
        poster.post([("1202", late)])
        held.append(balances(at, lots=[_BUSY])[0].priced_kg)

    times = _times_ms(arrive, 21)
    moves = "SELECT sum(priced_kg) FROM stock_move WHERE account_id = %s AND business_at <= %s"
    account = number_of(AccountKey("lot", _BUSY[:21], _BUSY, "1131002", "121", 2024))
    with connection.cursor() as cursor:
        cursor.execute(moves, [account, at.at])
        row = cursor.fetchone()
    if row is None or row[0] != held[-1]:
        raise AssertionError("the balance is not what the moves give")
    naive = _naive_ms(moves, account, at.at)
    middle = _middle(times)
    return {
        "backdated_ms": middle, "backdated_max_ms": max(times), "backdated_by_moves_ms": naive,
        "backdated_ratio": naive / middle, "account_moves": float(MILLION),
    }


def _province_page() -> dict[str, float]:
    def page() -> None:
        totals("variety")

    first = _times_ms(page, 1)[0]
    now = _middle(_times_ms(page, 9))
    past = _middle(_times_ms(lambda: totals("variety", Moment(datetime(2025, 8, 15, 12, 0, tzinfo=CHINA))), 3))
    total = sum((row.priced_kg for row in totals("variety", NOW)), Decimal(0))
    moves = "SELECT sum(m.priced_kg) FROM stock_move m JOIN stock_account a ON a.id = m.account_id"
    with connection.cursor() as cursor:
        cursor.execute(moves)
        row = cursor.fetchone()
    if row is None or row[0] != total:
        raise AssertionError("the totals are not what the moves give")
    naive = _naive_ms(
        "SELECT a.variety_code, sum(m.priced_kg), sum(m.weighed_kg) FROM stock_move m JOIN stock_account a ON a.id = m.account_id "
        "GROUP BY a.variety_code"
    )
    return {
        "totals_ms": now, "totals_first_ms": first, "totals_past_ms": past, "totals_by_moves_ms": naive,
        "totals_ratio": naive / now,
    }
