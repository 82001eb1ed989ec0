"""What a depot draws up about its own stock and grain: cards, books, quality reports, pests, gas, air, fumigation.

Cards and books are the depot's claims. An honest depot's agree with its tickets to the last hundredth of a kg.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from canglin.simulator import records_stock as make
from canglin.simulator.book import State
from canglin.simulator.grain import COMMA, GROUP, MOISTURE, values_text
from canglin.simulator.operations import Item, Yard
from canglin.simulator.scans import scan


def month_ends(first: date, last: date) -> list[date]:
    """The last days of the months that end between the two."""
    found, day = [], first.replace(day=1)
    while day <= last:
        following = (day + timedelta(days=32)).replace(day=1)
        if first <= following - timedelta(days=1) <= last:
            found.append(following - timedelta(days=1))
        day = following
    return found


class Office:
    """The depot's desk: told the day, it writes what is due up to the evening before."""

    def __init__(self, yard: Yard, start: date, featured: bool) -> None:
        self.yard, self.rng, self.start = yard, yard.rng, start
        self.accepted: set[tuple[str, str]] = set()
        self.numbers: dict[str, int] = {}
        self.owner = yard.depot.enterprise.code
        self.fumigated = False
        self.featured = featured
        self.marks = self._marks(start, yard.today)

    @staticmethod
    def _marks(first: date, last: date) -> list[tuple[date, str]]:
        marks = [(day, "month") for day in month_ends(first, last)]
        for year in range(first.year, last.year + 1):
            for month, day, what in ((3, 28, "03"), (9, 28, "04"), (5, 20, "pest"), (7, 20, "pest"), (9, 12, "pest"),
                                     (1, 8, "air"), (12, 20, "air"), (6, 12, "fumigate"), (8, 5, "fumigate")):
                marks.append((date(year, month, day), what))
        return sorted(m for m in marks if first <= m[0] <= last)

    def before(self, day: date) -> Iterator[Item]:
        """What was due before ``day``'s work began."""
        while self.marks and self.marks[0][0] < day:
            when, what = self.marks.pop(0)
            yield from self._accept(when)
            yield from self._due(when, what)
        yield from self._accept(day)

    def _due(self, day: date, what: str) -> Iterator[Item]:
        if what == "month":
            yield from self._cards(f"{day} 23:59:59")
            yield from self.books(day.year, day.month, closed=True)
        elif what == "air":
            yield from self._ventilations(day)
        elif what == "fumigate":
            yield from self._fumigation(day)
        else:
            for state in self.yard.states:
                if state.status == "3" and state.priced and state.sealed <= day.isoformat():
                    yield self.pests(state, day, 0) if what == "pest" else self.quality(state, day, what)

    def _stated(self, text: str) -> bool:
        return text <= self.yard.now_text

    # Cards and books -------------------------------------------------------------------------------

    def _cards(self, at: str) -> Iterator[Item]:
        if self._stated(at):
            for state in self.yard.states:
                yield "1208", self.card(state, at)

    def card(self, state: State, at: str) -> dict[str, Any]:
        """1208 of a lot at a moment: what stands in the depot's own book."""
        record: dict[str, Any] = {"hwdm": state.lot.code, "hwzt": state.status, "sjsl": state.weighed,
                                  "jjsl": make.kg(state.priced), "bgy": self.yard.crew["保管员"], "czbz": "i",
                                  "zhgxsj": at}
        if state.status == "1":
            if state.emptied:
                record |= {"ccwcsj": state.last_out, "qcsj": state.emptied}
            return record
        record |= {
            "lspzdm": state.grain.code, "lsxzdm": state.nature, "lsdjdm": state.grade_code, "shnd": str(state.year),
            "gb": "CHN", "cd": state.origin, "lqgsdwdm": self.owner, "glfs": "01", "scdd": "1", "clfs": "1",
            "rcsj": state.entered or at, "chwqsh": 0, "ldtj": round(state.weighed / 1000 / state.grain.density, 1)}
        if state.sealed and state.sealed <= at[:10]:
            record["fcrq"] = state.sealed
        if not state.lot.building.kind.round:
            floor = state.lot.size[0] * state.lot.size[1]
            record["sjzlxg"] = round(state.weighed / 1000 / state.grain.density / floor, 2)
        return record

    def books(self, year: int, month: int, closed: bool) -> Iterator[Item]:
        """1211 of every variety the depot has held, for one month: closed on the first of the next, or as it stands
        now."""
        key = f"{year}-{month:02d}"
        following = (date(year, month, 1) + timedelta(days=32)).replace(day=1)
        at = f"{following} 08:10:00" if closed else self.yard.now_text
        if not self._stated(at):
            return
        day = f"{following - timedelta(days=1)}" if closed else self.yard.today.isoformat()
        for variety in sorted({v for v, _ in self.yard.month}):
            opening = sum(i - o for (v, k), (i, o) in self.yard.month.items() if v == variety and k < key)
            income, outgo = self.yard.month.get((variety, key), (0, 0))
            if opening or income or outgo:
                yield "1211", make.book(self.yard.depot.code, variety, year, month, opening, income, outgo, closed, day,
                                        at)

    def last(self) -> Iterator[Item]:
        """What is reported at the end: cards as they stand, this month's book, the last scans."""
        yield from self.before(self.yard.today + timedelta(days=1))
        today = self.yard.today
        yield from (("1208", self.card(state, self.yard.now_text)) for state in self.yard.states)
        yield from self.books(today.year, today.month, closed=False)
        if self.featured:
            full = [s for s in self.yard.states if s.status == "3" and not s.grain.oil][:1]
            for state in full:
                for back in (21, 14, 7):
                    yield "1302", scan(state.lot, datetime.combine(today - timedelta(days=back),
                                                                   datetime.min.time()).replace(hour=14))

    # Quality ---------------------------------------------------------------------------------------

    def _accept(self, day: date) -> Iterator[Item]:
        """A full lot is tested by the laboratory before it counts as accepted."""
        for state in self.yard.states:
            known = (state.lot.code, state.entered)
            if state.status == "3" and state.sealed and known not in self.accepted:
                tested = date.fromisoformat(state.sealed) + timedelta(days=3)
                if tested < day:
                    self.accepted.add(known)
                    yield self.quality(state, tested, "01")

    def quality(self, state: State, day: date, category: str) -> Item:
        """1310: quality, keeping and safety of a lot, mean of its tests moved by the years it has lain."""
        grain, rng = state.grain, self.rng
        stamp = f"{category}{day:%Y%m%d}"
        self.numbers[stamp] = number = self.numbers.get(stamp, 0) + 1
        years = max(0.0, (day - date(state.year, grain.season[0][0], grain.season[0][1])).days / 365)
        means = [state.mean(i) for i in range(len(grain.indices))]
        moisture = [i.code for i in grain.indices].index(MOISTURE)
        if not grain.oil:
            means[moisture] = max(grain.indices[moisture].low, means[moisture] - int(3 * years))
        keeping = [(code, new + slope * years + rng.gauss(0, 0.6)) for code, new, slope in grain.keeping]
        safety = [(code, base * rng.uniform(0.6, 1.25)) for code, base in grain.safety]
        groups = [(grain.codes, values_text(grain, tuple(means))),
                  (COMMA.join(c for c, _ in keeping), COMMA.join(f"{v:.1f}" for _, v in keeping)),
                  (COMMA.join(c for c, _ in safety), COMMA.join(f"{v:.2f}" for _, v in safety))]
        people, at = self.yard.crew, f"{day} 17:00:00"
        kept = "1" if years <= grain.storage_years else "0"
        return "1310", {
            "zjbgdh": f"{stamp}{number:04d}", "hwdm": state.lot.code, "lspzdm": grain.code, "lsdjdm": state.grade_code,
            "rkrq": state.last_in[:10], "jylb": category, "jysj": f"{day} 14:30:00", "jydw": "演示粮油质量检测中心",
            "jyr": people["检验员"], "jyyj": "1", "zblb": GROUP.join("123"), "jyxm": GROUP.join(g[0] for g in groups),
            "jyxmz": GROUP.join(g[1] for g in groups), "zbjgpd": "达标#宜存#合格", "qfrq": day.isoformat(),
            "bgcjsj": at, "shrxm": people["主任"], "qydbh": f"QY{stamp}{number:04d}",
            "qysj": f"{day - timedelta(days=1)} 09:20:00", "qyrxm": people["扦样员"], "jdrxm": people["保管员"],
            "ypbh": f"YP{stamp}{number:04d}", "ypsl": 5, "dbsl": state.weighed, "ypdj": state.grade_code,
            "sfzcccnx": kept, "czbz": "i", "zhgxsj": at}

    # Keeping ---------------------------------------------------------------------------------------

    def pests(self, state: State, day: date, density: int) -> Item:
        """1303. ``density`` heads/kg; GB/T 29890: 5 and fewer is 基本无虫."""
        level = "531" if density <= 5 else "532" if density <= 30 else "533"
        at = f"{day} 10:40:00"
        found = density or self.rng.randrange(3)
        return "1303", {"hcjcdh": f"{state.lot.code}{day:%Y%m%d}0001", "jcsj": at, "hwdm": state.lot.code,
                        "jchcff": "1", "fsbw": "粮面 0.3 m", "hczl": "21211",
                        "ckmdzjh": COMMA.join([str(found), str(max(0, found - 1)), "0"]), "cldjpd": level, "czbz": "i",
                        "zhgxsj": at}

    def _ventilations(self, day: date) -> Iterator[Item]:
        """1305 in winter: cold air through flat warehouses whose grain lies still."""
        done: set[str] = set()
        for state in self.yard.states:
            building = state.lot.building
            if state.status != "3" or building.tank or building.code in done or (self.rng.random() < 0.5
                and not self.featured):
                continue
            done.add(building.code)
            hours = self.rng.randrange(48, 120)
            before, after = self.rng.randrange(160, 200), self.rng.randrange(90, 120)
            at = f"{day + timedelta(days=hours // 24 + 1)} 08:20:00"
            if not self._stated(at):
                continue
            yield "1305", {
                "tfzydh": f"{state.lot.code}{day:%Y%m%d}001", "tfrq": day.isoformat(), "cfdm": building.code,
                "tfmd": "1", "tflx": "1", "fdxs": "5" if building.kind.round else "1", "tfjxh": "4-72-6C", "tfjts": 4,
                "dtfjedgl": 7.5, "sffs": "2", "zysqw": 4.5, "zysqs": 68, "tfsc": hours, "zhdl": 30 * hours,
                "zyqpjlw": before / 10, "jshpjlw": after / 10, "jwfd": (before - after) / 10, "zyqpjsf": 13.0,
                "zyhpjsf": 12.8, "jsfd": 0.2, "tfzyfzr": self.yard.crew["主任"], "tfzyry": self.yard.crew["保管员"],
                "czbz": "i", "zhgxsj": at}

    def _fumigation(self, day: date) -> Iterator[Item]:
        """1303 → 1306 → 1304: one warehouse with 一般虫粮 a year, closed for 21 days, gas measured each week."""
        if self.fumigated or not (self.featured or self.rng.random() < 0.3):
            return
        end = day + timedelta(days=21)
        for state in self.yard.states:
            building, step = state.lot.building, state.step
            at = f"{end + timedelta(days=8)} 09:00:00"
            if (state.status != "3" or building.tank or len(building.lots) > 1 or not self._stated(at)
                    or (step is not None and step.day <= end + timedelta(days=8))):
                continue
            self.fumigated = True
            code, found = self.pests(state, day, self.rng.randrange(8, 20))
            yield code, found
            volume = int(state.lot.volume)
            crew = self.yard.crew
            for week, strength in ((7, 320), (14, 240), (21, 180)):
                when = f"{day + timedelta(days=week)} 09:30:00"
                yield "1304", {
                    "qtndjcdh": f"{state.lot.code}{day + timedelta(days=week):%Y%m%d}0001", "jcsj": when,
                    "hwdm": state.lot.code, "yqhlzjh": "20.6,20.5,20.6", "eyhthlzjh": "0.2,0.2,0.3",
                    "lhqndzjh": f"{strength},{strength + 12},{strength - 9}", "zylx": "1", "czbz": "i", "zhgxsj": when}
            yield "1306", {
                "xzzydh": f"{building.code}{day:%Y%m%d}001", "cfdm": building.code, "xzkssj": day.isoformat(),
                "xzjssj": end.isoformat(), "hcjcdh": found["hcjcdh"], "djcxz": 1, "hlxzfs": "0",
                "xzfaqcr": crew["保管员"], "xzfapzr": crew["主任"], "xzfabbqk": "已报备", "syryzzqk": "持证上岗",
                "yjmc": "磷化铝", "jx": "片剂", "nd": 56, "lddwyyl": 3, "zyyl": volume * 3 // 1000, "syff": "1",
                "lhqnddw": "3", "zyrs": 4, "mbndwcts": 21, "mbsj": 21, "sqrq": end.isoformat(), "sqff": "机械通风散气",
                "sqcsts": 7, "czsjzysj": f"{end + timedelta(days=8)}", "czsjzyrs": 3, "xzhhcjcqk": "未检出活虫",
                "xzhckmd": 0, "pyswthhcs": 0, "pysswthhcs": 0, "xzxgpj": "0", "xzfzr": crew["主任"],
                "xzzyry": crew["保管员"], "czbz": "i", "zhgxsj": at}
            return
