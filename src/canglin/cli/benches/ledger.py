"""``bench ledger``: a late ticket into an account of a million moves, and the totals of a whole province."""

import json
import statistics
import time
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import psycopg

from canglin.cli.benches.ground import Ground, hand_in
from canglin.cli.benches.tickets import SEED, sign_in
from canglin.cli.command import note

if TYPE_CHECKING:
    from canglin.simulator.cast import Depot
    from canglin.simulator.province import Batch, Province

MOVES = 1_000_000
LATE = 25
ROUNDS = 15
# A year of lorries of 30 t, one every half minute; received today.
_FILL = """
WITH made AS (
    INSERT INTO stock_move (number, seq, account_id, contra_id, priced_kg, weighed_kg, business_at, received_at, table_code, key)
    SELECT 1000000000 + g, 0, %(account)s, %(contra)s, 30000, 30000, now() - g * interval '31 seconds', now(), '1202', 'bench' || g
    FROM generate_series(1, %(moves)s) AS g
    RETURNING account_id, contra_id, priced_kg, business_at
), days AS (
    INSERT INTO stock_daynet AS net (account_id, day, priced_kg, weighed_kg)
    SELECT account_id, (business_at AT TIME ZONE '+08')::date, sum(priced_kg), sum(priced_kg) FROM made GROUP BY 1, 2
    ON CONFLICT (account_id, day) DO UPDATE
    SET priced_kg = net.priced_kg + excluded.priced_kg, weighed_kg = net.weighed_kg + excluded.weighed_kg
), months AS (
    INSERT INTO stock_monthnet AS net (account_id, month, priced_kg, weighed_kg)
    SELECT account_id, date_trunc('month', business_at AT TIME ZONE '+08')::date, sum(priced_kg), sum(priced_kg)
    FROM made GROUP BY 1, 2
    ON CONFLICT (account_id, month) DO UPDATE
    SET priced_kg = net.priced_kg + excluded.priced_kg, weighed_kg = net.weighed_kg + excluded.weighed_kg
)
UPDATE stock_account SET priced_kg = priced_kg + 30000::numeric * %(moves)s, weighed_kg = weighed_kg + 30000::numeric * %(moves)s
WHERE id = %(account)s
"""


def run(ground: Ground, scale: str) -> dict[str, float]:
    """Measure; figures as docs/performance.md names them."""
    from canglin.simulator.province import Province

    province = Province(scale, SEED, plans=False)
    keys = ground.applications(province.enterprises)
    hand_in(ground.url, keys, _registries(province), "places and people")
    figures = _late_tickets(ground, province, keys)
    return figures | _totals(ground, province)


def _registries(province: "Province") -> "Iterator[Batch]":
    from canglin.simulator.province import pack

    for enterprise in province.enterprises:
        by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for code, record in province.registry(enterprise.depots):
            by_table[code].append(record)
        yield from pack(by_table, enterprise.code, "")


def _late_tickets(ground: Ground, province: "Province", keys: dict[str, dict[str, str]]) -> dict[str, float]:
    """Send a depot's year but for some tickets of one lot, make that account long, then send those tickets one by
    one."""
    depot, lot = _busiest(province)
    held: list[dict[str, Any]] = []

    def all_but_late() -> "Iterator[Batch]":
        for batch in province.batches([depot]):
            if batch.code == "1202":
                rows = [json.loads(line, parse_float=Decimal) for line in batch.body.splitlines()]
                late = [row for row in rows if row["hwdm"] == lot][:LATE]
                held.extend(late)
                lines = [line for line, row in zip(batch.body.splitlines(), rows, strict=True) if row not in late]
                yield batch._replace(body=b"\n".join(lines) + b"\n", rows=len(lines))
            elif batch.code < "1202" or batch.code == "1204":
                yield batch

    hand_in(ground.url, keys, all_but_late(), "one depot's tickets")
    with psycopg.connect(ground.database_url, autocommit=True) as connection:
        found = connection.execute(
            "SELECT m.account_id, m.contra_id FROM stock_move m JOIN stock_account a ON a.id = m.account_id "
            "WHERE a.lot_code = %s AND m.table_code = '1202' GROUP BY 1, 2 ORDER BY count(*) DESC LIMIT 1", (lot,)
        ).fetchone()
        if found is None:
            raise RuntimeError(f"lot {lot} has no moves")
        connection.execute(_FILL, {"account": found[0], "contra": found[1], "moves": MOVES})
        connection.execute("ANALYZE stock_move, stock_daynet, stock_monthnet, stock_account")
    note(f"an account of {MOVES:,} moves")
    times = _send_late(ground, keys[depot.enterprise.code], lot, held)
    return {"backdated_ms": statistics.median(times), "backdated_max_ms": max(times), "backdated_tickets": len(times)}


def _busiest(province: "Province") -> "tuple[Depot, str]":
    """A depot and the lot of it that took in most tickets."""
    for depot in province.depots[:20]:
        counts: dict[str, int] = defaultdict(int)
        for code, record in province.business(depot):
            if code == "1202":
                counts[record["hwdm"]] += 1
        if counts and max(counts.values()) >= LATE:
            return depot, max(counts, key=lambda lot: counts[lot])
    raise RuntimeError(f"no lot took in {LATE} tickets")


def _send_late(ground: Ground, keys: dict[str, str], lot: str, tickets: list[dict[str, Any]]) -> list[float]:
    """ms from sending each ticket to having the exact balance of its own moment, over HTTP and from the ledger."""
    import http.client

    from canglin.simulator.province import encode
    from canglin.stock.ledger.balances import CHINA, Moment, balances

    token = sign_in(ground.url, keys)
    address = ground.url.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=30)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/x-ndjson"}
    times = []
    for ticket in tickets:
        moment = Moment(at=datetime.fromisoformat(ticket["cmsj"]).replace(tzinfo=CHINA))
        before = sum(held.priced_kg for held in balances(moment, lots=[lot]))
        body = encode(ticket)
        began = time.perf_counter()
        connection.request("POST", "/api/v1/records/1202", body, headers)
        answer = json.loads(connection.getresponse().read())
        after = sum(held.priced_kg for held in balances(moment, lots=[lot]))
        times.append((time.perf_counter() - began) * 1000)
        if answer.get("taken") != 1 or after - before != Decimal(str(ticket["jz"])):
            raise RuntimeError(f"the balance is not exact: {before} → {after} for {ticket['jz']} kg, {answer}")
    connection.close()
    return times


def _totals(ground: Ground, province: "Province") -> dict[str, float]:
    """Every lot of the province holds grain, with a year of months and a month of days; then the page's totals."""
    from canglin.stock.ledger.accounts import AccountKey, number_of
    from canglin.stock.ledger.balances import CHINA, NOW, Moment
    from canglin.stock.queries.totals import By, totals

    today = datetime.now(CHINA).date()
    months = sorted({(today.replace(day=1) - timedelta(days=28 * i)).replace(day=1) for i in range(12)})
    lots = [lot for depot in province.depots for lot in depot.lots]
    with psycopg.connect(ground.database_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT id FROM stock_account")
        there = {row[0] for row in cursor.fetchall()}
        accounts = {
            number_of(key): key
            for number, lot in enumerate(lots)
            for key in [AccountKey("lot", lot.code[:21], lot.code, ("1110101", "1120101", "1130101")[number % 3],
                                   ("100", "200", "300")[number % 3], today.year - number % 4)]
        }
        with cursor.copy(
            "COPY stock_account (id, kind, depot_code, lot_code, variety_code, nature_code, harvest_year, other_lot_code, "
            "priced_kg, weighed_kg, number) FROM STDIN"
        ) as into:
            for number, key in accounts.items():
                if number not in there:
                    into.write_row((number, *key, 12_000_000, 12_000_000, 1))
        with cursor.copy("COPY stock_monthnet (account_id, month, priced_kg, weighed_kg) FROM STDIN") as into:
            for number in accounts.keys() - there:
                for month in months:
                    into.write_row((number, month, 1_000_000, 1_000_000))
        cursor.execute("ANALYZE")
    groups: tuple[By, ...] = ("variety", "region", "nature")
    past = Moment(at=datetime.now(CHINA) - timedelta(days=100))

    def median_ms(by: By, moment: Moment) -> float:
        times = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            found = totals(by, moment)
            times.append((time.perf_counter() - began) * 1000)
            if not found:
                raise RuntimeError("the totals are empty")
        return statistics.median(times)

    return {
        "totals_ms": max(median_ms(by, NOW) for by in groups), "totals_past_ms": max(median_ms(by, past) for by in groups),
        "lots": len(lots),
    }
