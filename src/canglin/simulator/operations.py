"""Every truck of every day at one depot: who came, what it weighed, what was found, what was paid.

One day at a time. A weighbridge takes one truck per slot of 90 s: loaded trucks in even slots, empty ones in odd slots,
so no two plates share it. Its division is 20 kg. What would leave after ``now`` has not happened yet.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any

from canglin.simulator import records_stock as make
from canglin.simulator.book import State, quota_bp
from canglin.simulator.cast import Customer, Depot
from canglin.simulator.grain import MOISTURE, examine
from canglin.simulator.stories import Step, Story, Teller
from canglin.simulator.trucks import DIVISION_KG, Truck, shared_out

Item = tuple[str, dict[str, Any]]
SLOT_S = 90


class Yard:
    """A depot at work. ``days()`` yields its records day by day; ``states`` is its book of lots as of the last day
    yielded."""

    def __init__(self, depot: Depot, rng: Random, now: datetime, turning: float, plans: dict[str, str]) -> None:
        self.depot, self.rng, self.now, self.plans = depot, rng, now, plans
        self.today = now.date()
        self.now_text = now.strftime("%Y-%m-%d %H:%M:%S")
        self.states = [self._state(s) for s in Teller(depot, rng, self.today, turning).tell()]
        self.by_lot = {s.lot: s for s in self.states}
        self.crew = {job: person.name for job, person in depot.people.items()}
        self.farmers = [c for c in depot.enterprise.customers if not c.firm]
        self.firms = [c for c in depot.enterprise.customers if c.firm]
        size = 60 if len(self.states) < 12 else 90
        self.carriers = [Truck(rng, depot, False) for _ in range(size)]
        self.farm_trucks = [Truck(rng, depot, True) for _ in range(size)]
        self.buyers_trucks = [Truck(rng, depot, False) for _ in range(size)]
        self.turns = [0, 0, 0]
        self.contracts = 0
        self.ins = self.outs = 0
        #: (variety, yyyy-mm) → priced income and outgo, hundredths of a kg.
        self.month: dict[tuple[str, str], list[int]] = {}

    @staticmethod
    def _state(story: Story) -> State:
        return State(story.lot, story.grain, story.nature, story.steps)

    # Days ------------------------------------------------------------------------------------------

    def days(self) -> Iterator[tuple[date, list[Item] | None]]:
        """Every day on which something happens to a lot, in order: first with None, while the book still stands as it
        did the evening before, then with the day's records."""
        heap: list[tuple[date, int]] = []
        for number, state in enumerate(self.states):
            if state.step:
                heappush(heap, (state.step.day, number))
        while heap and heap[0][0] <= self.today:
            day = heap[0][0]
            yield day, None
            active = []
            while heap and heap[0][0] == day:
                active.append(heappop(heap)[1])
            items: list[Item] = []
            loads: list[State] = []
            for number in active:
                loads += self._begin(self.states[number], day, items)
            self._work(day, loads, items)
            for number in active:
                state = self.states[number]
                self._finish(state, day, items)
                if state.step:
                    heappush(heap, (max(state.step.day, day + timedelta(days=1)), number))
            yield day, items

    def _begin(self, state: State, day: date, items: list[Item]) -> list[State]:
        """Opens a step on its first day; says how many trucks the lot takes today."""
        step = state.step
        assert step is not None
        if state.status == "4" and state.left_kg <= 0:
            self._close_sale(state, day, items)
            return []
        if step.kind == "move":
            self._move(state, step, day, items)
            return []
        if step.kind == "change":
            self._change(state, step, day, items)
            return []
        if state.status not in "24":
            (self._open_fill if step.kind == "fill" else self._open_sale)(state, step, day, items)
        if self.rng.random() < 0.08:  # rain
            return []
        return [state] * self.rng.randint(max(1, state.pace - 3), state.pace + 3)

    def _number_contract(self, kind: str, day: date) -> str:
        self.contracts += 1
        return f"{kind}{day:%Y%m%d}-{self.depot.code[-3:]}-{self.contracts:04d}"

    def _sign(self, state: State, step: Step, kind: str, customer: Customer, amount_kg: int, day: date,
              items: list[Item]) -> str:
        number = self._number_contract("CG" if kind == "2" else "XS", day)
        items.append(("1201", make.contract(self.depot, number, kind, customer, state.grain, state.nature,
                                            step.price_milli, amount_kg, f"{day - timedelta(days=3)}",
                                            f"{day + timedelta(days=60)}")))
        return number

    def _open_fill(self, state: State, step: Step, day: date, items: list[Item]) -> None:
        rng = self.rng
        state.status, state.year, state.nature = "2", step.harvest_year, step.nature
        wanted_kg = state.lot.holds_kg(state.grain.density) * rng.randint(940, 985) // 1000
        state.left_kg = wanted_kg // DIVISION_KG * DIVISION_KG
        state.origin = rng.choice(state.grain.origins)
        state.shift = rng.gauss(0, 2)
        state.entered = state.sealed = state.emptied = ""
        state.in_priced = state.out_priced = state.trucks_in = 0
        state.value_sums = [0] * len(state.grain.indices)
        state.plan = self.plans.get(state.lot.code) if step.plan else None
        load = 16000 if step.nature == "310" else 30000
        state.pace = max(4, state.left_kg // load // step.days)
        if step.nature == "310" and self.farmers:
            state.contracts = [(None, c) for c in self.farmers]
            # Farmers come without a contract; one large grower has signed one.
            grower = rng.choice(self.farmers)
            state.contracts.append((self._sign(state, step, "2", grower, state.left_kg // 10, day, items), grower))
        else:
            sellers = rng.sample(self.firms, min(len(self.firms), rng.choice((1, 1, 2))))
            state.contracts = [(self._sign(state, step, "2", c, state.left_kg // len(sellers), day, items), c)
                               for c in sellers]

    def _open_sale(self, state: State, step: Step, day: date, items: list[Item]) -> None:
        """The loss is settled here as nature will have it: water given off and a part of the natural loss allowed."""
        rng = self.rng
        state.status = "4"
        months = (day - date.fromisoformat(state.entered[:10])).days // 30
        quota = quota_bp(state.grain, months)
        moisture = state.mean([i.code for i in state.grain.indices].index(MOISTURE))
        dried = 0 if state.grain.oil else min(rng.randint(2, 7), max(0, moisture - 110))
        state.moisture_out = moisture - dried
        state.water_kg = state.priced * dried // (1000 - state.moisture_out) // 100
        natural_kg = state.priced * quota * rng.randint(30, 85) // 100_000_000
        state.left_kg = (state.weighed - state.water_kg - natural_kg) // DIVISION_KG * DIVISION_KG
        # Sold by the same rules it was bought by: what quality added to or took from the weight coming in, it does
        # going out. So the priced and the weighed stock lose the same, and both end at nothing.
        state.sale_kg = state.left_kg
        state.adjust_total = state.adjust_left = state.priced - state.weighed * 100
        state.pace = max(4, state.left_kg // 30000 // step.days)
        buyer = rng.choice(self.firms)
        number = self._sign(state, step, "1", buyer, state.left_kg, day, items)
        state.contracts = [(number, buyer)]
        state.notice = f"CK{day:%Y%m%d}{state.lot.code[-9:]}"

    def _opening_s(self, day: date) -> int:
        # Early in the morning only a depot that bought through the night, as they do when the harvest queues, has any
        # business.
        return 1200 if day == self.today and self.now.hour < 10 else 7 * 3600 + 1800

    def _work(self, day: date, loads: list[State], items: list[Item]) -> None:
        """Weighs the day's trucks in and out."""
        draw = self.rng.random
        self.rng.shuffle(loads)
        opening = self._opening_s(day)
        stride = max(2, 34200 // SLOT_S // max(1, len(loads)) // 2 * 2)
        text, short = day.isoformat(), day.strftime("%y%m%d")
        taken: set[int] = set()
        self.ins = self.outs = 0
        limit = 86400 if day < self.today else self.now.hour * 3600 + self.now.minute * 60 + self.now.second
        for order, state in enumerate(loads[:190]):
            if state.left_kg <= 0:
                continue
            first = opening + order * stride * SLOT_S + int(draw() * 50)
            second = (first - opening + 1500 + int(draw() * 2700)) // SLOT_S | 1
            while second in taken:
                second += 2
            taken.add(second)
            last = opening + second * SLOT_S + int(draw() * 50)
            left = last + 420 + int(draw() * 1080)
            if left > limit:
                continue
            times = (first - 540 - int(draw() * 80), first, last, left)
            (self._truck_in if state.status == "2" else self._truck_out)(state, text, short, times, items)

    def _next(self, pool: int) -> Truck:
        trucks = (self.carriers, self.farm_trucks, self.buyers_trucks)[pool]
        self.turns[pool] = turn = (self.turns[pool] + 1) % len(trucks)
        return trucks[turn]

    def _truck_in(self, state: State, day: str, short: str, times: tuple[int, int, int, int],
                  items: list[Item]) -> None:
        rng, grain, lot, crew = self.rng, state.grain, state.lot.code, self.crew
        truck = self._next(1 if state.nature == "310" else 0)
        load = shared_out(truck.load(rng), state.left_kg)
        tare = truck.empty(rng)
        state.left_kg -= load
        # The support price buys grade 3 and better; so do contracts for reserves.
        found = examine(grain, rng, state.shift, finest=3)
        net = load * 100 + load * found.moisture_bp // 100 + load * found.impurity_bp // 100
        contract_no, payee = state.contracts[int(rng.random() * len(state.contracts))]
        step = state.step
        assert step is not None
        price = step.price_milli + (3 - found.grade) * 40 if state.nature == "310" else step.price_milli
        self.ins += 1
        number = f"14{short}{self.ins:04d}"
        settlement = f"{self.depot.code}20{short}{self.ins:04d}"
        came, full, empty, left = times
        stamp = make.clock
        moments = (stamp(day, came), stamp(day, full), stamp(day, empty), stamp(day, left))
        items.append(("1204", make.settlement_in(settlement, lot, contract_no, net, price, stamp(day, left - 120),
                                                 payee, self.depot.enterprise.name)))
        items.append(("1202", make.ticket_in(number, state, day, contract_no, truck, payee, moments, load + tare, tare,
                                             found, net, settlement, crew)))
        items.append(("1203", make.inspection(number, number, lot, stamp(day, came + 120), stamp(day, full - 60), grain,
                                              found, load, crew, moments[3])))
        if not state.entered:
            state.entered = moments[1]
        state.last_in = moments[3]
        state.weighed += load
        state.priced += net
        state.in_priced += net
        state.trucks_in += 1
        for i, value in enumerate(found.values):
            state.value_sums[i] += value
        self._count(grain.code, day, net, 0)

    def _truck_out(self, state: State, day: str, short: str, times: tuple[int, int, int, int],
                   items: list[Item]) -> None:
        rng, grain = self.rng, state.grain
        truck = self._next(2)
        load = shared_out(truck.load(rng), state.left_kg)
        tare = truck.empty(rng)
        state.left_kg -= load
        self.outs += 1
        adjustment = state.adjust_left if state.left_kg == 0 else state.adjust_total * load // state.sale_kg
        state.adjust_left -= adjustment
        net = load * 100 + adjustment
        settlement = f"{self.depot.code}20{short}{5000 + self.outs:04d}"
        came, empty, full, left = times
        stamp = make.clock
        moments = (stamp(day, came), stamp(day, empty), stamp(day, full), stamp(day, left))
        contract_no, buyer = state.contracts[0]
        step = state.step
        assert contract_no is not None
        assert step is not None
        items.append(("1206", make.settlement_out(settlement, contract_no, net, step.price_milli,
                                                  stamp(day, left - 120), buyer)))
        items.append(("1205", make.ticket_out(f"15{short}{self.outs:04d}", state, day, contract_no, truck, moments,
                                              load + tare, tare, adjustment, settlement, buyer.name, self.crew)))
        state.last_out = moments[3]
        state.weighed -= load
        state.priced -= net
        state.out_priced += net
        self._count(grain.code, day, 0, net)

    def _count(self, variety: str, day: str, income: int, outgo: int) -> None:
        sums = self.month.setdefault((variety, day[:7]), [0, 0])
        sums[0] += income
        sums[1] += outgo

    # Ends ------------------------------------------------------------------------------------------

    def _finish(self, state: State, day: date, items: list[Item]) -> None:
        """Closes a fill whose last truck has gone, and steps that take one day."""
        step = state.step
        if step is None:
            return
        if step.kind in ("move", "change"):
            state.at += 1
        elif state.status == "2" and state.left_kg <= 0:
            state.status, state.sealed = "3", (day + timedelta(days=2)).isoformat()
            state.grade_code = f"0{state.mean_grade}"
            state.at += 1

    def _close_sale(self, state: State, day: date, items: list[Item]) -> None:
        """The day after the last truck the empty lot is swept and the loss sheet drawn up."""
        # A sheet counts for its whole day, and today is not over.
        if day >= self.today:
            return
        stated = f"{day} 15:20:00"
        items.append(("1209", self._loss_sheet(state, day, stated)))
        self._count(state.grain.code, day.isoformat(), 0, state.priced)
        state.priced = state.weighed = 0
        state.status, state.emptied = "1", stated
        state.at += 1

    def _loss_sheet(self, state: State, day: date, stated: str) -> make.Record:
        """1209: loss = in − out; what water and the quota explain is not excess."""
        months = (date.fromisoformat(state.last_out[:10]) - date.fromisoformat(state.entered[:10])).days // 30
        quota = state.in_priced * quota_bp(state.grain, months) // 10000
        loss = state.in_priced - state.out_priced
        excess = max(0, loss - state.water_kg * 100 - quota)
        codes = [i.code for i in state.grain.indices]
        return {
            "sydh": f"{state.lot.code}{day:%Y%m%d}001", "hwdm": state.lot.code, "ywrq": day.isoformat(),
            "rkjz": make.kg(state.in_priced), "rksj": state.last_in, "cksj": state.last_out,
            "ckjz": make.kg(state.out_priced), "rksf": _tenths(state.mean(codes.index(MOISTURE))),
            "cksf": _tenths(state.moisture_out), "jzsysl": make.kg(loss), "qzchwqsh": 0, "qzszkl": state.water_kg,
            "qzzrshde": make.kg(quota), "chsl": make.kg(excess), "sysfzc": "0" if excess == 0 else "1",
            "syyy": "正常保管损耗及水分减量" if excess == 0 else "超定额损耗", "ccshr": self.crew["保管员"],
            "zjshr": self.crew["检验员"], "tjshr": self.crew["统计员"], "kjshr": self.crew["会计"],
            "ldshr": self.crew["主任"], "czbz": "i", "zhgxsj": stated}

    def _move(self, state: State, step: Step, day: date, items: list[Item]) -> None:
        """A fifth of the lot goes to a neighbour. The depot's own month book does not move: nothing came or left."""
        assert step.to is not None
        target = self.by_lot[step.to]
        stated = f"{day} 18:30:00"
        if state.status != "3" or target.status != "1" or day >= self.today:
            return
        moved = min(state.priced // 500, target.lot.holds_kg(state.grain.density)) // DIVISION_KG * DIVISION_KG
        self.contracts += 1
        items.append(("1207", make.transfer(f"{self.depot.code}{day:%Y%m%d}{self.contracts:04d}", self.depot.code,
                                            state.grain, state.lot.code, target.lot.code, day.isoformat(), moved)))
        state.priced -= moved * 100
        state.in_priced -= moved * 100
        state.weighed -= moved
        for name in ("grain", "nature", "year", "origin", "grade_code", "value_sums", "trucks_in"):
            setattr(target, name, getattr(state, name))
        target.status, target.entered, target.last_in, target.sealed = "3", stated, stated, day.isoformat()
        target.priced = target.in_priced = moved * 100
        target.weighed = moved

    def _change(self, state: State, step: Step, day: date, items: list[Item]) -> None:
        if state.status != "3" or day >= self.today:
            return
        items.append(("1210", make.nature_change(
            f"{state.lot.code}{day:%Y%m%d}001", state.lot.code, state.grain, state.priced, state.nature, step.nature,
            day.isoformat(), self.crew, f"演示粮〔{day.year}〕{day.timetuple().tm_yday}号")))
        state.nature = step.nature


def _tenths(value: int) -> Any:
    return make.kg(value * 10)
