"""Contracts: what was agreed, what the tickets delivered, what was settled at which price."""

from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Case, OuterRef, QuerySet, Subquery, Sum, When
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, render

from canglin.accounts import policy
from canglin.accounts.queries import place_names
from canglin.registry.facts import facts
from canglin.registry.models import Depot, Enterprise
from canglin.standard import codes, units
from canglin.stock.models import Contract, InboundSettlement, InboundTicket, OutboundSettlement, OutboundTicket
from canglin.stock.pages.parts import Row, StockTable, kg, link, natures, to, varieties
from canglin.stock.pages.tickets import InboundTable, OutboundTable
from canglin.ui.parts import Crumb, Figure
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Code, Column, DateRange, Day, Empty, Link, Moment, Money, Number, Percent, Search, TablePage

#: 业务类别 (1201.ywlx) of contracts to sell: fulfilled by trucks out, all others by trucks in.
SELLING = "1"
# Few enough to be sorted by anything.
_kg = partial(kg, sort=True)


def _delivered(ticket: Any) -> Subquery:
    depots = Depot.everything.filter(enterprise_code=OuterRef(OuterRef("enterprise_code"))).values("key")
    # Tickets are indexed by depot: the enterprise's few depots are read, not the province.
    rows = ticket.objects.filter(contract_no=OuterRef("contract_no"), in_depot__in=depots)
    return Subquery(rows.order_by().values("contract_no").annotate(kg=Sum("net_kg")).values("kg"))


def _share(row: Row) -> Decimal | None:
    return (row["delivered_kg"] or Decimal(0)) / row["agreed_kg"] if row["agreed_kg"] else None


class ContractTable(StockTable):
    """购销合同 (1201) with what their tickets delivered."""

    name = "contracts"
    title = "购销合同"
    columns = [
        Column("contract_no", "合同号", link=Link("stock:contract", "key"), mono=True),
        Column("contract_name", "合同名称", wrap=True, hidden=True),
        Code("contract_type", "类别", codes="ywlx"),
        Column("enterprise_name", "签约单位", link=link("registry:enterprise", "enterprise_code"), sort=False, wrap=True),
        Column("customer_name", "客户", wrap=True),
        Code("variety_code", "品种", codes="food_variety"),
        Code("nature_code", "性质", codes="food_nature", hidden=True),
        Day("signed_on", "签订日期"),
        Day("agreed_completion_on", "约定完成", hidden=True),
        Number("contract_price_cny_per_t", "合同单价", unit="元/吨"),
        Money("contract_amount_cny", "合同金额", hidden=True),
        _kg("agreed_kg", "约定数量", total=True),
        Number("fulfilled_pct", "上报履约率", unit="%"),
        # Added up truck by truck, which takes seconds over a province: the reader asks for it, or opens the contract.
        kg("delivered_kg", "已履约数量", help="按检斤单净重逐车合计，全省列表时较慢", hidden=True),
        Percent("share", "履约率", text=_share, needs=("delivered_kg", "agreed_kg"), help="检斤单净重 ÷ 约定数量", hidden=True),
    ]
    filters = [
        Search("contract_no", "contract_name", "customer_name", label="合同号、名称或客户"),
        Choice(
            "in_enterprise",
            "签约单位",
            choices=lambda request: list(
                policy.rows(request.user, Enterprise.everything).order_by("enterprise_name").values_list("key", "enterprise_name")
            ),
        ),
        Choice("contract_type", "类别", choices=[(item.code, item.label) for item in codes.items("ywlx")]),
        Choice("variety_code", "品种", choices=varieties),
        Choice("nature_code", "性质", choices=natures),
        DateRange("signed_on", "签订日期", dates=True),
    ]
    default_sort = "-signed_on"
    empty = Empty("还没有合同", "企业上报合同信息（1201）后列在这里。", icon="file-certificate")

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area, for accounts of depots those of their enterprise."""
        held: QuerySet[Contract] = policy.rows(request.user, Contract.objects, with_enterprise=True)
        return held.annotate(
            enterprise_name=Subquery(Enterprise.everything.filter(key=OuterRef("enterprise_code")).values("enterprise_name")[:1]),
            delivered_kg=Case(When(contract_type=SELLING, then=_delivered(OutboundTicket)), default=_delivered(InboundTicket)),
        )


class ContractsPage(policy.Guarded, TablePage):
    """The list."""

    table = ContractTable
    verb = "stock.view"


def _mine(request: HttpRequest, model: Any, contract: Contract) -> "QuerySet[Any, Any]":
    rows: QuerySet[Any, Any] = policy.rows(request.user, model.objects)
    depots = list(Depot.everything.filter(enterprise_code=contract.enterprise_code).values_list("key", flat=True))
    return rows.filter(contract_no=contract.contract_no, in_depot__in=depots)


def _of(rows: Any, request: HttpRequest, table: Any) -> Rows:
    held: QuerySet[Any, Any] = rows.filter(pk__in=_mine(request, table.model, table.given["contract"]).values("pk"))
    return held


class ContractInboundTable(InboundTable):
    """The trucks in of one contract."""

    name = "contract-inbound"
    title = "履约检斤单"
    by_cursor = False
    page_size = 20
    filters = ()

    def rows(self, request: HttpRequest) -> Rows:
        """``contract`` given."""
        return _of(super().rows(request), request, self)


class ContractOutboundTable(OutboundTable):
    """The trucks out of one contract."""

    name = "contract-outbound"
    title = "履约检斤单"
    by_cursor = False
    page_size = 20
    filters = ()

    def rows(self, request: HttpRequest) -> Rows:
        """``contract`` given."""
        return _of(super().rows(request), request, self)


class SettlementTable(StockTable):
    """The settlements of one contract."""

    name = "contract-settlements"
    title = "结算单"
    page_size = 20
    default_sort = "-settled_at"
    empty = Empty("还没有结算单", "这份合同还没有上报结算信息。", icon="receipt-2")

    def __init__(self, request: HttpRequest, prefix: str = "", **given: Any) -> None:
        super().__init__(request, prefix, **given)
        code = self.given["model"].Standard.code
        contract_price = units.price_per_kg(self.given["contract"].contract_price_cny_per_t)
        self.columns = [
            Column(
                "settlement_no", "结算单号", link=lambda row: to("records:history", code, row["key"]), needs=("key",), mono=True
            ),
            Moment("settled_at", "结算时间"),
            _kg("settled_kg", "结算数量", total=True),
            Number("price_cny_per_kg", "结算单价", unit="元/公斤"),
            Number(
                "gap",
                "较合同单价",
                unit="元/公斤",
                text=lambda row: row["price_cny_per_kg"] - contract_price,
                needs=("price_cny_per_kg",),
            ),
            Money("amount_cny", "结算金额", sum=True),
            Code("payment_method", "结算方式", codes="jsfs"),
            Column("payee" if code == "1204" else "payer", "收款人" if code == "1204" else "付款人", wrap=True),
        ]

    def rows(self, request: HttpRequest) -> Rows:
        """``model`` and ``contract`` given."""
        return _mine(request, self.given["model"], self.given["contract"])


@policy.page("stock.view")
def contract(request: HttpRequest, key: str) -> HttpResponseBase:
    """One contract: agreed against delivered, price against settled prices."""
    held: Any = get_object_or_404(policy.rows(request.user, Contract.everything, with_enterprise=True), key=key)
    selling = held.contract_type == SELLING
    tickets = (ContractOutboundTable if selling else ContractInboundTable)(request, prefix="t", contract=held)
    settlements = SettlementTable(request, prefix="s", contract=held, model=OutboundSettlement if selling else InboundSettlement)
    for table in (tickets, settlements):
        if (answer := table.answer()) is not None:
            return answer
    delivered = _mine(request, OutboundTicket if selling else InboundTicket, held).aggregate(kg=Sum("net_kg"))["kg"] or Decimal(0)
    sums = _mine(request, OutboundSettlement if selling else InboundSettlement, held).aggregate(
        kg=Sum("settled_kg"), cny=Sum("amount_cny")
    )
    settled, amount = sums["kg"] or Decimal(0), sums["cny"] or Decimal(0)
    share = delivered / held.agreed_kg if held.agreed_kg else None
    price = units.price_per_kg(held.contract_price_cny_per_t)
    average = amount / settled if settled else None
    stated = "" if held.fulfilled_kg is None else f"上报 {held.fulfilled_kg:,.0f} 公斤"
    figures = [
        Figure("约定数量", held.agreed_kg, "公斤"),
        Figure("已履约数量", delivered, "公斤", note=stated or "按检斤单净重合计"),
        Figure(
            "履约率", None if share is None else share * 100, "%", 2, share=None if share is None else float(min(share, Decimal(1)))
        ),
        Figure(
            "已结算数量",
            settled,
            "公斤",
            note="与履约一致" if settled == delivered else f"相差 {settled - delivered:,.2f} 公斤",
            tone="" if settled == delivered else "warn",
        ),
        Figure("结算金额", amount, "元", 2),
        Figure("平均结算单价", average, "元/公斤", 4, note=f"合同 {price:,.4f}"),
    ]
    return render(
        request,
        "stock/contract.html",
        {
            "title": f"合同 {held.contract_no}",
            "subtitle": held.contract_name,
            "crumbs": [Crumb("购销合同", to("stock:contracts")), Crumb(held.contract_no)],
            "contract": held,
            "figures": figures,
            "enterprise": place_names([held.enterprise_code])[held.enterprise_code],
            "tickets": tickets,
            "settlements": settlements,
            "enterprise_url": to("registry:enterprise", held.enterprise_code),
            "facts": facts(held),
            "may_prove": policy.may(request.user, "records.view"),
        },
    )
