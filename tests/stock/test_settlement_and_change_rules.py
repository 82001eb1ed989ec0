"""Rules between fields of settlements, transfers, losses, changes of nature and month books."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from canglin.standard.rulecodes import rule
from tests.rows import LOT, broken, named, row

amounts = st.decimals(min_value=0, max_value=10**9, places=6)
positive = st.decimals(min_value="0.000001", max_value=10**7, places=6)
prices = st.decimals(min_value=0, max_value=100, places=6)


def settled(quantity: Decimal, price: Decimal, amount: Decimal) -> dict[str, Decimal]:
    return {"settled_kg": quantity, "price_cny_per_kg": price, "amount_cny": amount}


@pytest.mark.parametrize("code", ["1204", "1206"])
@given(positive, prices, st.decimals(min_value="-0.01", max_value="0.01", places=6))
def test_a_price_within_a_cent_of_amount_over_quantity_passes(
    code: str, quantity: Decimal, price: Decimal, off: Decimal
) -> None:
    amount = quantity * (price + off)
    assume(amount >= 0)
    assert broken(code, row(code, **settled(quantity, price, amount))) == []


@pytest.mark.parametrize("code", ["1204", "1206"])
@given(positive, prices, st.decimals(min_value="0.010001", max_value=5, places=6), st.booleans())
def test_a_price_more_than_a_cent_off_is_refused(
    code: str, quantity: Decimal, price: Decimal, off: Decimal, above: bool
) -> None:
    amount = quantity * (price + (off if above else -off))
    assert ("jsdj", "settlement.price") in named(broken(code, row(code, **settled(quantity, price, amount))))


def test_a_price_in_yuan_a_tonne_is_refused_and_told_what_would_pass() -> None:
    found = broken("1204", row("1204", **settled(Decimal(32_340), Decimal(2650), Decimal("85701"))))
    assert named(found) == {("jsdj", "settlement.price")}
    assert found[0].expected.startswith("2.650000 元/公斤")


def test_money_for_nothing_is_refused_and_nothing_for_nothing_taken() -> None:
    paid = settled(Decimal(0), Decimal("2.65"), Decimal(1))
    assert named(broken("1206", row("1206", **paid))) == {("jsje", "settlement.price")}
    assert broken("1206", row("1206", **settled(Decimal(0), Decimal("2.65"), Decimal(0)))) == []


def test_a_negative_settlement_is_refused_though_its_price_is_right() -> None:
    found = broken("1204", row("1204", **settled(Decimal(-100), Decimal(2), Decimal(-200))))
    assert named(found) == {("jssl", "amount.negative"), ("jsje", "amount.negative")}


def test_a_transfer_into_the_lot_it_leaves_is_refused() -> None:
    other = LOT[:-2] + "02"
    good = {"from_lot_code": LOT, "to_lot_code": other, "moved_kg": Decimal(5)}
    assert broken("1207", row("1207", **good)) == []
    assert named(broken("1207", row("1207", **good | {"to_lot_code": LOT}))) == {("drhwdm", "transfer.lots")}
    assert named(broken("1207", row("1207", **good | {"moved_kg": Decimal(-5)}))) == {("dcsl", "amount.negative")}


def changed(**values: Any) -> dict[str, Any]:
    return {
        "from_nature_code": "122", "to_nature_code": "290", "stock_kg": Decimal(1000), "changed_kg": Decimal(1000),
    } | values


@pytest.mark.parametrize(
    ("values", "field", "code"),
    [
        ({"to_nature_code": "122"}, "hzhlsxzdm", "nature.same"),
        ({"changed_kg": Decimal("1000.000001")}, "hzsl", "nature.quantity"),
        ({"changed_kg": Decimal(-1)}, "hzsl", "amount.negative"),
    ],
)
def test_a_change_of_nature_changes_something_and_no_more_than_is_there(
    values: dict[str, Any], field: str, code: str
) -> None:
    assert broken("1210", row("1210", **changed())) == []
    assert named(broken("1210", row("1210", **changed(**values)))) == {(field, code)}


@given(amounts, amounts, amounts)
def test_a_month_book_that_adds_up_passes_and_one_that_does_not_is_refused(
    opening: Decimal, received: Decimal, issued: Decimal
) -> None:
    book = {
        "opening_kg": opening, "received_kg": received, "issued_kg": issued,
        "closing_kg": opening + received - issued, "month": "11",
    }
    assert broken("1211", row("1211", **book)) == []
    wrong = opening + received - issued + Decimal("0.000001")
    found = broken("1211", row("1211", **book | {"closing_kg": wrong}))
    assert named(found) == {("qmye", "book.balance")}
    assert rule("book.balance").v2022 == 411


@pytest.mark.parametrize("month", ["00", "13", "1月", "-1"])
def test_a_month_that_no_calendar_has_is_refused(month: str) -> None:
    zero = dict.fromkeys(("opening_kg", "received_kg", "issued_kg", "closing_kg"), Decimal(0))
    assert named(broken("1211", row("1211", month=month, **zero))) == {("yf", "book.month")}


def test_losses_that_do_not_add_up_are_noted_and_the_sheet_is_taken() -> None:
    sheet = {
        "inbound_net_kg": Decimal(5_000_000), "outbound_net_kg": Decimal(4_985_000),
        "net_gain_loss_kg": Decimal(15_000),
        "loss_before_sealing_kg": Decimal(1000), "moisture_impurity_loss_kg": Decimal(5000),
        "natural_loss_quota_kg": Decimal(7500), "excess_loss_kg": Decimal(1500),
        "inbound_at": "2024-11-02 08:00:00", "outbound_at": "2026-10-02 08:00:00",
    }
    assert broken("1209", row("1209", **sheet)) == []
    wrong = sheet | {"excess_loss_kg": Decimal(0), "outbound_at": "2024-01-01 00:00:00", "outbound_net_kg": Decimal(1)}
    found = broken("1209", row("1209", **wrong))
    assert named(found) == {("jzsysl", "loss.sum"), ("chsl", "loss.excess"), ("cksj", "time.order")}
    assert not any(v.refuses for v in found)


def test_a_gain_exceeds_nothing() -> None:
    sheet = {
        "inbound_net_kg": Decimal(100), "outbound_net_kg": Decimal(101), "net_gain_loss_kg": Decimal(-1),
        "loss_before_sealing_kg": Decimal(0), "moisture_impurity_loss_kg": Decimal(0),
        "natural_loss_quota_kg": Decimal(0), "excess_loss_kg": Decimal(0),
        "inbound_at": "2024-11-02 08:00:00", "outbound_at": "2026-10-02 08:00:00",
    }
    assert broken("1209", row("1209", **sheet)) == []
