"""Valid records of every table a depot reports, generated from the standard's own declarations.

A field's type, length and code list give a value that passes; what hangs together across fields (keys, references,
weights that add up, times in order) is set by the builder of its table. `Depot.samples` gives a whole small depot in
the order in which the platform must receive it.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

from tests.interface.generator import Record, time_text
from tests.interface.identifiers import camera_number, person_number
from tests.interface.media import jpeg, mp4
from tests.interface.trade import LATE_INDICA_RICE, Trade

Sample = tuple[str, Record]
Upload = Callable[[bytes, str], str]


class Depot(Trade):
    """The builders of a depot's records, one for each table; keyword arguments replace fields, None leaves one out."""

    # What stands

    def enterprise_record(self, **values: Any) -> Record:
        return self.record("1101", **{"dwlx": "15", "zcrq": "2010-05-01", "kqs": 1, "cfs": 1, "ygs": 1} | values)

    def depot_record(self, **values: Any) -> Record:
        return self.record("1102", **{"yxcr": Decimal("25000.5"), "yxgr": Decimal(500), "cfs": 1, "ygs": 1} | values)

    def warehouse(self, **values: Any) -> Record:
        code = f"{self.code}{self.next('building'):04d}"
        return self.record("1103", **{"cfdm": code, "sjcr": Decimal(5000)} | values)

    def tank(self, **values: Any) -> Record:
        """An oil tank draws its number from the same series as the warehouses."""
        return self.record("1106", **{"ygdm": f"{self.code}{self.next('building'):04d}", "gr": Decimal(500)} | values)

    def compartment(self, building: str, **values: Any) -> Record:
        code = f"{building}{self.next('compartment' + building):03d}"
        return self.record("1104", **{"ajdh": code, "cfbh": building, "ajsjcr": Decimal(5000)} | values)

    def lot(self, compartment: str, **values: Any) -> Record:
        code = f"{compartment}{self.next('lot' + compartment):02d}"
        return self.record("1105", **{"hwdm": code, "ajdm": compartment, "hwrl": Decimal(5000)} | values)

    # The grain's keeping

    def temperature_scan(self, lot: str, **values: Any) -> Record:
        """Eight cables' worth of one plane: value,layer,row,column; the extremes and the mean agree with the set."""
        celsius = [Decimal(text) for text in ("18.0", "18.5", "19.0", "19.5", "20.0", "20.5", "21.0", "21.5")]
        places = itertools.product(range(1, 3), range(1, 3), range(1, 3))
        cells = [f"{value},{layer},{row},{column}" for value, (layer, row, column) in zip(celsius, places, strict=True)]
        usual = {
            "wsdjcdh": self.numbered("1302", lot, 4),
            "hwdm": lot,
            "lswdzjh": "|".join(cells),
            "lszgw": max(celsius),
            "lszdw": min(celsius),
            "lspjw": sum(celsius) / len(celsius),
        }
        if self.fill:
            usual |= {"lssdzjh": "65.0,1,1,1|66.5,2,1,1", "cfww": Decimal("24.5"), "cfws": Decimal(70)}
            usual |= {"cfnw": Decimal(22), "cfns": Decimal(60)}
        return self.record("1302", **usual | values)

    def pest_inspection(self, lot: str, **values: Any) -> Record:
        usual = {"hcjcdh": self.numbered("1303", lot, 4), "hwdm": lot, "hczl": "21211", "ckmdzjh": "1,1,1,1|0,1,1,2"}
        return self.record("1303", **usual | {"cldjpd": "531"} | values)

    def gas_reading(self, lot: str, **values: Any) -> Record:
        usual = {
            "qtndjcdh": self.numbered("1304", lot, 4),
            "hwdm": lot,
            "eyhthlzjh": "0.5,1,1,1",
            "lhqndzjh": "0,1,1,1",
        }
        if self.fill:
            usual |= {"yqhlzjh": "20.5,1,1,1", "lxfndzjh": "0,1,1,1", "yyhdhlzjh": "0,1,1,1", "yyhthlzjh": "0,1,1,1"}
        return self.record("1304", **usual | values)

    def ventilation(self, building: str, lot: str, **values: Any) -> Record:
        usual = {
            "tfzydh": self.numbered("1305", lot, 3),
            "cfdm": building,
            "zyqpjlw": Decimal(25),
            "jshpjlw": Decimal(20),
        }
        usual |= {"zyqpjsf": Decimal("13.5"), "zyhpjsf": Decimal(13)}
        if self.fill:
            usual |= {"jwfd": Decimal(5), "jsfd": Decimal("0.5")}
        return self.record("1305", **usual | values)

    def fumigation(self, building: str, pests: Record | None, **values: Any) -> Record:
        usual = {"xzzydh": self.numbered("1306", building, 3), "cfdm": building, "hcjcdh": pests and pests["hcjcdh"]}
        usual |= {"xzkssj": f"{self.start:%Y-%m-%d}", "xzjssj": f"{self.start + timedelta(days=12):%Y-%m-%d}"}
        if self.fill:
            usual |= {"sqrq": f"{self.start + timedelta(days=10):%Y-%m-%d}"}
            usual |= {"czsjzysj": f"{self.start + timedelta(days=12):%Y-%m-%d}"}
        return self.record("1306", **usual | values)

    def quality_report(self, lot: str, **values: Any) -> Record:
        """Quality and storage indices in one report: two parts, two verdicts; sampled before tested."""
        sampled = self.start + timedelta(days=3)
        usual = {
            "zjbgdh": self.numbered("1310", "01", 4),
            "hwdm": lot,
            "lspzdm": LATE_INDICA_RICE,
            "jylb": "01",
            "zblb": "1#2",
            "jyxm": "020101#040201",
            "jyxmz": "13.5#18.2",
            "zbjgpd": "达标#宜存|综合判定",
            "qysj": time_text(sampled),
            "jysj": time_text(sampled + timedelta(days=2)),
        }
        if self.fill:
            usual |= {
                "bgcjsj": time_text(sampled + timedelta(days=3)),
                "qfrq": f"{sampled + timedelta(days=3):%Y-%m-%d}",
            }
        return self.record("1310", **usual | values)

    # People, things, pictures

    def equipment(self, **values: Any) -> Record:
        return self.record("1107", **{"sbbh": f"SB{self.next('equipment'):06d}", "sbyqdm": "01010101"} | values)

    def chemical(self, **values: Any) -> Record:
        return self.record("1108", **{"yjbh": f"YJ{self.next('chemical'):06d}", "kcsl": Decimal("125.5")} | values)

    def staff(self, **values: Any) -> Record:
        return self.record("1112", **{"sfzhm": person_number(self.region, self.next("staff"))} | values)

    def attachment(self, file: str, **values: Any) -> Record:
        usual = {"wjmc": f"演示鸟瞰图{self.next('file'):04d}.jpg", "wjlx": "1", "fileStorageId": file}
        return self.record("1109", **usual | values)

    def lot_label(self, lot: str, **values: Any) -> Record:
        return self.record("1110", **{"hwdm": lot, "hwxdwz": "120,80", "hwwzys": "left:120px;top:80px"} | values)

    def camera_label(self, **values: Any) -> Record:
        usual = {"spjksbid": camera_number(self.region, self.next("camera")), "spjksbxdwz": "20,30"}
        return self.record("1111", **usual | values)

    def snapshot(self, building: str, lot: str, file: str, **values: Any) -> Record:
        usual = {"spjksbid": camera_number(self.region, 1), "cfdm": building, "hwdm": lot, "fileStorageId": file}
        usual["zpsj"] = time_text(self.start + timedelta(seconds=self.next("snapshot")))
        if self.fill:
            usual["txwjhzm"] = "jpg"
        return self.record("1307", **usual | values)

    def alarm(self, clip: str, **values: Any) -> Record:
        usual = {"gjsj": time_text(self.start + timedelta(seconds=self.next("alarm"))), "spwjl": clip}
        usual["spjksbid"] = camera_number(self.region, 1)
        if self.fill:
            usual["spwjhzm"] = "mp4"
        return self.record("1308", **usual | values)

    def safety_risk(self, **values: Any) -> Record:
        return self.record("1301", **{"fxdbm": self.numbered("1301", self.region, 4)} | values)

    def warning(self, **values: Any) -> Record:
        usual = {"yjxxdm": self.numbered("1309", self.code, 3), "qydm": self.enterprise, "wgztlx": "01"}
        if self.fill:
            usual["hxczsj"] = time_text(self.start)
        return self.record("1309", **usual | values)

    # A whole depot

    def place(self) -> tuple[list[Sample], str, str]:
        """Enterprise, depot, a warehouse and one empty lot: the samples, the warehouse's code and the lot's."""
        warehouse = self.warehouse()
        compartment = self.compartment(warehouse["cfdm"])
        lot = self.lot(compartment["ajdh"])
        samples = [("1101", self.enterprise_record()), ("1102", self.depot_record())]
        return [*samples, ("1103", warehouse), ("1104", compartment), ("1105", lot)], warehouse["cfdm"], lot["hwdm"]

    def samples(self, upload: Upload) -> list[Sample]:
        """Every table a depot reports, in the order of the document's "What must exist first"."""
        samples, building, first = self.place()
        compartment = first[:-2]
        second, third = self.lot(compartment)["hwdm"], self.lot(compartment)["hwdm"]
        tank = self.tank()
        supplier, buyer = self.customer(), self.customer()
        purchase, sale = self.contract(supplier, "2"), self.contract(buyer, "1")
        truck, other, sold = self.inbound(first), self.inbound(first), self.outbound(first)
        received = self.settlement("1204", purchase, first, truck["jz"])
        paid = self.settlement("1206", sale, None, sold["jz"])
        truck |= {"hth": purchase["hth"], "rkjsdh": received["rkjsdh"]}
        sold |= {"hth": sale["hth"], "ckjsdh": paid["ckjsdh"]}
        filled, emptied = self.inbound(third), self.outbound(third, Decimal(42_000))
        moved_kg = Decimal(1_000)
        lost = self.loss(third, filled["jz"], emptied["jz"])
        priced_kg = truck["jz"] + other["jz"] - sold["jz"] - moved_kg
        weighed_kg = sum((t["mz"] - t["pz"] for t in (truck, other)), Decimal(0)) - sold["jz"] - moved_kg
        pests = self.pest_inspection(first)
        return [
            *samples,
            ("1105", self.record("1105", hwdm=second, ajdm=compartment, hwrl=Decimal(5000))),
            ("1105", self.record("1105", hwdm=third, ajdm=compartment, hwrl=Decimal(5000))),
            ("1106", tank),
            ("1104", self.record("1104", ajdh=tank["ygdm"] + "000", cfbh=tank["ygdm"], ajsjcr=Decimal(500))),
            ("1105", self.record("1105", hwdm=tank["ygdm"] + "00001", ajdm=tank["ygdm"] + "000")),
            ("1107", self.equipment()),
            ("1108", self.chemical()),
            ("1111", self.camera_label()),
            ("1112", self.staff()),
            ("1109", self.attachment(upload(jpeg(self.code + "aerial"), "aerial.jpg"))),
            ("1110", self.lot_label(first)),
            ("1212", supplier),
            ("1212", buyer),
            ("1201", purchase),
            ("1201", sale),
            ("1204", received),
            ("1202", truck),
            ("1202", other),
            ("1202", filled),
            ("1203", self.inspection(truck)),
            ("1206", paid),
            ("1205", sold),
            ("1205", emptied),
            ("1207", self.transfer(first, second, moved_kg)),
            ("1209", lost),
            ("1210", self.nature_change(second, moved_kg, Decimal(400))),
            ("1208", self.stock_card(first, priced_kg, weighed_kg)),
            ("1211", self.month_book(2025, 1, Decimal(0), Decimal(50_000), Decimal(20_000))),
            ("1211", self.month_book(2025, 2, Decimal(30_000), Decimal(0), Decimal("10000.5"))),
            ("1301", self.safety_risk()),
            ("1302", self.temperature_scan(first)),
            ("1303", pests),
            ("1304", self.gas_reading(first)),
            ("1305", self.ventilation(building, first)),
            ("1306", self.fumigation(building, pests)),
            ("1307", self.snapshot(building, first, upload(jpeg(self.code + "inside"), "inside.jpg"))),
            ("1308", self.alarm(upload(mp4(self.code + "alarm"), "alarm.mp4"))),
            ("1309", self.warning()),
            ("1310", self.quality_report(first)),
        ]
