"""Writes the ledger in the record's own commit: moves by COPY, all nets and balances by one statement per group.

O(1) per record, whatever the account's length: a move, a day, a month and a balance per side. A changed or removed
record posts its old version backwards and its new version forwards; nothing is ever reposted.
"""

from collections.abc import Collection, Mapping, Sequence
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
UPDATE stock_account AS held
SET priced_kg = held.priced_kg + total.priced_kg, weighed_kg = held.weighed_kg + total.weighed_kg,
    number = greatest(held.number, total.number)
FROM (
    SELECT account_id, sum(priced_kg) AS priced_kg, sum(weighed_kg) AS weighed_kg, max(number) AS number
    FROM sides GROUP BY account_id
) AS total
WHERE held.id = total.account_id
RETURNING held.id, held.kind, held.depot_code, held.lot_code, held.variety_code, held.nature_code, held.harvest_year,
    held.other_lot_code
"""
_OPEN = """
INSERT INTO stock_account (
    id, kind, depot_code, lot_code, variety_code, nature_code, harvest_year, other_lot_code, priced_kg, weighed_kg, number
) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_ZERO = Decimal(0)
_ACCOUNT = """
    SELECT a.kind, a.depot_code, a.lot_code, a.variety_code, a.nature_code, a.harvest_year, a.other_lot_code
"""


class AccountClash(RuntimeError):
    """Two accounts with one number: 63 bits of a digest have met, once in some 10^9 provinces. The commit fails rather than mix
    grain; changing the digest in ledger.accounts and rebuilding is the way out."""


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
                existing = {account_id: AccountKey(*identity) for account_id, *identity in cursor.fetchall()}
                group.agree(existing)
                if len(existing) < len(group.accounts):
                    cursor.executemany(_OPEN, group.openings(existing.keys()))

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
                if accounts.setdefault(account_id, account) != account or accounts.setdefault(contra_id, contra) != contra:
                    raise AccountClash(account, contra)
                day = account_id, contra_id, at[:10]
                if day in sums:
                    held = sums[day]
                    sums[day] = held[0] + priced_kg, held[1] + weighed_kg, change.number
                else:
                    sums[day] = priced_kg, weighed_kg, change.number

    def parameters(self) -> list[str]:
        """What ``_NETS`` asks for, as array literals: they hold numbers and dates only, and are made ten times faster than by the
        driver."""
        columns = *zip(*self.sums, strict=True), *zip(*self.sums.values(), strict=True)
        return ["{" + ",".join(map(str, column)) + "}" for column in columns]

    def agree(self, existing: Mapping[int, AccountKey]) -> None:
        """Raise AccountClash when a stored account is not the one we mean."""
        for account_id, stored in existing.items():
            if stored != self.accounts[account_id]:
                raise AccountClash(stored, self.accounts[account_id])

    def openings(self, existing: Collection[int]) -> list[tuple[object, ...]]:
        """What ``_OPEN`` asks for: the accounts that are new with this group."""
        balances = {account_id: (_ZERO, _ZERO, 0) for account_id in self.accounts if account_id not in existing}
        for (account_id, contra_id, _), (priced_kg, weighed_kg, number) in self.sums.items():
            for side, sign in ((account_id, 1), (contra_id, -1)):
                if side in balances:
                    held = balances[side]
                    balances[side] = held[0] + sign * priced_kg, held[1] + sign * weighed_kg, max(held[2], number)
        return [(account_id, *self.accounts[account_id], *held) for account_id, held in balances.items()]
