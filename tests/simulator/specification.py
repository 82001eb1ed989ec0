"""The specification as its document has it, and a checker written from it alone: independent of the platform's
declarations."""

import re
import tomllib
from collections.abc import Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

_DATA = Path(__file__).parents[1] / "standard" / "data"
TABLES: dict[str, dict[str, Any]] = {
    t["code"]: t for t in tomllib.loads((_DATA / "published_tables.toml").read_text(encoding="utf-8"))["table"]}
_LISTS = tomllib.loads((_DATA / "published_dictionaries.toml").read_text(encoding="utf-8"))
CODES = {name: frozenset(i["code"] for i in each["items"]) for name, each in _LISTS.items()}

#: Keys that differ from the fields marked so (protocol.md, czbz).
_KEYS = {
    "1107": ("kqdm", "sbbh"), "1108": ("yjbh", "kqdm", "cgrq"), "1109": ("wjmc", "kqdm", "wjlx"),
    "1111": ("dwdm", "kqdm", "spjksbid"), "1112": ("dwdm", "sfzhm"), "1208": ("hwdm", "lspzdm", "rcsj", "zhgxsj"),
    "1211": ("kqdm", "lspzdm", "nd", "yf"), "1301": ("kqdm", "fxdbm"), "1307": ("spjksbid", "cfdm", "zpsj", "yzwbh"),
    "1308": ("kqdm", "gjsj")}
#: Document numbers unique within a depot only.
_WITHIN_DEPOT = {"1202", "1203", "1205"}


def key(code: str, record: dict[str, Any]) -> tuple[Any, ...]:
    """A record's key."""
    names = _KEYS.get(code) or tuple(f["id"] for f in TABLES[code]["fields"] if f.get("presence") == "key")
    return (code, *(record.get(name, "") for name in names))


def faults(code: str, record: dict[str, Any]) -> Iterator[str]:
    """Everything about a record's fields that the document forbids."""
    fields = {f["id"]: f for f in TABLES[code]["fields"]}
    yield from (f"{code}.{name}: no such field" for name in record.keys() - fields.keys())
    for name, field in fields.items():
        value = record.get(name)
        if value is None or value == "":
            if field.get("presence") or name in record:
                yield f"{code}.{name}: empty"
        elif reason := _wrong(field, value):
            yield f"{code}.{name}: {value!r} {reason}"


def _wrong(field: dict[str, Any], value: Any) -> str:
    kind = field["type"]
    if kind == "integer":
        return "" if type(value) is int else "not an integer"
    if kind == "decimal":
        if type(value) not in (int, float, Decimal):
            return "not a number"
        _, digits, exponent = Decimal(str(value)).as_tuple()
        assert isinstance(exponent, int)
        whole = len(digits) + exponent
        return "" if whole <= field["digits"] - field["scale"] and -exponent <= field["scale"] else "too many digits"
    if type(value) is not str:
        return "not text"
    if kind == "string":
        if len(value) > field["length"]:
            return f"longer than {field['length']}"
        if codes := field.get("codes"):
            unknown = set(re.split("[,#]", value)) - CODES[codes]
            return f"not in {codes}: {unknown}" if unknown else ""
        return ""
    form = {"year": "%Y", "date": "%Y-%m-%d", "datetime": "%Y-%m-%d %H:%M:%S"}[kind]
    try:
        return "" if datetime.strptime(value, form).strftime(form) == value else f"not {form}"
    except ValueError:
        return f"not {form}"


def composed(code: str, record: dict[str, Any]) -> Iterator[str]:
    """What the document says of how codes and numbers are put together."""
    day = str(record.get("ywrq", "")).replace("-", "")
    for name, pattern in (
            ("dwdm", r"[A-Z0-9]{2}\d{6}[A-Z0-9]{10}"), ("kqdm", r"[A-Z0-9]{18}\d{3}"), ("cfdm", r"[A-Z0-9]{18}\d{7}"),
            ("hwdm", r"[A-Z0-9]{18}\d{12}"), ("ajdh", r"[A-Z0-9]{18}\d{10}"), ("spjksbid", r"\d{20}"),
            ("rkywdh", rf"14{day[2:] or '[0-9]{6}'}\d{{4}}"), ("ckywdh", rf"15{day[2:]}\d{{4}}"),
            ("rkjsdh", r"[A-Z0-9]{18}\d{3}20\d{6}\d{4}"), ("ckjsdh", r"[A-Z0-9]{18}\d{3}20\d{6}\d{4}"),
            ("sydh", rf"[A-Z0-9]{{18}}\d{{12}}{day}\d{{3}}"), ("lsxzzbdh", r"[A-Z0-9]{18}\d{12}\d{8}\d{3}"),
            ("wsdjcdh", r"[A-Z0-9]{18}\d{12}\d{8}\d{4}"), ("tfzydh", r"[A-Z0-9]{18}\d{12}\d{8}\d{3}"),
            ("xzzydh", r"[A-Z0-9]{18}\d{7}\d{8}\d{3}"), ("yjxxdm", r"[A-Z0-9]{18}\d{3}\d{8}\d{3}"),
            ("fxdbm", r"\d{6}\d{8}\d{4}"), ("zjbgdh", rf"{record.get('jylb')}\d{{8}}\d{{4}}")):
        value = record.get(name)
        if isinstance(value, str) and value and code != "1309" and not re.fullmatch(pattern, value):
            yield f"{code}.{name}: {value} is not {pattern}"


def depot_of(record: dict[str, Any]) -> str:
    """The depot a document number belongs to."""
    return str(record["hwdm"])[:21]


def number_in_depot(code: str, record: dict[str, Any]) -> tuple[str, str, str] | None:
    """(table, depot, number) of documents whose number may stand only once in a depot."""
    if code not in _WITHIN_DEPOT:
        return None
    name = {"1202": "rkywdh", "1203": "rkjydh", "1205": "ckywdh"}[code]
    return code, depot_of(record), record[name]
