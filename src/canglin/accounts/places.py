"""Where enterprises and depots lie, asked of the registry's tables 1101 and 1102 as they stand in the current state.

Removed enterprises and depots count too: what they reported stays visible to those who were in charge of them.
"""

from typing import Any

from django.db.models import Q, QuerySet

from canglin.accounts.rules import Area, Place, registered_region
from canglin.standard.tables import table


def _region_of(code: str) -> tuple[Any, str]:
    """The model of table ``code`` and its attribute for the region (xzqhdm)."""
    spec = table(code)
    return spec.model, spec.by_id["xzqhdm"].attribute


def depots_in(region: str) -> QuerySet[Any]:
    """Codes of the depots whose region begins with ``region``, for use as a subquery."""
    model, attribute = _region_of("1102")
    # By the code, not the key it equals: keys are compared byte by byte, and rows are indexed in the database's own order.
    code = table("1102").by_id["kqdm"].attribute
    found: QuerySet[Any] = model.everything.filter(**{f"{attribute}__startswith": region}).values(code)
    return found


def enterprises_in(region: str) -> QuerySet[Any]:
    """Codes of the enterprises whose region begins with ``region``, for use as a subquery."""
    model, attribute = _region_of("1101")
    code = table("1101").by_id["dwdm"].attribute
    found: QuerySet[Any] = model.everything.filter(**{f"{attribute}__startswith": region}).values(code)
    return found


def in_region(region: str, enterprise: str, depot: str | None) -> Q:
    """The condition that a row lies in the region. ``enterprise`` and ``depot`` are the row's columns with those
    codes; ``depot`` None when the model has none. A row of a depot goes by the depot's region, a row of an enterprise
    by the enterprise's; an enterprise that has not reported itself by the region inside its code."""
    known, _ = _region_of("1101")
    of_enterprise = Q(**{f"{enterprise}__in": enterprises_in(region)}) | (
        Q(**{f"{enterprise}__regex": f"^..{region}"}) & ~Q(**{f"{enterprise}__in": known.everything.values("key")})
    )
    if depot is None:
        return of_enterprise
    return Q(**{f"{depot}__in": depots_in(region)}) | (Q(**{depot: ""}) & of_enterprise)


def regions(codes: "list[str] | tuple[str, ...]") -> dict[str, str]:
    """The region (6 digits) of each enterprise (18) and depot (21) code; of one not reported yet, its enterprise's,
    or that inside the enterprise's code. Two queries whatever the number of codes."""
    wanted = set(codes)
    depots, depot_region = _region_of("1102")
    enterprises, enterprise_region = _region_of("1101")
    found = dict(depots.everything.filter(key__in=[c for c in wanted if len(c) == 21]).values_list("key", depot_region))
    owners = {c[:18] for c in wanted if c not in found}
    own = dict(enterprises.everything.filter(key__in=owners).values_list("key", enterprise_region))
    return {c: found.get(c) or own.get(c[:18]) or registered_region(c) for c in wanted}


def place(code: str) -> Place:
    """The place of an enterprise or depot code."""
    return Place(code[:18], code if len(code) == 21 else "", regions([code])[code])


def contains(area: Area, other: Area) -> bool:
    """Whether ``other`` lies inside ``area``, the registry asked where it is needed."""
    if area.kind == "region" and other.kind in ("enterprise", "depots"):
        return area.contains(other, regions(other.codes))
    return area.contains(other)
