"""Decoded rows without a decoder, for tests of rules: attributes given by name, the others absent."""

from typing import Any, cast

from canglin.standard.rows import row_type
from canglin.standard.tables import Row, Violation, table

ENTERPRISE = "91430100MA4L00001X"
DEPOT = ENTERPRISE + "001"
WAREHOUSE = DEPOT + "0001"
LOT = WAREHOUSE + "00101"


def row(code: str, **attributes: Any) -> Row:
    """A row of table ``code``, a new one unless ``operation`` says otherwise."""
    made: Any = row_type(table(code))(**{"operation": "i"} | attributes)
    return cast(Row, made)


def broken(code: str, given: Row) -> list[Violation]:
    """What the table's own rules say against a row."""
    return [violation for rule in table(code).rules for violation in rule(given)]


def named(violations: list[Violation]) -> set[tuple[str, str]]:
    """Field and rule of each."""
    return {(v.field, v.rule) for v in violations}
