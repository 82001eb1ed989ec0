"""What one version of a record says otherwise than the version before it. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from canglin.standard import units
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import TableSpec
from canglin.ui import formats

OPERATIONS = {"i": ("新增", "good"), "u": ("更新", "info"), "d": ("删除", "bad")}
#: 最后更新时间 differs in every version and says nothing by itself.
QUIET = frozenset({"zhgxsj"})


@dataclass(frozen=True)
class Difference:
    """A field that changed; ``old`` and ``new`` as people read them, "" for absent."""

    name: str
    standard_id: str
    unit: str
    old: str
    new: str
    quiet: bool = False


def read(payload: str) -> dict[str, Any]:
    """The fields of a payload: specification id → value as the canonical form writes it."""
    held: dict[str, Any] = json.loads(payload)
    return held


def written(field: FieldSpec, value: Any) -> str:
    """A value as pages show it: codes by their labels, personal data masked (the writer ``field`` of the registry)."""
    return "" if value is None or value == "" else formats.write("field", value, field)


def differences(spec: TableSpec, new: Mapping[str, Any], old: Mapping[str, Any] | None) -> list[Difference]:
    """The fields in which ``new`` differs from ``old``, in the specification's order. Without an ``old`` every field of
    ``new`` counts as stated for the first time."""
    before = old or {}
    found = []
    for field in _fields(spec, (new, before)):
        if new.get(field.id) != before.get(field.id):
            shown = written(field, before.get(field.id)), written(field, new.get(field.id))
            if shown[0] and shown[0] == shown[1]:
                # Masking hides where the two differ; that they differ must show.
                shown = shown[0], f"{shown[1]}（已变更，脱敏显示）"
            unit = units.name(field.unit) if field.kind in ("decimal", "integer") else ""
            found.append(Difference(field.name, f"{spec.code}.{field.id}", unit, *shown, quiet=field.id in QUIET))
    return found


def masked(spec: TableSpec, held: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as sent, those with personal data masked."""
    return {field.id: held[field.id] if _plain(field) else written(field, held[field.id]) for field in _fields(spec, (held,))}


def _plain(field: FieldSpec) -> bool:
    return bool(field.codes) or field.kind != "string" or formats.write("field", "x" * 18, field) == "x" * 18


def _fields(spec: TableSpec, held: Sequence[Mapping[str, Any]]) -> Iterator[FieldSpec]:
    known = [field for field in spec.fields if field.attribute != "operation"]
    yield from (field for field in known if any(field.id in each for each in held))
