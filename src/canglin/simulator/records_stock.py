"""Tables 1201–1211 as a depot writes them, from the simulator's whole numbers.

Priced weights are integers in hundredths of a kg, weighed ones in kg; they leave as int or Decimal, never as float. The
dicts are written out in full because two million of them are made: no helper stands between a truck and its ticket.
"""

from decimal import Decimal
from typing import Any

from canglin.simulator.book import State
from canglin.simulator.cast import Customer, Depot
from canglin.simulator.grain import COMMA, Grain, Test, values_text
from canglin.simulator.places import ORIGINS
from canglin.simulator.trucks import Truck

Record = dict[str, Any]


def kg(hundredths: int) -> int | Decimal:
    """Hundredths of a kg as kg, exactly."""
    return hundredths // 100 if hundredths % 100 == 0 else Decimal(hundredths).scaleb(-2)


def thousandths(number: int) -> int | Decimal:
    """Thousandths as a number, exactly (元/t as 元/kg)."""
    return number // 1000 if number % 1000 == 0 else Decimal(number).scaleb(-3)


_MINUTES = [f"{m // 60:02d}:{m % 60:02d}:" for m in range(1440)]
_SECONDS = [f"{s:02d}" for s in range(60)]


def clock(day: str, second: int) -> str:
    """``second`` of a day as the specification writes a moment."""
    minute = second // 60
    return f"{day} {_MINUTES[minute]}{_SECONDS[second - minute * 60]}"


def fen(hundredth_kg: int, price_milli: int) -> int | Decimal:
    """Amount in 元, rounded to the fen: weight in hundredths of a kg times 元/t."""
    return kg((hundredth_kg * price_milli + 500) // 1000)


def contract(depot: Depot, number: str, kind: str, customer: Customer, grain: Grain, nature: str, price_milli: int,
             amount_kg: int, day: str, until: str) -> Record:
    """1201. ``kind`` 1 sale, 2 purchase; the price is in 元/t, which is what ``price_milli`` counts."""
    firm = depot.enterprise
    record = {
        "hth": number, "htmc": f"{grain.name}{'采购' if kind == '2' else '销售'}合同", "dwdm": firm.code, "ywlx": kind,
        "khlx": "1" if customer.firm else "2", "khmc": customer.name, "fddbr": customer.person.name,
        "lxrxm": customer.person.name, "lxrdh": customer.person.phone, "qdrq": day, "ydwcsj": until,
        "qddd": depot.county, "lspzdm": grain.code, "lsxzdm": nature, "htdj": price_milli, "ydgxlssl": amount_kg,
        "htzje": fen(amount_kg * 100, price_milli), "lybzj": amount_kg // 1000 * 50, "khfkhh": customer.bank,
        "khfzh": customer.account, "khqyr": customer.person.name, "bfkhh": "203",
        "bfzh": f"2034{firm.code[2:8]}{firm.founded}01", "bfqyr": firm.legal.name, "shr": firm.legal.name,
        "shsj": f"{day} 09:30:00", "czbz": "i", "zhgxsj": f"{day} 10:00:00"}
    record["khtyshxydm" if customer.firm else "sfzh"] = customer.code
    return record


def settlement_in(number: str, lot: str, contract_no: str | None, weight: int, price_milli: int, at: str,
                  payee: Customer, payer: str) -> Record:
    """1204, one truck."""
    record = {
        "rkjsdh": number, "hwdm": lot, "jssl": kg(weight), "jsdj": thousandths(price_milli),
        "jsje": fen(weight, price_milli), "jssj": at, "jsfs": "1", "skr": payee.name, "yhhbdm": payee.bank,
        "yhzh": payee.account, "fpzt": "1", "fkdw": payer, "czbz": "i", "zhgxsj": at}
    if contract_no:
        record["hth"] = contract_no
    if not payee.firm:
        record["skrsfzh"] = payee.code
    return record


def settlement_out(number: str, contract_no: str, weight: int, price_milli: int, at: str, payer: Customer) -> Record:
    """1206, one truck."""
    return {
        "ckjsdh": number, "hth": contract_no, "jssl": kg(weight), "jsdj": thousandths(price_milli),
        "jsje": fen(weight, price_milli), "jssj": at, "jsfs": "1", "fkr": payer.name, "yhhbdm": payer.bank,
        "yhzh": payer.account, "fpzt": "1", "czbz": "i", "zhgxsj": at}


def ticket_in(number: str, state: State, day: str, contract_no: str | None, truck: Truck, payee: Customer,
              times: tuple[str, str, str, str], gross: int, tare: int, test: Test, net: int, settlement: str,
              crew: dict[str, str]) -> Record:
    """1202. ``times``: at the gate, gross, tare, out of the gate. Net = gross − tare + the deductions (negative take
    away)."""
    came, weighed_full, weighed_empty, left = times
    load = gross - tare
    moisture, impurity = load * test.moisture_bp // 100, load * test.impurity_bp // 100
    record = {
        "rkywdh": number, "hwdm": state.lot.code, "ywlx": "2", "ywrq": day, "cyr": truck.driver.name,
        "lxdh": truck.driver.phone, "sfzh": truck.driver.id_card, "xxdz": payee.name, "ysgj": "1", "cchlx": "01",
        "cch": truck.plate, "ldd": ORIGINS[state.origin], "djsj": came, "djmgryxm": crew["门卫"],
        "lspzdm": state.grain.code, "lsxzdm": state.nature, "shnd": str(state.year), "cddm": state.origin, "jjlx": "0",
        "mz": gross, "mzjby": crew["监磅员"], "mzjlsj": weighed_full, "mzjly": crew["司磅员"], "zcy": crew["保管员"],
        "pz": tare, "pzjby": crew["监磅员"], "pzjlsj": weighed_empty, "pzjly": crew["司磅员"], "bzw": "3",
        "zjklxj": kg(moisture + impurity), "qzsfzkl": kg(moisture), "qzzzzkl": kg(impurity), "qzbwslkl": 0, "qzhhkl": 0,
        "qzsmlkl": 0, "qzzjmlkl": 0, "qzgwcmkl": 0, "qzhlmkl": 0, "qzqtkl": 0, "zlfyzkl": 0, "bzwkl": 0, "qtkl": 0,
        "xckl": 0, "jz": kg(net), "cmsj": left, "cmqrmgryxm": crew["门卫"], "rkjsdh": settlement, "czbz": "i",
        "zhgxsj": left}
    if contract_no:
        record["hth"] = contract_no
    if state.plan:
        record["jhmxh"] = state.plan
    if truck.trailer:
        record["gch"] = truck.trailer
    return record


_ZEROS = [COMMA.join(["0"] * n) for n in range(12)]


def inspection(number: str, ticket: str, lot: str, sampled: str, tested: str, grain: Grain, test: Test, load: int,
               crew: dict[str, str], at: str) -> Record:
    """1203 of one truck. The deductions stand in the order of the items, in kg."""
    parts = ["0"] * len(grain.indices)
    if not grain.oil:  # grain is tested for moisture first, impurities second
        parts[0], parts[1] = str(kg(load * test.moisture_bp // 100)), str(kg(load * test.impurity_bp // 100))
    return {
        "rkjydh": number, "hwdm": lot, "rkywdh": ticket, "qysj": sampled, "qyrxm": crew["扦样员"], "qyfs": "2",
        "jyxm": grain.codes, "jyz": values_text(grain, test.values), "zkj": _ZEROS[len(parts)],
        "zkl": COMMA.join(parts), "jyrxm": crew["检验员"], "jysj": tested, "jyjg": "1", "lspzdm": grain.code,
        "lsdd": f"0{test.grade}", "bgyfh": "1", "czbz": "i", "zhgxsj": at}


def ticket_out(number: str, state: State, day: str, contract_no: str, truck: Truck, times: tuple[str, str, str, str],
               gross: int, tare: int, adjustment: int, settlement: str, to: str, crew: dict[str, str]) -> Record:
    """1205. ``times``: at the gate, tare, gross, out of the gate. ``adjustment``: 扣(增)量, hundredths of a kg."""
    came, weighed_empty, weighed_full, left = times
    record = {
        "ckywdh": number, "hwdm": state.lot.code, "cktzdh": state.notice, "ywlx": "1", "ywrq": day, "hth": contract_no,
        "cyr": truck.driver.name, "lxdh": truck.driver.phone, "sfzh": truck.driver.id_card, "ysgj": "1", "xldd": to,
        "cchlx": "01", "cch": truck.plate, "djsj": came, "djmgryxm": crew["门卫"], "lspzdm": state.grain.code,
        "lsdjdm": state.grade_code, "lsxzdm": state.nature, "shnd": str(state.year), "cddm": state.origin, "pz": tare,
        "pzjby": crew["监磅员"], "pzjlsj": weighed_empty, "pzjly": crew["司磅员"], "mz": gross, "mzjby": crew["监磅员"],
        "mzjlsj": weighed_full, "mzjly": crew["司磅员"], "bzw": "3", "jz": kg((gross - tare) * 100 + adjustment),
        "kzl": kg(adjustment), "zcbgyxm": crew["保管员"], "cmsj": left, "cmqrmgryxm": crew["门卫"],
        "ckjsdh": settlement, "czbz": "i", "zhgxsj": left}
    if truck.trailer:
        record["gch"] = truck.trailer
    return record


def transfer(number: str, depot: str, grain: Grain, source: str, target: str, day: str, moved_kg: int) -> Record:
    """1207 within a depot."""
    return {
        "dcdh": number, "dclx": "0", "tzdh": f"DC{number[-12:]}", "dcdw": depot, "drdw": depot, "lspzdm": grain.code,
        "dchwdm": source, "drhwdm": target, "dcrq": day, "dcsl": moved_kg, "bzw": "3", "czbz": "i",
        "zhgxsj": f"{day} 18:30:00"}


def nature_change(number: str, lot: str, grain: Grain, weight: int, before: str, after: str, day: str,
                  people: dict[str, str], document: str) -> Record:
    """1210 of the whole lot."""
    return {
        "lsxzzbdh": number, "hwdm": lot, "lssl": kg(weight), "hzsl": kg(weight), "bzwh": document, "lspzdm": grain.code,
        "hzqlsxzdm": before, "hzhlsxzdm": after, "hzrq": day, "ccshr": people["保管员"], "zjshr": people["检验员"],
        "tjshr": people["统计员"], "kjshr": people["会计"], "ldshr": people["主任"], "czbz": "i",
        "zhgxsj": f"{day} 16:00:00"}


def book(depot: str, variety: str, year: int, month: int, opening: int, income: int, outgo: int, closed: bool, day: str,
         at: str) -> Record:
    """1211 of one variety and month; weights in hundredths of a kg."""
    return {
        "kqdm": depot, "lspzdm": variety, "nd": str(year), "yf": f"{month:02d}", "qcsl": kg(opening),
        "bqsrsl": kg(income), "bqzcsl": kg(outgo), "qmye": kg(opening + income - outgo), "yjbz": 0 if closed else 1,
        "ywrq": day, "czbz": "i", "zhgxsj": at}
