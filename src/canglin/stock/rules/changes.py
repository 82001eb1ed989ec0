"""Rules between fields of what changes a lot without a truck (1207, 1209, 1210)."""

from collections.abc import Iterator
from decimal import Decimal

from canglin.standard.between import in_order, not_negative
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

TRANSFER_LOTS = declare("transfer.lots", "倒出货位与倒入货位相同")
LOSS_SUM = declare("loss.sum", "净重损溢数量不等于入库净重减出库净重", severity="flag")
EXCESS_LOSS = declare("loss.excess", "超耗数量与定额不符", severity="flag")
NATURE_SAME = declare("nature.same", "划转前后性质相同")
NATURE_QUANTITY = declare("nature.quantity", "划转数量大于粮食数量")

_ZERO = Decimal(0)


def bin_transfer(row: Row) -> Iterator[Violation]:
    """Grain moves from one lot to another one, and not backwards. kg."""
    if row.from_lot_code == row.to_lot_code:
        yield Violation("drhwdm", TRANSFER_LOTS, row.to_lot_code, "与倒出货位不同的货位")
    yield from not_negative(("dcsl", row.moved_kg))


def gain_loss_sheet(row: Row) -> Iterator[Violation]:
    """净重损溢 = 入库净重 − 出库净重 (loss positive), 超耗 = what exceeds the losses that are allowed, in before out.
    kg.

    The specification gives these in the fields' descriptions only, and sheets of lots that were filled twice break
    them rightly: they are noted, not refused.
    """
    loss = row.net_gain_loss_kg
    due = row.inbound_net_kg - row.outbound_net_kg
    if loss != due:
        expected = f"{due:f}（入库净重－出库净重，损耗为正）"
        yield Violation("jzsysl", LOSS_SUM, f"{loss:f}", expected, refuses=False)
    allowed = (row.loss_before_sealing_kg, row.moisture_impurity_loss_kg, row.natural_loss_quota_kg)
    if row.excess_loss_kg is not None and None not in allowed:
        excess = max(_ZERO, loss - sum(allowed, _ZERO))
        if row.excess_loss_kg != excess:
            expected = f"{excess:f}（损耗超出各项定额的部分）"
            yield Violation("chsl", EXCESS_LOSS, f"{row.excess_loss_kg:f}", expected, refuses=False)
    yield from in_order(("rksj", "入库时间", row.inbound_at), ("cksj", "出库时间", row.outbound_at), refuses=False)


def nature_change(row: Row) -> Iterator[Violation]:
    """Grain becomes of another nature, and no more of it than lies there. kg."""
    if row.from_nature_code == row.to_nature_code:
        yield Violation("hzhlsxzdm", NATURE_SAME, row.to_nature_code, "与划转前性质不同的性质")
    if row.changed_kg > row.stock_kg:
        yield Violation("hzsl", NATURE_QUANTITY, f"{row.changed_kg:f}", f"不大于粮食数量 {row.stock_kg:f}")
    yield from not_negative(("hzsl", row.changed_kg))
