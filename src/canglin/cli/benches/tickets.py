"""What gateway and batch are measured with: a province whose places and contracts are in, and its inbound tickets, not yet sent."""

import json
import secrets
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice, zip_longest

from canglin.cli.benches.ground import Ground, hand_in
from canglin.cli.benches.load import post
from canglin.gateway.suites import V2022, digest_v2022
from canglin.simulator.province import REFERENCE_ORDER, Batch, Province

TABLE = "1202"
SEED = 1


@dataclass(frozen=True)
class Tickets:
    """Inbound tickets of one enterprise: NDJSON bodies and the keys to send them with."""

    keys: dict[str, str]
    lines: list[bytes]


def prepare(ground: Ground, scale: str) -> dict[str, Tickets]:
    """Hand in what tickets refer to; returns each enterprise's tickets."""
    province = Province(scale, SEED, plans=False)
    keys = ground.applications(province.enterprises)
    tickets = {code: Tickets(keys[code], []) for code in keys}
    before = set(REFERENCE_ORDER[: REFERENCE_ORDER.index(TABLE)])

    def others() -> Iterator[Batch]:
        for batch in province.batches():
            if batch.code == TABLE:
                tickets[batch.enterprise].lines.extend(batch.body.splitlines())
            elif batch.code in before:
                yield batch

    hand_in(ground.url, keys, others(), "places, people, contracts")
    return {code: held for code, held in tickets.items() if held.lines}


def sign_in(url: str, keys: dict[str, str]) -> str:
    """An application's token."""
    body = json.dumps({"appid": keys["appid"], "appkey": V2022(keys["secret"]).close(keys["app_key"].encode())})
    request = urllib.request.Request(f"{url}/api/v2022/sfrz", body.encode(), {"Content-Type": "application/json"})  # noqa: S310
    with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
        reply = json.load(answer)
    if reply["code"] != 200:
        raise RuntimeError(f"sign-in: {reply}")
    return str(reply["data"]["access_token"])


def singles(url: str, tickets: dict[str, Tickets], most: int) -> list[bytes]:
    """At most ``most`` tickets as v2022 requests, encrypted and signed, the enterprises taking turns."""
    built: list[bytes] = []
    tokens = {code: sign_in(url, held.keys) for code, held in tickets.items()}
    ciphers = {code: V2022(held.keys["secret"]) for code, held in tickets.items()}
    turns = zip_longest(*([(code, line) for line in held.lines] for code, held in tickets.items()))
    for code, line in islice(filter(None, chain.from_iterable(turns)), most):
        close, token = ciphers[code].close, tokens[code]
        built.append(post(url, "/api/v2022/lsrkxx", close(line).encode(), {
            "Authorization": f"Bearer {token}", "Content-Type": "application/json", "digest": digest_v2022(line),
            "nonce": close(f"{token}{time.time_ns() // 1_000_000}".encode()),
            "requestId": close(f"{token}{secrets.randbelow(10**19):019d}".encode()),
        }))
    return built


def batches(url: str, tickets: dict[str, Tickets], rows: int) -> list[bytes]:
    """All tickets as batch requests of at most ``rows``."""
    built = []
    for held in tickets.values():
        headers = {"Authorization": f"Bearer {sign_in(url, held.keys)}", "Content-Type": "application/x-ndjson"}
        for first in range(0, len(held.lines), rows):
            body = b"\n".join(held.lines[first : first + rows])
            built.append(post(url, f"/api/v1/records/{TABLE}", body, headers))
    return built
