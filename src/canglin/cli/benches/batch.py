"""``bench batch``: inbound tickets as NDJSON batches, beside PostgreSQL's own COPY of the same rows."""

import time

import psycopg

from canglin.cli.benches import tickets
from canglin.cli.benches.ground import Ground
from canglin.cli.benches.load import measure

ROWS = 10_000
IN_FLIGHT = 2  # one being committed while the next is being checked


def run(ground: Ground, scale: str) -> dict[str, float]:
    """Measure; figures as docs/performance.md names them."""
    held = tickets.prepare(ground, scale)
    rows = sum(len(some.lines) for some in held.values())
    with ground.watched() as memory:
        measured = measure(ground.url, tickets.batches, (ground.url, held, ROWS), IN_FLIGHT, b'"refused":0')
    if measured.failures:
        raise RuntimeError(f"not taken: {measured.failures[0]}")
    per_s, copy_per_s = rows / measured.seconds, _copy(ground)
    return {
        "per_s": per_s, "copy_per_s": copy_per_s, "ratio": per_s / copy_per_s, "rows": rows, "peak_mb": max(memory),
    }


def _copy(ground: Ground) -> float:
    """The baseline: the stored tickets copied into a table of the same columns without index, durable at the end."""
    from canglin.standard.tables import table

    name = table(tickets.TABLE).model._meta.db_table
    with psycopg.connect(ground.database_url) as connection, connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_copy (LIKE {name})")
        with cursor.copy(f"COPY {name} TO STDOUT") as out:
            blocks = [bytes(block) for block in out]
        connection.commit()
        began = time.perf_counter()
        with cursor.copy("COPY bench_copy FROM STDIN") as into:
            for block in blocks:
                into.write(block)
        connection.commit()
        seconds = time.perf_counter() - began
        cursor.execute("SELECT count(*) FROM bench_copy")
        count = int((cursor.fetchone() or (0,))[0])
        cursor.execute("DROP TABLE bench_copy")
    return count / seconds
