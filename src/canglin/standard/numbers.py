"""Amounts as text: one plain form for every decimal, so that equal amounts are equal bytes.

The plain form has no exponent, no leading plus, no trailing zeros behind the point and no minus before zero:
``29400``, ``-0.5``.
"""

import re
from decimal import Decimal

#: Whole numbers that survive RFC 8785, which writes numbers as IEEE doubles.
LARGEST_WHOLE = 2**53 - 1

# \d takes full-width digits too, which Chinese input methods write and Decimal reads.
_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,15})?")


def plain(value: Decimal) -> str:
    """The plain form of a finite decimal. Its exponent must be small (see ``places``): a huge one would be written out
    in full."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def places(value: Decimal) -> tuple[int, int]:
    """Digits before and behind the point, trailing zeros not counted; works on any exponent without writing the number
    out."""
    if not value:
        return 0, 0
    _, digits, exponent = value.as_tuple()
    assert isinstance(exponent, int), "the number is finite"
    kept = len(digits)
    while digits[kept - 1] == 0:
        kept -= 1
    behind = -(exponent + len(digits) - kept)
    return max(0, value.adjusted() + 1), max(0, behind)


def parse(text: str) -> Decimal | None:
    """A number as people and systems write it, blanks around it allowed; None for anything else, NaN and infinity
    too."""
    return Decimal(text.strip()) if _NUMBER.fullmatch(text.strip()) else None
