"""The patient decoder: takes what the field sends in other spellings, and names everything that is wrong in the rest.

It decides whatever ``check`` did not pass. It accepts, and says so in a note: numbers sent as strings and strings sent as numbers,
the published document's misspelt keys, a byte order mark. Null and the empty string mean absent. Unknown keys are ignored.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from canglin.standard import codes, identifiers, numbers, rulecodes, times
from canglin.standard.fields import FieldSpec
from canglin.standard.messages import shown
from canglin.standard.tables import TableSpec, Violation

Value = str | int | Decimal

#: How deep objects and arrays may stand inside each other, in keys that we do not know: a record itself is flat.
DEEPEST = 32
# Strings are matched whole, so that brackets inside them do not count.
_MARKS = re.compile(rb'"(?:[^"\\]|\\.)*"|[\[\]{}]', re.DOTALL)


class Number(str):
    """A JSON number, as written."""


class Constant(str):
    """NaN or Infinity, which JSON does not have but many writers send."""


class Pairs(list[tuple[str, Any]]):
    """A JSON object with its keys in order, repeated ones too."""


class BodyError(Exception):
    """The body as a whole cannot be read."""

    def __init__(self, rule: str, found: str, expected: str) -> None:
        super().__init__(rule)
        self.violation = Violation("", rule, found, expected)


@dataclass
class Reading:
    """What came out of a record: values by id, what was wrong, what was bent."""

    values: dict[str, Value] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def operation(self) -> str:
        return str(self.values.get("czbz", ""))


def parse(raw: bytes) -> tuple[Pairs, list[str]]:
    """The top-level object of a body, and notes. Raises BodyError when there is none."""
    if not raw.strip():
        raise BodyError(rulecodes.EMPTY, "", "一个 JSON 对象")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise BodyError(rulecodes.UTF8, f"第 {error.start + 1} 字节", "UTF-8 编码") from None
    if too_deep(raw):
        raise BodyError(rulecodes.DEPTH, f"超过 {DEEPEST} 层", "一层 JSON 对象")
    notes = []
    if text.startswith("﻿"):
        text, notes = text[1:], ["报文开头的字节顺序标记已忽略"]
    try:
        body = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Constant)
    except RecursionError:
        raise BodyError(rulecodes.DEPTH, "嵌套超过解析上限", "一层 JSON 对象") from None
    except json.JSONDecodeError as error:
        raise BodyError(rulecodes.JSON, f"第 {error.lineno} 行第 {error.colno} 列", "合法的 JSON") from None
    if not isinstance(body, Pairs):
        raise BodyError(rulecodes.OBJECT, shown(_kind(body)), "一个 JSON 对象")
    return body, notes


def too_deep(raw: bytes) -> bool:
    """Whether arrays and objects stand inside each other deeper than any record needs. Counting first: most bodies hold too few
    brackets to be deep at all."""
    if raw.count(b"[") + raw.count(b"{") <= DEEPEST:
        return False
    depth = 0
    for mark in _MARKS.finditer(raw):
        if mark[0] in b"[{":
            depth += 1
            if depth > DEEPEST:
                return True
        elif mark[0] in b"]}":
            depth -= 1
    return False


def _kind(value: Any) -> str:
    match value:
        case None:
            return "空值"
        case bool():
            return "布尔值"
        case Number() | int() | float() | Decimal():
            return "数值"
        case str():
            return "字符串"
        case Pairs() | Mapping():
            return "对象"
        case _:
            return "数组"


def repeated(pairs: Pairs) -> Iterator[str]:
    """Keys that stand more than once in an object."""
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            yield key
        seen.add(key)


class Reader:
    """Reads the records of one table."""

    def __init__(self, spec: TableSpec, aliases: Mapping[str, str]) -> None:
        self.spec = spec
        self.aliases = aliases

    def body(self, raw: bytes) -> Reading:
        """A JSON body. Raises BodyError."""
        pairs, notes = parse(raw)
        reading = Reading(notes=notes)
        for key in dict.fromkeys(repeated(pairs)):
            reading.violations.append(Violation(self.aliases.get(key, key) if len(key) < 64 else "", rulecodes.DUPLICATE,
                                                shown(key), "每个字段只出现一次"))
        self._read(pairs, reading)
        return reading

    def mapping(self, given: Mapping[str, Any]) -> Reading:
        """Values from a worksheet or form, by id: Python's numbers and dates are taken for what they are."""
        reading = Reading()
        self._read(((key, _as_json(value)) for key, value in given.items()), reading)
        return reading

    def _read(self, pairs: Iterable[tuple[str, Any]], reading: Reading) -> None:
        sent: dict[str, Any] = {}
        for key, value in pairs:
            id = self.aliases.get(key, key)
            if id not in self.spec.by_id or value is None or value == "":
                continue
            if id in sent and sent[id] != value:
                reading.violations.append(Violation(id, rulecodes.DUPLICATE, shown(value), f"与 {id} 的另一写法一致"))
            sent[id] = value
            if id != key:
                reading.notes.append(f"字段 {key} 按 {id} 接收")
        faulty = set()
        for field_ in self.spec.fields:
            if field_.id not in sent:
                continue
            wrong = len(reading.violations)
            value = _FieldReader(field_, reading).read(sent[field_.id])
            if value is not None:
                reading.values[field_.id] = value
            elif len(reading.violations) > wrong:
                faulty.add(field_.id)
        for field_ in self.spec.fields:
            needed = field_.required if reading.operation != "d" else (
                field_.presence == "key" or field_.id in ("czbz", "zhgxsj") or field_.attribute in self.spec.key)
            if needed and field_.id not in reading.values and field_.id not in faulty:
                reading.violations.append(Violation(field_.id, rulecodes.REQUIRED, "", f"填写{field_.name}"))


class _FieldReader:
    """Reads one value: returns it, or None after noting what is wrong (or that it is absent)."""

    def __init__(self, field_: FieldSpec, reading: Reading) -> None:
        self.field = field_
        self.reading = reading

    def wrong(self, rule: str, found: object, expected: str) -> None:
        self.reading.violations.append(Violation(self.field.id, rule, shown(found), expected))

    def note(self, text: str) -> None:
        self.reading.notes.append(f"{self.field.id}: {text}")

    def read(self, value: Any) -> Value | None:
        if isinstance(value, Constant):
            return self.wrong(rulecodes.NUMBER, value, "有限数值")
        if not isinstance(value, str):
            kind = "字符串" if self.field.kind not in ("decimal", "integer") else "数值"
            return self.wrong(rulecodes.TYPE, _kind(value), kind)
        match self.field.kind:
            case "string":
                return self._text(value)
            case "decimal":
                return self._decimal(value)
            case "integer":
                return self._integer(value)
            case _:
                return self._time(value)

    def _text(self, value: str) -> str | None:
        f = self.field
        if isinstance(value, Number):
            number = numbers.parse(value) if "e" not in value.lower() else None
            if number is None:
                return self.wrong(rulecodes.TYPE, f"数值 {value}", "字符串")
            self.note("数值按字符串接收")
            value = str(value)
        if f.required and value.isspace():
            return self.wrong(rulecodes.REQUIRED, "空白", f"填写{f.name}")
        if f.length is not None and len(value) > f.length:
            return self.wrong(rulecodes.LENGTH, f"{len(value)} 字", f"最多 {f.length} 字")
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            return self.wrong(rulecodes.CHARACTER, value, "不含空字符（U+0000）和不成对的代理字符")
        if f.presence == "key" and "|" in value:
            return self.wrong(rulecodes.SEPARATOR, value, "主键字段不含“|”")
        # What follows can be softened to a flag, so the value stays.
        if f.codes and codes.several(f.codes, f.length):
            for part in codes.unknown_parts(f.codes, value):
                self.wrong(rulecodes.CODE, part, _choices(f.codes))
        elif f.codes and not codes.contains(f.codes, value):
            self.wrong(rulecodes.CODE, value, _choices(f.codes))
        if f.identifier:
            for fault in identifiers.faults(f.identifier, value):
                self.wrong(fault.rule, value, fault.expected)
        return value

    def _number(self, value: str, expected: str) -> Decimal | None:
        if value.isspace():
            return self.wrong(rulecodes.REQUIRED, "空白", f"填写{self.field.name}") if self.field.required else None
        number = None
        try:
            number = numbers.parse(value)
        except InvalidOperation:
            return self.wrong(rulecodes.DIGITS, value, expected)
        if number is not None:
            return number
        named = value.strip().lower().lstrip("+-") in ("nan", "snan", "inf", "infinity")
        if named:
            return self.wrong(rulecodes.NUMBER, value, "有限数值")
        return self.wrong(rulecodes.TYPE, value, "数值")

    def _decimal(self, value: str) -> Decimal | None:
        f = self.field
        assert f.digits is not None and f.scale is not None
        number = self._number(value, f"整数部分最多 {f.digits - f.scale} 位")
        if number is None:
            return None
        before, behind = numbers.places(number)
        if before > f.digits - f.scale:
            return self.wrong(rulecodes.DIGITS, value, f"整数部分最多 {f.digits - f.scale} 位")
        if behind > f.scale:
            return self.wrong(rulecodes.SCALE, value, f"小数部分最多 {f.scale} 位")
        return Decimal(numbers.plain(number))

    def _integer(self, value: str) -> int | None:
        number = self._number(value, "整数")
        if number is None:
            return None
        before, behind = numbers.places(number)
        if behind:
            return self.wrong(rulecodes.TYPE, value, "整数")
        if before > 16 or abs(number) > numbers.LARGEST_WHOLE:
            return self.wrong(rulecodes.RANGE, value, f"绝对值不超过 {numbers.LARGEST_WHOLE}")
        if not isinstance(value, Number):
            self.note("字符串按整数接收")
        return int(number)

    def _time(self, value: str) -> str | None:
        if self.field.kind == "year":
            if isinstance(value, Number):
                number = numbers.parse(value)
                if number is not None and number == number.to_integral_value() and len(value) < 9:
                    self.note("数值按年份接收")
                    value = str(int(number))
            if not times.YEAR.fullmatch(value):
                return self.wrong(rulecodes.YEAR, value, "四位年份 yyyy")
            return str(value)
        if isinstance(value, Number):
            return self.wrong(rulecodes.TYPE, f"数值 {value}", "字符串")
        if self.field.kind == "date":
            return value if times.is_day(value) else self.wrong(rulecodes.DATE, value, "真实日期 yyyy-MM-dd")
        return value if times.is_moment(value) else self.wrong(rulecodes.DATETIME, value, "真实时间 yyyy-MM-dd HH:mm:ss")


def _choices(list_id: str) -> str:
    held = codes.code_list(list_id)
    taken = [i for i in held.items.values() if i.valid]
    if len(taken) <= 8:
        return "、".join(f"{i.code} {i.label}" for i in taken)
    return f"代码表“{held.name}”（{held.source}）中的代码，如 {taken[0].code} {taken[0].label}"


def _as_json(value: Any) -> Any:
    """A worksheet's or form's value as the JSON reader would have given it."""
    match value:
        case bool() | None:
            return value
        case str():
            return value.strip()
        case int() | Decimal():
            return Constant(value) if isinstance(value, Decimal) and not value.is_finite() else Number(value)
        case float():
            if value != value or value in (float("inf"), float("-inf")):
                return Constant(value)
            return Number(int(value)) if value.is_integer() and abs(value) < 1e16 else Number(repr(value))
        case datetime():
            wall = value.astimezone(times.CHINA) if value.tzinfo else value
            return wall.strftime("%Y-%m-%d %H:%M:%S")
        case date():
            return value.isoformat()
        case _:
            return value
