"""Addresses of the log's pages."""

from django.urls import path

from canglin.records import addresses as addresses  # registers <record_key:…>
from canglin.records import pages

app_name = "records"
urlpatterns = [
    path("records/", pages.entries, name="entries"),
    path("records/<int:number>/", pages.entry, name="entry"),
    path("records/<slug:table>/<record_key:key>/", pages.history, name="history"),
]
