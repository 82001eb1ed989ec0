"""How full lots and depots are: weighed grain against 货位容量 (1105) and 有效仓容 + 有效罐容 (1102), in tonnes."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal

from canglin.registry.models import Depot, StorageLot
from canglin.stock.ledger.balances import NOW, Moment
from canglin.stock.queries.contents import contents

KG_PER_T = Decimal(1000)


@dataclass(frozen=True, slots=True)
class Use:
    """Capacity and contents of a lot or a depot. ``capacity_t`` None: not stated."""

    code: str
    capacity_t: Decimal | None
    held_t: Decimal

    @property
    def share(self) -> Decimal | None:
        """Of the capacity, 0 to 1 and above when overfull; None when no capacity is stated."""
        return self.held_t / self.capacity_t if self.capacity_t else None


def _held_kg(moment: Moment, width: int, lots: Collection[str] | None, depots: Collection[str] | None) -> dict[str, Decimal]:
    held: dict[str, Decimal] = defaultdict(Decimal)
    for lot, inside in contents(moment, lots=lots, depots=depots).items():
        for _, weighed_kg in inside.grains.values():
            held[lot[:width]] += weighed_kg
    return held


def lots_use(
    moment: Moment = NOW, *, lots: Collection[str] | None = None, depots: Collection[str] | None = None
) -> dict[str, Use]:
    """Every lot in scope, empty ones too."""
    found = StorageLot.objects.all()
    if lots is not None:
        found = found.filter(lot_code__in=lots)
    if depots is not None:
        found = found.filter(in_depot__in=depots)
    held = _held_kg(moment, 30, lots, depots)
    return {
        lot: Use(lot, capacity_t, held.get(lot, Decimal(0)) / KG_PER_T)
        for lot, capacity_t in found.values_list("lot_code", "capacity_t")
    }


def depots_use(moment: Moment = NOW, *, depots: Collection[str] | None = None) -> dict[str, Use]:
    """Every depot in scope."""
    found = Depot.objects.all()
    if depots is not None:
        found = found.filter(depot_code__in=depots)
    held = _held_kg(moment, 21, None, depots)
    return {
        depot: Use(depot, warehouse_t + tank_t, held.get(depot, Decimal(0)) / KG_PER_T)
        for depot, warehouse_t, tank_t in found.values_list("depot_code", "warehouse_capacity_t", "tank_capacity_t")
    }
