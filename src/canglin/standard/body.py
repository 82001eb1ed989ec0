"""The JSON of a body, read with patience: numbers as written, repeated keys kept, whatever cannot be read named."""

import json
import re
from collections.abc import Iterator
from typing import Any

from canglin.standard import rulecodes
from canglin.standard.tables import Violation

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
    if text.startswith("\N{ZERO WIDTH NO-BREAK SPACE}"):
        text, notes = text[1:], ["报文开头的字节顺序标记已忽略"]
    try:
        found = json.loads(text, object_pairs_hook=Pairs, parse_int=Number, parse_float=Number, parse_constant=Constant)
    except RecursionError:
        raise BodyError(rulecodes.DEPTH, "超过解析上限", "一层 JSON 对象") from None
    except json.JSONDecodeError as error:
        raise BodyError(rulecodes.JSON, f"第 {error.lineno} 行第 {error.colno} 列", "合法的 JSON") from None
    if not isinstance(found, Pairs):
        raise BodyError(rulecodes.OBJECT, kind(found), "一个 JSON 对象")
    return found, notes


def too_deep(raw: bytes) -> bool:
    """Whether arrays and objects stand inside each other deeper than any record needs. Brackets are counted first: most
    bodies hold too few to be deep at all."""
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


def kind(value: Any) -> str:
    """What a JSON value is, in Chinese."""
    match value:
        case None:
            return "空值"
        case bool():
            return "布尔值"
        case Number() | int() | float():
            return "数值"
        case str():
            return "字符串"
        case Pairs() | dict():
            return "对象"
        case _:
            return "数组"


def repeated(pairs: Pairs) -> Iterator[str]:
    """Keys that stand more than once in an object, each once."""
    seen: set[str] = set()
    told: set[str] = set()
    for key, _ in pairs:
        if key in seen and key not in told:
            told.add(key)
            yield key
        seen.add(key)
