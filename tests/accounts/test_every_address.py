"""Every address of the whole platform, for a stranger and for every role: nothing opens without an account, nothing breaks.

The addresses are read off the URL configuration, so that a page that forgets its guard is found the day it is added.
"""

import re

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from canglin.accounts import roles
from tests.accounts.conftest import CHANGSHA

pytestmark = pytest.mark.django_db

#: What may be seen without an account: signing in, the health of the server, choosing the language, the sign of life of the API.
OPEN = re.compile(r"^(accounts/(login|logout)/|healthz|metrics|ui/language/|api/v1/openapi\.json|api/v1/docs|static/)")
_SAMPLES = {"int": "1", "str": "x", "slug": "x", "path": "x", "uuid": "00000000-0000-0000-0000-000000000000"}


def addresses(patterns=None, before=""):
    """Every address with samples for its parts."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield re.sub(r"<(?:(\w+):)?\w+>", lambda found: _SAMPLES.get(found[1] or "str", "1"), route).strip("^$")


ADDRESSES = sorted(set(addresses()))


def test_there_are_addresses():
    assert "people/" in ADDRESSES
    assert len(ADDRESSES) > 20


def test_a_stranger_sees_nothing(client):
    for address in ADDRESSES:
        if OPEN.match(address):
            continue
        for method in (client.get, client.post):
            answer = method(f"/{address}")
            assert answer.status_code in (301, 302, 401, 403, 404, 405), f"{address} answers {answer.status_code}"
            if answer.status_code == 302:
                assert answer.url.startswith("/accounts/login/"), address


@pytest.mark.parametrize("role", roles.ROLES)
def test_no_page_breaks_for_any_role(client, person, province, role):
    client.force_login(person(role, "43" if "region" in roles.ROLES[role].areas else CHANGSHA))
    for address in ADDRESSES:
        if not address.startswith(("api/", "accounts/logout")):
            answer = client.get(f"/{address}")
            assert answer.status_code < 500, f"{address} answers {answer.status_code}"


def test_the_system_administrator_sees_every_page(client, person, province):
    client.force_login(person("admin", "43"))
    changing = re.compile(r"(new|state|reset|rotate|revoke|change)/|^rulebook/x/1/$")
    for address in ADDRESSES:
        if not address.startswith("api/") and not changing.search(address):
            assert client.get(f"/{address}").status_code != 403, address
