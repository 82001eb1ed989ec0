"""``bench gateway``: single records over v2022, the whole way: token, cipher, replay, checks, log, state, ledger, fsync."""

import time

import psycopg

from canglin.cli.benches import tickets
from canglin.cli.benches.ground import Ground
from canglin.cli.benches.load import measure

IN_FLIGHT = 64
MOST = 40_000  # about eight seconds; nonces are fresh for a minute
WARM_UP = 2_000
INSERT_S = 2.0


def run(ground: Ground, scale: str) -> dict[str, float]:
    """Measure; figures as docs/performance.md names them."""
    held = tickets.prepare(ground, scale)
    warm = {code: tickets.Tickets(some.keys, some.lines[:WARM_UP // len(held)]) for code, some in held.items()}
    rest = {code: tickets.Tickets(some.keys, some.lines[WARM_UP // len(held):]) for code, some in held.items()}
    good = b'"code":200'
    measure(ground.url, tickets.singles, (ground.url, warm, WARM_UP), IN_FLIGHT, good)
    idle_mb = ground.memory_mb()
    with ground.watched() as memory:
        measured = measure(ground.url, tickets.singles, (ground.url, rest, MOST), IN_FLIGHT, good)
    if measured.failures:
        raise RuntimeError(f"not taken: {measured.failures[0]}")
    inserts = _durable_inserts(ground, next(iter(held.values())).lines[0].decode())
    return {
        "per_s": measured.per_s, "p50_ms": measured.percentile_ms(50), "p99_ms": measured.percentile_ms(99),
        "records": len(measured.latencies_ms), "in_flight": IN_FLIGHT, "idle_mb": idle_mb, "peak_mb": max(memory),
        "insert_per_s": inserts, "ratio": measured.per_s / inserts,
    }


def _durable_inserts(ground: Ground, payload: str) -> float:
    """The baseline: one connection that inserts the same text row by row, each durable before the next."""
    with psycopg.connect(ground.database_url, autocommit=True) as connection:
        connection.execute("CREATE TABLE bench_insert (number bigserial PRIMARY KEY, payload text)")
        began, count = time.perf_counter(), 0
        while (seconds := time.perf_counter() - began) < INSERT_S:
            connection.execute("INSERT INTO bench_insert (payload) VALUES (%s)", (payload,))
            count += 1
        connection.execute("DROP TABLE bench_insert")
    return count / seconds
