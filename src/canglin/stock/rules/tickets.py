"""Rules between fields of weighing tickets (1202, 1205). A batch checks tens of thousands a second, so a good ticket
costs little: the faults are looked for only when a quick comparison fails.
"""

from collections.abc import Iterator
from decimal import Decimal

from canglin.standard.between import in_order, not_negative
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

NET_SUM = declare("net.sum", "入库净重不等于毛重、皮重与各项扣量之和")
DEDUCTION_SUM = declare("deduction.sum", "质检扣量小计不等于分项之和")
WEIGHT_ORDER = declare("weight.order", "皮重大于毛重")
NET_NEGATIVE = declare("net.negative", "净重为负", severity="flag")
OUTBOUND_NET = declare("outbound.net", "出库净重不等于毛重减皮重", severity="flag")

_ZERO = Decimal(0)


def inbound_ticket(row: Row) -> Iterator[Violation]:
    """净重 = 毛重 − 皮重 + all deductions (negative), 质检扣量 = the sum of its nine parts, 登记 ≤ 毛重 ≤ 皮重 ≤
    出门, 皮重 ≤ 毛重.

    All kg. An absent deduction counts as nothing; parts are added up only when at least one is given.
    """
    quality, net = row.quality_deduction_kg, row.net_kg
    due = row.gross_kg - row.tare_kg + quality
    for more in (row.cleaning_deduction_kg, row.packaging_deduction_kg, row.other_deduction_kg, row.site_deduction_kg):
        if more is not None:
            due += more
    if due != net:
        expected = f"{due:f}（毛重－皮重＋质检扣量＋整理费用折扣量＋包装物扣量＋其他扣量＋现场扣量）"
        yield Violation("jz", NET_SUM, f"{net:f}", expected)

    total, given = _ZERO, False
    for part in (
        row.moisture_deduction_kg, row.impurity_deduction_kg, row.imperfect_kernel_deduction_kg,
        row.mixture_deduction_kg, row.mould_deduction_kg, row.head_rice_deduction_kg, row.brown_rice_deduction_kg,
        row.yellow_kernel_deduction_kg, row.other_quality_deduction_kg,
    ):
        if part is not None:
            total += part
            given = True
    if given and total != quality:
        yield Violation("zjklxj", DEDUCTION_SUM, f"{quality:f}", f"{total:f}（九项扣量之和）")

    if not row.registered_at <= row.gross_at <= row.tare_at <= row.gate_out_at:
        yield from in_order(
            ("djsj", "登记时间", row.registered_at), ("mzjlsj", "毛重计量时间", row.gross_at),
            ("pzjlsj", "皮重计量时间", row.tare_at), ("cmsj", "出门时间", row.gate_out_at),
        )
    if not _ZERO <= row.tare_kg <= row.gross_kg:
        yield from _weights(row)
    if net < _ZERO:
        yield Violation("jz", NET_NEGATIVE, f"{net:f}", "不小于 0", refuses=False)


def outbound_ticket(row: Row) -> Iterator[Violation]:
    """登记 ≤ 皮重 ≤ 毛重 ≤ 出门, 皮重 ≤ 毛重. Weights in kg.

    The specification does not say how 净重 follows from the weights here, nor how 扣(增)量 enters it: a net weight
    that is neither 毛重 − 皮重 nor that with the adjustment is noted, not refused.
    """
    net, plain = row.net_kg, row.gross_kg - row.tare_kg
    if net != plain:
        adjusted = plain if row.adjustment_kg is None else plain + row.adjustment_kg
        if net != adjusted:
            expected = f"{plain:f}" if adjusted == plain else f"{plain:f} 或 {adjusted:f}（含扣(增)量）"
            yield Violation("jz", OUTBOUND_NET, f"{net:f}", expected, refuses=False)
    if not row.registered_at <= row.tare_at <= row.gross_at <= row.gate_out_at:
        yield from in_order(
            ("djsj", "登记时间", row.registered_at), ("pzjlsj", "皮重计量时间", row.tare_at),
            ("mzjlsj", "毛重计量时间", row.gross_at), ("cmsj", "出门时间", row.gate_out_at),
        )
    if not _ZERO <= row.tare_kg <= row.gross_kg:
        yield from _weights(row)
    if net < _ZERO:
        yield Violation("jz", NET_NEGATIVE, f"{net:f}", "不小于 0", refuses=False)


def _weights(row: Row) -> Iterator[Violation]:
    yield from not_negative(("mz", row.gross_kg), ("pz", row.tare_kg))
    if row.tare_kg > row.gross_kg:
        yield Violation("pz", WEIGHT_ORDER, f"{row.tare_kg:f}", f"不大于毛重 {row.gross_kg:f}")
