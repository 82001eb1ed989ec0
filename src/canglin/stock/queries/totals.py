"""Stock by lot, depot, enterprise, region, variety, nature, grade, harvest year or owner, at any past moment."""

from collections.abc import Callable, Collection, Sequence
from decimal import Decimal
from typing import Literal, NamedTuple, get_args

from canglin.registry.models import Depot
from canglin.stock.ledger.balances import NOW, Moment
from canglin.stock.queries.cards import Card, newest_cards
from canglin.stock.queries.contents import contents
from canglin.stock.rules.composition import Grain

By = Literal["lot", "depot", "enterprise", "region", "variety", "nature", "grade", "harvest_year", "owner"]
BY: tuple[str, ...] = get_args(By)
#: Grouped by a place, rows keep the kinds of grain apart; grouped by a kind, a row is all of it.
PLACES = ("lot", "depot", "enterprise", "region")


class Total(NamedTuple):
    """An amount of one group. ``group`` is a code of what was asked for; ``grain`` is empty when grouped by a kind."""

    group: str
    grain: Grain
    priced_kg: Decimal
    weighed_kg: Decimal


_ANY = Grain("", "", 0)
_Group = Callable[[str, Grain], str]


def region_of_depots(depots: Collection[str] | None = None) -> dict[str, str]:
    """depot → its region (GB/T 2260)."""
    found = Depot.everything.all()
    if depots is not None:
        found = found.filter(depot_code__in=depots)
    return dict(found.values_list("depot_code", "region_code"))


def depots_in(region: str, depots: Collection[str] | None = None) -> list[str]:
    """Codes of the depots in ``region`` (430000 the province, 430100 a city, 430102 a county), within ``depots`` when
    given."""
    prefix = region.removesuffix("00").removesuffix("00")
    found = Depot.everything.filter(region_code__startswith=prefix)
    if depots is not None:
        found = found.filter(depot_code__in=depots)
    return list(found.values_list("depot_code", flat=True))


def _grouping(by: By, moment: Moment, lots: Collection[str], depots: Collection[str] | None) -> _Group:
    cards: dict[str, Card] = newest_cards(lots, moment) if by in ("grade", "owner") else {}
    regions = region_of_depots(depots) if by == "region" else {}
    groups: dict[str, _Group] = {
        "lot": lambda lot, grain: lot,
        "depot": lambda lot, grain: lot[:21],
        "enterprise": lambda lot, grain: lot[:18],
        "region": lambda lot, grain: regions.get(lot[:21], ""),
        "variety": lambda lot, grain: grain.variety_code,
        "nature": lambda lot, grain: grain.nature_code,
        "harvest_year": lambda lot, grain: str(grain.harvest_year or ""),
        "grade": lambda lot, grain: cards[lot].grade_code if lot in cards else "",
        # Without a card that says otherwise the grain belongs to the enterprise that holds it.
        "owner": lambda lot, grain: (cards[lot].owner_code if lot in cards else "") or lot[:18],
    }
    return groups[by]


def totals(
    by: By, moment: Moment = NOW, *, depots: Collection[str] | None = None, lots: Collection[str] | None = None,
    apart: bool = False,
) -> Sequence[Total]:
    """Stock at ``moment`` of the depots (or lots) in scope, grouped, in the order of codes; None = all. Groups that
    hold nothing are left out. An empty code means the records do not say (未注明). ``apart`` keeps the kinds of grain
    apart in groups of a kind too (a nature's wheat and paddy, for conversion)."""
    held = contents(moment, lots=lots, depots=depots)
    group, by_place = _grouping(by, moment, held, depots), apart or by in PLACES
    sums: dict[tuple[str, Grain], tuple[Decimal, Decimal]] = {}
    for lot, inside in held.items():
        for grain, (priced_kg, weighed_kg) in inside.grains.items():
            key = group(lot, grain), grain if by_place else _ANY
            if key in sums:
                so_far = sums[key]
                sums[key] = so_far[0] + priced_kg, so_far[1] + weighed_kg
            else:
                sums[key] = priced_kg, weighed_kg
    return [Total(*key, *amounts) for key, amounts in sorted(sums.items()) if any(amounts)]
