"""A month book opens with what the month before closed with."""

from collections.abc import Iterable
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from canglin.standard.tables import Violation, table
from canglin.stock.checks import MONTHS_FOLLOW, month_before
from tests.rows import DEPOT, named, row


class Held:
    """A connection whose state holds month books by key, newest last; remembers which keys were asked for."""

    def __init__(self, **closing_kg: Decimal) -> None:
        self.books = {f"{DEPOT}|1111001|{month[1:5]}|{month[6:]}": kg for month, kg in closing_kg.items()}

    def execute(self, _: str, parameters: list[list[str]]) -> Any:
        found = [self.books[key] for key in parameters[0] if key in self.books]
        return SimpleNamespace(fetchone=lambda: (found[0],) if found else None)


def book(year: str, month: str, opening: int, closing: int, operation: str = "i") -> Any:
    values = row(
        "1211", operation=operation, depot_code=DEPOT, variety_code="1111001", year=year, month=month,
        opening_kg=Decimal(opening), closing_kg=Decimal(closing),
    )
    return SimpleNamespace(spec=table("1211"), key=table("1211").key_of(values), operation=operation, row=values)


def said(connection: Held, incoming: Any, group: Iterable[Any] = ()) -> list[Violation]:
    taken = {("1211", entry.key): entry for entry in group}
    return list(MONTHS_FOLLOW.check(connection, incoming, lambda code, key: taken.get((code, key))))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("year", "month", "before"),
    [("2026", "11", ("2026", "10")), ("2026", "01", ("2025", "12")), ("2026", "1", ("2025", "12")),
     ("2026", "10", ("2026", "09"))],
)
def test_the_month_before_is_found_over_the_turn_of_the_year(year: str, month: str, before: tuple[str, str]) -> None:
    assert month_before(book(year, month, 0, 0).row) == before


def test_the_first_month_of_a_book_opens_with_anything() -> None:
    assert said(Held(), book("2026", "11", 70, 80)) == []


@pytest.mark.parametrize("written", ["m2026_09", "m2026_9"])
def test_the_month_before_counts_however_its_number_is_written(written: str) -> None:
    held = Held(**{written: Decimal(70)})
    assert said(held, book("2026", "10", 70, 80)) == []
    found = said(held, book("2026", "10", 71, 80))
    assert named(found) == {("qcsl", "book.chain")}
    assert found[0].expected == "70（2026 年 09 月期末数量）"


def test_a_month_sent_in_the_same_group_counts_before_what_is_held() -> None:
    held = Held(m2026_10=Decimal(70))
    corrected = book("2026", "10", 0, 75, "u")
    assert said(held, book("2026", "11", 75, 80), [corrected]) == []
    assert named(said(held, book("2026", "11", 70, 80), [corrected])) == {("qcsl", "book.chain")}


def test_a_month_removed_in_the_same_group_proves_nothing() -> None:
    assert said(Held(m2026_10=Decimal(70)), book("2026", "11", 1, 2), [book("2026", "10", 0, 70, "d")]) == []
