"""Feeds a province to a running gateway: who is there first, the bureau's plans next, then every depot's year.

Some depots send as systems in the field do, record by record over v2022; the rest hand in batches. Depots are shared
out to processes; each grows its own depots again from (scale, seed, moment), so nothing large passes between processes.
"""

import asyncio
import multiprocessing
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from queue import Empty
from typing import Any

from canglin.simulator.cast import Depot, Enterprise
from canglin.simulator.link import Link
from canglin.simulator.province import Province, pack
from canglin.simulator.records_events import FILE_FIELDS
from canglin.simulator.records_registry import enterprise
from canglin.simulator.send import GaveUp, Keys, Outcome, Sender

#: Depots one process works for at a time, and connections it opens.
DEPOTS_AT_ONCE, CONNECTIONS = 3, 24


@dataclass
class Progress:
    """How far the feed has come. ``depots`` is done of ``depots_total``."""

    records: int = 0
    depots: int = 0
    depots_total: int = 0
    seconds: float = 0.0

    @property
    def per_second(self) -> float:
        """Records answered a second, on the whole."""
        return self.records / self.seconds if self.seconds else 0.0


@dataclass(frozen=True)
class _Work:
    """What a process is told."""

    base_url: str
    scale: str
    seed: int
    now: datetime
    plans: bool
    depots: tuple[str, ...]
    single: frozenset[str]
    keys: dict[str, Keys] = field(repr=False)


async def _in_batches(sender: Sender, by_table: dict[str, list[dict[str, Any]]], depot: str) -> None:
    """Batches in the order of references; then, one by one, the records that bind a file."""
    for batch in pack(by_table, "", depot):
        await sender.batch(batch)
    await sender.records((t, r) for t, rows in by_table.items() if t in FILE_FIELDS for r in rows)


async def _registry(link: Link, keys: Mapping[str, Keys], province: Province, depots: Sequence[Depot],
                    on_answer: Callable[[int], None]) -> Outcome:
    """Enterprises one after another, parents first; then each enterprise's own list, several enterprises at once."""
    total = Outcome()
    firms = province.firms(depots)
    senders = {firm.code: Sender(link, keys[firm.code], on_answer) for firm in firms}
    for firm in firms:
        await senders[firm.code].record(*enterprise(firm, province.at))
    places = asyncio.Semaphore(DEPOTS_AT_ONCE)

    async def one(firm: Enterprise) -> None:
        async with places:
            by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for table, record in province.registry([d for d in depots if d.enterprise is firm]):
                by_table[table].append(record)
            # Said above, its own and its parent's.
            by_table.pop("1101", None)
            await _in_batches(senders[firm.code], by_table, "")

    await asyncio.gather(*(one(firm) for firm in firms))
    for sender in senders.values():
        total.add(sender.outcome)
    return total


async def _plans(link: Link, token: str, province: Province) -> Outcome:
    """The bureau's plans with a person's token, table by table."""
    by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for code, record in province.bureau():
        by_table[code].append(record)
    sender = Sender(link, token)
    for batch in pack(by_table, "", ""):
        await sender.batch(batch)
    return sender.outcome


async def _business(work: _Work, report: Callable[[int, int], None]) -> Outcome:
    """The years of some depots, a few at a time. ``report`` hears of records answered and depots done."""
    province = Province(work.scale, work.seed, work.now, work.plans)
    link = Link(work.base_url, CONNECTIONS)
    places, total = asyncio.Semaphore(DEPOTS_AT_ONCE), Outcome()
    chosen = set(work.depots)

    async def one(depot: Depot) -> None:
        async with places:
            sender = Sender(link, work.keys[depot.enterprise.code], lambda records: report(records, 0))
            if depot.code in work.single:
                await sender.records(province.business(depot))
            else:
                by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
                for table, record in province.business(depot):
                    by_table[table].append(record)
                await _in_batches(sender, by_table, depot.code)
            total.add(sender.outcome)
            report(0, 1)

    try:
        await asyncio.gather(*(one(d) for d in province.depots if d.code in chosen))
    finally:
        link.close()
    return total


def _process(work: _Work, queue: Any) -> None:
    """A process's whole life: work, tell how far, hand over the outcome or the error."""
    held = [0, 0]
    told = time.monotonic()

    def report(records: int, depots: int) -> None:
        nonlocal told
        held[0] += records
        held[1] += depots
        if depots or time.monotonic() - told > 0.2:
            queue.put(("progress", tuple(held)))
            held[:] = [0, 0]
            told = time.monotonic()

    try:
        queue.put(("done", asyncio.run(_business(work, report))))
    except GaveUp as error:
        queue.put(("error", str(error)))
    except KeyboardInterrupt:
        queue.put(("error", "interrupted"))


def _shared(depots: Sequence[Depot], processes: int) -> list[list[Depot]]:
    """Depots over processes, about as many lots each."""
    parts: list[list[Depot]] = [[] for _ in range(processes)]
    for depot in sorted(depots, key=lambda d: (-len(d.lots), d.code)):
        min(parts, key=lambda p: sum(len(d.lots) for d in p)).append(depot)
    return [p for p in parts if p]


def feed(base_url: str, applications: Mapping[str, Mapping[str, str] | Keys], province: Province,
         on_progress: Callable[[Progress], None] | None = None, processes: int = 1, *, single_share: float = 0.12,
         bureau_token: str | None = None, depots: Sequence[Depot] | None = None) -> Outcome:
    """Send a province and say what became of it.

    ``applications`` maps each enterprise's code to the keys of its application; ``single_share`` is the share of depots
    that send record by record. Rotation plans go first when there is a ``bureau_token`` (a person's token for /api/v1);
    without one build the province with ``plans=False``, for tickets may only name plans that exist. Raises GaveUp when
    the gateway cannot be reached, KeyError when an enterprise has no application.
    """
    if province.plans and not bureau_token:
        raise ValueError("tickets name rotation plans: give bureau_token, or Province(plans=False)")
    chosen = province.depots if depots is None else list(depots)
    keys = {firm.code: Keys.of(applications[firm.code]) for firm in province.firms(chosen)}
    progress, began = Progress(depots_total=len(chosen)), time.monotonic()

    def answered(records: int, done: int = 0) -> None:
        progress.records += records
        progress.depots += done
        progress.seconds = time.monotonic() - began
        if on_progress:
            on_progress(progress)

    async def first() -> Outcome:
        link = Link(base_url, CONNECTIONS)
        try:
            outcome = await _registry(link, keys, province, chosen, answered)
            if bureau_token:
                outcome.add(await _plans(link, bureau_token, province))
            return outcome
        finally:
            link.close()

    total = asyncio.run(first())
    # Small depots send singly: a demo should show every way in without waiting for the slowest.
    by_size = sorted(chosen, key=lambda d: (len(d.lots), d.code))
    single = frozenset(d.code for d in by_size[:round(single_share * len(chosen))])
    works = [_Work(base_url, province.scale_name, province.seed, province.now, province.plans,
                   tuple(d.code for d in part), single,
                   {code: keys[code] for code in {d.enterprise.code for d in part}})
             for part in _shared(chosen, max(1, processes))]
    if len(works) == 1:
        total.add(asyncio.run(_business(works[0], answered)))
        return total
    return _in_processes(works, total, answered)


def _in_processes(works: Sequence[_Work], total: Outcome, answered: Callable[[int, int], None]) -> Outcome:
    # A fresh interpreter each: the caller may have threads and a database open, which a fork would copy.
    context = multiprocessing.get_context("spawn")
    queue: Any = context.Queue()
    running = [context.Process(target=_process, args=(work, queue), daemon=True) for work in works]
    for process in running:
        process.start()
    left = len(running)
    try:
        while left:
            try:
                kind, what = queue.get(timeout=1.0)
            except Empty:
                if not any(p.is_alive() for p in running):
                    raise GaveUp("a sending process ended without a word") from None
                continue
            if kind == "progress":
                answered(*what)
            elif kind == "error":
                raise GaveUp(what)
            else:
                total.add(what)
                left -= 1
    finally:
        for process in running:
            process.terminate()
            process.join(5)
    return total
