"""The reviewed file of values, read.

``data/rules.toml`` holds ``[[rule]]`` tables: what is said there of code, name, kind, unit, source, mark and scope
holds for each of its ``rows`` unless the row says otherwise. Numbers are kept exactly as written. A row without
``value`` is a figure nobody has found yet.
"""

import tomllib
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from canglin.rulebook.leaves import written
from canglin.rulebook.models import MARKS, RuleValue, parsed
from canglin.standard import rulecodes

FILE = Path(__file__).parent / "data" / "rules.toml"
_SHARED = frozenset(
    {
        "code",
        "name",
        "kind",
        "unit",
        "region",
        "variety",
        "nature",
        "subject",
        "valid_from",
        "valid_to",
        "source",
        "mark",
        "note",
    }
)
#: The platform's own defaults have no date of their own; they hold for all data it can meet.
ALWAYS = date(2000, 1, 1)


class BadFile(ValueError):
    """The file is wrong; the message names the rule."""


def rows() -> Iterator[RuleValue]:
    """The file's values, then a severity for each declared rule code, as unsaved rows. Raises BadFile."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"), parse_float=Decimal)
    seen = set()
    for rule in document["rule"]:
        for row in rule.get("rows", [{}]):
            made = _row({**{k: v for k, v in rule.items() if k != "rows"}, **row})
            if (*made.scope, made.valid_from) in seen:
                raise BadFile(f"{made.scope} from {made.valid_from} stands twice in {FILE.name}")
            seen.add((*made.scope, made.valid_from))
            yield made
    yield from _severities()


def _row(given: dict[str, Any]) -> RuleValue:
    value = given.pop("value", None)
    if unknown := given.keys() - _SHARED:
        raise BadFile(f"{given.get('code')}: unknown keys {', '.join(sorted(unknown))}")
    if given.get("mark") not in MARKS or (value is None) != (given["mark"] == "unknown"):
        raise BadFile(f"{given.get('code')}: mark {given.get('mark')!r} and value {value!r} do not go together")
    row = RuleValue(**{"valid_from": ALWAYS, **given}, text=_text(value), origin=RuleValue.Origin.FILE)
    if not row.source or not row.name or row.kind not in RuleValue.Kind.values:
        raise BadFile(f"{row.code}: name, kind and source are needed")
    try:
        parsed(row.kind, row.text)
    except ValueError as wrong:
        raise BadFile(f"{row.code}: {wrong}") from None
    return row


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Decimal | int):
        return str(value)
    return written(value)


def _severities() -> Iterator[RuleValue]:
    for rule in rulecodes.rules():
        yield RuleValue(
            code=f"severity.{rule.code}",
            name=f"{rule.name}：处理方式",
            kind=RuleValue.Kind.TEXT,
            text=rule.severity,
            valid_from=ALWAYS,
            source="平台缺省：数据接入校验",
            mark="E",
            origin=RuleValue.Origin.FILE,
        )
