"""An honest depot's cards, books and sheets agree with its tickets, to the hundredth of a kilogram."""

from collections import defaultdict
from decimal import Decimal
from typing import Any

import pytest


def end(day: str) -> str:
    """A sheet that states its day alone counts from the end of it."""
    return f"{day} 23:59:59"


@pytest.fixture(scope="module")
def moves(by_table: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[str, Decimal, Decimal]]]:
    """Per lot: (moment, priced, weighed) of everything that changed it, by the formulas of the interface's document."""
    found = defaultdict(list)
    for t in by_table["1202"]:
        found[t["hwdm"]].append((t["cmsj"], Decimal(t["jz"]), Decimal(t["mz"] - t["pz"])))
    for t in by_table["1205"]:
        found[t["hwdm"]].append((t["cmsj"], -Decimal(t["jz"]), -Decimal(t["mz"] - t["pz"])))
    for m in by_table["1207"]:
        found[m["dchwdm"]].append((end(m["dcrq"]), -Decimal(m["dcsl"]), -Decimal(m["dcsl"])))
        found[m["drhwdm"]].append((end(m["dcrq"]), Decimal(m["dcsl"]), Decimal(m["dcsl"])))
    for s in by_table["1209"]:
        found[s["hwdm"]].append((end(s["ywrq"]), -Decimal(s["jzsysl"]), -Decimal(s["jzsysl"])))
    return found


def test_a_stock_card_is_the_sum_of_its_tickets_since_the_lot_was_entered(by_table, moves):
    for card in by_table["1208"]:
        if card["hwzt"] == "1":
            assert card["jjsl"] == card["sjsl"] == 0
            before = [(p, w) for at, p, w in moves[card["hwdm"]] if at <= card["zhgxsj"]]
            assert sum(p for p, _ in before) == sum(w for _, w in before) == 0
            continue
        since = [(p, w) for at, p, w in moves[card["hwdm"]] if card["rcsj"] <= at <= card["zhgxsj"]]
        assert card["jjsl"] == sum(p for p, _ in since)
        assert card["sjsl"] == sum(w for _, w in since)


def test_every_lot_has_a_card_of_this_minute_and_of_each_month(by_table, province):
    latest, months = defaultdict(str), defaultdict(int)
    for card in by_table["1208"]:
        latest[card["hwdm"]] = max(latest[card["hwdm"]], card["zhgxsj"])
        months[card["hwdm"]] += 1
    assert set(latest.values()) == {str(province.now)}
    assert len(latest) == 150
    assert set(months.values()) == {13}


def test_a_months_book_is_the_sum_of_the_days_and_opens_where_the_last_one_closed(by_table):
    income, outgo = defaultdict(Decimal), defaultdict(Decimal)
    variety = {}
    for t in by_table["1202"]:
        income[t["hwdm"][:21], t["lspzdm"], t["ywrq"][:7]] += t["jz"]
    for t in by_table["1205"]:
        outgo[t["hwdm"][:21], t["lspzdm"], t["ywrq"][:7]] += t["jz"]
        variety[t["hwdm"], t["cmsj"]] = t["lspzdm"]
    assert all(m["drdw"] == m["dcdw"] for m in by_table["1207"]), "moves within a depot are no income of its book"
    for s in by_table["1209"]:
        outgo[s["hwdm"][:21], variety[s["hwdm"], s["cksj"]], s["ywrq"][:7]] += s["jzsysl"]
    closing = {}
    assert by_table["1211"]
    for book in by_table["1211"]:
        depot, kind, month = book["kqdm"], book["lspzdm"], f"{book['nd']}-{book['yf']}"
        assert book["bqsrsl"] == income[depot, kind, month]
        assert book["bqzcsl"] == outgo[depot, kind, month]
        assert book["qcsl"] + book["bqsrsl"] - book["bqzcsl"] == book["qmye"] >= 0
        before = sum(v for (d, k, m), v in income.items() if (d, k) == (depot, kind) and m < month)
        before -= sum(v for (d, k, m), v in outgo.items() if (d, k) == (depot, kind) and m < month)
        assert book["qcsl"] == before
        assert closing.get((depot, kind), book["qcsl"]) == book["qcsl"]
        closing[depot, kind] = book["qmye"]


def test_the_books_of_a_depot_hold_what_its_cards_hold(by_table, province):
    now = str(province.now)
    cards, books = defaultdict(Decimal), defaultdict(Decimal)
    for card in by_table["1208"]:
        if card["zhgxsj"] == now and card["hwzt"] != "1":
            cards[card["hwdm"][:21], card["lspzdm"]] += card["jjsl"]
    for book in by_table["1211"]:
        if book["yjbz"] == 1:
            books[book["kqdm"], book["lspzdm"]] = Decimal(book["qmye"])
    assert {k: v for k, v in books.items() if v} == {k: v for k, v in cards.items() if v}


def test_a_loss_sheet_explains_the_whole_loss_and_an_honest_one_has_no_excess(by_table):
    assert by_table["1209"]
    for s in by_table["1209"]:
        loss = Decimal(s["rkjz"]) - s["ckjz"]
        assert s["jzsysl"] == loss > 0
        assert s["chsl"] == max(Decimal(0), loss - s["qzchwqsh"] - s["qzszkl"] - s["qzzrshde"])
        assert (s["sysfzc"], s["chsl"]) == ("0", 0)
        water = Decimal(s["rkjz"]) * (Decimal(s["rksf"]) - s["cksf"]) / (100 - Decimal(s["cksf"]))
        assert 0 <= water - s["qzszkl"] < 1
        assert s["rksj"] < s["cksj"] < s["zhgxsj"]


def test_a_change_of_nature_takes_the_whole_lot_along(by_table, moves):
    assert by_table["1210"]
    for change in by_table["1210"]:
        held = sum(p for at, p, _ in moves[change["hwdm"]] if at <= end(change["hzrq"]))
        assert change["hzsl"] == change["lssl"] == held
        after = [c for c in by_table["1208"] if c["hwdm"] == change["hwdm"] and c["zhgxsj"] > change["zhgxsj"]]
        assert {c["lsxzdm"] for c in after} == {change["hzhlsxzdm"]}


def test_a_lot_is_emptied_before_other_grain_comes_in(by_table):
    cycles = defaultdict(set)
    for t in by_table["1202"]:
        cycles[t["hwdm"]].add((t["shnd"], t["lspzdm"]))
    sheets = {s["hwdm"] for s in by_table["1209"]}
    turned = {lot for lot, kinds in cycles.items() if len(kinds) > 1}
    assert turned
    assert turned <= sheets


def test_no_truck_works_in_a_lot_under_fumigation(by_table):
    assert by_table["1306"]
    for job in by_table["1306"]:
        for t in by_table["1202"] + by_table["1205"]:
            if t["hwdm"].startswith(job["cfdm"]):
                assert not job["xzkssj"] <= t["ywrq"] <= job["xzjssj"]
