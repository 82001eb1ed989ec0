"""A running platform with depots on it, as a depot system meets it: over HTTP, its applications made by the command."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import pytest

from tests.interface.client import Answer, Client, Reply
from tests.interface.generator import ENDPOINTS, Record
from tests.interface.samples import Depot
from tests.served import Served

_serials = itertools.count(100_001)
"""Serial numbers of the enterprises of this run: no two tests share one, and no other suite's data has them."""

CreateApp = Callable[..., Client]


def refusal(reply: Reply, code: int, *fields: str) -> None:
    """Assert one documented refusal: its code, nothing handed out, a reason, and (410) exactly these fields named."""
    assert reply.code == code, reply
    assert reply.http == 200, reply
    assert reply.msg, reply
    assert reply.data is None, reply
    if fields:
        assert reply.fields == set(fields), reply


@dataclass
class Place:
    """A depot that stands on the platform: its builder of records, its client, a warehouse, a compartment and a lot."""

    depot: Depot
    client: Client
    officer: str
    """The token of an officer who may read every depot's stock and records."""
    warehouse: str = ""
    lot: str = ""
    _trade: dict[str, Record] = field(default_factory=dict)

    @property
    def compartment(self) -> str:
        return self.lot[:-2]

    def send(self, table: str, record: Any, **options: Any) -> Reply:
        return self.client.send(ENDPOINTS[table], record, **options)

    def take(self, table: str, record: Record) -> Record:
        """Deliver a record that must be taken."""
        reply = self.send(table, record)
        assert (reply.code, reply.http, reply.data) == (200, 200, None), (table, reply, record)
        return record

    def new_lot(self) -> str:
        """Another empty lot, in a compartment of its own once the present one is full."""
        number = self.depot.next("places")
        if number % 90 == 0:
            compartment = self.take("1104", self.depot.compartment(self.warehouse))
            self.lot = self.take("1105", self.depot.lot(compartment["ajdh"]))["hwdm"]
        return str(self.take("1105", self.depot.lot(self.compartment))["hwdm"])

    def customer(self) -> Record:
        if "customer" not in self._trade:
            self._trade["customer"] = self.take("1212", self.depot.customer())
        return self._trade["customer"]

    def contract(self, kind: str = "2") -> Record:
        """One contract with the customer: kind 1 sale, 2 purchase."""
        if kind not in self._trade:
            self._trade[kind] = self.take("1201", self.depot.contract(self.customer(), kind))
        return self._trade[kind]

    def upload(self, content: bytes, name: str = "photo.jpg") -> str:
        reply = self.client.upload(content, name)
        assert reply.code == 200, reply
        return str(reply.data)

    def versions(self, table: str, key: str) -> Answer:
        return self.client.get("/api/v1/records", token=self.officer, table=table, key=key)

    def stock(self, **when: str) -> dict[tuple[str, str, str], tuple[Decimal, Decimal]]:
        """What the platform holds in this depot, by lot, variety and nature: priced and weighed kilograms."""
        answer = self.client.get("/api/v1/stock", token=self.officer, by="lot", depot=self.depot.code, **when)
        assert answer.http == 200, answer
        totals: dict[tuple[str, str, str], tuple[Decimal, Decimal]] = {}
        for row in answer.json:
            grain = (row["lot"], row["variety"], row["nature"])
            priced_kg, weighed_kg = totals.get(grain, (Decimal(0), Decimal(0)))
            priced_kg += Decimal(str(row["net_kg"]))
            weighed_kg += Decimal(str(row["weighed_kg"]))
            totals[grain] = priced_kg, weighed_kg
        return {grain: pair for grain, pair in totals.items() if any(pair)}


def create_app(served: Served, enterprise: str, *, depots: tuple[str, ...] = (), plain: bool = False) -> Client:
    """Make an application with the command and give a client of it."""
    words = ["app", "create", "--enterprise", enterprise, "--name", f"演示应用{enterprise[-4:]}"]
    for depot in depots:
        words += ["--depot", depot]
    made = served.run(*words, *(["--plain"] if plain else []))
    return Client(served.url, made["appid"], made["app_key"], made["secret"])


def create_token(served: Served, user: str, role: str = "stock", area: str = "00") -> str:
    """Make an account for a person with the command, and a token of it for ``/api/v1``."""
    served.run("user", "create", "--name", user, "--role", role, "--area", area)
    return str(served.run("token", "create", "--user", user)["token"])


def settle(served: Served, officer: str, *, fill: bool = True) -> Place:
    """A new enterprise with one depot, one warehouse and one empty lot, reported by its own application."""
    depot = Depot(next(_serials), fill=fill)
    place = Place(depot, create_app(served, depot.enterprise), officer)
    samples, place.warehouse, place.lot = depot.place()
    for table, record in samples:
        place.take(table, record)
    return place


@pytest.fixture(scope="session")
def new_enterprise() -> Callable[[], Depot]:
    """A depot of an enterprise that the platform has never heard of."""
    return lambda: Depot(next(_serials))


@pytest.fixture(scope="session")
def app(served: Served) -> CreateApp:
    return lambda enterprise, **options: create_app(served, enterprise, **options)


@pytest.fixture(scope="session")
def officer(served: Served) -> str:
    """The token of an officer of the bureau who reads everything."""
    return create_token(served, f"interface-officer-{next(_serials)}")


@pytest.fixture(scope="session")
def place(served: Served, officer: str) -> Place:
    """The depot that most tests report for."""
    return settle(served, officer)


@pytest.fixture(scope="session")
def neighbour(served: Served, officer: str) -> Place:
    """Another enterprise's depot."""
    return settle(served, officer)


@pytest.fixture(scope="session")
def plain_client(place: Place, served: Served) -> Client:
    """An application of the same enterprise whose administrator allows unencrypted bodies."""
    return create_app(served, place.depot.enterprise, plain=True)
