"""Claims against the ledger (账实差异): stock cards (1208) and month books (1211) with their differences, and the tickets
that would explain one."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.registry.models import StorageLot
from canglin.standard import codes
from canglin.stock.models import BookStock
from canglin.stock.pages.parts import Row, StockTable, depots, kg, link, to, varieties
from canglin.stock.queries.claims import CardDifference, book_differences, card_differences, explain
from canglin.stock.rules.explanation import REASONS, Explanation
from canglin.ui.parts import Crumb, Empty, Fact, Figure, Tab
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, Moment, NumberRange, Percent, Search, TablePage

# Rows are lists here, which sort by anything.
_kg = partial(kg, sort=True)


SIZE = NumberRange("size_kg", "差异（绝对值）", unit="吨", scale=1000)


def _depot_names(codes_found: Sequence[str]) -> dict[str, str]:
    return place_names(set(codes_found))


class CardTable(StockTable):
    """The newest stock card of each lot beside the ledger at the card's own time."""

    name = "card-claims"
    title = "货位卡与总账之差"
    columns = [
        Column("depot_name", "库点", link=link("registry:depot", "in_depot"), wrap=True),
        Column("lot_name", "货位", link=link("stock:claim", "lot_code"), wrap=True),
        Column("lot_code", "货位代码", mono=True, hidden=True),
        Column("variety", "品种"),
        Moment("stated_at", "上报时间"),
        _kg("card_kg", "货位卡计价"),
        _kg("ledger_kg", "总账计价"),
        _kg("difference_kg", "计价差异", total=True, help="货位卡 − 总账：正数为多报"),
        _kg("weighed_difference_kg", "实际差异", total=True, help="货位卡 − 总账：正数为多报"),
        Percent("share", "占总账", digits=2),
        _kg("size_kg", "差异（绝对值）", hidden=True),
        Column(
            "look",
            "可能的单据",
            link=link("stock:claim", "lot_code"),
            text=lambda row: "查找" if row["size_kg"] else "",
            needs=("size_kg",),
        ),
        Column("card_number", "日志号", link=link("records:entry", "card_number"), hidden=True),
    ]
    filters = [Choice("in_depot", "库点", choices=depots), Search("lot_name", "lot_code", label="货位代码或名称"), SIZE]
    default_sort = "-size_kg"
    empty = Empty("没有差异", "每个货位最新的货位卡（1208）都与总账一致。", icon="circle-check")

    def rows(self, request: HttpRequest) -> Rows:
        """Lots of the person's area; those without a difference only when asked for."""
        lots = {
            key: (name, depot)
            for key, name, depot in policy.rows(request.user, StorageLot.everything).values_list("key", "lot_name", "in_depot")
        }
        found = card_differences(list(lots)) if lots else {}
        everything = request.GET.get("all") == "1"
        kept = {lot: each for lot, each in found.items() if everything or each.priced_kg or each.weighed_kg}
        names = _depot_names([lots[lot][1] for lot in kept])
        return [_card_row(lot, each, lots[lot][0], lots[lot][1], names) for lot, each in kept.items()]

    def row_tone(self, row: Row) -> str:
        """More on the card than the tickets prove is the graver case."""
        return "bad" if row["difference_kg"] > 0 else "warn" if row["size_kg"] else ""


def _card_row(lot: str, each: CardDifference, name: str, depot: str, names: dict[str, str]) -> dict[str, Any]:
    return {
        "in_depot": depot,
        "depot_name": names.get(depot, depot),
        "lot_code": lot,
        "lot_name": name,
        "variety": codes.brief(each.card.grain.variety_code, "food_variety"),
        "stated_at": each.card.stated_at,
        "card_kg": each.card.priced_kg,
        "ledger_kg": each.ledger_priced_kg,
        "difference_kg": each.priced_kg,
        "weighed_difference_kg": each.weighed_kg,
        "size_kg": max(abs(each.priced_kg), abs(each.weighed_kg)),
        "share": each.priced_kg / each.ledger_priced_kg if each.ledger_priced_kg else None,
        "card_number": each.card.number,
    }


def _months(request: HttpRequest) -> list[tuple[str, str]]:
    held: QuerySet[BookStock] = policy.rows(request.user, BookStock.objects)
    found = held.values_list("year", "month").distinct()
    months = sorted({f"{year}-{month:0>2}" for year, month in found}, reverse=True)
    return [(month, f"{month[:4]} 年 {month[5:]} 月") for month in months]


class BookClaimTable(StockTable):
    """The month books of one month beside the ledger; ``month`` (yyyy-MM) given."""

    name = "book-claims"
    title = "账面库存与总账之差"
    columns = [
        Column("depot_name", "库点", link=link("registry:depot", "in_depot"), wrap=True),
        Column("variety", "品种"),
        Badge("claimed", "申报", states={True: ("已报", "good"), False: ("未报", "warn")}),
        _kg("claim_closing_kg", "期末申报"),
        _kg("ledger_closing_kg", "期末总账"),
        _kg("closing_kg", "期末差异", total=True, help="申报 − 总账"),
        _kg("opening_kg", "期初差异", help="申报 − 总账"),
        _kg("received_kg", "收入差异", help="申报 − 总账"),
        _kg("issued_kg", "支出差异", help="申报 − 总账"),
        _kg("size_kg", "最大差异（绝对值）", hidden=True),
    ]
    filters = [Choice("in_depot", "库点", choices=depots), Choice("variety_code", "品种", choices=varieties), SIZE]
    default_sort = "-size_kg"
    empty = Empty("没有差异", "这个月各库点上报的账面库存（1211）都与总账一致。", icon="circle-check")

    def rows(self, request: HttpRequest) -> Rows:
        """Depots of the person's area; those without a difference only when asked for."""
        year, month = (int(part) for part in self.given["month"].split("-"))
        names = dict(depots(request))
        everything = request.GET.get("all") == "1"
        rows = []
        for each in book_differences(year, month, list(names)):
            size = max(abs(each.opening_kg), abs(each.received_kg), abs(each.issued_kg), abs(each.closing_kg))
            if size or everything:
                rows.append(
                    {
                        "in_depot": each.depot_code,
                        "depot_name": names.get(each.depot_code, each.depot_code),
                        "variety_code": each.variety_code,
                        "variety": codes.brief(each.variety_code, "food_variety") or "未注明",
                        "claimed": each.claimed,
                        "size_kg": size,
                        "claim_closing_kg": each.claim_closing_kg,
                        "ledger_closing_kg": each.ledger_closing_kg,
                        "closing_kg": each.closing_kg,
                        "opening_kg": each.opening_kg,
                        "received_kg": each.received_kg,
                        "issued_kg": each.issued_kg,
                    }
                )
        return rows


class CardClaimsPage(policy.Guarded, TablePage):
    """Stock cards."""

    table = CardTable
    template_name = "stock/claims.html"
    verb = "stock.view"

    def context(self, table: Any) -> dict[str, Any]:
        """The tabs."""
        return {
            "title": "账实差异",
            "tabs": _tabs("cards"),
            "everything": self.request.GET.get("all") == "1",
            "subtitle": "货位卡（1208）与总账在卡片所述时点之差；正数为申报多于检斤单所证明",
        }


@policy.page("stock.view")
def books(request: HttpRequest) -> HttpResponseBase:
    """Month books."""
    months = _months(request)
    asked = request.GET.get("month", "")
    month = asked if asked in dict(months) else months[0][0] if months else ""
    context: dict[str, Any] = {
        "title": "账实差异",
        "tabs": _tabs("books"),
        "everything": request.GET.get("all") == "1",
        "months": months,
        "month": month,
        "subtitle": "账面库存（1211）与总账在月初、月末及当月收支之差，按计价数量",
    }
    if month:
        table = BookClaimTable(request, month=month)
        if (answer := table.answer()) is not None:
            return answer
        context["table"] = table
    return render(request, "stock/claims.html", context)


def _tabs(current: str) -> list[Tab]:
    return [
        Tab("货位卡 1208", reverse("stock:claims"), current == "cards"),
        Tab("账面库存 1211", reverse("stock:book_claims"), current == "books"),
    ]


@policy.page("stock.view")
def claim(request: HttpRequest, lot: str) -> HttpResponseBase:
    """One lot's card beside the ledger, with the tickets that would explain the difference."""
    held: Any = get_object_or_404(policy.rows(request.user, StorageLot.everything), key=lot)
    difference = card_differences([lot]).get(lot)
    if difference is None:
        raise Http404
    card = difference.card
    sides = [
        ("计价数量", card.priced_kg, difference.ledger_priced_kg, difference.priced_kg, _explained(explain(difference))),
        (
            "实际数量",
            card.weighed_kg,
            difference.ledger_weighed_kg,
            difference.weighed_kg,
            _explained(explain(difference, weighed=True)),
        ),
    ]
    depot = place_names([lot[:21]])[lot[:21]]
    return render(
        request,
        "stock/claim.html",
        {
            "title": f"账实差异 · {held.lot_name}",
            "subtitle": f"{depot} · {lot}",
            "lot": held,
            "card": card,
            "sides": sides,
            "crumbs": [Crumb("账实差异", reverse("stock:claims")), Crumb(held.lot_name, to("overview:lot", lot))],
            "figures": [
                Figure(f"{label}差异", gap, "公斤", tone="bad" if gap else "good", note="货位卡 − 总账")
                for label, _, _, gap, _ in sides
            ],
            "facts": [
                Fact("货位卡上报时间", card.stated_at),
                Fact("入仓时间", card.filled_at),
                Fact("品种", codes.brief(card.grain.variety_code, "food_variety")),
                Fact("性质", codes.brief(card.grain.nature_code, "food_nature")),
                Fact("收获年度", str(card.grain.harvest_year or "")),
                Fact("货位状态", codes.label("hwzt", card.lot_status)),
            ],
            "card_url": to("records:entry", card.number),
            "custody_url": to("stock:custody", lot),
        },
    )


def _explained(found: Sequence[Explanation]) -> list[list[dict[str, Any]]]:
    pages = {"1202": "stock:inbound_ticket", "1205": "stock:outbound_ticket"}
    return [
        [
            {
                "no": each.key.partition("|")[0],
                "reason": REASONS[each.reason],
                "effect_kg": each.effect_kg,
                "href": to(pages[each.table_code], each.key)
                if each.table_code in pages
                else to("records:history", each.table_code, each.key),
            }
            for each in explanation
        ]
        for explanation in found
    ]
