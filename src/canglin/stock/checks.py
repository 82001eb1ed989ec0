"""Rules of stock that need other records, run inside the commit."""

from collections.abc import Iterator
from decimal import Decimal

from canglin.records.commit import Earlier
from canglin.records.consequences import Entry
from canglin.records.effects import Connection
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation
from canglin.stock.models import BookStock

BOOK_CHAIN = declare("book.chain", "期初不等于上月期末", "balance")


def month_before(row: Row) -> tuple[str, str]:
    """Year and month before a month book's own, the month as two digits."""
    year, month = int(row.year), int(row.month)
    return (str(year), f"{month - 1:02d}") if month > 1 else (str(year - 1), "12")


class BookChain:
    """A month opens with what the month before closed with (1211), kg. The first month of a book has none before it.

    Only the month before is looked at, never the month after: else a wrong closing could not be corrected once the next
    month stands. The month after is then sent again.
    """

    tables = frozenset({"1211"})

    def check(self, connection: Connection, incoming: Entry, earlier: Earlier) -> Iterator[Violation]:
        """The opening quantity is last month's closing quantity."""
        row = incoming.row
        closing = self._closing(connection, row, earlier)
        if closing is not None and closing != row.opening_kg:
            year, month = month_before(row)
            yield Violation("qcsl", BOOK_CHAIN, f"{row.opening_kg:f}", f"{closing:f}（{year} 年 {month} 月期末数量）")

    @staticmethod
    def _closing(connection: Connection, row: Row, earlier: Earlier) -> Decimal | None:
        year, month = month_before(row)
        # Depots write the month with or without its zero.
        keys = [f"{row.depot_code}|{row.variety_code}|{year}|{written}" for written in {month, month.removeprefix("0")}]
        for key in keys:
            just_taken = earlier("1211", key)
            if just_taken is not None:
                return None if just_taken.operation == "d" else just_taken.row.closing_kg
        found = connection.execute(
            f'SELECT closing_kg FROM "{BookStock._meta.db_table}" WHERE key = ANY(%s) AND NOT removed '  # noqa: S608
            "ORDER BY stated_at DESC LIMIT 1", [keys],
        ).fetchone()
        return found[0] if found else None


MONTHS_FOLLOW = BookChain()
