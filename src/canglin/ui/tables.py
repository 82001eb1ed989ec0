"""Data tables, declared: columns, filters, an order and where the rows come from. Sorting, filtering, paging, choice of
columns, export and print follow from the declaration.

    class LotTable(Table):
        name = "lots"
        title = "货位"
        columns = [Column("lot_code", "货位代码", link=Link("registry:lot", "key")), Tonnes("net_kg", "净重", sum=True)]
        filters = [Search("lot_code", "name"), Choice("state", "状态", choices=STATES)]
        default_sort = "-stated_at"

        def rows(self, request):
            return policy.visible(request.user, Lot)

A page of one table is a ``TablePage``. A page with more says ``tickets = TicketTable(request, lot=lot)``, returns
``tickets.answer()`` when that is not None (a partial update or an export), and draws ``{% table tickets %}``.
"""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from django.contrib.auth.mixins import LoginRequiredMixin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views import View

from canglin.ui.columns import Badge, Code, Column, Day, Flag, Link, Moment, Money, Number, Percent, Tonnes
from canglin.ui.filters import Choice, DateRange, Filter, MultiChoice, NumberRange, Search
from canglin.ui.navigation import Predicate
from canglin.ui.parts import Crumb, Empty
from canglin.ui.rows import Row, Rows
from canglin.ui.table import Table

__all__ = [
    "Badge",
    "Choice",
    "Code",
    "Column",
    "DateRange",
    "Day",
    "Empty",
    "Filter",
    "Flag",
    "Link",
    "Moment",
    "Money",
    "MultiChoice",
    "Number",
    "NumberRange",
    "Percent",
    "Row",
    "Rows",
    "Search",
    "Table",
    "TablePage",
    "Tonnes",
]


class TablePage(LoginRequiredMixin, View):
    """A page that is one table: whole page, partial update and exports at one address.

    ``permission`` decides who may open it; which rows they see is the table's ``rows``.
    """

    table: ClassVar[type[Table]]
    title: ClassVar[str] = ""
    crumbs: Sequence[Crumb] = ()
    permission: ClassVar[Predicate | None] = None
    template_name: ClassVar[str] = "ui/table_page.html"

    def context(self, table: Table) -> Mapping[str, Any]:
        """More for the template."""
        return {}

    def given(self, **address: Any) -> Mapping[str, Any]:
        """What the table is given: the parts of the address."""
        return address

    def get(self, request: HttpRequest, **address: Any) -> HttpResponseBase:
        """Answer."""
        allowed = type(self).permission
        if allowed is not None and not allowed(request.user):
            raise PermissionDenied
        table = self.table(request, **self.given(**address))
        answer = table.answer()
        if answer is not None:
            return answer
        context = {"table": table, "title": self.title or table.title, "crumbs": self.crumbs, **self.context(table)}
        response = render(request, self.template_name, context)
        patch_vary_headers(response, ("HX-Request", "HX-Target"))
        return response
