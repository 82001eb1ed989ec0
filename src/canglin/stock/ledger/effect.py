"""Writes the ledger in the record's own commit: moves by COPY, all nets and balances by one statement per group.

O(1) per record, whatever the account's length: a move, a day, a month and a balance per side. A changed or removed
record posts its old version backwards and its new version forwards; nothing is ever reposted.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from canglin.records.effects import Change, Connection
from canglin.records.state import ESCAPES
from canglin.stock.ledger.accounts import AccountKey, number_of
from canglin.stock.ledger.postings import POSTERS

_COPY = (
    "COPY stock_move (number, seq, account_id, contra_id, priced_kg, weighed_kg, business_at, received_at, table_code, "
    "key, reverses) FROM STDIN"
)
# Nets are summed in the database so that a group sends each figure once. The counterparts have no day nets: nobody asks
# for a supplier's balance within a month, and their months serve the statistics.
_NETS = """
WITH posted AS MATERIALIZED (
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::date[], %s::numeric[], %s::numeric[], %s::bigint[])
        AS p(account_id, contra_id, day, priced_kg, weighed_kg, number)
), days AS (
    INSERT INTO stock_daynet AS net (account_id, day, priced_kg, weighed_kg)
    SELECT account_id, day, sum(priced_kg), sum(weighed_kg) FROM posted GROUP BY account_id, day
    ON CONFLICT (account_id, day) DO UPDATE
    SET priced_kg = net.priced_kg + excluded.priced_kg, weighed_kg = net.weighed_kg + excluded.weighed_kg
), sides AS MATERIALIZED (
    SELECT account_id, date_trunc('month', day::timestamp)::date AS month,
        sum(priced_kg) AS priced_kg, sum(weighed_kg) AS weighed_kg, max(number) AS number
    FROM (
        SELECT account_id, day, priced_kg, weighed_kg, number FROM posted
        UNION ALL SELECT contra_id, day, -priced_kg, -weighed_kg, number FROM posted
    ) AS both_sides
    GROUP BY 1, 2
), months AS (
    INSERT INTO stock_monthnet AS net (account_id, month, priced_kg, weighed_kg)
    SELECT account_id, month, priced_kg, weighed_kg FROM sides
    ON CONFLICT (account_id, month) DO UPDATE
    SET priced_kg = net.priced_kg + excluded.priced_kg, weighed_kg = net.weighed_kg + excluded.weighed_kg
)
INSERT INTO stock_account AS held (
    id, kind, depot_code, lot_code, variety_code, nature_code, harvest_year, other_lot_code, priced_kg, weighed_kg, number
)
SELECT named.*, total.priced_kg, total.weighed_kg, total.number
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::smallint[], %s::text[])
    AS named(id, kind, depot_code, lot_code, variety_code, nature_code, harvest_year, other_lot_code)
JOIN (
    SELECT account_id, sum(priced_kg) AS priced_kg, sum(weighed_kg) AS weighed_kg, max(number) AS number
    FROM sides GROUP BY account_id
) AS total ON total.account_id = named.id
ON CONFLICT (id) DO UPDATE
SET priced_kg = held.priced_kg + excluded.priced_kg, weighed_kg = held.weighed_kg + excluded.weighed_kg,
    number = greatest(held.number, excluded.number)
"""
_ACCOUNT = """
    SELECT a.kind, a.depot_code, a.lot_code, a.variety_code, a.nature_code, a.harvest_year, a.other_lot_code
"""


class LedgerEffect:
    """Keeps accounts, moves and nets true to the records of 1202, 1205, 1207, 1209 and 1210. Holds nothing between
    calls."""

    tables: frozenset[str] = frozenset(POSTERS)
    relations: tuple[str, ...] = ("stock_account", "stock_move", "stock_monthnet", "stock_daynet")
    comparisons: dict[str, str] = {
        "stock.balances": f"{_ACCOUNT}, a.priced_kg, a.weighed_kg FROM stock_account a",
        "stock.months": f"{_ACCOUNT}, n.month, n.priced_kg, n.weighed_kg "
        "FROM stock_monthnet n JOIN stock_account a ON a.id = n.account_id",
        "stock.days": f"{_ACCOUNT}, n.day, n.priced_kg, n.weighed_kg "
        "FROM stock_daynet n JOIN stock_account a ON a.id = n.account_id",
        "stock.moves": "SELECT number, seq, account_id, contra_id, priced_kg, weighed_kg, business_at, received_at, "
        "table_code, key, reverses FROM stock_move",
    }

    def apply(self, connection: Connection, changes: Sequence[Change]) -> None:
        """Post what ``changes`` do to the stock, in the open transaction."""
        group = _Group()
        for change in changes:
            group.add(change)
        if group.lines:
            with connection.cursor() as cursor:
                with cursor.copy(_COPY) as copy:
                    copy.write("".join(group.lines))
                cursor.execute(_NETS, group.parameters())

    def forget(self) -> None:
        """Nothing is remembered, so nothing needs forgetting: account numbers are digests."""


class _Group:
    """The moves of one commit as COPY lines, and their sums per pair of accounts and day."""

    __slots__ = ("_at", "_received", "accounts", "lines", "sums")

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.accounts: dict[int, AccountKey] = {}
        #: (account, contra, day) → priced kg, weighed kg, last log number
        self.sums: dict[tuple[int, int, str], tuple[Decimal, Decimal, int]] = {}
        self._at: datetime | None = None
        self._received = ""

    def add(self, change: Change) -> None:
        """Post the old version backwards, the new one forwards."""
        if change.received_at is not self._at:
            self._at, self._received = change.received_at, change.received_at.isoformat()
        code, key = change.spec.code, change.key
        if not key.isprintable() or "\\" in key:
            key = key.translate(ESCAPES)
        accounts, sums = self.accounts, self.sums
        backwards = POSTERS[code](change.old) if change.old is not None else ()
        forwards = POSTERS[code](change.new) if change.new is not None else ()
        seq = 0
        for turned, lines in ((True, backwards), (False, forwards)):
            reverses = change.old_number if turned else "\\N"
            for account, contra, priced_kg, weighed_kg, at in lines:
                if turned:
                    priced_kg, weighed_kg = -priced_kg, -weighed_kg
                account_id, contra_id = number_of(account), number_of(contra)
                self.lines.append(
                    f"{change.number}\t{seq}\t{account_id}\t{contra_id}\t{priced_kg}\t{weighed_kg}\t{at}+08\t{self._received}\t"
                    f"{code}\t{key}\t{reverses}\n"
                )
                seq += 1
                accounts[account_id], accounts[contra_id] = account, contra
                day = account_id, contra_id, at[:10]
                if day in sums:
                    held = sums[day]
                    sums[day] = held[0] + priced_kg, held[1] + weighed_kg, change.number
                else:
                    sums[day] = priced_kg, weighed_kg, change.number

    def parameters(self) -> list[list[object]]:
        """What ``_NETS`` asks for: sums as six arrays, then the accounts named in them as eight."""
        columns = [*zip(*self.sums, strict=True), *zip(*self.sums.values(), strict=True)]
        named = [tuple(self.accounts), *zip(*self.accounts.values(), strict=True)]
        return [list(column) for column in (*columns, *named)]
