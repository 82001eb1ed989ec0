"""Whatever a record refers to was there before it."""

from collections import Counter, defaultdict

from canglin.simulator.places import ORIGINS, PREFECTURES
from canglin.standard import regions
from tests.simulator.specification import TABLES


def test_what_must_exist_first_came_first(items):
    held, missing = defaultdict(set), Counter()
    for code, record in items:
        for field in TABLES[code]["fields"]:
            value = record.get(field["id"])
            if value and (ref := field.get("ref")):
                # A tank and a warehouse share one series of numbers.
                known = held[ref] | held["1106.ygdm"] if ref == "1103.cfdm" else held[ref]
                if value not in known:
                    missing[f"{code}.{field['id']}"] += 1
        for field, value in record.items():
            held[f"{code}.{field}"].add(value)
    assert not missing


def test_an_enterprise_comes_after_the_one_above_it_even_when_few_are_asked_for(province):
    daughter = next(d for d in province.depots if d.enterprise.parent)
    firms = [record for code, record in province.registry([daughter]) if code == "1101"]
    assert [f["dwdm"] for f in firms] == [firms[1]["sjdwdm"], daughter.enterprise.code]


def test_regions_are_todays(by_table):
    used = {r["xzqhdm"] for code in ("1101", "1102", "1112") for r in by_table[code]} | {t["cddm"]
    for t in by_table["1202"]}
    assert len(used) > 10
    assert all(regions.known(code) for code in used)
    places = {code: name for p in PREFECTURES for code, name in ((p.code, p.name), *p.counties)}
    assert {code: regions.name(code) for code in places} == places
    assert {code: regions.path(code) for code in ORIGINS} == ORIGINS


def test_contracts_tickets_and_settlements_name_each_other(by_table):
    firms = {(c["dwdm"], c["khtyshxydmhsfzh"]) for c in by_table["1212"]}
    contracts = {(c["dwdm"], c["hth"]): c for c in by_table["1201"]}
    for contract in contracts.values():
        assert (contract["dwdm"], contract.get("khtyshxydm") or contract["sfzh"]) in firms
        assert ("khtyshxydm" in contract) == (contract["khlx"] == "1")
    sides = {"1202": "2", "1205": "1"}
    for table, side in sides.items():
        for ticket in by_table[table]:
            if "hth" in ticket:
                contract = contracts[ticket["hwdm"][:18], ticket["hth"]]
                assert (contract["ywlx"], contract["lspzdm"], contract["lsxzdm"]) == (side, ticket["lspzdm"],
                    ticket["lsxzdm"])
                assert contract["qdrq"] <= ticket["ywrq"]


def test_lots_lie_in_compartments_in_buildings_in_depots_in_enterprises(by_table):
    for lot in by_table["1105"]:
        assert lot["hwdm"].startswith(lot["ajdm"])
    for part in by_table["1104"]:
        assert part["ajdh"].startswith(part["cfbh"])
    for building in by_table["1103"]:
        assert building["cfdm"].startswith(building["kqdm"])
    tanks = {t["ygdm"] for t in by_table["1106"]}
    oil = [lot for lot in by_table["1105"] if lot["hwdm"][:25] in tanks]
    assert oil
    assert all(lot["hwdm"] == lot["hwdm"][:25] + "00001" for lot in oil)


def test_an_enterprise_counts_its_depots_and_buildings(by_table):
    depots = Counter(d["dwdm"] for d in by_table["1102"])
    houses = Counter(w["kqdm"][:18] for w in by_table["1103"])
    tanks = Counter(t["kqdm"][:18] for t in by_table["1106"])
    for firm in by_table["1101"]:
        code = firm["dwdm"]
        assert (firm["kqs"], firm["cfs"], firm["ygs"]) == (depots[code], houses[code], tanks[code])


def test_plan_lines_are_followed_by_the_tickets_that_name_them(by_table):
    lines = {line["jhmxdh"]: line for line in by_table["1404"]}
    followed = [t for t in by_table["1202"] if "jhmxh" in t]
    assert followed
    for ticket in followed:
        line = lines[ticket["jhmxh"]]
        assert (line["lhhwdm"], line["lspzdm"], line["lhlx"]) == (ticket["hwdm"], ticket["lspzdm"], "1")
