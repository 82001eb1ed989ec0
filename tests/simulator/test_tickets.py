"""A ticket adds up, its times follow each other, its deductions are the ones the rules give."""

import itertools
from collections import defaultdict
from datetime import datetime
from decimal import Decimal

SHARES = ("qzsfzkl", "qzzzzkl", "qzbwslkl", "qzhhkl", "qzsmlkl", "qzzjmlkl", "qzgwcmkl", "qzhlmkl", "qzqtkl")
STANDARD_MOISTURE = {"1131": Decimal("13.5"), "1111": Decimal("12.5"), "1121": Decimal("14.0")}


def test_net_is_gross_less_tare_and_deductions(by_table):
    for t in by_table["1202"]:
        assert t["zjklxj"] == sum(t[name] for name in SHARES)
        assert t["jz"] == t["mz"] - t["pz"] + t["zjklxj"] + t["zlfyzkl"] + t["bzwkl"] + t["qtkl"] + t["xckl"]
    for t in by_table["1205"]:
        assert t["jz"] == t["mz"] - t["pz"] + t["kzl"]


def test_times_follow_each_other(by_table):
    for t in by_table["1202"]:
        assert t["djsj"] < t["mzjlsj"] < t["pzjlsj"] < t["cmsj"]
        assert t["djsj"][:10] == t["ywrq"] == t["cmsj"][:10]
    for t in by_table["1205"]:
        assert t["djsj"] < t["pzjlsj"] < t["mzjlsj"] < t["cmsj"]


def test_a_sample_is_taken_and_tested_before_the_lorry_is_weighed(by_table):
    tickets = {(t["hwdm"], t["rkywdh"]): t for t in by_table["1202"]}
    assert len(tickets) == len(by_table["1203"])
    for check in by_table["1203"]:
        ticket = tickets[check["hwdm"], check["rkywdh"]]
        assert ticket["djsj"] <= check["qysj"] < check["jysj"] < ticket["mzjlsj"]
        assert check["lspzdm"] == ticket["lspzdm"]


def deduction(value: Decimal, standard: Decimal, up: Decimal, down: Decimal, most: int) -> Decimal:
    """178号 once more, in decimals: whole steps of half a point."""
    steps = abs(value - standard) // Decimal("0.5")
    return min(steps, most) * up if value <= standard else -steps * down


def test_deductions_are_what_the_inspection_gives_by_the_rules(by_table):
    tickets = {(t["hwdm"], t["rkywdh"]): t for t in by_table["1202"]}
    seen = set()
    for check in by_table["1203"]:
        if check["lspzdm"].startswith("2"):
            continue
        ticket = tickets[check["hwdm"], check["rkywdh"]]
        values = {c: Decimal(v) for c, v in zip(check["jyxm"].split(","), check["jyz"].split(","), strict=True)}
        kilos = {c: Decimal(v) for c, v in zip(check["jyxm"].split(","), check["zkl"].split(","), strict=True)}
        load = Decimal(ticket["mz"] - ticket["pz"])
        moisture = deduction(values["020101"], STANDARD_MOISTURE[check["lspzdm"][:4]], Decimal("0.0075"),
                             Decimal("0.01"), 5)
        impurity = deduction(values["01010301"], Decimal(1), Decimal("0.0075"), Decimal("0.015"), 99)
        assert ticket["qzsfzkl"] == load * moisture == kilos["020101"]
        assert ticket["qzzzzkl"] == load * impurity == kilos["01010301"]
        assert sum(kilos.values()) == ticket["zjklxj"]
        seen |= {moisture > 0, moisture < 0}
    assert seen == {True, False}


def test_one_lorry_one_settlement_at_a_price_that_multiplies_out(by_table):
    for ticket_table, table, number in (("1202", "1204", "rkjsdh"), ("1205", "1206", "ckjsdh")):
        settlements = {s[number]: s for s in by_table[table]}
        assert len(settlements) == len(by_table[ticket_table])
        for t in by_table[ticket_table]:
            s = settlements[t[number]]
            assert s["jssl"] == t["jz"]
            assert abs(Decimal(s["jsje"]) / s["jssl"] - s["jsdj"]) <= Decimal("0.001")
            assert abs(Decimal(s["jsje"]) - Decimal(s["jssl"]) * s["jsdj"]) <= Decimal("0.005")


def test_the_support_price_pays_each_grade_four_fen_and_a_contract_pays_its_price(by_table):
    contracts = {(c["dwdm"], c["hth"]): c for c in by_table["1201"]}
    grades = {(c["hwdm"], c["rkywdh"]): int(c["lsdd"]) for c in by_table["1203"]}
    settled = {s["rkjsdh"]: s for s in by_table["1204"]}
    base = {"1131001": Decimal("2.54"), "1131002": Decimal("2.58")}
    for t in by_table["1202"]:
        price = settled[t["rkjsdh"]]["jsdj"]
        if t["lsxzdm"] == "310":
            assert price == base[t["lspzdm"]] + (3 - grades[t["hwdm"], t["rkywdh"]]) * Decimal("0.04")
            assert grades[t["hwdm"], t["rkywdh"]] <= 3
        else:
            assert price * 1000 == contracts[t["hwdm"][:18], t["hth"]]["htdj"]


def test_weights_are_whole_divisions_within_what_the_road_allows(by_table):
    for t in by_table["1202"] + by_table["1205"]:
        assert t["mz"] % 20 == 0
        assert t["pz"] % 20 == 0
        limit = 49_000 if "gch" in t else 31_000
        assert t["pz"] < t["mz"] <= limit
        assert t["pz"] > 8_000


def test_a_weighbridge_weighs_one_lorry_at_a_time(by_table):
    weighed = defaultdict(list)
    for t in by_table["1202"] + by_table["1205"]:
        weighed[t["hwdm"][:21]] += [(t["mzjlsj"], t["cch"]), (t["pzjlsj"], t["cch"])]
    for times in weighed.values():
        times.sort()
        for (earlier, _), (later, _) in itertools.pairwise(times):
            assert (datetime.fromisoformat(later) - datetime.fromisoformat(earlier)).total_seconds() >= 40


def test_a_lorry_is_at_one_place_at_a_time_and_keeps_its_empty_weight(by_table):
    stays = defaultdict(list)
    for t in by_table["1202"] + by_table["1205"]:
        stays[t["hwdm"][:21], t["cch"]].append((t["djsj"], t["cmsj"], t["pz"]))
    for visits in stays.values():
        visits.sort()
        assert all(left < came for (_, left, _), (came, _, _) in itertools.pairwise(visits))
        empty = [pz for _, _, pz in visits]
        assert max(empty) - min(empty) <= 200


def test_a_lot_is_never_filled_beyond_what_it_holds(by_table):
    capacity = {lot["hwdm"]: lot["hwrl"] * 1000 for lot in by_table["1105"]}
    for card in by_table["1208"]:
        assert 0 <= card["sjsl"] <= capacity[card["hwdm"]]
