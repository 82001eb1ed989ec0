"""The fast check: one straight-line function per table, written from its declaration when the table is first used.

It says only whether a decoded row is right beyond doubt, and brings amounts into plain form and empty texts to None on
the way. Whatever it does not pass is decided by ``lenient``, which knows every rule in words; this one exists because
a gateway checks thousands of tickets a second.
"""

import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Any

from canglin.standard import codes, identifiers, numbers, regions
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import TableSpec
from canglin.standard.times import DAY, MOMENT, YEAR, is_day, is_moment

Check = Callable[[Any], bool]


@cache
def _plain_form(digits: int, scale: int) -> re.Pattern[str]:
    """Decimals that are already in plain form and within bounds."""
    whole = f"[1-9][0-9]{{0,{digits - scale - 1}}}" if digits > scale else "(?!)"
    part = f"\\.[0-9]{{0,{scale - 1}}}[1-9]" if scale else "(?!)"
    return re.compile(f"0|-?(?:{whole}(?:{part})?|0{part})")


def plain_decimal(value: Decimal, digits: int, scale: int) -> Decimal | None:
    """The same amount in plain form; None when it is not finite or has too many digits before or behind the point."""
    if not value.is_finite():
        return None
    before, behind = numbers.places(value)
    return Decimal(numbers.plain(value)) if before <= digits - scale and behind <= scale else None


class _Writer:
    """Collects the lines of a check and the objects they name."""

    def __init__(self) -> None:
        self.lines = ["def check(r):", "  if r.operation not in OPERATIONS: return False"]
        self.names: dict[str, Any] = {
            "OPERATIONS": frozenset("iu"), "D": Decimal, "fix": plain_decimal, "faults": identifiers.faults,
            "unknown_parts": codes.unknown_parts, "is_day": is_day, "is_moment": is_moment,
            "DAY": DAY.fullmatch, "MOMENT": MOMENT.fullmatch, "YEAR": YEAR.fullmatch,
        }

    def name(self, value: Any) -> str:
        name = f"n{len(self.names)}"
        self.names[name] = value
        return name

    def field(self, field: FieldSpec) -> None:
        self.lines.append(f"  v = r.{field.attribute}")
        tests = self._tests(field)
        text = field.kind == "string"
        if field.required:
            self.lines.append("  if not v or v.isspace(): return False" if text else "  if v is None: return False")
            self.lines += ["  " + line for line in tests]
        elif text or tests:
            self.lines.append("  if v is not None:")
            if field.kind not in ("decimal", "integer"):
                self.lines.append(f"    if not v: r.{field.attribute} = v = None")
                if tests:
                    self.lines.append("    else:")
                self.lines += ["      " + line for line in tests]
            else:
                self.lines += ["    " + line for line in tests]

    def _tests(self, field: FieldSpec) -> list[str]:
        match field.kind:
            case "decimal":
                assert field.digits is not None, "an amount declares its digits"
                assert field.scale is not None, "an amount declares its scale"
                form = self.name(_plain_form(field.digits, field.scale).fullmatch)
                return ["t = str(v)", f"if not {form}(t):",
                        "  t = t.rstrip('0').rstrip('.') if '.' in t and 'E' not in t else ''",
                        f"  v = D(t) if {form}(t) else fix(v, {field.digits}, {field.scale})",
                        "  if v is None: return False", f"  r.{field.attribute} = v"]
            case "date":
                return ["if not DAY(v) and not is_day(v): return False"]
            case "datetime":
                return ["if not MOMENT(v) and not is_moment(v): return False"]
            case "year":
                return ["if not YEAR(v): return False"]
            case "integer":
                return []
        tests = []
        if field.presence == "key":
            tests.append("if '|' in v: return False")
        if field.codes and codes.several(field.codes, field.length):
            tests.append(f"if unknown_parts({field.codes!r}, v): return False")
        elif field.codes:
            tests.append(f"if v not in {self.name(codes.code_list(field.codes).valid)}: return False")
        if field.identifier:
            if field.identifier in ("region", "origin"):
                regions.everything()  # now, not inside the first request
            passes = identifiers.RULES[field.identifier].passes
            known = f"not {self.name(passes.fullmatch)}(v) and " if passes else ""
            tests.append(f"if {known}faults({field.identifier!r}, v): return False")
        return tests


def build(spec: TableSpec) -> Check:
    """The fast check of a table's rows for operations i and u; False for every other."""
    writer = _Writer()
    for field in spec.fields:
        if field.attribute != "operation":
            writer.field(field)
    source = "\n".join([*writer.lines, "  return True"])
    # Nothing from outside enters the source: attributes are identifiers (``rows.build`` refuses others), the rest are
    # literals.
    exec(compile(source, f"<check {spec.code}>", "exec"), writer.names)  # noqa: S102
    made: Check = writer.names["check"]
    return made
