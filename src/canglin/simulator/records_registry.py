"""Tables 1101–1112 and 1212: who and what there is, as an enterprise and its depots report it."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from canglin.simulator.cast import Building, Customer, Depot, Enterprise, Lot

Item = tuple[str, dict[str, Any]]

#: Equipment every depot has: number, name, code, model. The codes have LS/T 1706's form only: its list is not among the
#: dictionaries.
_EQUIPMENT = (
    ("DB01", "电子汽车衡", "20101001", "SCS-100"), ("KS01", "水分快速测定仪", "10102001", "LDS-1G"),
    ("RZ01", "容重器", "10101003", "HGT-1000"), ("TF01", "离心通风机", "30102001", "4-72-6C"),
    ("SS01", "胶带输送机", "30201001", "DS-500"),
)
#: 人员类别 of the jobs that have their own.
_CLASS = {"检验员": "1432", "扦样员": "1432", "保管员": "1431", "保管员二": "1431"}
#: Cameras: 视频监控类型 (1 inside a bin, 2 business, 3 security) and where they look.
_CAMERAS = (("3", "库区大门"), ("2", "地磅房"), ("1", "仓间"))


def _hash(text: str, of: int) -> int:
    """A small number that depends on the text alone."""
    return sum((i + 1) * ord(c) for i, c in enumerate(text)) % of


def stated(start: date) -> str:
    """When the registry was reported: the day the depot was connected."""
    return f"{start} 08:30:00"


def enterprise(firm: Enterprise, at: str) -> Item:
    """1101."""
    record: dict[str, Any] = {
        "dwdm": firm.code, "dwmc": firm.name, "dwlx": firm.kind, "zcrq": f"{firm.founded}-06-18",
        "zczb": 1000 + 500 * len(firm.depots), "fddbr": firm.legal.name, "frsfzh": firm.legal.id_card,
        "frlxfs": firm.legal.phone, "qylxr": firm.contact.name, "bgdh": firm.contact.phone,
        "zcdz": f"湖南省{firm.prefecture.name}演示路{_hash(firm.code, 300) + 1}号", "xzqhdm": firm.region,
        "kqs": len(firm.depots), "cfs": sum(not b.tank for d in firm.depots for b in d.buildings),
        "ygs": sum(b.tank for d in firm.depots for b in d.buildings), "jd": firm.prefecture.longitude,
        "wd": firm.prefecture.latitude, "czbz": "i", "zhgxsj": at}
    if firm.parent:
        record |= {"sjdwmc": firm.parent.name, "sjdwdm": firm.parent.code}
    return "1101", record


def customer(firm: Enterprise, who: Customer, at: str) -> Item:
    """1212."""
    return "1212", {
        "dwdm": firm.code, "dwmc": firm.name, "khlx": "1" if who.firm else "2", "khtyshxydmhsfzh": who.code,
        "khmc": who.name, "fddbr": who.person.name, "txdz": f"湖南省{firm.prefecture.name}", "lxrxm": who.person.name,
        "lxrdh": who.person.phone, "lxrsfzh": who.person.id_card, "khfkhh": who.bank, "khfzh": who.account, "czbz": "i",
        "zhgxsj": at}


def _capacity_t(building: Building) -> int:
    # Design capacity is stated for wheat, as the building standard does; a tank's for oil.
    return sum(lot.holds_kg(0.915 if building.tank else 0.76) for lot in building.lots) // 1000


def depot(place: Depot, at: str) -> Item:
    """1102."""
    return "1102", {
        "kqdm": place.code, "dwdm": place.enterprise.code, "kqmc": place.name,
        "kqdz": f"湖南省{place.prefecture.name}{place.county}", "xzqhdm": place.region, "kqcq": "1",
        "yxcr": sum(_capacity_t(b) for b in place.buildings if not b.tank),
        "yxgr": sum(_capacity_t(b) for b in place.buildings if b.tank), "zdmj": 8000 + 3500 * len(place.buildings),
        "cfs": sum(not b.tank for b in place.buildings), "ygs": sum(b.tank for b in place.buildings),
        "jd": place.longitude, "wd": place.latitude, "czbz": "i", "zhgxsj": at}


def warehouse(place: Depot, building: Building, at: str) -> Item:
    """1103."""
    wall, roof, frame, floor = building.kind.structure
    length, width, line = building.lots[0].size
    n = len(building.lots)
    record: dict[str, Any] = {
        "cfdm": building.code, "cfmc": building.name, "kqdm": place.code, "cflxdm": building.kind.code,
        "jfsyrq": f"{building.built}-09-01", "sjsynx": "50年", "qtjg": wall, "fdjg": roof, "fjjg": frame, "dmjg": floor,
        "sjcr": _capacity_t(building), "cnzlxg": line, "cntj": round(sum(lot.volume for lot in building.lots)),
        "cmsl": 2 * n, "cfsfwh": "1", "clgx": "1" if building.built > 2010 else "2", "nfgrbw": "1", "grxn": "2",
        "jgcl": "2", "qmx": "2", "sfyjxxxhgz": "1", "lqjs": "2", "nfszcc": "1", "ywfsfqfczz": "1", "ywfhfbfdss": "1",
        "ywjxtfss": "1", "tfxtxs": "2" if building.kind.round else "0", "tfjs": "2", "nfhlxzsc": "1", "scjs": "2",
        "nffddyqtcl": "1" if building.built > 2012 else "0", "kwjs": "2", "hcjcfs": "02", "cfzt": "1",
        "bgr": place.people["保管员"].name, "czbz": "i", "zhgxsj": at}
    if building.kind.round:
        record |= {"tcnj": length, "tcwj": length + 0.5}
    else:
        record |= {"cnc": length * n, "cnk": width, "cnyg": line + 2, "cwc": length * n + 1, "cwk": width + 1,
                   "cwyg": line + 2.3, "dlmxs": "01"}
    return "1103", record


def tank(place: Depot, building: Building, at: str) -> Item:
    """1106."""
    diameter, _, height = building.lots[0].size
    return "1106", {
        "ygdm": building.code, "ygmc": building.name, "kqdm": place.code, "gr": _capacity_t(building),
        "jzsj": f"{building.built}-05-01", "ygjfssssfwh": "1", "ywjrzz": "1", "yglx": "1", "gnzj": diameter,
        "gngd": height + 1, "jdfs": "1", "hjfs": "1", "ygzt": "1", "czbz": "i", "zhgxsj": at}


def compartment(lot: Lot, at: str) -> Item:
    """1104."""
    length, width, line = lot.size
    return "1104", {
        "ajdh": lot.compartment, "ajmc": lot.name.removesuffix("1货位") or lot.name, "cfbh": lot.building.code,
        "ajcd": length, "ajkd": width or length, "ajgd": line + (1 if lot.building.tank else 2),
        "ajsjcr": lot.holds_kg(0.915 if lot.building.tank else 0.76) // 1000, "ajqyrq": f"{lot.building.built}-10-01",
        "ajzt": "1", "czbz": "i", "zhgxsj": at}


def storage_lot(place: Depot, lot: Lot, at: str) -> Item:
    """1105."""
    return "1105", {
        "hwdm": lot.code, "hwmc": lot.name, "ajdm": lot.compartment, "hwqyrq": f"{lot.building.built}-10-01",
        "hwrl": lot.holds_kg(0.915 if lot.building.tank else 0.76) // 1000, "bgdw": place.enterprise.name,
        "bgy": place.people["保管员"].name, "czbz": "i", "zhgxsj": at}


def camera(place: Depot, number: int) -> str:
    """A GB/T 28181 device id: centre, industry, type 132 (network camera), network, serial."""
    return f"{place.region}0000132{_hash(place.code, 9000) * 100 + number:07d}"


def fittings(place: Depot, at: str, start: date) -> Iterator[Item]:
    """1107, 1108, 1112, 1110, 1111: what the depot has besides buildings."""
    firm = place.enterprise
    both = {"dwdm": firm.code, "kqdm": place.code, "kqmc": place.name}
    close = {"czbz": "i", "zhgxsj": at}
    for number, name, code, model in _EQUIPMENT:
        yield "1107", {**both, "sbbh": number, "sbyqmc": name, "sbyqdm": code, "sbggxh": model,
                       "sccj": "演示仪器制造有限公司", "scrq": f"{2012 + _hash(place.code + number, 10)}-03-15",
                       "sbzt": "1", "jdsj": f"{start - timedelta(days=20 + _hash(number, 90))}",
                       "jddw": f"演示{place.prefecture.name}计量检定所", **close}
    yield "1108", {**both, "yjbh": f"{place.code}001", "cgrq": f"{start - timedelta(days=60)}", "yjmc": "磷化铝",
                   "bzw": "1", "ggxh": "56%片剂 1kg/瓶", "sccj": "演示农药厂", "cgly": "定点采购",
                   "cctj": "阴凉干燥、双人双锁", "ccdd": "1", "bzq": "24个月", "kcsl": 60 + _hash(place.code, 90),
                   "kcsldw": "1", **close}
    for job, person in place.people.items():
        laboratory = job in ("检验员", "扦样员")
        yield "1112", {"dwdm": firm.code, "kqdm": place.code, "dwmc": firm.name, "lsbm": "质检科"
                       if laboratory else "仓储科", "xzqhdm": place.region, "xm": person.name, "xb": "1"
                       if person.man else "2", "sfzhm": person.id_card, "rzrq": f"{int(person.born[:4]) + 22}-07-01",
                       "gwxz": "11", "zgzt": "01", "yddh": person.phone, "mz": "01", "zzmm": "01"
                       if job == "主任" else "13", "rylb": _CLASS.get(job, "1300"),
                       "xl": str(1 + _hash(person.id_card, 4)), "zw": job[:3], **close}
    names = {**both, "dwmc": firm.name}
    for order, lot in enumerate(place.lots):
        yield "1110", {**names, "hwmc": lot.name, "hwdm": lot.code,
                       "hwxdwz": f"{8 + order % 6 * 15},{12 + order // 6 % 5 * 17}", "hwwzys": "rect", **close}
    for serial, (kind, where) in enumerate(_CAMERAS, 1):
        yield "1111", {**names, "spjksbmc": f"{where}摄像机", "spjksbid": camera(place, serial),
                       "spjksbxdwz": f"{10 * serial},90", "spjksbwzys": "dome",
                       "spjklx": kind, **close}


def place_records(place: Depot, at: str, start: date) -> Iterator[Item]:
    """A depot's registry in the order its references ask for."""
    yield depot(place, at)
    for building in place.buildings:
        yield (tank if building.tank else warehouse)(place, building, at)
    for lot in place.lots:
        yield compartment(lot, at)
    for lot in place.lots:
        yield storage_lot(place, lot, at)
    yield from fittings(place, at, start)
