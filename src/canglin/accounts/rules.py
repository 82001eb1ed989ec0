"""Areas: which part of the province an account or an application may touch. Pure; no database.

An area is one of

* ``nation``      the code ``00``: everything this platform holds,
* ``region``      a GB/T 2260 prefix of 2 (province), 4 (city) or 6 (county) digits,
* ``enterprise``  one unified social credit code (18 characters, GB 32100),
* ``depots``      one or more depot codes (enterprise + 3 digits, LS/T 1714).
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

Kind = Literal["nation", "region", "enterprise", "depots"]
KINDS: dict[str, str] = {"nation": "全部", "region": "行政区划", "enterprise": "单位", "depots": "库区"}

NATION = "00"
_REGION = re.compile(r"[1-9]\d(\d\d){0,2}")
_ENTERPRISE = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}")
_DEPOT = re.compile(r"[0-9A-Z]{2}\d{6}[0-9A-Z]{10}\d{3}")


class BadArea(ValueError):
    """Not an area; the message says what one looks like."""


@dataclass(frozen=True)
class Place:
    """Where a thing belongs: its enterprise, its depot ("" when it concerns the enterprise as a whole), their region
    (6 digits; "" when not known, and then no region's account sees it)."""

    enterprise: str
    depot: str = ""
    region: str = ""


@dataclass(frozen=True)
class Area:
    """The part of the platform's world somebody may see. Made by ``parse``."""

    kind: Kind
    codes: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> "Area":
        """The area written as a code, or as several depot codes with commas. Raises BadArea.

        ``430000`` and ``4301`` with their trailing zeros of GB/T 2260 are taken for the prefixes ``43`` and ``4301``.
        """
        codes = tuple(dict.fromkeys(part.strip().upper() for part in re.split(r"[,，、\s]+", text) if part.strip()))
        if len(codes) == 1:
            code = codes[0]
            if code in (NATION, "000000"):
                return cls("nation", (NATION,))
            if _ENTERPRISE.fullmatch(code):
                return cls("enterprise", codes)
            if _REGION.fullmatch(code):
                while len(code) > 2 and code.endswith("00"):
                    code = code[:-2]
                return cls("region", (code,))
        if codes and all(_DEPOT.fullmatch(code) for code in codes):
            return cls("depots", tuple(sorted(codes)))
        raise BadArea(
            f"{text!r} is no area: give 00 (everything), a region of 2, 4 or 6 digits, an enterprise code of 18, "
            "or depot codes of 21 characters separated by commas"
        )

    @property
    def text(self) -> str:
        """As ``parse`` takes it and as it is stored."""
        return ",".join(self.codes)

    def covers(self, place: Place) -> bool:
        """Whether something at ``place`` lies inside."""
        match self.kind:
            case "nation":
                return True
            case "region":
                return bool(place.region) and place.region.startswith(self.codes[0])
            case "enterprise":
                return place.enterprise == self.codes[0]
            case "depots":
                return place.depot in self.codes

    def contains(self, other: "Area", region_of: dict[str, str] | None = None) -> bool:
        """Whether all of ``other`` lies inside. ``region_of`` gives the region of each enterprise and depot code; one
        that is missing there is outside every region."""
        if self.kind == "nation":
            return True
        if self.kind == "region":
            if other.kind == "region":
                return other.codes[0].startswith(self.codes[0])
            known = region_of or {}
            return other.kind != "nation" and all(known.get(code, "").startswith(self.codes[0]) for code in other.codes)
        if self.kind == "enterprise":
            return other.kind in ("enterprise", "depots") and all(code[:18] == self.codes[0] for code in other.codes)
        return other.kind == "depots" and set(other.codes) <= set(self.codes)


def registered_region(enterprise: str) -> str:
    """The region inside a unified social credit code (its characters 3–8, GB 32100): where the enterprise was
    registered. Used only as long as the enterprise has not reported where it is."""
    return enterprise[2:8] if len(enterprise) >= 8 and enterprise[2:8].isdigit() else ""


def is_bureau(enterprise: str, depots: Collection[str]) -> bool:
    """Whether an application reports for depots of other enterprises than its own; such a one must say for which
    depot each record is (header ``stockHouse``)."""
    return any(depot[:18] != enterprise for depot in depots)


def allows(enterprise: str, depots: Collection[str], in_enterprise: str, in_depot: str, stock_house: str = "") -> bool:
    """Whether an application of ``enterprise``, limited to ``depots`` (empty: all of the enterprise), may hand in a
    record of ``in_enterprise`` and ``in_depot`` ("" for the enterprise as a whole) under the header ``stockHouse``.

    A bureau's account names the depot in the header; it must be one of its depots and the record must be that depot's
    (or its enterprise's). For other accounts the header is not needed; when sent, it must agree in the same way.
    """
    if in_depot and in_depot[:18] != in_enterprise:
        return False
    if stock_house:
        own = stock_house in depots if depots else stock_house[:18] == enterprise
        return own and (in_depot == stock_house if in_depot else in_enterprise == stock_house[:18])
    if is_bureau(enterprise, depots):
        return False
    if in_enterprise != enterprise:
        return False
    return not in_depot or not depots or in_depot in depots
