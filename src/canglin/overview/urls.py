"""Addresses of the overview and of the pages of places.

The pages of places carry the registry's name, which is what they are about; they stand here because they show stock,
which the registry, lying below it, does not know.
"""

from django.urls import include, path

from canglin.overview.pages import home, lot, places

_overview = [path("", home.home, name="home"), path("lots/<str:key>/", lot.lot, name="lot")]
_registry = [
    path("enterprises/", places.EnterprisesPage.as_view(), name="enterprises"),
    path("enterprises/<str:key>/", places.enterprise, name="enterprise"),
    path("depots/", places.DepotsPage.as_view(), name="depots"),
    path("depots/<str:key>/", places.depot, name="depot"),
    path("warehouses/<str:key>/", places.warehouse, name="warehouse"),
    path("lots/", places.LotsPage.as_view(), name="lots"),
]
urlpatterns = [path("", include((_overview, "overview"))), path("", include((_registry, "registry")))]
