"""A lot's whole story: what the depot says lies there, what the tickets prove, and every record behind both."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.overview import links
from canglin.overview.pages.places import Tabs, answered, chosen
from canglin.overview.queries.flows import Level, lot_levels
from canglin.overview.tables import lot as of_lot
from canglin.overview.tables.lot_records import ConditionTable, RecordTable
from canglin.overview.tables.parts import LOT_STATES
from canglin.registry.facts import facts
from canglin.registry.models import Compartment, Depot, OilTank, StorageLot, Warehouse
from canglin.standard import codes, regions
from canglin.stock.models import StockCard
from canglin.stock.queries.claims import CardDifference, card_differences, explain
from canglin.stock.queries.contents import contents
from canglin.stock.rules.explanation import REASONS, Explanation
from canglin.ui.charts import Chart
from canglin.ui.parts import Crumb, Figure

ZERO = Decimal(0)
KG_PER_T = Decimal(1000)
LEDGER, CLAIM = "总账实际数量", "货位卡实际数量"
#: Cards drawn beside the ledger's line.
CARDS_DRAWN = 400

_TABS: Tabs = {
    "custody": ("分仓保管账", of_lot.CustodyTable, "stock.view"),
    "inbound": ("入库", of_lot.InboundTable, "stock.view"),
    "outbound": ("出库", of_lot.OutboundTable, "stock.view"),
    "changes": ("倒仓损溢", of_lot.ChangeTable, "stock.view"),
    "quality": ("质检报告", of_lot.QualityTable, "quality.view"),
    "inspections": ("入库检验", of_lot.InspectionTable, "quality.view"),
    "condition": ("粮情与作业", ConditionTable, "storage.view"),
    "records": ("原始记录", RecordTable, "records.view"),
}


@dataclass(frozen=True)
class Comparison:
    """One quantity of the card beside the ledger."""

    label: str
    claim_kg: Decimal
    ledger_kg: Decimal
    explanations: list[list[dict[str, Any]]]

    @property
    def difference_kg(self) -> Decimal:
        """Claim − ledger."""
        return self.claim_kg - self.ledger_kg

    @property
    def share(self) -> Decimal | None:
        """Of the ledger."""
        return self.difference_kg / self.ledger_kg if self.ledger_kg else None


@policy.page("registry.view")
def lot(request: HttpRequest, key: str) -> HttpResponseBase:
    """The page. A lot outside the reader's area is not there."""
    record = get_object_or_404(policy.rows(request.user, StorageLot.objects), key=key)
    table, tabs = chosen(request, _TABS, lot=key)
    if (answer := answered(request, table, tabs)) is not None:
        return answer
    grains = inside.grains if (inside := contents(lots=[key]).get(key)) else {}
    difference = card_differences([key]).get(key)
    card = StockCard.objects.get(key=difference.card.key) if difference else None
    owner = (card.owner_code if card else "") or key[:18]
    names = place_names({owner, key[:18]})
    composition = of_lot.CompositionTable(request, prefix="g", grains=grains, owner=names[owner])
    if (answer := composition.answer()) is not None:
        return answer
    place = _place(request, record)
    weighed_kg = sum((weighed for _, weighed in grains.values()), ZERO)
    priced_kg = sum((priced for priced, _ in grains.values()), ZERO)
    now = timezone.now()
    context = {
        "title": f"{place['depot_name']} · {record.lot_name}",
        "subtitle": place["path"],
        "crumbs": place["crumbs"],
        "state": LOT_STATES.get(card.lot_status if card else "", ("", "neutral")),
        "lot": record,
        "figures": _figures(record, grains, weighed_kg, priced_kg, difference, now),
        "lot_facts": facts(
            record, leave_out=("lot_name",), links={"compartment_code": reverse("registry:warehouse", args=[key[:25]])}
        ),
        "lot_number": record.number,
        "lot_history_url": links.to("records:history", "1105", key),
        "card": card,
        "card_facts": facts(card, leave_out=("lot_code",), notes={"owner_code": names[owner]}) if card else [],
        "card_history_url": links.to("records:history", "1208", card.key) if card else "",
        "composition": composition,
        "comparisons": _comparisons(difference),
        "difference": difference,
        "chart": _chart(lot_levels(key), key, record.capacity_t),
        "custody_url": links.to("stock:custody", key),
        "claims_url": links.to("stock:claims"),
        "table": table,
        "tabs": tabs,
        "is_virtual": record.lot_name.endswith("//xn"),
    }
    return render(request, "overview/lot.html", context)


def _place(request: HttpRequest, record: StorageLot) -> Mapping[str, Any]:
    """The way from region to lot. Names are read without the area's filter: whoever sees the lot may know where it lies."""
    key = record.key
    depot = Depot.everything.filter(key=key[:21]).values("depot_name", "region_code").first() or {}
    building = (
        Warehouse.everything.filter(key=key[:25]).values_list("warehouse_name", flat=True).first()
        or OilTank.everything.filter(key=key[:25]).values_list("tank_name", flat=True).first()
        or key[21:25]
    )
    compartment = Compartment.everything.filter(key=key[:28]).values_list("compartment_name", flat=True).first()
    depot_name = str(depot.get("depot_name", key[:21]))
    steps = [
        regions.path(str(depot.get("region_code", ""))),
        depot_name,
        building,
        compartment if compartment != building else "",
        record.lot_name,
    ]
    return {
        "depot_name": depot_name,
        "path": " › ".join(step for step in steps if step),
        "crumbs": [
            Crumb("库点", reverse("registry:depots")),
            Crumb(depot_name, reverse("registry:depot", args=[key[:21]])),
            Crumb(building, reverse("registry:warehouse", args=[key[:25]])),
            Crumb(record.lot_name),
        ],
    }


def _figures(
    record: StorageLot,
    grains: Mapping[Any, Any],
    weighed_kg: Decimal,
    priced_kg: Decimal,
    difference: CardDifference | None,
    now: datetime,
) -> list[Figure]:
    used = weighed_kg / KG_PER_T / record.capacity_t if record.capacity_t else None
    main = max(grains, key=lambda grain: (grains[grain][1], grain)) if grains else None
    variety = codes.brief(main.variety_code, "food_variety") or "未注明" if main else "空仓"
    kind = (
        f"{codes.brief(main.nature_code, 'food_nature') or '性质未注明'}，{main.harvest_year or '年度未注明'} 年收获"
        if main
        else ""
    )
    return [
        Figure("品种", variety + (f" 等 {len(grains)} 种" if len(grains) > 1 else ""), note=kind, as_of=now),
        Figure("实际数量", weighed_kg, "公斤", 1, now, note="毛重－皮重"),
        Figure("计价数量", priced_kg, "公斤", 1, now, note="净重"),
        Figure(
            "仓容利用",
            None if used is None else used * 100,
            "%",
            1,
            now,
            share=None if used is None else float(min(max(used, ZERO), 1)),
            note=f"货位容量 {record.capacity_t:,.0f} 吨" if record.capacity_t else "容量未报",
            tone="warn" if used is not None and used > 1 else "",
        ),
        _difference_figure(difference),
    ]


def _difference_figure(difference: CardDifference | None) -> Figure:
    if difference is None:
        return Figure("卡账差异（实际）", None, note="没有货位卡")
    bad = bool(difference.weighed_kg or difference.priced_kg)
    return Figure(
        "卡账差异（实际）",
        difference.weighed_kg,
        "公斤",
        1,
        difference.card.stated_at,
        tone="bad" if bad else "good",
        note="货位卡－总账" if bad else "货位卡与总账一致",
    )


def _comparisons(difference: CardDifference | None) -> list[Comparison]:
    if difference is None:
        return []
    card = difference.card
    return [
        Comparison("计价数量", card.priced_kg, difference.ledger_priced_kg, _explained(explain(difference))),
        Comparison("实际数量", card.weighed_kg, difference.ledger_weighed_kg, _explained(explain(difference, weighed=True))),
    ]


def _explained(found: Sequence[Explanation]) -> list[list[dict[str, Any]]]:
    pages = {"1202": "stock:inbound_ticket", "1205": "stock:outbound_ticket"}
    return [
        [
            {
                "document_no": candidate.key.partition("|")[0],
                "reason": REASONS[candidate.reason],
                "effect_kg": candidate.effect_kg,
                "href": links.to(pages[candidate.table_code], candidate.key)
                if candidate.table_code in pages
                else links.to("records:history", candidate.table_code, candidate.key),
                "number": candidate.number,
            }
            for candidate in explanation
        ]
        for explanation in found
    ]


def _chart(levels: Sequence[Level], key: str, capacity_t: Decimal | None) -> Chart | None:
    """The ledger's weighed balance as a line of steps, the cards as points, in tonnes against real time."""
    cards = StockCard.objects.filter(lot_code=key).order_by("-stated_at").values_list("stated_at", "weighed_kg")[:CARDS_DRAWN]
    if not levels and not cards:
        return None
    highest = [_t(level.weighed_kg) for level in levels] + [_t(weighed_kg) for _, weighed_kg in cards]
    line = [[level.day.isoformat(), _t(level.weighed_kg)] for level in levels]
    if levels:
        line.append([timezone.localdate().isoformat(), _t(levels[-1].weighed_kg)])
    points = [[f"{timezone.localtime(at):%Y-%m-%d %H:%M}", _t(weighed_kg)] for at, weighed_kg in reversed(cards)]
    option: dict[str, Any] = {
        "xAxis": {"type": "time", "data": None},
        "series": [
            {
                "name": LEDGER,
                "type": "line",
                "step": "end",
                "showSymbol": False,
                "data": line,
                "areaStyle": {"opacity": 0.12},
                "lineStyle": {"width": 2},
            },
            {"name": CLAIM, "type": "scatter", "symbolSize": 7, "data": points},
        ],
        "yAxis": {"name": "吨", "min": 0},
    }
    if capacity_t:
        option["yAxis"]["max"] = _roof(max([float(capacity_t), *highest]))
    # Named twice: the frame draws the legend of the series it knows, their points come with the option.
    return Chart("line", "总账结存与货位卡", (), {LEDGER: (), CLAIM: ()}, "吨", 3, option=option)


def _roof(highest: float) -> float:
    """A round figure above the highest value, for the axis."""
    step = 10 ** max(0, len(str(int(highest))) - 1)
    return float(-(-highest * 1.02 // step) * step)


def _t(kg: Decimal) -> float:
    return float(kg / KG_PER_T)
