"""A province that never was, deterministic by scale, seed and the moment it is looked at.

    province = Province("small", seed=1)
    for code, record in province.records(): ...

What the depots report comes in the order references ask for; what the bureau records stands apart, for depots may not
send it. Memory holds the cast and one depot at work, whatever the scale.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import chain
from random import Random
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import msgspec

from canglin.simulator import bureau, cast, records_events, records_registry
from canglin.simulator.cast import Depot, Enterprise
from canglin.simulator.operations import Item, Yard
from canglin.simulator.reports import Office
from canglin.simulator.stories import Story, Teller

CHINA = ZoneInfo("Asia/Shanghai")
#: Every table after those it refers to, as batches are sent.
REFERENCE_ORDER = (
    "1101", "1212", "1102", "1103", "1106", "1104", "1105", "1107", "1108", "1112", "1110", "1111", "1109", "1201",
    "1204", "1202", "1203", "1206", "1205", "1207", "1208", "1209", "1210", "1211", "1301", "1302", "1303", "1306",
    "1304", "1305", "1307", "1308", "1309", "1310", "1401", "1402", "1403",
    "1404")
_lines = msgspec.json.Encoder(decimal_format="number").encode_lines
encode = msgspec.json.Encoder(decimal_format="number").encode


class Batch(NamedTuple):
    """Rows of one table of one depot, ready to post."""

    code: str
    enterprise: str
    depot: str
    rows: int
    body: bytes


class Province:
    """The province at ``now`` (default: this minute in China). A date alone means its evening.

    ``plans`` False leaves the rotation plan's number out of tickets, for a platform that has no plans.
    """

    def __init__(self, scale: str = "small", seed: int = 1, today: date | datetime | None = None,
                 plans: bool = True) -> None:
        if scale not in cast.SCALES:
            raise ValueError(f"scale {scale!r}: one of {', '.join(cast.SCALES)}")
        if today is None:
            today = datetime.now(CHINA).replace(tzinfo=None, microsecond=0)
        self.now = today if isinstance(today, datetime) else datetime.combine(today, time(18))
        self.scale_name, self.scale, self.seed, self.plans = scale, cast.SCALES[scale], seed, plans
        self.start = self.now.date() - timedelta(days=365)
        self.at = records_registry.stated(self.start)

    @cached_property
    def enterprises(self) -> list[Enterprise]:
        """All enterprises, parents first, each with its depots."""
        return list(cast.enterprises(self.scale, self.seed))

    @cached_property
    def depots(self) -> list[Depot]:
        """All depots in the order of their enterprises."""
        return [depot for firm in self.enterprises for depot in firm.depots]

    @cached_property
    def _order(self) -> dict[str, int]:
        return {depot.code: i for i, depot in enumerate(self.depots)}

    def _rng(self, depot: Depot) -> Random:
        return Random(f"{self.seed}:{depot.code}")

    def stories(self, depot: Depot) -> list[Story]:
        """What happens to a depot's lots."""
        return Teller(depot, self._rng(depot), self.now.date(), self.scale.turning).tell()

    def firms(self, depots: Sequence[Depot]) -> list[Enterprise]:
        """The enterprises of some depots and those above them, parents first."""
        wanted = {d.enterprise.code for d in depots}
        wanted |= {d.enterprise.parent.code for d in depots if d.enterprise.parent}
        return [firm for firm in self.enterprises if firm.code in wanted]

    def registry(self, depots: Sequence[Depot] | None = None) -> Iterator[Item]:
        """1101–1112 and 1212: of everyone, or of some depots, their enterprises and those above them."""
        depots = self.depots if depots is None else depots
        for firm in self.firms(depots):
            yield records_registry.enterprise(firm, self.at)
        for firm in {d.enterprise.code: d.enterprise for d in depots}.values():
            yield from (records_registry.customer(firm, c, self.at) for c in firm.customers)
        for depot in depots:
            yield from records_registry.place_records(depot, self.at, self.start)
            if self._order[depot.code] < 60:
                yield records_events.aerial(depot, self._order[depot.code], self.at)

    def bureau(self) -> Iterator[Item]:
        """1401–1404. They refer to lots, so they follow the registry; tickets refer to them."""
        yield from bureau.records(self.enterprises, self.stories, self.now.date(), self.at)

    def business(self, depot: Depot) -> Iterator[Item]:
        """A depot's year, day by day: contracts, tickets, sheets, cards, tests, and what it watches for."""
        order, now_text = self._order[depot.code], f"{self.now:%Y-%m-%d %H:%M:%S}"
        yield from (item for item in self._events(depot, order) if item[1]["zhgxsj"] <= now_text)
        lines = bureau.lines_of(depot, self.stories(depot)) if self.plans else {}
        yard = Yard(depot, self._rng(depot), self.now, self.scale.turning, lines)
        office = Office(yard, self.start, featured=order < 24)
        for day, items in yard.days():
            if items is None:
                yield from office.before(day)
            else:
                yield from items
        yield from office.last()

    def _events(self, depot: Depot, order: int) -> Iterator[Item]:
        yield from records_events.risks(depot, self.start, order)
        yesterday = self.now.date() - timedelta(days=1)
        if order < 24:
            yield records_events.snapshot(depot, order, yesterday)
        if order < 6:
            yield records_events.alarm(depot, order, yesterday - timedelta(days=3 * order))
        if order % 50 == 1:
            yield records_events.self_reported(depot, yesterday - timedelta(days=40))

    def records(self, depots: Sequence[Depot] | None = None) -> Iterator[Item]:
        """Everything depots report, in reference order; per depot as time went."""
        chosen = self.depots if depots is None else depots
        yield from self.registry(chosen)
        for depot in chosen:
            yield from self.business(depot)

    def batches(self, depots: Sequence[Depot] | None = None, rows: int = 5000) -> Iterator[Batch]:
        """The same as NDJSON by table, in reference order per depot. Tables that bind an uploaded file are left out: a
        file belongs to one record, and a batch cannot upload."""
        chosen = self.depots if depots is None else depots
        for firm_code, depot_code, items in self._grouped(chosen):
            by_table: dict[str, list[dict[str, Any]]] = defaultdict(list)
            for code, record in items:
                by_table[code].append(record)
            yield from pack(by_table, firm_code, depot_code, rows)

    def _grouped(self, depots: Sequence[Depot]) -> Iterator[tuple[str, str, Iterable[Item]]]:
        firms: dict[str, list[Depot]] = defaultdict(list)
        for depot in depots:
            firms[depot.enterprise.code].append(depot)
        # A daughter's registry begins with its parent's record, which is the parent's to send, and first.
        for firm in self.firms(depots):
            own = (item for item in self.registry(firms[firm.code]) if item[0] != "1101")
            yield firm.code, "", chain([records_registry.enterprise(firm, self.at)], own if firms[firm.code] else ())
        for depot in depots:
            yield depot.enterprise.code, depot.code, self.business(depot)


def pack(by_table: dict[str, list[dict[str, Any]]], enterprise: str, depot: str, rows: int = 5000) -> Iterator[Batch]:
    """Records by table as batches, in reference order."""
    for code in REFERENCE_ORDER:
        held = by_table.get(code, [])
        if code in records_events.FILE_FIELDS:
            continue
        for first in range(0, len(held), rows):
            part = held[first:first + rows]
            yield Batch(code, enterprise, depot, len(part), _lines(part))
