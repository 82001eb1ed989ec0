"""Every lot of the province with what is in it, and every depot: the rows behind the overview and the lists of places.

8,000 lots with their grain are some megabytes and change with every truck, so they are kept for all readers and cut to
each reader's area in memory. Rows are plain dictionaries that nobody changes.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db import connection

from canglin.overview.kept import Answer, Kept
from canglin.records.models import Tree
from canglin.registry.models import Compartment, Depot, Enterprise, OilTank, StorageLot, Warehouse
from canglin.standard import codes, regions
from canglin.stock.queries.contents import contents
from canglin.stock.rules.composition import Grain

ZERO = Decimal(0)
KG_PER_T = Decimal(1000)
EMPTY = "1"  # 货位状态: 空仓
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Standing:
    """Lots and depots by code, in the order of codes."""

    lots: dict[str, Row]
    depots: dict[str, Row]

    def within(self, depots: Collection[str] | None) -> "Standing":
        """What lies in these depots; None = everything."""
        if depots is None:
            return self
        wanted = set(depots)
        return Standing(
            {code: row for code, row in self.lots.items() if row["depot_code"] in wanted},
            {code: row for code, row in self.depots.items() if code in wanted},
        )


# The state is stated on the card alone.
_STATES = """
    SELECT lot.lot_code, card.lot_status, card.stated_at, card.grade_code
    FROM registry_storagelot lot CROSS JOIN LATERAL (
        SELECT lot_status, stated_at, grade_code FROM stock_stockcard
        WHERE lot_code = lot.lot_code AND NOT removed ORDER BY stated_at DESC, number DESC LIMIT 1
    ) AS card
    WHERE NOT lot.removed
"""


def tree_size() -> int:
    """How many log entries there are: the version of everything that follows from the log."""
    return Tree.objects.values_list("size", flat=True).filter(pk=1).first() or 0


def _work_out() -> Standing:
    depots = {
        code: {
            "key": code,
            "depot_name": name,
            "enterprise_code": enterprise,
            "region_code": region,
            "ownership": ownership,
            "region": _place(region),
            "address": address,
            "capacity_t": warehouse_t + tank_t,
            "warehouse_t": warehouse_t,
            "tank_t": tank_t,
        }
        for code, name, enterprise, region, ownership, address, warehouse_t, tank_t in Depot.objects.order_by("key").values_list(
            "key",
            "depot_name",
            "enterprise_code",
            "region_code",
            "ownership",
            "depot_address",
            "warehouse_capacity_t",
            "tank_capacity_t",
        )
    }
    enterprises = dict(Enterprise.everything.values_list("key", "enterprise_name"))
    buildings = dict(Warehouse.everything.values_list("key", "warehouse_name"))
    buildings |= dict(OilTank.everything.values_list("key", "tank_name"))
    compartments = dict(Compartment.everything.values_list("key", "compartment_name"))
    with connection.cursor() as cursor:
        cursor.execute(_STATES)
        cards = {lot: rest for lot, *rest in cursor.fetchall()}
    held = contents()
    lots: dict[str, Row] = {}
    for code, name, capacity_t, keeper, unit, since in StorageLot.objects.order_by("key").values_list(
        "key", "lot_name", "capacity_t", "keeper", "custody_unit", "in_use_since"
    ):
        depot = depots.get(code[:21], {})
        grains = held[code].grains if code in held else {}
        state, card_at, grade = cards.get(code, ("", None, ""))
        lots[code] = _lot(grains, capacity_t) | {
            "key": code,
            "lot_name": name,
            "warehouse_code": code[:25],
            "building": buildings.get(code[:25], code[:25]),
            "compartment": compartments.get(code[:28], ""),
            "depot_code": code[:21],
            "depot_name": depot.get("depot_name", code[:21]),
            "region_code": depot.get("region_code", ""),
            "region": depot.get("region", ""),
            "enterprise_code": code[:18],
            "enterprise_name": enterprises.get(code[:18], code[:18]),
            "keeper": keeper or "",
            "custody_unit": unit or "",
            "in_use_since": since,
            "state": state,
            "card_at": card_at,
            "grade": grade or "",
            "is_virtual": name.endswith("//xn"),
        }
    return Standing(lots, _with_contents(depots, lots, enterprises))


def _lot(grains: Mapping[Grain, tuple[Decimal, Decimal]], capacity_t: Decimal | None) -> dict[str, Any]:
    priced_kg = sum((priced for priced, _ in grains.values()), ZERO)
    weighed_kg = sum((weighed for _, weighed in grains.values()), ZERO)
    main = max(grains, key=lambda grain: (grains[grain][1], grain)) if grains else Grain("", "", 0)
    used = weighed_kg / KG_PER_T / capacity_t if capacity_t else None
    return {
        "grains": grains,
        "varieties": frozenset(g.variety_code for g in grains),
        "natures": frozenset(g.nature_code for g in grains),
        "years": frozenset(g.harvest_year for g in grains),
        "variety": main.variety_code,
        "nature": main.nature_code,
        "harvest_year": main.harvest_year or None,
        "capacity_t": capacity_t,
        "priced_kg": priced_kg,
        "weighed_kg": weighed_kg,
        "used": used,
        "used_pct": None if used is None else used * 100,
    }


def _with_contents(depots: Mapping[str, dict[str, Any]], lots: Mapping[str, Row], enterprises: Mapping[str, str]) -> dict[str, Row]:
    inside: dict[str, list[Row]] = defaultdict(list)
    for lot in lots.values():
        inside[lot["depot_code"]].append(lot)
    found: dict[str, Row] = {}
    for code, depot in depots.items():
        mine = inside[code]
        weighed_kg = sum((lot["weighed_kg"] for lot in mine), ZERO)
        natures = frozenset().union(*(lot["natures"] for lot in mine))
        found[code] = depot | {
            "enterprise_name": enterprises.get(depot["enterprise_code"], depot["enterprise_code"]),
            "lots": len(mine),
            "empty_lots": sum(lot["state"] == EMPTY for lot in mine),
            "natures": natures,
            "natures_text": "、".join(codes.brief(nature, "food_nature") for nature in sorted(natures) if nature),
            "priced_kg": sum((lot["priced_kg"] for lot in mine), ZERO),
            "weighed_kg": weighed_kg,
            "used": weighed_kg / KG_PER_T / depot["capacity_t"] if depot["capacity_t"] else None,
        }
    return found


def _place(region: str) -> str:
    """City and county, without the province that all share."""
    above = regions.parent(region) if regions.known(region) else None
    city = regions.name(above) if above and regions.level(above) == 2 else ""
    return city + regions.name(region)


_kept = Kept(_work_out, tree_size, fresh_s=15, bound_s=120)


def standing(depots: Collection[str] | None = None) -> Answer[Standing]:
    """Lots and depots within ``depots`` (None = all), and the moment for which they hold."""
    answer = _kept()
    return answer if depots is None else Answer(answer.value.within(depots), answer.as_of)


@dataclass(frozen=True)
class Part:
    """Stock of one kind, kg, and its share of all (of the weighed kg) from 0 to 1."""

    code: str
    priced_kg: Decimal
    weighed_kg: Decimal
    share: Decimal


@dataclass(slots=True)
class Amount:
    """So much grain of one kind in so many lots, kg."""

    priced_kg: Decimal = ZERO
    weighed_kg: Decimal = ZERO
    lots: int = 0


def by_grain(lots: Iterable[Row]) -> dict[Grain, Amount]:
    """What the lots hold together, by kind."""
    sums: dict[Grain, Amount] = {}
    for lot in lots:
        for grain, (priced_kg, weighed_kg) in lot["grains"].items():
            held = sums.get(grain)
            if held is None:
                held = sums[grain] = Amount()
            held.priced_kg += priced_kg
            held.weighed_kg += weighed_kg
            held.lots += 1
    return {grain: held for grain, held in sums.items() if held.priced_kg or held.weighed_kg}


def parts(stock: Mapping[Grain, Amount], index: int) -> list[Part]:
    """Stock by one of the three dimensions of Grain (0 variety, 1 nature, 2 harvest year), the largest first."""
    sums: dict[str, Amount] = defaultdict(Amount)
    for grain, held in stock.items():
        group = sums[str(grain[index] or "")]
        group.priced_kg += held.priced_kg
        group.weighed_kg += held.weighed_kg
    whole = sum((group.weighed_kg for group in sums.values()), ZERO)
    found = [
        Part(code, group.priced_kg, group.weighed_kg, group.weighed_kg / whole if whole else ZERO)
        for code, group in sums.items()
    ]
    return sorted(found, key=lambda part: (-part.weighed_kg, part.code))
