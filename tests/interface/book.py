"""The stock account kept by the tests themselves, by the document's formula, to hold against the platform's."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from tests.interface.generator import Record

Grain = tuple[str, str, str]
"""Lot, variety, nature."""


class Book:
    """Priced (计价) and weighed (实际) kilograms by lot, variety and nature.

    计价数量 = Σ入库净重 + 倒入 − Σ出库净重 − 倒出 − Σ净重损溢; 实际数量 the same with 毛 − 皮 for 净重.
    A change of nature moves grain between natures of one lot.
    """

    def __init__(self, entries: Iterable[tuple[str, Record]] = (), nature: str = "123") -> None:
        self.priced_kg: dict[Grain, Decimal] = defaultdict(Decimal)
        self.weighed_kg: dict[Grain, Decimal] = defaultdict(Decimal)
        self.nature = nature
        for table, record in entries:
            self.post(table, record)

    def post(self, table: str, record: Record, times: int = 1) -> None:
        """Enter a record of a lot whose grain is of this book's nature; ``times=-1`` takes one back."""
        variety = record.get("lspzdm", "")
        if table in ("1202", "1205"):
            sign = times if table == "1202" else -times
            grain = (record["hwdm"], variety, record["lsxzdm"])
            self._add(grain, sign * Decimal(record["jz"]), sign * (Decimal(record["mz"]) - Decimal(record["pz"])))
        elif table == "1207":
            moved_kg = times * Decimal(record["dcsl"])
            self._add((record["dchwdm"], variety, self.nature), -moved_kg, -moved_kg)
            self._add((record["drhwdm"], variety, self.nature), moved_kg, moved_kg)
        elif table == "1209":
            lost_kg = times * Decimal(record["jzsysl"])
            held = next(grain for grain in self.priced_kg if grain[0] == record["hwdm"])
            self._add(held, -lost_kg, -lost_kg)
        elif table == "1210":
            changed_kg = times * Decimal(record["hzsl"])
            self._add((record["hwdm"], variety, record["hzqlsxzdm"]), -changed_kg, -changed_kg)
            self._add((record["hwdm"], variety, record["hzhlsxzdm"]), changed_kg, changed_kg)

    def _add(self, grain: Grain, priced_kg: Decimal, weighed_kg: Decimal) -> None:
        self.priced_kg[grain] += priced_kg
        self.weighed_kg[grain] += weighed_kg

    def stock(self) -> dict[Grain, tuple[Decimal, Decimal]]:
        """Priced and weighed kilograms of everything that is not nil."""
        return {
            grain: (priced_kg, self.weighed_kg[grain])
            for grain, priced_kg in self.priced_kg.items()
            if priced_kg or self.weighed_kg[grain]
        }
