"""``bench pages``: every kind of page an officer of the province can reach from the first one, and how long the server takes."""

import http.client
import re
import time
from collections import defaultdict
from urllib.parse import urljoin, urlsplit

from canglin.cli.benches.ground import Ground
from canglin.cli.benches.tickets import SEED
from canglin.cli.command import note

ROUNDS = 20
EXAMPLES = 3  # addresses tried of each kind of page
MOST_PAGES = 400
_LINK = re.compile(r'(?:href|hx-get)="([^"#]+)"')
_AWAY = ("/static/", "/accounts/", "/api/", "/files/", "/metrics", "/healthz")


def run(ground: Ground, scale: str) -> dict[str, float]:
    """p95 of the server's time by kind of page, ms."""
    from canglin.simulator.feed import feed
    from canglin.simulator.province import Province

    province = Province(scale, SEED, plans=False)
    outcome = feed(ground.url, ground.applications(province.enterprises), province)
    note(f"{outcome.taken:,} records")
    visitor = _Visitor(ground)
    kinds = visitor.explore()
    if not kinds:
        raise RuntimeError("no page was found")
    figures = {}
    for kind, addresses in sorted(kinds.items()):
        times = sorted(visitor.get(address)[2] for _ in range(ROUNDS) for address in addresses)
        figures[kind] = times[int(len(times) * 0.95)]
    return figures | {"slowest_p95_ms": max(figures.values()), "records": outcome.taken}


def _routes() -> list[str]:
    """Addresses of pages that need no argument, so that one no link leads to is measured too."""
    from django.urls import URLPattern, URLResolver, get_resolver

    found: list[str] = []

    def walk(patterns: list[URLPattern | URLResolver], prefix: str) -> None:
        for pattern in patterns:
            route = prefix + str(pattern.pattern)
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns, route)
            elif not set(route) & set("<(^$\\"):
                found.append(route)

    walk(get_resolver().url_patterns, "/")
    return found


class _Visitor:
    """A signed-in officer of the province who follows links."""

    def __init__(self, ground: Ground) -> None:
        from django.test import Client

        from canglin.accounts import actions, policy

        made = actions.create_user(policy.CONSOLE, "bench", "stock", "43")
        actions.change_password(made.user, made.password, "Bench-2468-Kangle")
        made.user.refresh_from_db()
        client = Client()
        client.force_login(made.user, "django.contrib.auth.backends.ModelBackend")
        self._headers = {"Cookie": "; ".join(f"{name}={morsel.value}" for name, morsel in client.cookies.items())}
        self._connection = http.client.HTTPConnection(urlsplit(ground.url).netloc, timeout=60)

    def get(self, address: str) -> tuple[int, str, float]:
        """Status, text (of HTML) and ms of one address."""
        began = time.perf_counter()
        self._connection.request("GET", address, headers=self._headers)
        answer = self._connection.getresponse()
        body = answer.read()
        took = (time.perf_counter() - began) * 1000
        kind = answer.getheader("Content-Type", "")
        return answer.status, body.decode("utf-8", "replace") if kind.startswith("text/html") else "", took

    def explore(self) -> dict[str, list[str]]:
        """Kind of page (its pattern in urls.py) → some addresses of it."""
        from django.urls import Resolver404, resolve

        kinds: dict[str, list[str]] = defaultdict(list)
        waiting = ["/", *(route for route in _routes() if not route.startswith(_AWAY))]
        seen = set(waiting)
        while waiting and len(seen) < MOST_PAGES * 10:
            address = waiting.pop(0)
            try:
                kind = "/" + resolve(urlsplit(address).path).route
            except Resolver404:
                continue
            if len(kinds[kind]) >= EXAMPLES:
                continue
            status, text, _ = self.get(address)
            if status >= 500:
                raise RuntimeError(f"{address} answers {status}")
            if status != 200 or not text:
                continue
            kinds[kind].append(address)
            for link in _LINK.findall(text):
                target = urlsplit(urljoin(address, link.replace("&amp;", "&")))
                path = target.path + (f"?{target.query}" if target.query else "")
                if not target.netloc and path.startswith("/") and not path.startswith(_AWAY) and path not in seen:
                    seen.add(path)
                    waiting.append(path)
        return {kind: addresses for kind, addresses in kinds.items() if addresses}
