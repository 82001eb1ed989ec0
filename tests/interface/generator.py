"""Values that pass for any declared field, and the numbers and times a depot's system gives to its documents."""

from __future__ import annotations

import itertools
import tomllib
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.interface.identifiers import credit_code, person_number

Record = dict[str, Any]

STANDARD = Path(__file__).parents[1] / "standard" / "data"
TABLES: dict[str, Record] = {
    table["code"]: table for table in tomllib.loads((STANDARD / "published_tables.toml").read_text())["table"]
}
CODE_LISTS: dict[str, Record] = tomllib.loads((STANDARD / "published_dictionaries.toml").read_text())
ENDPOINTS = {code: table["endpoint"] for code, table in TABLES.items() if table["endpoint"]}
BUREAU_TABLES = [code for code, table in TABLES.items() if not table["endpoint"]]
FIELDS = {code: {field["id"]: field for field in table["fields"]} for code, table in TABLES.items()}

REGION = "430121"

# What a field of this name holds in every table, where type and code list alone would not make it believable.
USUAL: Record = {
    "yzbm": "410100",
    "dzyx": "yanshi@example.cn",
    "xzqhdm": REGION,
    "cddm": REGION,
    "cd": REGION,
    "gb": "CHN",
    "jd": Decimal("113.080123"),
    "wd": Decimal("28.245678"),
    "shnd": "2025",
    "yzwbh": "1",
    "cchlx": "01",
    "fphm": "0012345678",
    "khhh": "103551000011",
    "khfzh": "6228480000000000001",
    "bfzh": "6228480000000000002",
    "yhzh": "6228480000000000003",
    "cflxdm": "1010108",
    "lsdjdm": "02",
    "bgdh": "0731-84000000",
    "frlxfs": "13900000000",
    "lxrdh": "13900000000",
    "lxdh": "13900000000",
    "zjdh": "0731-84000000",
    "yddh": "13900000000",
    "ajlxdh": "0731-84000000",
    "czhm": "0731-84000001",
    "rzrq": "2020-03-01",
    "zgsx": "2026-12-31",
    "bzq": "24个月",
}
PERSON_NUMBERS = {"frsfzh", "sfzh", "lxrsfzh", "skrsfzh", "sfzhm"}
# Left out even where optional fields are filled: references to rows only a bureau makes, and what has not happened yet.
LEFT_OUT = {"sjdwdm", "sjdwmc", "jhmxh", "lzrq", "ccwcsj", "qcsj", "bzbdbz", "bzbjs", "bclbs", "gch"}


def time_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S")


def shanghai_now() -> datetime:
    return datetime.utcnow() + timedelta(hours=8)


class Generator:
    """One depot (库区) of one enterprise, numbering its documents and stating its times as its system would.

    `fill` = False leaves out every optional field. Business happens about twenty days ago; statements (最后更新时间)
    date from two days ago and are one second apart, so that what is built later is also the newer statement.
    """

    def __init__(self, serial: int, number: str = "001", *, fill: bool = True, region: str = REGION) -> None:
        self.region, self.fill = region, fill
        self.enterprise = credit_code(region, serial)
        self.code = self.enterprise + number
        self.name = f"演示粮库{serial:06d}"
        self.start = shanghai_now().replace(hour=8, minute=0, second=0, microsecond=0) - timedelta(days=20)
        self._stated = shanghai_now().replace(microsecond=0) - timedelta(days=2)
        self._counters: dict[str, itertools.count[int]] = {}
        self._serial = serial

    # Numbers and times

    def next(self, series: str) -> int:
        return next(self._counters.setdefault(series, itertools.count(1)))

    def stated(self) -> str:
        """The next 最后更新时间, one second after the one before."""
        self._stated += timedelta(seconds=1)
        return time_text(self._stated)

    def day_and_number(self, series: str, digits: int) -> tuple[datetime, str]:
        """The day and running number of a new document: the day moves on when its numbers are used up."""
        day, number = divmod(self.next(series) - 1, 10**digits - 1)
        return self.start + timedelta(days=day), f"{number + 1:0{digits}d}"

    def numbered(self, series: str, prefix: str, digits: int) -> str:
        day, number = self.day_and_number(series + prefix, digits)
        return f"{prefix}{day:%Y%m%d}{number}"

    def ticket_number(self, kind: str) -> tuple[datetime, str]:
        """入库 (14), 出库 (15) and inspection (16) numbers: kind + yyMMdd + 4 digits, unique within the depot only."""
        day, number = self.day_and_number(kind, 4)
        return day, f"{kind}{day:%y%m%d}{number}"

    # Any record

    def record(self, table: str, **values: Any) -> Record:
        """A valid record of the table: the declared defaults under `values`; a value of None leaves the field out."""
        record = {
            field["id"]: self._value(field)
            for field in TABLES[table]["fields"]
            if field["id"] not in LEFT_OUT and (self.fill or field.get("presence"))
        }
        record |= {"czbz": "i", "zhgxsj": self.stated()} | values
        return {name: value for name, value in record.items() if value is not None}

    def _value(self, field: Record) -> Any:
        name = field["id"]
        own: Record = {"dwdm": self.enterprise, "kqdm": self.code, "dwmc": self.name, "kqmc": self.name}
        if name in own or name in USUAL:
            return (own | USUAL)[name]
        if name in PERSON_NUMBERS:
            return person_number(self.region, self._serial)
        if "codes" in field:
            return CODE_LISTS[field["codes"]]["items"][0]["code"]
        kind = field["type"]
        if kind == "string":
            return f"演示{field['name']}"[: field["length"]]
        return {
            "decimal": Decimal(1),
            "integer": 1,
            "year": "2025",
            "date": f"{self.start:%Y-%m-%d}",
            "datetime": time_text(self.start),
        }[kind]
