"""The decoded form of a record: one msgspec Struct per table, made from its declaration.

Attributes are the fields' English names, an absent field is None. Fields stand in the order of their ids, so that
msgspec's encoder writes the canonical form by itself (see ``canonical``).
"""

import keyword
from decimal import Decimal
from functools import cache
from typing import Annotated, Any

import msgspec

from canglin.standard.fields import FieldSpec
from canglin.standard.numbers import LARGEST_WHOLE
from canglin.standard.tables import TableSpec


def _type(field: FieldSpec) -> Any:
    match field.kind:
        case "decimal":
            return Decimal | None
        case "integer":
            return Annotated[int, msgspec.Meta(ge=-LARGEST_WHOLE, le=LARGEST_WHOLE)] | None
        case "string":
            return Annotated[str, msgspec.Meta(max_length=field.length)] | None
        case "date":
            return Annotated[str, msgspec.Meta(max_length=10)] | None
        case "datetime":
            return Annotated[str, msgspec.Meta(max_length=19)] | None
        case "year":
            return Annotated[str, msgspec.Meta(max_length=4)] | None


def build(spec: TableSpec) -> type[msgspec.Struct]:
    """The Struct of a table. Raises ValueError when an attribute is no Python name."""
    ordered = sorted(spec.fields, key=lambda f: f.id)
    wrong = [f.attribute for f in ordered if not f.attribute.isidentifier() or keyword.iskeyword(f.attribute)]
    if wrong:
        raise ValueError(f"table {spec.code}: not usable as attributes: {', '.join(wrong)}")
    return msgspec.defstruct(
        spec.english, [(f.attribute, _type(f), None) for f in ordered],
        rename={f.attribute: f.id for f in ordered if f.attribute != f.id},
        omit_defaults=True, kw_only=True, eq=True, gc=False, module=__name__,
    )


_built: dict[TableSpec, type[msgspec.Struct]] = {}


def row_type(spec: TableSpec) -> type[msgspec.Struct]:
    """The Struct of a table, built once."""
    made = _built.get(spec)
    if made is None:
        made = _built[spec] = build(spec)
    return made


@cache
def aliases(spec: TableSpec) -> dict[str, str]:
    """Spellings that are accepted beside the ids of a table: alias → id. A spelling that is itself an id of the table
    is none."""
    found = {f.alias: f.id for f in spec.fields if f.alias}
    # The published document has a blank inside this one.
    if "khtyshxydmhsfzh" in spec.by_id:
        found["khtyshxydmhsfz h"] = "khtyshxydmhsfzh"
    return {alias: id for alias, id in found.items() if alias not in spec.by_id}
