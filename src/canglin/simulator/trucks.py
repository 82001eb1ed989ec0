"""Lorries, their habits, and how a load is shared out."""

from random import Random

from canglin.simulator.cast import Depot
from canglin.simulator.identity import Person, plate

#: The weighbridge shows whole divisions only.
DIVISION_KG = 20


class Truck:
    """A lorry and its habits: its empty weight stays within fuel and mud, its load near what its owner dares."""

    __slots__ = ("driver", "load_kg", "plate", "tare_kg", "trailer")

    def __init__(self, rng: Random, depot: Depot, small: bool) -> None:
        self.driver = Person(rng, depot.region)
        self.plate = plate(rng, depot.prefecture.letter)
        # GB 1589: 49 t for six axles, 31 t for four. Farmers bring their grain on four.
        self.tare_kg = rng.randrange(8600, 11200, DIVISION_KG) if small else rng.randrange(14600, 16800, DIVISION_KG)
        self.load_kg = rng.randrange(13000, 18600) if small else rng.randrange(28200, 30800)
        self.trailer = "" if small else f"{plate(rng, depot.prefecture.letter)[:6]}挂"

    def empty(self, rng: Random) -> int:
        """What it weighs empty today, kg."""
        return self.tare_kg + (int(rng.random() * 11) - 5) * DIVISION_KG

    def load(self, rng: Random) -> int:
        """What it carries today, kg."""
        return int(rng.gauss(self.load_kg, 300)) // DIVISION_KG * DIVISION_KG


def shared_out(load: int, left: int) -> int:
    """The last two trucks share what is left, so that none leaves with a few sacks."""
    if left <= load:
        return left
    return left // 2 // DIVISION_KG * DIVISION_KG if left - load < 5000 else load
