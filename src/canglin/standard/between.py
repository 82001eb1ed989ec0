"""What several rooms' rules between fields share: order in time, lists of equal length, signs. Pure functions of a
row's values.

A rule between fields has a code with a dot (``net.sum``); a rule about one field has none (``required``).
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from canglin.standard.rulecodes import declare
from canglin.standard.tables import Violation

TIME_ORDER = declare("time.order", "时间先后不符")
NEGATIVE = declare("amount.negative", "数量为负")
PARTS = declare("report.parts", "并列各项的项数不一致")

#: What separates the items of a list. Depot systems use one or another; codes, numbers and verdicts hold none of them.
_SEPARATORS = re.compile(r"[|#;,；，、]")

#: A step of a business: the field's id, its Chinese name, its time (or day), None when the record does not have it.
Step = tuple[str, str, str | None]


def in_order(*steps: Step, refuses: bool = True) -> Iterator[Violation]:
    """The steps that come before the one they should follow, each named with what it may not precede.

    Times are texts of one form, which sort as time does; a day is compared with a time by its day alone.
    """
    before: Step | None = None
    for step in steps:
        value = step[2]
        if value is None:
            continue
        if before is not None and before[2] is not None:
            shorter = min(len(value), len(before[2]))
            if value[:shorter] < before[2][:shorter]:
                yield Violation(step[0], TIME_ORDER, value, f"不早于{before[1]} {before[2]}", refuses)
        before = step


def not_negative(*amounts: tuple[str, Decimal | None]) -> Iterator[Violation]:
    """The amounts (id, value) below zero."""
    for field, value in amounts:
        if value is not None and value < 0:
            yield Violation(field, NEGATIVE, f"{value:f}", "不小于 0")


def parts(text: str) -> list[str]:
    """The items of a list as a depot writes it, a separator at the end not counted."""
    found = _SEPARATORS.split(text)
    return found[:-1] if len(found) > 1 and not found[-1].strip() else found
