"""Acknowledged means durable: twenty times during load the platform, its server or its database is killed with -9.

Depot systems go on meanwhile as they do in the field: what was not answered 200 is sent again until it is. Then every
acknowledged ticket must be there once, with its content, in the log, in the current state and in the ledger.
"""

from __future__ import annotations

import base64
import http.client
import json
import os
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.interface.book import Book
from tests.interface.client import Client
from tests.interface.conftest import Place, create_token, settle
from tests.interface.generator import ENDPOINTS, Record
from tests.interface.merkle import tree_root
from tests.served import Served, canglin

ROUNDS = 20
LOADERS = 8
RECOVERY_S = 30.0
KINDS = ("everything", "a server process", "the database")


def descendants(pid: int) -> Iterator[int]:
    """Process ids below this one, as the kernel knows them now."""
    for children in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found = [int(child) for child in children.read_text().split()]
        except OSError:
            continue
        for child in found:
            yield child
            yield from descendants(child)


def is_postgres(pid: int) -> bool:
    """Whether a living process is PostgreSQL; one that has ended and awaits its burial has no command line."""
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


class Target:
    """The instance under fire: always the newest process of one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.served = Served(data).wait_until_ready()

    def kill(self, kind: str, chance: random.Random) -> None:
        process = self.served.process
        if kind == "the database":
            [pid_file] = list(self.data.glob("**/postmaster.pid"))
            postmaster = int(pid_file.read_text().split()[0])
            os.kill(postmaster, signal.SIGKILL)
            while is_postgres(postmaster):
                time.sleep(0.01)
        elif kind == "a server process":
            servers = [pid for pid in descendants(process.pid) if not is_postgres(pid)]
            os.kill(chance.choice(servers or [process.pid]), signal.SIGKILL)
        else:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)

    def recover(self) -> None:
        """Start it again if it went down; wait until it says that it can take records."""
        deadline = time.monotonic() + RECOVERY_S
        while True:
            if self.served.process.poll() is not None:
                self.served = Served(self.data).wait_until_ready()
            if self.healthy():
                return
            assert time.monotonic() < deadline, "it did not come back:\n" + "\n".join(self.served.complaints[-40:])
            time.sleep(0.1)

    def healthy(self) -> bool:
        connection = http.client.HTTPConnection(self.served.url.removeprefix("http://"), timeout=2)
        try:
            connection.request("GET", "/healthz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


class Load:
    """Loaders that deliver tickets and send each again, unchanged, until it is answered 200."""

    def __init__(self, target: Target, place: Place) -> None:
        self.target, self.place = target, place
        self.acknowledged: list[Record] = []
        self.complaints: list[str] = []
        self.in_doubt = 0
        self.last_words = ""
        self.codes: Counter[int] = Counter()
        self._abandoned = False
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._threads = [threading.Thread(target=self._deliver, daemon=True) for _ in range(LOADERS)]
        for thread in self._threads:
            thread.start()

    def abandon(self) -> None:
        """Send nothing more, whatever is still in doubt."""
        self._abandoned = True
        self._stop.set()

    def finish(self) -> None:
        """Let every loader get its last ticket acknowledged, then end."""
        self._stop.set()
        for thread in self._threads:
            thread.join(RECOVERY_S)
            assert not thread.is_alive(), "a ticket is still not acknowledged"

    def _next(self) -> Record:
        with self._lock:
            lot = self.place.lot
            return self.place.depot.inbound(lot) if random.random() < 0.7 else self.place.depot.outbound(lot)

    def _deliver(self) -> None:
        client: Client | None = None
        while not self._stop.is_set():
            ticket = self._next()
            endpoint = ENDPOINTS["1202" if "rkywdh" in ticket else "1205"]
            while not self._abandoned:
                try:
                    address = self.target.served.url
                    if client is None or client.transport.address != address.removeprefix("http://"):
                        ours = self.place.client
                        client = Client(address, ours.appid, ours.app_key, ours.secret)
                    reply = client.send(endpoint, ticket)
                except (OSError, http.client.HTTPException, AssertionError, StopIteration, ValueError) as error:
                    client = None
                    self.in_doubt += 1
                    self.last_words = repr(error)
                    time.sleep(0.02)
                    continue
                self.last_words = f"{reply.code} {reply.msg}"
                self.codes[reply.code] += 1
                if reply.code == 200:
                    self.acknowledged.append(ticket)
                    break
                if reply.code in (401, 402):
                    client = None
                elif reply.code not in (409, 429, 500):
                    self.complaints.append(f"{reply.code} {reply.msg}")
                    break
                time.sleep(0.05)


@pytest.mark.slow
def test_twenty_kills_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    chance = random.Random(20)
    target, load = Target(tmp_path / "instance"), None
    try:
        officer = create_token(target.served, "kill-officer")
        place = settle(target.served, officer)
        load, began = Load(target, place), time.monotonic()
        for number in range(ROUNDS):
            time.sleep(chance.uniform(0.2, 0.8))
            kind = KINDS[number % len(KINDS)]
            target.kill(kind, chance)
            target.recover()
            before = len(load.acknowledged)
            print(f"round {number}, {kind}: {before} tickets so far, {time.monotonic() - began:.1f} s")
            deadline = time.monotonic() + RECOVERY_S
            while len(load.acknowledged) < before + LOADERS:
                assert time.monotonic() < deadline, (number, kind, load.last_words)
                time.sleep(0.05)
        load.finish()
        place.client = Client(target.served.url, place.client.appid, place.client.app_key, place.client.secret)
        assert not load.complaints, load.complaints[:5]
        assert not load.codes[500], f"a database that is gone answers 409, retry: {load.codes}"
        assert load.in_doubt, "no request was ever cut off: the kills hit nothing"
        check(target, place, load.acknowledged)
    finally:
        if load:
            load.abandon()
        target.served.stop()


def check(target: Target, place: Place, acknowledged: list[Record]) -> None:
    """Every acknowledged ticket once, unchanged, in state, ledger and log; the log without gap and its tree whole."""
    numbers: list[int] = []
    for table, key in (("1202", "rkywdh"), ("1205", "ckywdh")):
        tickets = [ticket for ticket in acknowledged if key in ticket]
        for start in range(0, len(tickets), 10_000):
            answer = place.client.batch(table, tickets[start : start + 10_000])
            assert answer.http == 200, answer
            lost = [row for row in answer.json["rows"] if row["status"] != "same"]
            assert not lost, (len(lost), lost[:3])
            numbers += [row["number"] for row in answer.json["rows"]]
    assert len(set(numbers)) == len(numbers) == len(acknowledged)

    book = Book(("1202" if "rkywdh" in ticket else "1205", ticket) for ticket in acknowledged)
    assert place.stock() == book.stock()

    health = json.loads(canglin("doctor", "--json", data=target.data).stdout)
    assert health["ok"], health["problems"]
    with psycopg.connect(health["database_url"]) as connection:
        [log] = connection.execute("SELECT count(*), min(number), max(number) FROM records_record").fetchall()
        twice = connection.execute(
            "SELECT table_code, key, count(*) FROM records_record WHERE table_code IN ('1202', '1205')"
            " GROUP BY table_code, key HAVING count(*) > 1"
        ).fetchall()
        leaves = [bytes(leaf) for (leaf,) in connection.execute("SELECT leaf_hash FROM records_record ORDER BY number")]
    assert not twice, twice[:5]
    assert log == (len(leaves), 1, len(leaves)), log
    proof = place.client.get(f"/api/v1/records/{numbers[-1]}/proof", token=place.officer).json
    assert proof["size"] == len(leaves)
    assert base64.b64decode(proof["root"]) == tree_root(leaves)
    rebuilt = json.loads(canglin("rebuild", "--check", "--json", data=target.data).stdout)
    assert rebuilt["ok"], rebuilt["differences"][:5]
