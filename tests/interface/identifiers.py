"""Identifiers a depot system makes for itself, computed here from their standards and not by the server's code."""

from __future__ import annotations

_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_PERSON_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def organisation_code(body: str) -> str:
    """组织机构代码 (GB 11714): eight characters and their check character."""
    total = sum(weight * int(character, 36) for weight, character in zip(_ORGANISATION_WEIGHTS, body, strict=True))
    return body + {10: "X", 11: "0"}.get(11 - total % 11, str(11 - total % 11))


def credit_code(region: str, serial: int) -> str:
    """统一社会信用代码 (GB 32100) of an enterprise registered in `region`."""
    body = f"91{region}{organisation_code(f'MA{serial:06d}')}"
    total = sum(w * _CREDIT_ALPHABET.index(c) for w, c in zip(_CREDIT_WEIGHTS, body, strict=True))
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]


def person_number(region: str, serial: int) -> str:
    """身份证号 (GB 11643) of a person born on 1 January 1980."""
    body = f"{region}19800101{serial % 1000:03d}"
    total = sum(weight * int(digit) for weight, digit in zip(_PERSON_WEIGHTS, body, strict=True))
    return body + "10X98765432"[total % 11]


def camera_number(region: str, serial: int) -> str:
    """20 digits of GB/T 28181: centre 8, trade 2, kind 3 (132, network camera), network 1, serial 6."""
    return f"{region}00001320{serial:06d}"
