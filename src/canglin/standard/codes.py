"""Code lists: what a coded field may hold, and what the codes are called.

    codes.label("food_variety", "1131001")       → "早籼稻谷"
    codes.full_label("food_variety", "1131001")  → "谷物/稻谷/籼稻谷/早籼稻谷"
    codes.contains("food_variety", "1131001")    → True

The lists stand in ``data/dictionaries.toml``: 107 lists of the specification's annex E and the LS/T standards it
points to, each with version and source. Misprints of the published lists are corrected there, each with a note and the
label as published.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType

#: What depots write between the parts of a field that holds several codes.
SEPARATORS = re.compile(r"[#|,，;；、]")
_BRACKETS = re.compile(r"（[^（）]*）")


@dataclass(frozen=True, slots=True)
class Item:
    """One code. ``parent`` is the code above it, ``branch`` names what stands above a list's top level; ``note`` and
    ``published`` tell of a correction; ``valid`` is False for a code that is still read but no longer taken;
    ``index_class`` (LS/T 1704.1) is the code of list ``zblb`` an inspection item belongs to."""

    code: str
    label: str
    parent: str | None = None
    branch: str = ""
    valid: bool = True
    index_class: str = ""
    published: str = ""
    note: str = ""


@dataclass(frozen=True)
class CodeList:
    """A list of the specification, in its order."""

    id: str
    name: str
    version: str
    source: str
    items: Mapping[str, Item]
    note: str = ""
    #: Codes that a new record may hold.
    valid: frozenset[str] = field(default_factory=frozenset)
    #: Length of the longest code.
    longest: int = 0


@cache
def lists() -> Mapping[str, CodeList]:
    """Every list by its id."""
    text = resources.files("canglin.standard").joinpath("data/dictionaries.toml").read_text("utf-8")
    found = {}
    for id, entry in tomllib.loads(text).items():
        items = {i["code"]: Item(**i) for i in entry["items"]}
        found[id] = CodeList(
            id=id, name=entry["name"], version=entry["version"], source=entry["source"], note=entry.get("note", ""),
            items=MappingProxyType(items), valid=frozenset(c for c, i in items.items() if i.valid),
            longest=max(map(len, items)),
        )
    return MappingProxyType(found)


def code_list(id: str) -> CodeList:
    """The list ``id``. Raises KeyError when there is none."""
    return lists()[id]


def items(id: str) -> tuple[Item, ...]:
    """A list's items in the published order."""
    return tuple(code_list(id).items.values())


def contains(id: str, code: str) -> bool:
    """Whether a new record may hold this code."""
    return code in code_list(id).valid


def label(id: str, code: str | None) -> str:
    """What the code is called; an unknown code is shown as it is, an absent one as nothing."""
    if not code:
        return ""
    item = code_list(id).items.get(code)
    return item.label if item else code


def labels(id: str, value: str | None) -> str:
    """Labels of a field that holds several codes, joined by ``、``."""
    return "、".join(label(id, part) for part in parts(value or ""))


def brief(value: str | None, id: str) -> str:
    """Labels as tables and charts show them: without the explanations in brackets, which may be longer than a column
    (``省（自治区、直辖市）级地方储备粮`` → ``省级地方储备粮``)."""
    text = label(id, value) if value in code_list(id).items else labels(id, value)
    return _BRACKETS.sub("", text) or text


def full_label(id: str, code: str) -> str:
    """The label with all that stands above it, joined by ``/``."""
    line = [code_list(id).items[code], *ancestors(id, code)] if code in code_list(id).items else []
    if not line:
        return code
    names = [i.label for i in reversed(line)]
    return "/".join([line[-1].branch, *names] if line[-1].branch else names)


def ancestors(id: str, code: str) -> Iterator[Item]:
    """The items above a code, nearest first."""
    held = code_list(id).items
    item = held.get(code)
    while item and item.parent:
        item = held.get(item.parent)
        if item:
            yield item


@lru_cache(maxsize=4096)
def descendants(id: str, code: str) -> frozenset[str]:
    """The code itself and every code below it, by the list's parents."""
    if code not in code_list(id).items:
        return frozenset()
    return frozenset(i.code for i in items(id) if i.code == code or any(a.code == code for a in ancestors(id, i.code)))


def within(code: str | None, *prefixes: str) -> bool:
    """Whether a hierarchical code lies under one of the prefixes: ``within(variety, "1131")`` for indica paddy."""
    return bool(code) and code.startswith(prefixes)  # type: ignore[union-attr]


def parts(value: str) -> list[str]:
    """The codes of a field that holds several: depots write ``#``, ``|``, commas, semicolons or ``、`` between them."""
    return [p for p in (part.strip() for part in SEPARATORS.split(value)) if p]


def several(id: str, length: int | None) -> bool:
    """Whether a field of this length holds several codes of the list: room for at least two of the longest and one
    between."""
    return length is not None and length > 2 * code_list(id).longest


@lru_cache(maxsize=16384)
def unknown_parts(id: str, value: str) -> tuple[str, ...]:
    """The parts of a many-coded value that the list does not have; a value without any part counts as unknown
    itself."""
    valid, found = code_list(id).valid, parts(value)
    return tuple(p for p in found if p not in valid) if found else (value,)
