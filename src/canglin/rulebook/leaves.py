"""A rule's table taken apart into single figures, so that people change figures and never brackets; and put together again.

leaves([{"months_to": 6, "percent": 0.10}])  →  [((0, "months_to"), 6), ((0, "percent"), 0.10)]
"""

from decimal import Decimal
from typing import Any

import msgspec

_json = msgspec.json.Encoder(decimal_format="number")
Path = tuple[str | int, ...]


def leaves(value: Any, path: Path = ()) -> list[tuple[Path, Decimal | str]]:
    """Every single figure or word with the way to it, in the table's order."""
    if isinstance(value, dict):
        return [leaf for name, part in value.items() for leaf in leaves(part, (*path, name))]
    if isinstance(value, list):
        return [leaf for place, part in enumerate(value) for leaf in leaves(part, (*path, place))]
    return [(path, value)]


def rebuilt(value: Any, given: dict[Path, Decimal | str], path: Path = ()) -> Any:
    """The same table with other figures."""
    if isinstance(value, dict):
        return {name: rebuilt(part, given, (*path, name)) for name, part in value.items()}
    if isinstance(value, list):
        return [rebuilt(part, given, (*path, place)) for place, part in enumerate(value)]
    return given[path]


def written(value: Any) -> str:
    """A table as the rulebook stores it: decimals exactly as they were written."""
    return _json.encode(value).decode()
