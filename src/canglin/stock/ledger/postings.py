"""How a record becomes moves. Pure: a posting follows from the record alone, so any order of arrival gives the same
balances.

| table | from | to | priced kg | weighed kg | counts from |
|---|---|---|---|---|---|
| 1202 入库 | supplier | lot | 净重 | 毛重 − 皮重 | 出门时间 |
| 1205 出库 | lot | customer | 净重 | 毛重 − 皮重 | 出门时间 |
| 1207 倒仓 | lot, through transit | other lot | 倒仓数量 | the same | end of 倒仓日期 |
| 1209 损溢 | lot | loss | 净重损溢数量 (a gain is negative) | the same | end of 业务日期 |
| 1210 性质转变 | lot, nature before; via change of nature | lot, nature after | 划转数量 | the same | end of 划转日期 |

A sheet that states only its day counts from the end of that day: the trucks of the day came before it.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import NamedTuple

from canglin.standard.tables import Row
from canglin.stock.ledger.accounts import CUSTOMER, LOSS, LOT, NATURE, SUPPLIER, TRANSIT, AccountKey, depot_of


class Posting(NamedTuple):
    """An amount into a lot's ``account`` from the counterpart ``contra`` (negative: out of it). ``at`` is China's time,
    as on the wire."""

    account: AccountKey
    contra: AccountKey
    priced_kg: Decimal
    weighed_kg: Decimal
    at: str


Postings = tuple[Posting, ...]


def _end_of(day: str) -> str:
    return f"{day} 23:59:59"


def _stated(row: Row) -> AccountKey:
    return AccountKey(
        LOT, depot_of(row.lot_code), row.lot_code, row.variety_code, row.nature_code, int(row.harvest_year)
    )


def _inbound(row: Row) -> Postings:
    account = _stated(row)
    supplier = AccountKey(SUPPLIER, account.depot_code)
    return (Posting(account, supplier, row.net_kg, row.gross_kg - row.tare_kg, row.gate_out_at),)


def _outbound(row: Row) -> Postings:
    account = _stated(row)
    customer = AccountKey(CUSTOMER, account.depot_code)
    return (Posting(account, customer, -row.net_kg, row.tare_kg - row.gross_kg, row.gate_out_at),)


def _transfer(row: Row) -> Postings:
    source, target, amount, at = row.from_lot_code, row.to_lot_code, row.moved_kg, _end_of(row.transferred_on)
    # One transit account, the sender's, for both halves: it is empty again once the sheet is posted.
    transit = AccountKey(TRANSIT, depot_of(source))
    leaves = AccountKey(LOT, depot_of(source), source, row.variety_code, other_lot_code=target)
    arrives = AccountKey(LOT, depot_of(target), target, row.variety_code, other_lot_code=source)
    return Posting(leaves, transit, -amount, -amount, at), Posting(arrives, transit, amount, amount, at)


def _loss(row: Row) -> Postings:
    depot, amount = depot_of(row.lot_code), row.net_gain_loss_kg
    account = AccountKey(LOT, depot, row.lot_code)
    return (Posting(account, AccountKey(LOSS, depot), -amount, -amount, _end_of(row.business_date)),)


def _nature(row: Row) -> Postings:
    depot, amount, at = depot_of(row.lot_code), row.changed_kg, _end_of(row.changed_on)
    before = AccountKey(LOT, depot, row.lot_code, row.variety_code, row.from_nature_code)
    after = AccountKey(LOT, depot, row.lot_code, row.variety_code, row.to_nature_code)
    contra = AccountKey(NATURE, depot)
    return Posting(before, contra, -amount, -amount, at), Posting(after, contra, amount, amount, at)


POSTERS: dict[str, Callable[[Row], Postings]] = {
    "1202": _inbound,
    "1205": _outbound,
    "1207": _transfer,
    "1209": _loss,
    "1210": _nature,
}


def postings(table_code: str, row: Row) -> Postings:
    """The moves that a record of ``table_code`` makes. Raises KeyError for a table that moves no grain."""
    return POSTERS[table_code](row)
