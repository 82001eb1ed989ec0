"""One value of a record, read with patience: bent where the field is known to write otherwise, refused by rule
elsewhere."""

from decimal import Decimal, InvalidOperation
from typing import Any

from canglin.standard import codes, identifiers, numbers, rulecodes, times
from canglin.standard.body import Constant, Number, kind
from canglin.standard.fields import FieldSpec
from canglin.standard.messages import shown
from canglin.standard.tables import Violation

Value = str | int | Decimal


class _WrongError(Exception):
    """Nothing can be made of the value."""

    def __init__(self, rule: str, found: object, expected: str) -> None:
        super().__init__(rule)
        self.rule, self.found, self.expected = rule, found, expected


class ValueReader:
    """Reads values of one field, and keeps what was wrong and what was bent."""

    def __init__(self, field: FieldSpec, violations: list[Violation], notes: list[str]) -> None:
        self.field = field
        self.violations = violations
        self.notes = notes

    def read(self, value: Any) -> Value | None:
        """The value, or None when it is as good as absent or nothing can be made of it."""
        try:
            if isinstance(value, Constant):
                raise _WrongError(rulecodes.NUMBER, value, "有限数值")
            if not isinstance(value, str):
                due = "数值" if self.field.kind in ("decimal", "integer") else "字符串"
                raise _WrongError(rulecodes.TYPE, kind(value), due)
            match self.field.kind:
                case "string":
                    return self._text(value)
                case "decimal":
                    return self._decimal(value)
                case "integer":
                    return self._integer(value)
                case "year":
                    return self._year(value)
                case _:
                    return self._time(value)
        except _WrongError as wrong:
            self._tell(wrong.rule, wrong.found, wrong.expected)
            return None

    def _tell(self, rule: str, found: object, expected: str) -> None:
        self.violations.append(Violation(self.field.id, rule, shown(found), expected))

    def _note(self, text: str) -> None:
        self.notes.append(f"{self.field.id}: {text}")

    def _text(self, value: str) -> str:
        f = self.field
        if isinstance(value, Number):
            if "e" in value.lower():
                raise _WrongError(rulecodes.TYPE, f"数值 {value}", "字符串")
            self._note("数值按字符串接收")
            value = str(value)
        if f.required and value.isspace():
            raise _WrongError(rulecodes.REQUIRED, "空白", f"填写{f.name}")
        if f.length is not None and len(value) > f.length:
            raise _WrongError(rulecodes.LENGTH, f"{len(value)} 字", f"最多 {f.length} 字")
        if "\0" in value or any("\ud800" <= c <= "\udfff" for c in value):
            raise _WrongError(rulecodes.CHARACTER, value, "不含空字符（U+0000）和不成对的代理字符")
        if f.presence == "key" and "|" in value:
            raise _WrongError(rulecodes.SEPARATOR, value, "主键字段不含“|”")
        # The rulebook can soften what follows to a flag, so the value stays.
        if f.codes and codes.several(f.codes, f.length):
            unknown = codes.unknown_parts(f.codes, value)
            if unknown:
                self._tell(rulecodes.CODE, "、".join(unknown), choices(f.codes))
        elif f.codes and not codes.contains(f.codes, value):
            self._tell(rulecodes.CODE, value, choices(f.codes))
        if f.identifier:
            for fault in identifiers.faults(f.identifier, value):
                self._tell(fault.rule, value, fault.expected)
        return value

    def _number(self, value: str, expected: str) -> Decimal | None:
        if value.isspace():
            if self.field.required:
                raise _WrongError(rulecodes.REQUIRED, "空白", f"填写{self.field.name}")
            return None
        try:
            number = numbers.parse(value)
        except InvalidOperation:
            raise _WrongError(rulecodes.DIGITS, value, expected) from None
        if number is None and value.strip().lower().lstrip("+-") in ("nan", "snan", "inf", "infinity"):
            raise _WrongError(rulecodes.NUMBER, value, "有限数值")
        if number is None:
            raise _WrongError(rulecodes.TYPE, value, "数值")
        return number

    def _decimal(self, value: str) -> Decimal | None:
        f = self.field
        assert f.digits is not None, "an amount declares its digits"
        assert f.scale is not None, "an amount declares its scale"
        number = self._number(value, f"整数部分最多 {f.digits - f.scale} 位")
        if number is None:
            return None
        before, behind = numbers.places(number)
        if before > f.digits - f.scale:
            raise _WrongError(rulecodes.DIGITS, value, f"整数部分最多 {f.digits - f.scale} 位")
        if behind > f.scale:
            raise _WrongError(rulecodes.SCALE, value, f"小数部分最多 {f.scale} 位")
        return Decimal(numbers.plain(number))

    def _integer(self, value: str) -> int | None:
        number = self._number(value, "整数")
        if number is None:
            return None
        before, behind = numbers.places(number)
        if behind:
            raise _WrongError(rulecodes.TYPE, value, "整数")
        if before > 16 or abs(number) > numbers.LARGEST_WHOLE:
            raise _WrongError(rulecodes.RANGE, value, f"绝对值不超过 {numbers.LARGEST_WHOLE}")
        if not isinstance(value, Number):
            self._note("字符串按整数接收")
        return int(number)

    def _year(self, value: str) -> str:
        # 2026 or 2026.0, as spreadsheets and some languages write whole numbers.
        text = str(value).removesuffix(".0") if isinstance(value, Number) else value
        if not times.YEAR.fullmatch(text):
            raise _WrongError(rulecodes.YEAR, value, "四位年份 yyyy")
        if isinstance(value, Number):
            self._note("数值按年份接收")
        return text

    def _time(self, value: str) -> str:
        if isinstance(value, Number):
            raise _WrongError(rulecodes.TYPE, f"数值 {value}", "字符串")
        if self.field.kind == "date" and not times.is_day(value):
            raise _WrongError(rulecodes.DATE, value, "真实日期 yyyy-MM-dd")
        if self.field.kind == "datetime" and not times.is_moment(value):
            raise _WrongError(rulecodes.DATETIME, value, "真实时间 yyyy-MM-dd HH:mm:ss")
        return value


def choices(list_id: str) -> str:
    """What would pass for a coded field: the codes themselves when they are few."""
    held = codes.code_list(list_id)
    taken = [i for i in held.items.values() if i.valid]
    if len(taken) <= 8:
        return "、".join(f"{i.code} {i.label}" for i in taken)
    return f"代码表“{held.name}”（{held.source}）中的代码，如 {taken[0].code} {taken[0].label}"
