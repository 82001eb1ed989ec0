"""Who and what there is: enterprises, depots, warehouses, tanks, lots. Built once, small enough for memory at any
scale."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import pi
from random import Random

from canglin.simulator.identity import Person, credit_code
from canglin.simulator.places import PREFECTURES, PROVINCE, Prefecture


@dataclass(frozen=True)
class Scale:
    """How much of a province: ``big`` bins hold two to three times what small ones do; ``turning`` is the share of lots
    that are emptied and filled again within the year."""

    depots: int
    lots: int
    big: bool
    turning: float


SCALES = {"small": Scale(24, 150, False, 0.20), "city": Scale(120, 750, False, 0.20),
          "province": Scale(800, 8000, True, 0.42)}


@dataclass(frozen=True)
class Kind:
    """A kind of warehouse (LS/T 1705): its code, walls, roof, frame and floor, and the inner sizes of a compartment in
    metres: (length, width, grain line) or (diameter, 0, grain line)."""

    code: str
    name: str
    structure: tuple[str, str, str, str]
    sizes: tuple[tuple[float, float, float], ...]
    compartments: tuple[int, ...]

    @property
    def round(self) -> bool:
        """Whether it is measured by a diameter."""
        return self.sizes[0][1] == 0


FLAT = Kind("1010107", "平房仓", ("02", "02", "01", "01"),
            ((24, 15, 5), (27, 18, 5), (30, 18, 5), (36, 21, 6), (42, 21, 6), (48, 24, 6), (60, 24, 6)), (1, 2, 2))
TALL_FLAT = Kind("1010108", "高大平房仓", ("01", "04", "06", "01"),
                 ((36, 21, 6), (42, 24, 6), (54, 24, 6), (60, 24, 6)), (1, 1, 2))
SQUAT = Kind("1010301", "浅圆仓", ("01", "02", "07", "01"), ((18, 0, 9), (23, 0, 11), (25, 0, 12)), (1,))
SILO = Kind("10102022", "立筒仓", ("03", "03", "03", "04"), ((11, 0, 18), (12, 0, 20)), (1,))
TANK = Kind("", "立式油罐", ("", "", "", ""), ((9, 0, 8), (10, 0, 9), (12, 0, 10)), (1,))


@dataclass(eq=False)
class Lot:
    """A lot (货位): where grain of one kind lies. Sizes in metres, volume in m³."""

    code: str
    name: str
    compartment: str
    building: "Building"
    size: tuple[float, float, float]

    @property
    def volume(self) -> float:
        """Volume below the grain line, m³."""
        length, width, line = self.size
        return length * width * line if width else pi / 4 * length * length * line

    def holds_kg(self, density: float) -> int:
        """What it holds of a grain of ``density`` t/m³, in whole hundreds of kg."""
        return int(self.volume * density * 10) * 100


@dataclass(eq=False)
class Building:
    """A warehouse or a tank: one series of numbers for both."""

    code: str
    name: str
    kind: Kind
    built: int
    lots: list[Lot] = field(default_factory=list)

    @property
    def tank(self) -> bool:
        """Whether it is an oil tank."""
        return self.kind is TANK


@dataclass(eq=False)
class Depot:
    """A depot (库区) with its people by job."""

    code: str
    name: str
    enterprise: "Enterprise"
    prefecture: Prefecture
    region: str
    county: str
    longitude: float
    latitude: float
    buildings: list[Building]
    people: dict[str, Person]

    @property
    def lots(self) -> list[Lot]:
        """Its lots in the order of their codes."""
        return [lot for building in self.buildings for lot in building.lots]


@dataclass(eq=False)
class Customer:
    """Someone the enterprise trades with: a firm, or a farmer (``person`` alone)."""

    code: str
    name: str
    person: Person
    firm: bool
    region: str
    bank: str
    account: str


@dataclass(eq=False)
class Enterprise:
    """An enterprise (承储企业). ``kind`` is dwlx: 13 provincial, 14 city, 15 county reserve depot, 2 trading firm."""

    code: str
    name: str
    kind: str
    region: str
    prefecture: Prefecture
    legal: Person
    contact: Person
    founded: int
    parent: "Enterprise | None" = None
    depots: list[Depot] = field(default_factory=list)
    customers: list[Customer] = field(default_factory=list)


JOBS = ("主任", "保管员", "保管员二", "检验员", "扦样员", "司磅员", "监磅员", "门卫", "统计员", "会计")
_BANKS = ("102", "103", "203", "314", "402", "403")


def _customer(rng: Random, prefecture: Prefecture, serial: int) -> Customer:
    person = Person(rng, rng.choice(prefecture.counties)[0])
    region, county = rng.choice(prefecture.counties)
    account = f"62{rng.randrange(10**14):014d}"
    if rng.random() < 0.45:
        return Customer(person.id_card, person.name, person, False, region, rng.choice(_BANKS), account)
    word = rng.choice(("米业", "粮油贸易", "粮食购销", "饲料", "种植专业合作社", "农产品经营"))
    return Customer(credit_code("91", region, serial), f"演示{county}{word}第{serial % 1000}号公司", person, True,
                    region, rng.choice(_BANKS), account)


def _building(rng: Random, depot: str, serial: int, kind: Kind, wanted: int, big: bool) -> Building:
    code = f"{depot}{serial:04d}"
    name = f"{serial}号{kind.name if kind is TANK else '仓'}"
    building = Building(code, name, kind, rng.randint(1996, 2021))
    sizes = kind.sizes
    if kind in (FLAT, TALL_FLAT):
        sizes = sizes[-3:] if big else sizes[:-2]
    size = rng.choice(sizes)
    for part in range(1, min(rng.choice(kind.compartments), wanted) + 1):
        compartment = f"{code}{part:03d}"
        # A tank's lot is the tank's code and 00001: the same digits as compartment 000 and lot 01 would give.
        lot = f"{code}00001" if kind is TANK else f"{compartment}01"
        where = name if kind is TANK else f"{name}{part}廒间"
        building.lots.append(Lot(lot, f"{where}1货位", f"{code}000" if kind is TANK else compartment, building, size))
    return building


def _depot(rng: Random, enterprise: Enterprise, order: int, lots: int, big: bool) -> Depot:
    code = f"{enterprise.code}{order:03d}"
    prefecture = enterprise.prefecture
    region, county = (next((c for c in prefecture.counties if c[0] == enterprise.region), None)
                      if order == 1 else None) or rng.choice(prefecture.counties)
    house = {job: Person(rng, region) for job in JOBS}
    depot = Depot(code, f"演示{county}{'中心' if order == 1 else f'第{order}'}粮库", enterprise, prefecture, region,
                  county, round(prefecture.longitude + rng.uniform(-0.35, 0.35), 6),
                  round(prefecture.latitude + rng.uniform(-0.3, 0.3), 6), [], house)
    style = rng.choices((FLAT, TALL_FLAT, SQUAT), (6, 3, 1.5))[0]
    tanks = 2 if lots >= 6 and rng.random() < 0.3 else 0
    left, serial = lots, 1
    while left:
        kind = TANK if left <= tanks else SILO if style is SQUAT and rng.random() < 0.3 else style
        building = _building(rng, code, serial, kind, left if left <= tanks else left - tanks, big)
        depot.buildings.append(building)
        left -= len(building.lots)
        serial += 1
    return depot


def _shares(rng: Random, total: int, parts: int) -> list[int]:
    """``total`` lots over ``parts`` depots, none below three, uneven as depots are."""
    weights = [rng.uniform(0.5, 1.9) for _ in range(parts)]
    free = total - 3 * parts
    shares = [3 + int(free * w / sum(weights)) for w in weights]
    for i in range(total - sum(shares)):
        shares[i % parts] += 1
    return shares


def enterprises(scale: Scale, seed: int) -> Iterator[Enterprise]:
    """The province's enterprises with their depots, parents before their daughters."""
    rng = Random(f"{seed}:cast")
    shares = _shares(rng, scale.lots, scale.depots)
    group: Enterprise | None = None
    # Seeds draw their numbers from different blocks, so that two provinces can lie in one platform.
    block = rng.randrange(80)
    serial, built = 1, 0
    while built < scale.depots:
        prefecture = PREFECTURES[(serial - 1) % len(PREFECTURES)]
        county, county_name = rng.choice(prefecture.counties)
        if group is None:
            kind, region, name = "13", PROVINCE, "演示省级储备粮管理有限公司"
        else:
            kind = rng.choices(("14", "15", "2", "13"), (3, 5, 2, 2))[0]
            region = prefecture.code if kind == "14" else county
            place = prefecture.name if kind == "14" else county_name
            name = f"演示{place}{'省级储备直属' if kind == '13' else ''}粮食{'购销' if kind == '2' else '储备'}有限公司"
            name += f"（{serial}）"
        firm = Enterprise(credit_code("91", region if region != PROVINCE else prefecture.code, block * 10_000 + serial),
                          name, kind, region, prefecture, Person(rng, county), Person(rng, county),
                          rng.randint(1992, 2018), group if kind == "13" and group else None)
        group = group or firm
        for order in range(1, rng.choice((1, 2, 2, 3)) + 1):
            if built == scale.depots:
                break
            firm.depots.append(_depot(rng, firm, order, shares[built], scale.big))
            built += 1
        firm.customers = [_customer(rng, prefecture, 1_000_000 + block * 100_000 + serial * 100 + i)
                          for i in range(8 + 4 * len(firm.depots))]
        if not any(c.firm for c in firm.customers):
            firm.customers[0] = Customer(credit_code("91", county, 1_000_099 + block * 100_000 + serial * 100),
                                         f"演示{county_name}米业有限公司", firm.customers[0].person, True, county,
                                         "103", firm.customers[0].account)
        yield firm
        serial += 1
