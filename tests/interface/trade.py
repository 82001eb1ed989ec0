"""What a depot buys, weighs, settles, moves and claims: customers, contracts, tickets, transfers, losses, stock."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.interface.generator import Generator, Record, time_text
from tests.interface.identifiers import credit_code

LATE_INDICA_RICE = "1131002"
COUNTY_RESERVE, COMMERCIAL = "123", "290"
INBOUND_PARTS = ("qzsfzkl", "qzzzzkl", "qzbwslkl", "qzhhkl", "qzsmlkl", "qzzjmlkl", "qzgwcmkl", "qzhlmkl", "qzqtkl")


class Trade(Generator):
    """The builders of the trade's records; keyword arguments replace fields, None leaves one out."""

    def customer(self, **values: Any) -> Record:
        code = credit_code(self.region, 100_000 * int(self.code[-1]) + 1000 * self.next("customer") + self._serial)
        usual = {"khlx": "1", "khtyshxydmhsfzh": code, "khmc": f"演示客户{code[-6:]}"}
        return self.record("1212", **usual | values)

    def contract(self, customer: Record, kind: str = "2", **values: Any) -> Record:
        """A contract with a customer: kind 1 sale, 2 purchase. Price in 元/t, quantity in kg."""
        usual = {
            "hth": f"演示合同-{self.code[-6:]}-{self.next('contract'):06d}",
            "ywlx": kind,
            "khlx": customer["khlx"],
            "khtyshxydm": customer["khtyshxydmhsfzh"],
            "khmc": customer["khmc"],
            "lspzdm": LATE_INDICA_RICE,
            "lsxzdm": COUNTY_RESERVE,
            "htdj": Decimal(2650),
            "ydgxlssl": Decimal(1_000_000),
            "htzje": Decimal(2_650_000),
            "qdrq": f"{self.start - timedelta(days=10):%Y-%m-%d}",
            "ydwcsj": f"{self.start + timedelta(days=15):%Y-%m-%d}",
            "sswcsj": None,
            "wcrq": None,
            "lysl": Decimal(0),
            "lyl": Decimal(0),
            "jsjg": Decimal(2650),
            "jszje": Decimal(0),
        }
        return self.record("1201", **usual | values)

    def settlement(self, table: str, contract: Record, lot: str | None, net_kg: Decimal, **values: Any) -> Record:
        """1204 (of a lot) or 1206: quantity in kg, price in 元/kg, and the amount they make."""
        key = {"1204": "rkjsdh", "1206": "ckjsdh"}[table]
        day, number = self.day_and_number(table, 4)
        price = Decimal("2.65")
        usual = {
            key: f"{self.code}{day:%Y%m%d}{number}",
            "hwdm": lot,
            "hth": contract["hth"],
            "jssl": net_kg,
            "jsdj": price,
            "jsje": round(net_kg * price, 2),
            "jssj": time_text(day + timedelta(hours=5)),
        }
        return self.record(table, **usual | values)

    def inbound(self, lot: str, gross_kg: Decimal = Decimal(42_360), **values: Any) -> Record:
        """A truck in: 净重 = 毛重 − 皮重 + the deductions, which are negative; 登记 ≤ 毛重 ≤ 皮重 ≤ 出门."""
        day, number = self.ticket_number("14")
        parts = dict.fromkeys(INBOUND_PARTS, Decimal(0)) | {"qzsfzkl": Decimal("-120.5"), "qzzzzkl": Decimal("-30.25")}
        other = {"zlfyzkl": Decimal(-10), "bzwkl": Decimal(0), "qtkl": Decimal("-5.5"), "xckl": Decimal(-2)}
        if not self.fill:
            parts, other = {}, {}
        tare_kg = values.get("pz", Decimal(15_360))
        quality_kg = sum(parts.values(), Decimal(0))
        usual = {
            "rkywdh": number,
            "hwdm": lot,
            "ywlx": "2",
            "ywrq": f"{day:%Y-%m-%d}",
            "hth": None,
            "cch": "湘A12345",
            "lspzdm": LATE_INDICA_RICE,
            "lsxzdm": COUNTY_RESERVE,
            "mz": gross_kg,
            "pz": tare_kg,
            **parts,
            "zjklxj": quality_kg,
            **other,
            "jz": gross_kg - tare_kg + quality_kg + sum(other.values(), Decimal(0)),
            "djsj": time_text(day),
            "mzjlsj": time_text(day + timedelta(minutes=10)),
            "pzjlsj": time_text(day + timedelta(minutes=50)),
            "cmsj": time_text(day + timedelta(minutes=60)),
            "rkjsdh": None,
        }
        if self.fill:
            usual |= {"bzw": "3", "zkj": Decimal(0)}
        return self.record("1202", **usual | values)

    def outbound(self, lot: str, gross_kg: Decimal = Decimal(38_200), **values: Any) -> Record:
        """A truck out: 净重 = 毛重 − 皮重; 登记 ≤ 皮重 ≤ 毛重 ≤ 出门."""
        day, number = self.ticket_number("15")
        day += timedelta(days=2)
        tare_kg = values.get("pz", Decimal(15_200))
        usual = {
            "ckywdh": number,
            "hwdm": lot,
            "ywlx": "1",
            "ywrq": f"{day:%Y-%m-%d}",
            "hth": None,
            "cch": "湘A54321",
            "lspzdm": LATE_INDICA_RICE,
            "lsxzdm": COUNTY_RESERVE,
            "mz": gross_kg,
            "pz": tare_kg,
            "jz": gross_kg - tare_kg,
            "djsj": time_text(day),
            "pzjlsj": time_text(day + timedelta(minutes=10)),
            "mzjlsj": time_text(day + timedelta(minutes=50)),
            "cmsj": time_text(day + timedelta(minutes=60)),
            "ckjsdh": None,
        }
        if self.fill:
            usual |= {"bzw": "3", "kzl": Decimal(0)}
        return self.record("1205", **usual | values)

    def inspection(self, ticket: Record, **values: Any) -> Record:
        """The test of one truck (1203): one index, moisture, with its deduction."""
        day, number = self.ticket_number("16")
        usual = {
            "rkjydh": number,
            "hwdm": ticket["hwdm"],
            "rkywdh": ticket["rkywdh"],
            "lspzdm": ticket["lspzdm"],
            "qysj": time_text(day + timedelta(minutes=2)),
            "jysj": time_text(day + timedelta(minutes=8)),
            "jyxm": "020101",
            "jyz": "14.2",
            "zkj": "0",
            "zkl": "-120.5",
            "jyjg": "1",
            "lsdd": "02",
        }
        return self.record("1203", **usual | values)

    # Moves within the depot

    def transfer(self, origin: str, target: str, net_kg: Decimal, **values: Any) -> Record:
        usual = {
            "dcdh": self.numbered("1207", self.code, 4),
            "dcdw": self.code,
            "drdw": self.code,
            "lspzdm": LATE_INDICA_RICE,
            "dchwdm": origin,
            "drhwdm": target,
            "dcrq": f"{self.start + timedelta(days=5):%Y-%m-%d}",
            "dcsl": net_kg,
        }
        return self.record("1207", **usual | values)

    def loss(self, lot: str, inbound_kg: Decimal, outbound_kg: Decimal, **values: Any) -> Record:
        """A loss sheet for a lot that has been emptied; a loss is positive, as 1208's balance subtracts it."""
        lost = inbound_kg - outbound_kg
        usual = {
            "sydh": self.numbered("1209", lot, 3),
            "hwdm": lot,
            "ywrq": f"{self.start + timedelta(days=8):%Y-%m-%d}",
            "rkjz": inbound_kg,
            "ckjz": outbound_kg,
            "rksj": time_text(self.start),
            "cksj": time_text(self.start + timedelta(days=7)),
            "jzsysl": lost,
        }
        if self.fill:
            usual |= {"qzchwqsh": Decimal(0), "qzszkl": Decimal(0), "qzzrshde": lost, "chsl": Decimal(0)}
            usual |= {"rksf": Decimal("13.5"), "cksf": Decimal("13.2"), "rkzz": Decimal("0.8"), "ckzz": Decimal("0.8")}
        return self.record("1209", **usual | values)

    def nature_change(self, lot: str, stock_kg: Decimal, moved_kg: Decimal, **values: Any) -> Record:
        usual = {
            "lsxzzbdh": self.numbered("1210", lot, 3),
            "hwdm": lot,
            "lssl": stock_kg,
            "hzsl": moved_kg,
            "lspzdm": LATE_INDICA_RICE,
            "hzqlsxzdm": COUNTY_RESERVE,
            "hzhlsxzdm": COMMERCIAL,
            "hzrq": f"{self.start + timedelta(days=9):%Y-%m-%d}",
        }
        return self.record("1210", **usual | values)

    # Claims

    def stock_card(self, lot: str, priced_kg: Decimal, weighed_kg: Decimal, **values: Any) -> Record:
        usual = {
            "hwdm": lot,
            "lspzdm": LATE_INDICA_RICE,
            "lsxzdm": COUNTY_RESERVE,
            "lqgsdwdm": self.enterprise,
            "hwzt": "3",
            "rcsj": time_text(self.start),
            "fcrq": f"{self.start + timedelta(days=6):%Y-%m-%d}",
            "chwqsh": Decimal(0),
            "sjsl": weighed_kg,
            "jjsl": priced_kg,
        }
        return self.record("1208", **usual | values)

    def month_book(self, year: int, month: int, opening_kg: Decimal, in_kg: Decimal, out_kg: Decimal, **values: Any) -> Record:
        usual = {
            "lspzdm": LATE_INDICA_RICE,
            "nd": f"{year}",
            "yf": f"{month:02d}",
            "qcsl": opening_kg,
            "bqsrsl": in_kg,
            "bqzcsl": out_kg,
            "qmye": opening_kg + in_kg - out_kg,
            "yjbz": 0,
            "ywrq": f"{year}-{month:02d}-28",
        }
        return self.record("1211", **usual | values)
