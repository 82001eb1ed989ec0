"""Addresses of the stock's pages."""

from django.urls import path

from canglin.records import addresses as addresses  # registers <record_key:…>
from canglin.stock.pages import changes, claims, contracts, custody, ticket, tickets, totals

app_name = "stock"
urlpatterns = [
    path("stock/inbound/", tickets.InboundPage.as_view(), name="inbound_tickets"),
    path("stock/inbound/<record_key:key>/", ticket.inbound, name="inbound_ticket"),
    path("stock/outbound/", tickets.OutboundPage.as_view(), name="outbound_tickets"),
    path("stock/outbound/<record_key:key>/", ticket.outbound, name="outbound_ticket"),
    path("stock/contracts/", contracts.ContractsPage.as_view(), name="contracts"),
    path("stock/contracts/<record_key:key>/", contracts.contract, name="contract"),
    path("stock/custody/<record_key:lot>/", custody.custody, name="custody"),
    path("stock/totals/", totals.page, name="totals"),
    path("stock/claims/", claims.CardClaimsPage.as_view(), name="claims"),
    path("stock/claims/books/", claims.books, name="book_claims"),
    path("stock/claims/<record_key:lot>/", claims.claim, name="claim"),
    path("stock/transfers/", changes.TransfersPage.as_view(), name="transfers"),
    path("stock/gain-loss/", changes.GainLossPage.as_view(), name="gain_loss"),
    path("stock/nature-changes/", changes.NatureChangesPage.as_view(), name="nature_changes"),
]
