"""Addresses: each room brings its own urls.py; a room without pages has none."""

from importlib.util import find_spec

from allauth.account.views import login, logout
from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from canglin.api import build

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include(f"canglin.{room}.urls")) for room in settings.ROOMS if find_spec(f"canglin.{room}.urls")
]
urlpatterns += [
    path("api/v1/", build().urls),
    # Signing in and out only: nobody signs up or gets a password by mail, and what is not there needs no defence.
    path("accounts/login/", login, name="account_login"),
    path("accounts/logout/", logout, name="account_logout"),
]
