"""A small book to post into: versions of records arrive, as the commit would hand them to the ledger's effect."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from django.db import connection

from canglin.records.effects import Change
from canglin.standard.tables import TableSpec, table
from canglin.stock.ledger.effect import LedgerEffect
from canglin.stock.queries import contents

DEPOT_A, DEPOT_B = "91430000MA4L000016" + "001", "91430000MA4L000016" + "002"
LOT_1, LOT_2, LOT_3 = DEPOT_A + "000100101", DEPOT_A + "000200101", DEPOT_B + "000100101"
LOTS = (LOT_1, LOT_2, LOT_3)
WHEAT, PADDY = "1111001", "1131002"
PROVINCIAL, COMMERCIAL = "121", "200"
FIRST_RECEIPT = datetime(2026, 1, 1, tzinfo=UTC)


def kg(amount: str | int | Decimal) -> Decimal:
    return Decimal(amount)


def inbound(lot: str, net: Decimal, at: str, *, variety: str = WHEAT, nature: str = PROVINCIAL, year: int = 2025,
            deducted: Decimal = Decimal(0)) -> SimpleNamespace:
    return SimpleNamespace(
        lot_code=lot, variety_code=variety, nature_code=nature, harvest_year=str(year), gross_kg=net + deducted + 15000,
        tare_kg=Decimal(15000), net_kg=net, gate_out_at=at, table="1202",
    )


def outbound(lot: str, net: Decimal, at: str, **kind: Any) -> SimpleNamespace:
    row = inbound(lot, net, at, **kind)
    row.table = "1205"
    return row


def transfer(source: str, target: str, moved: Decimal, on: str, *, variety: str = WHEAT) -> SimpleNamespace:
    return SimpleNamespace(
        from_lot_code=source, to_lot_code=target, variety_code=variety, transferred_on=on, moved_kg=moved, table="1207"
    )


def loss(lot: str, lost: Decimal, on: str) -> SimpleNamespace:
    return SimpleNamespace(lot_code=lot, business_date=on, net_gain_loss_kg=lost, table="1209")


def nature_change(lot: str, changed: Decimal, on: str, before: str = PROVINCIAL, after: str = COMMERCIAL, *,
                  variety: str = WHEAT) -> SimpleNamespace:
    return SimpleNamespace(
        lot_code=lot, variety_code=variety, from_nature_code=before, to_nature_code=after, changed_on=on, changed_kg=changed,
        table="1210",
    )


@dataclass
class Book:
    """Receives versions; ``group`` of them share a commit. Numbers count from 1, a minute passes between commits."""

    effect: LedgerEffect = field(default_factory=LedgerEffect)
    held: dict[tuple[str, str], tuple[int, Any]] = field(default_factory=dict)
    number: int = 0
    commits: int = 0

    def receive(self, *group: tuple[str, Any]) -> datetime:
        """Take (key, row) pairs, row None removing the record; returns the time of receipt."""
        self.commits += 1
        received_at = FIRST_RECEIPT + timedelta(minutes=self.commits)
        changes = []
        for key, row in group:
            code, _, _ = key.partition(":")
            self.number += 1
            old_number, old = self.held.get((code, key), (None, None))
            spec: TableSpec = table(code)
            operation = "d" if row is None else "i" if old is None else "u"
            changes.append(
                Change(self.number, spec, key, operation, row, old, old_number, received_at, DEPOT_A[:18], DEPOT_A)
            )
            if row is None:
                del self.held[code, key]
            else:
                self.held[code, key] = self.number, row
        connection.ensure_connection()
        self.effect.apply(connection.connection, changes)
        return received_at

    def post(self, row: Any) -> str:
        """Take one new record; returns its key."""
        key = f"{row.table}:{self.number + 1}"
        self.receive((key, row))
        return key


@contextmanager
def empty_book() -> Iterator[Book]:
    """A book on emptied tables (hypothesis runs many examples in one test's transaction)."""
    with connection.cursor() as cursor:
        for relation in LedgerEffect.relations:
            cursor.execute(f"DELETE FROM {relation}")
    contents.forget()
    yield Book()
