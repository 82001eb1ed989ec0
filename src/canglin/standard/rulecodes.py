"""The registry of rule codes: every reason for which a record can be refused or flagged, with its Chinese name.

A rule code is what a depot's programmer reads in a receipt, what the rulebook switches and what the data-quality pages
count, so a code once published never changes its meaning. The rules about single fields are declared here; a room
declares its own rules between fields beside them with ``declare`` at import.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

Kind = Literal["body", "field", "record", "balance", "reference", "order", "area", "clash"]
Severity = Literal["refuse", "flag", "ignore"]
#: Says how hard a rule is applied; the gateway wires it to the rulebook. ``refuse`` leaves a rule's own judgement
#: standing.
SeverityHook = Callable[[str], Severity]


@dataclass(frozen=True, slots=True)
class RuleCode:
    """``v2022`` is the code the depot interface answers with: 410 validation, 411 business rule, 403 another's data."""

    code: str
    name: str
    kind: Kind
    v2022: int
    severity: Severity = "refuse"


_V2022: dict[Kind, int] = {
    "body": 410, "field": 410, "record": 410, "balance": 411, "reference": 411, "order": 411, "area": 403, "clash": 408,
}
_held: dict[str, RuleCode] = {}


def declare(code: str, name: str, kind: Kind = "record", severity: Severity = "refuse") -> str:
    """Adds a rule and returns its code, so that a rules module can write ``NET = declare("ticket-net", "净重不符")``.

    Raises ValueError when the code already means something else.
    """
    rule = RuleCode(code, name, kind, _V2022[kind], severity)
    if _held.setdefault(code, rule) != rule:
        raise ValueError(f"rule code {code} already declared as {_held[code].name}")
    return code


def rule(code: str) -> RuleCode:
    """What a code means; one that nobody declared counts as a rule between fields under its own code."""
    return _held.get(code) or RuleCode(code, code, "record", 410)


def rules() -> tuple[RuleCode, ...]:
    """All declared rules, by code."""
    return tuple(sorted(_held.values(), key=lambda r: r.code))


def default_severity(code: str) -> Severity:
    """What holds as long as the rulebook says nothing else."""
    return rule(code).severity


EMPTY = declare("empty", "报文为空", "body")
UTF8 = declare("utf8", "报文不是 UTF-8 编码", "body")
JSON = declare("json", "报文不是合法的 JSON", "body")
OBJECT = declare("object", "报文不是一个 JSON 对象", "body")
DEPTH = declare("depth", "JSON 嵌套过深", "body")
DUPLICATE = declare("duplicate-key", "字段重复出现", "body")

REQUIRED = declare("required", "必填项缺失或为空", "field")
TYPE = declare("type", "数据类型错误", "field")
LENGTH = declare("too-long", "长度超限", "field")
NUMBER = declare("not-finite", "不是有限数值", "field")
DIGITS = declare("digits", "整数位数超限", "field")
SCALE = declare("scale", "小数位数超限", "field")
RANGE = declare("range", "超出取值范围", "field")
DATE = declare("date", "日期无效", "field")
DATETIME = declare("datetime", "时间无效", "field")
YEAR = declare("year", "年份无效", "field")
CODE = declare("code", "不在代码表内", "field")
CHARACTER = declare("character", "含有不能存储的字符", "field")
SEPARATOR = declare("separator", "主键字段含有竖线", "field")
FORMAT = declare("format", "编码格式错误", "field")
REGION = declare("region-unknown", "行政区划代码不存在", "reference")
# Systems in the field send some of these wrong and nobody can repair a printed document, so they are noted, not
# refused, until the rulebook says otherwise.
CHECK_DIGIT = declare("check-digit", "校验位不符", "field", "flag")
CODE_DATE = declare("code-date", "编码中的日期无效", "field", "flag")
REGION_RETIRED = declare("region-unlisted", "行政区划代码不在现行及历史名录中", "field", "flag")
