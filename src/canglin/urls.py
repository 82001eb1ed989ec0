"""Addresses: each room brings its own urls.py; a room without pages has none."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from canglin.api import build

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"canglin.{room}.urls")) for room in settings.ROOMS if find_spec(f"canglin.{room}.urls")
]
urlpatterns += [path("api/v1/", build().urls), path("accounts/", include("allauth.account.urls"))]
