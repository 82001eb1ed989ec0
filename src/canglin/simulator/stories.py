"""What happens to each lot: filled in a harvest, kept, sold for rotation, filled again; moved to a neighbour; its
nature changed.

A story is a list of steps in order, each not before its day. Seasons follow the harvest: early indica July to August,
late indica October to December, wheat June to July, maize from mid October.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Literal

from canglin.simulator.cast import TANK, Depot, Lot
from canglin.simulator.grain import EARLY, LATE, MAIZE, RAPESEED_OIL, WHEAT, Grain

StepKind = Literal["fill", "sell", "move", "change"]


@dataclass(frozen=True)
class Step:
    """One thing done to a lot from ``day`` on. ``days`` is how long it would take at an even pace; ``price_milli`` in
    元/t."""

    kind: StepKind
    day: date
    harvest_year: int = 0
    nature: str = ""
    price_milli: int = 0
    days: int = 6
    to: Lot | None = None
    plan: bool = False


@dataclass
class Story:
    """A lot's grain and its steps."""

    lot: Lot
    grain: Grain
    nature: str
    steps: list[Step] = field(default_factory=list)


NATURE_OF_KIND = {"13": "121", "14": "122", "15": "123", "2": "200"}


def season(grain: Grain, year: int) -> tuple[date, date]:
    """First and last day of buying in a year."""
    (m1, d1), (m2, d2) = grain.season
    return date(year, m1, d1), date(year, m2, d2)


def past_season(grain: Grain, today: date, back: int) -> int:
    """The year of a season, ``back`` seasons before the last one; three weeks into a season it is the last one
    already."""
    year = today.year if season(grain, today.year)[0] + timedelta(days=21) <= today else today.year - 1
    return year - back


def open_season(grain: Grain, today: date) -> bool:
    """Whether its buying has been going on for some days."""
    first, last = season(grain, today.year)
    return first + timedelta(days=7) <= today <= last


class Teller:
    """Tells the stories of one depot's lots. The same depot, seed and day give the same stories."""

    def __init__(self, depot: Depot, rng: Random, today: date, turning: float) -> None:
        self.depot, self.rng, self.today, self.turning = depot, rng, today, turning

    def _grain(self, lot: Lot) -> Grain:
        if lot.building.kind is TANK:
            return RAPESEED_OIL
        return self.rng.choices((LATE, EARLY, WHEAT, MAIZE), (42, 26, 18, 14))[0]

    def _nature(self, grain: Grain) -> str:
        own = NATURE_OF_KIND[self.depot.enterprise.kind]
        draw = self.rng.random()
        if grain.support_price and draw < 0.12:
            return "310"
        return "200" if draw > 0.90 and not grain.oil else own

    def _fill(self, grain: Grain, nature: str, year: int, days: int = 0) -> Step:
        first, last = season(grain, year)
        last = min(last, self.today)
        start = first + timedelta(days=self.rng.randrange(max(1, (last - first).days - 14)))
        price = grain.price_milli if nature == "310" else grain.price_milli + self.rng.randrange(-30, 120, 10)
        return Step("fill", start, year, nature, price, days or self.rng.randint(4, 8))

    def _sell(self, grain: Grain, day: date, days: int = 0) -> Step:
        price = grain.price_milli + self.rng.randrange(-120, 40, 10)
        return Step("sell", day, price_milli=price, days=days or self.rng.randint(4, 9), plan=True)

    def _ago(self, least: int, most: int) -> date:
        return self.today - timedelta(days=self.rng.randint(least, most))

    def _old(self, grain: Grain, nature: str) -> Step:
        back = self.rng.randint(1, max(1, grain.storage_years - 1))
        return self._fill(grain, nature, past_season(grain, self.today, back))

    def _turned(self, story: Story) -> None:
        """Kept for years, sold before the new harvest, filled with it within the four months an idle lot is allowed."""
        grain, year = story.grain, past_season(story.grain, self.today, 0)
        refill = self._fill(grain, story.nature, year)
        before = grain.storage_years
        story.steps += [self._fill(grain, story.nature, year - before),
                        self._sell(grain, refill.day - timedelta(days=self.rng.randint(36, 88))),
                        Step("fill", refill.day, year, story.nature, refill.price_milli, refill.days, plan=True)]

    def _filling(self, story: Story) -> None:
        """Being filled this week. Out of season it is bought on the market, as 商品粮."""
        grain, nature = story.grain, story.nature
        if not open_season(grain, self.today):
            ready = [] if grain.oil else [g for g in (LATE, EARLY, WHEAT, MAIZE) if open_season(g, self.today)]
            story.grain = grain = ready[0] if ready else grain
            if not ready or (nature == "310" and not grain.support_price):
                story.nature = nature = "200"
        year = self.today.year if season(grain, self.today.year)[0] <= self.today else self.today.year - 1
        price = grain.price_milli if nature == "310" else grain.price_milli + self.rng.randrange(-30, 120, 10)
        story.steps.append(Step("fill", self._ago(2, 6), year, nature, price, self.rng.randint(8, 12)))

    def tell(self) -> list[Story]:
        """The stories of all lots, in the order of their codes."""
        rest = 1 - self.turning
        names = ("turned", "new", "old", "idle", "filling", "selling", "changed", "target")
        weights = (self.turning, 0.40 * rest, 0.24 * rest, 0.07 * rest, 0.11 * rest, 0.08 * rest, 0.04 * rest,
                   0.06 * rest)
        stories = [self._story(lot, self.rng.choices(names, weights)[0]) for lot in self.depot.lots]
        self._moves(stories)
        return stories

    def _story(self, lot: Lot, name: str) -> Story:
        grain = self._grain(lot)
        story = Story(lot, grain, self._nature(grain))
        if name == "changed" and not grain.oil:
            fill = self._fill(grain, "200", past_season(grain, self.today, 0))
            own = NATURE_OF_KIND[self.depot.enterprise.kind]
            story.nature = "200"
            story.steps += [fill, Step("change", max(fill.day + timedelta(days=30), self._ago(20, 80)),
                                       nature="122" if own == "200" else own)]
        elif name == "turned":
            self._turned(story)
        elif name == "idle":
            story.steps += [self._old(grain, story.nature), self._sell(grain, self._ago(25, 70))]
        elif name == "selling":
            story.steps += [self._old(grain, story.nature), self._sell(grain, self._ago(1, 4), self.rng.randint(8, 12))]
        elif name == "filling":
            self._filling(story)
        elif name == "old":
            story.steps.append(self._old(grain, story.nature))
        elif name != "target" or grain.oil:
            story.steps.append(self._fill(grain, story.nature, past_season(grain, self.today, 0)))
        return story

    def _moves(self, stories: list[Story]) -> None:
        """An empty lot takes a part of a neighbour's grain (倒仓); without a neighbour it stays empty."""
        for target in [s for s in stories if not s.steps]:
            for source in stories:
                if len(source.steps) == 1 and source.steps[0].kind == "fill" and not source.grain.oil:
                    day = max(source.steps[0].day + timedelta(days=40), self._ago(10, 150))
                    if day < self.today - timedelta(days=2):
                        source.steps.append(Step("move", day, to=target.lot))
                        target.grain, target.nature = source.grain, source.nature
                        break
