"""What the lists of this room share: choices of their filters, names of places, links, rights."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Concat
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from canglin.accounts import policy
from canglin.registry.models import Depot, StorageLot
from canglin.standard import codes
from canglin.stock.models import Account, Contract
from canglin.ui.tables import Choice, Code, Column, Number, Search, Table

Row = Mapping[str, Any]


def to(url_name: str, *args: Any) -> str:
    """The address of a page of any room; nothing where an argument is missing or that room has no such page."""
    if any(arg in (None, "") for arg in args):
        return ""
    try:
        return reverse(url_name, args=args)
    except NoReverseMatch:
        return ""


def link(url_name: str, *fields: str) -> Callable[[Row], str | None]:
    """For columns: the address made of fields of the row."""
    return lambda row: to(url_name, *(row.get(field) for field in fields)) or None


def lot_link(field: str) -> Callable[[Row], str | None]:
    """For columns: the lot's whole story where that room is installed, else its account."""
    return lambda row: to("overview:lot", row.get(field)) or to("stock:custody", row.get(field)) or None


def history_link(table_code: str) -> Callable[[Row], str | None]:
    """For columns: the versions of a record, each with its proof."""
    return lambda row: to("records:history", table_code, row["key"]) or None


class StockTable(Table):
    """A list of this room. Its foot adds up all filtered rows; over the whole of a very long list, where that would read
    every ticket of the province, it waits until the reader has narrowed the list down."""

    export_verb: ClassVar[str] = "stock.export"

    def may_export(self, request: HttpRequest) -> bool:
        """See accounts.roles."""
        return policy.may(request.user, self.export_verb)

    @cached_property
    def totals(self) -> list[tuple[Column, str]]:
        """See Table; empty while a list of more than 10,000 rows is not narrowed."""
        if self.by_cursor and not self.page.total_exact and not self.active:
            return []
        held: list[tuple[Column, str]] = Table.totals.func(self)  # type: ignore[attr-defined]
        return held


def depots(request: HttpRequest) -> list[tuple[str, str]]:
    """The depots of the person's area, by name."""
    found: QuerySet[Depot] = policy.rows(request.user, Depot.everything).order_by("depot_name")
    return list(found.values_list("depot_code", "depot_name"))


def varieties(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The varieties that any ticket ever moved."""
    found = Account.objects.exclude(variety_code="").values_list("variety_code", flat=True).distinct()
    return [(code, codes.brief(code, "food_variety")) for code in sorted(found)]


def natures(request: HttpRequest) -> Iterable[tuple[str, str]]:
    """The natures of the code list."""
    return [(item.code, codes.brief(item.code, "food_nature")) for item in codes.items("food_nature")]


def years(request: HttpRequest) -> Iterable[tuple[int, str]]:
    """Harvest years that may still lie somewhere."""
    this = timezone.localdate().year
    return [(year, f"{year}") for year in range(this + 1, this - 15, -1)]


@dataclass(frozen=True, init=False)
class LotSearch(Search):
    """A lot by its code, from the front, or by its name."""

    def condition(self, value: list[str]) -> Q:
        """Every word fits."""
        whole = Q()
        for word in value:
            named = StorageLot.everything.filter(lot_name__icontains=word).values("key")
            whole &= Q(**{f"{self.fields[0]}__startswith": word}) | Q(**{f"{self.fields[0]}__in": named})
        return whole


@dataclass(frozen=True, init=False)
class Party(Search):
    """Whom the grain came from or went to: the contract's customer or the carrier."""

    def condition(self, value: list[str]) -> Q:
        """Every word occurs in one of the names."""
        whole = Q()
        for word in value:
            contracts = Contract.everything.filter(customer_name__icontains=word)
            whole &= Q(carrier__icontains=word) | Q(contract_no__in=contracts.values("contract_no"), customer__icontains=word)
        return whole


@dataclass(frozen=True)
class Truth(Choice):
    """Yes or no about a computed field."""

    def condition(self, value: str) -> Q:
        """``1`` is yes."""
        return Q(**{self.key: value == "1"})


def place_columns(lot_field: str = "lot_code") -> list[Column]:
    """Depot and lot of a row; the query comes from ``with_places``."""
    return [
        Column("depot_name", "库点", link=link("registry:depot", "in_depot"), needs=("in_depot",), sort=False, wrap=True),
        Column("lot_name", "货位", link=lot_link(lot_field), needs=(lot_field,), sort=False, wrap=True),
        Column(lot_field, "货位代码", mono=True, hidden=True, sort=False),
    ]


def grain_columns() -> list[Column]:
    """Variety, nature, harvest year."""
    return [
        Code("variety_code", "品种", codes="food_variety", sort=False),
        Code("nature_code", "性质", codes="food_nature", sort=False),
        Column("harvest_year", "收获年度", sort=False),
    ]


def kg(key: str, label: str, *, total: bool = False, hidden: bool = False, help: str = "", sort: bool = False) -> Number:
    """A mass in kilograms, all its decimals. Not sorted by, unless asked: no index orders tickets by weight."""
    return Number(key, label, unit="公斤", sum=total, hidden=hidden, help=help, sort=sort)


def with_places(rows: Any, lot_field: str = "lot_code") -> Any:
    """Rows with the names of their depot and lot; asked for the page's rows only."""
    return rows.annotate(
        depot_name=Subquery(Depot.everything.filter(key=OuterRef("in_depot")).values("depot_name")[:1]),
        lot_name=Subquery(StorageLot.everything.filter(key=OuterRef(lot_field)).values("lot_name")[:1]),
    )


def with_customer(rows: Any) -> Any:
    """Tickets with the customer of their contract."""
    contract = Contract.everything.filter(key=Concat(OuterRef("contract_no"), Value("|"), OuterRef("in_enterprise")))
    return rows.annotate(customer=Subquery(contract.values("customer_name")[:1]))


def with_settled(rows: Any, settlement: Any) -> Any:
    """Tickets with whether their settlement has been reported."""
    return rows.annotate(settled=Exists(settlement.objects.filter(key=OuterRef("settlement_no"))))
