"""Violations in words, for receipts, pages and the depot interface."""

from canglin.standard import rulecodes
from canglin.standard.tables import TableSpec, Violation

_SHOWN = 60


def shown(value: object) -> str:
    """What was found, short enough to read: long text is cut, line breaks and controls are made visible."""
    text = value if isinstance(value, str) else str(value)
    if len(text) > _SHOWN:
        text = f"{text[:_SHOWN]}…（共 {len(text)} 字）"
    return "".join(c if c.isprintable() else f"\\u{ord(c):04x}" for c in text)


def reason(violation: Violation) -> str:
    """Why, in one Chinese phrase: ``长度超限，实际 13 字，应为 最多 12 字``."""
    said = [rulecodes.rule(violation.rule).name]
    if violation.found:
        said.append(f"实际 {violation.found}")
    if violation.expected:
        said.append(f"应为 {violation.expected}")
    return "，".join(said)


def message(violation: Violation, spec: TableSpec | None = None) -> str:
    """``入库业务单号(rkywdh): 长度超限，…``; only the reason for what concerns the whole record."""
    field = spec.by_id.get(violation.field) if spec else None
    if not violation.field:
        return reason(violation)
    at = f"{field.name}({violation.field})" if field else violation.field
    return f"{at}: {reason(violation)}"


def v2022_code(violations: tuple[Violation, ...] | list[Violation]) -> int:
    """The answer code of the depot interface: 410 as soon as one field is wrong in itself, else that of the first
    violation."""
    found = [rulecodes.rule(v.rule).v2022 for v in violations if v.refuses]
    return 410 if 410 in found or not found else found[0]


def v2022_message(violations: tuple[Violation, ...] | list[Violation]) -> str:
    """Every refusing violation as ``field:reason``, joined by ``,`` as the interface's document has it; clients split
    there, so a reason holds no comma of that kind."""
    said = ((v.field, reason(v).replace(",", "，")) for v in violations if v.refuses)
    return ",".join(f"{field}:{why}" if field else why for field, why in said)
