"""Rules between fields of what a depot says it holds (1211). Whether that is so is another question, answered from
the ledger."""

from collections.abc import Iterator

from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

BOOK_BALANCE = declare("book.balance", "期初＋收入－支出不等于期末", "balance")
BOOK_MONTH = declare("book.month", "月份无效")

_MONTHS = frozenset(f"{month:02d}" for month in range(1, 13)) | frozenset(str(month) for month in range(1, 10))


def book_stock(row: Row) -> Iterator[Violation]:
    """期初 + 收入 − 支出 = 期末, in kg, for a month that exists."""
    closing = row.opening_kg + row.received_kg - row.issued_kg
    if closing != row.closing_kg:
        yield Violation("qmye", BOOK_BALANCE, f"{row.closing_kg:f}", f"{closing:f}（期初＋收入－支出）")
    if row.month not in _MONTHS:
        yield Violation("yf", BOOK_MONTH, row.month, "01–12")
