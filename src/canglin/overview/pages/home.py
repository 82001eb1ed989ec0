"""The overview: what an officer looks at first in the morning, each figure with its time."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils import timezone

from canglin.accounts import policy
from canglin.accounts.models import User
from canglin.gateway.queries import silent_hours
from canglin.overview import links
from canglin.overview.kept import Answer
from canglin.overview.queries import flows, intake, reports
from canglin.overview.queries.differences import differences, largest
from canglin.overview.queries.standing import EMPTY, KG_PER_T, ZERO, Part, Standing, by_grain, parts, standing
from canglin.overview.tables.stock import StockTable
from canglin.standard import codes
from canglin.stock.queries.conversion import convert
from canglin.stock.queries.scope import visible_depots
from canglin.ui.charts import Chart
from canglin.ui.parts import Figure

LISTED = flows.NEWEST
IN_CHART = 8
UNSTATED = "未注明"
OIL = "21"  # LS/T 1703: 植物油脂


@policy.page("overview.view")
def home(request: HttpRequest) -> HttpResponseBase:
    """The page; its table alone when only that is asked for."""
    user = request.user
    assert isinstance(user, User)
    depots = visible_depots(user)
    found = standing(depots)
    lots = list(found.value.lots.values())
    stock = by_grain(lots)
    table = StockTable(request, prefix="s", stock=stock)
    if (answer := table.answer()) is not None:
        return answer
    months = flows.month_flows(depots)
    silent = reports.silent(list(found.value.depots.values()))
    differing = differences(depots)
    came = intake.today(user.area)
    by_variety, by_nature = parts(stock, 0), parts(stock, 1)
    figures = [
        *_stock(by_variety, found),
        _use(found),
        *_months(months, found.as_of),
        *_intake(came),
        _silence(silent),
        _differences(differing),
    ]
    context = {
        "title": "总览",
        "subtitle": _subtitle(found.value),
        "figures": [each if links.open_to(user, each.href) else replace(each, href="") for each in figures],
        "variety_chart": _bars(by_variety),
        "nature_chart": _ring(by_nature),
        "flow_chart": _flow(months),
        "states_chart": _states(lots),
        "table": table,
        "tickets": _tickets(found.value),
        "tickets_url": links.to("stock:inbound_tickets"),
        "differences": [
            {**row, "lot_row": found.value.lots[row["lot"]]}
            for row in largest(differing.value, LISTED)
            if row["lot"] in found.value.lots
        ],
        "differences_at": differing.as_of,
        "claims_url": links.to("stock:claims"),
        "silent": silent[:LISTED],
        "silent_count": len(silent),
        "as_of": found.as_of,
        "has_depots": bool(found.value.depots),
    }
    return render(request, "overview/home.html", context)


def _subtitle(found: Standing) -> str:
    return f"{len(found.depots):,} 个库点，{len(found.lots):,} 个货位"


def _t(kg: Decimal) -> Decimal:
    return kg / KG_PER_T


def _stock(by_variety: Sequence[Part], found: Answer[Standing]) -> list[Figure]:
    """Grain and oil apart: a tonne of the one is none of the other."""
    oil = [part for part in by_variety if codes.within(part.code, OIL)]
    grain = [part for part in by_variety if not codes.within(part.code, OIL)]
    raw = convert("raw_grain", ((part.code, part.weighed_kg) for part in grain))
    note = f"折合原粮 {_t(raw.kg):,.0f} 吨{'' if raw.complete else '，部分折率待确认'}" if raw.kg else ""
    url = links.to("registry:lots")
    figures = [
        Figure("粮食库存", _t(sum((part.weighed_kg for part in grain), ZERO)), "吨", 0, found.as_of, note=note, href=url),
    ]
    if oil:
        figures.append(Figure("食用油库存", _t(sum((part.weighed_kg for part in oil), ZERO)), "吨", 0, found.as_of, href=url))
    return figures


def _use(found: Answer[Standing]) -> Figure:
    depots, lots = found.value.depots.values(), found.value.lots.values()
    capacity_t = sum((depot["capacity_t"] for depot in depots), ZERO)
    held_t = _t(sum((lot["weighed_kg"] for lot in lots), ZERO))
    share = held_t / capacity_t if capacity_t else None
    empty = sum(lot["state"] == EMPTY for lot in lots)
    return Figure(
        "仓容利用",
        None if share is None else share * 100,
        "%",
        1,
        found.as_of,
        share=None if share is None else float(min(share, Decimal(1))),
        note=f"仓容 {capacity_t:,.0f} 吨，空仓 {empty:,} 个",
        href=links.to("registry:depots"),
    )


def _months(months: Sequence[flows.Flow], as_of: datetime) -> list[Figure]:
    this, before = months[-1], months[-2]
    return [
        Figure(
            "本月入库",
            _t(this.in_kg),
            "吨",
            0,
            as_of,
            note=f"上月 {_t(before.in_kg):,.0f} 吨",
            href=links.to("stock:inbound_tickets"),
        ),
        Figure(
            "本月出库",
            _t(this.out_kg),
            "吨",
            0,
            as_of,
            note=f"上月 {_t(before.out_kg):,.0f} 吨",
            href=links.to("stock:outbound_tickets"),
        ),
    ]


def _intake(came: intake.Intake) -> list[Figure]:
    monitor, refusals = links.to("gateway:monitor"), links.to("gateway:refusals")
    all_of_it = came.taken + came.same + came.refused
    share = f"拒收率 {came.refused / all_of_it:.2%}" if all_of_it else "今日尚无数据"
    return [
        Figure("今日收到记录", came.taken, "条", 0, came.last_at, note=f"重复 {came.same:,} 条" if came.same else "", href=monitor),
        Figure("今日拒收", came.refused, "条", 0, came.last_at, note=share, href=refusals, tone="warn" if came.refused else ""),
    ]


def _silence(silent: Sequence[dict[str, Any]]) -> Figure:
    hours = sorted({row["hours"] for row in silent}) or [silent_hours()]
    span = f"{hours[0]:f}" if len(hours) == 1 else f"{hours[0]:f}–{hours[-1]:f}"
    return Figure(
        "未上报库点",
        len(silent),
        "个",
        0,
        timezone.now(),
        note=f"超过 {span} 小时无数据",
        tone="warn" if silent else "",
        href=links.to("registry:depots", sort="last_at"),
    )


def _differences(found: Answer[dict[str, Any]]) -> Figure:
    count = sum(1 for each in found.value.values() if each.priced_kg or each.weighed_kg)
    return Figure(
        "卡账不符货位",
        count,
        "个",
        0,
        found.as_of,
        note=f"共 {len(found.value):,} 张货位卡",
        tone="bad" if count else "",
        href=links.to("stock:claims"),
    )


def _bars(by_variety: Sequence[Part]) -> Chart:
    """What is negative (more went out than came in) stands in the table; as a length or an angle it would mislead."""
    by_variety = [part for part in by_variety if part.weighed_kg > 0]
    first, rest = list(by_variety[:IN_CHART]), by_variety[IN_CHART:]
    names = [codes.brief(part.code, "food_variety") if part.code else UNSTATED for part in first]
    values = [_t(part.weighed_kg) for part in first]
    if rest:
        names.append(f"其他 {len(rest)} 种")
        values.append(_t(sum((part.weighed_kg for part in rest), ZERO)))
    return Chart("horizontal", "各品种实际数量", names, {"实际数量": values}, "吨")


def _ring(by_nature: Sequence[Part]) -> Chart:
    by_nature = [part for part in by_nature if part.weighed_kg > 0]
    names = [codes.brief(part.code, "food_nature") if part.code else UNSTATED for part in by_nature]
    # Names of natures are long: small enough to stand beside the ring on a phone.
    option = {"legend": {"left": "54%", "itemGap": 12, "textStyle": {"fontSize": 11}}}
    return Chart("donut", "各性质实际数量", names, {"实际数量": [_t(part.weighed_kg) for part in by_nature]}, "吨", option=option)


def _flow(months: Sequence[flows.Flow]) -> Chart:
    names = [f"{flow.month:%Y-%m}" for flow in months]
    series = {"入库": [_t(flow.in_kg) for flow in months], "出库": [_t(flow.out_kg) for flow in months]}
    return Chart("bar", "近 12 个月入库与出库", names, series, "吨")


def _states(lots: Sequence[Any]) -> Chart:
    names = [label for code, label in _STATES]
    found = Counter(lot["state"] for lot in lots)
    counts: list[Decimal | float | int | None] = [found[code] for code, _ in _STATES]
    return Chart("horizontal", "货位状态", names, {"货位": counts}, "个")


_STATES = [*((item.code, item.label) for item in codes.items("hwzt")), ("", "未报货位卡")]


def _tickets(found: Standing) -> list[dict[str, Any]]:
    return [
        {
            **ticket,
            "lot": found.lots.get(ticket["lot_code"]),
            "href": links.to("stock:inbound_ticket" if ticket["inward"] else "stock:outbound_ticket", ticket["key"]),
        }
        for ticket in flows.newest_tickets(found.depots).value
    ]
