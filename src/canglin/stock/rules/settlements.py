"""Rules between fields of settlements (1204, 1206)."""

from collections.abc import Iterator
from decimal import Decimal

from canglin.standard.between import not_negative
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Violation

PRICE = declare("settlement.price", "结算单价与金额、数量不符")

#: How far amount / quantity may lie from the price: 0.01 元/kg (v2022 interface).
TOLERANCE_CNY_PER_KG = Decimal("0.01")


def settlement(row: Row) -> Iterator[Violation]:
    """|金额 / 数量 − 单价| ≤ 0.01 元/kg. Price in 元/kg: one in 元/t, as contracts have it, is found here. Nothing
    for nothing passes."""
    quantity, price, amount = row.settled_kg, row.price_cny_per_kg, row.amount_cny
    if abs(amount - price * quantity) > TOLERANCE_CNY_PER_KG * abs(quantity):
        if quantity == 0:
            yield Violation("jsje", PRICE, f"{amount:f} 元", "结算数量为 0 时金额为 0")
        else:
            yield Violation(
                "jsdj", PRICE, f"{price:f} 元/公斤",
                f"{amount / quantity:.6f} 元/公斤（结算金额÷结算数量，误差不超过 {TOLERANCE_CNY_PER_KG} 元/公斤）",
            )
    if quantity < 0 or price < 0 or amount < 0:
        yield from not_negative(("jssl", quantity), ("jsdj", price), ("jsje", amount))
