"""Safety, video and files: 1301, 1308, 1309, 1109 and 1307. A few of each, so that no table is empty.

A record that binds a file carries a stand-in id here; who sends it uploads ``content(id)`` first and writes the real
id.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from canglin.simulator.cast import Depot
from canglin.simulator.pictures import jpeg, mp4
from canglin.simulator.records_registry import Item, camera

#: Table → the field that names an uploaded file.
FILE_FIELDS = {"1109": "fileStorageId", "1307": "fileStorageId", "1308": "spwjl"}


def content(file_id: str) -> tuple[str, bytes]:
    """File name and bytes behind a stand-in id: ``…J`` a picture, ``…M`` a clip."""
    return (f"{file_id}.mp4", mp4(file_id)) if file_id.endswith("M") else (f"{file_id}.jpg", jpeg(file_id))


def aerial(depot: Depot, order: int, at: str) -> Item:
    """1109: the depot from above."""
    return "1109", {"wjmc": f"{depot.code}_bird.jpg", "kqdm": depot.code, "wjlx": "1",
                    "fileStorageId": f"DEMO{order:06d}AJ", "czbz": "i", "zhgxsj": at}


def snapshot(depot: Depot, order: int, day: date) -> Item:
    """1307: the day's picture from inside a bin, taken at ten from the same preset."""
    lot = next(lot for lot in depot.lots if not lot.building.tank)
    at = f"{day} 10:00:00"
    return "1307", {"kqdm": depot.code, "spjksbid": camera(depot, 3), "cfdm": lot.building.code, "hwdm": lot.code,
                    "zpsj": at, "fileStorageId": f"DEMO{order:06d}SJ", "txwjhzm": "jpg", "yzwbh": f"{lot.code}01",
                    "czbz": "i", "zhgxsj": at}


def alarm(depot: Depot, order: int, day: date) -> Item:
    """1308: someone at the fence at night."""
    at = f"{day} 02:14:30"
    return "1308", {"gjsj": at, "kqmc": depot.name, "kqdm": depot.code,
                    "kqdz": f"湖南省{depot.prefecture.name}{depot.county}", "spjksbid": camera(depot, 1),
                    "azwzlx": "12", "jsqysm": "东侧周界", "ycgjsm": "周界入侵，已派人核实为野生动物",
                    "spwjl": f"DEMO{order:06d}VM", "spwjhzm": "mp4", "czbz": "i", "zhgxsj": at}


def risks(depot: Depot, first: date, order: int) -> Iterator[Item]:
    """1301: what the depot watches for."""
    keeper, chief = depot.people["保管员"].name, depot.people["主任"].name
    for number, (place, part, what, kind, level) in enumerate((
            ("平房仓", "粮面作业", "缺氧窒息", "5", "3"), ("配电房", "线路", "老化短路", "4", "2"),
            ("药品库", "存放", "磷化铝受潮", "6", "3"))):
        day = first + timedelta(days=40 + 90 * number)
        yield "1301", {
            "kqdm": depot.code, "dwdm": depot.enterprise.code, "kqmc": depot.name, "dd": place,
            "fxdbm": f"{depot.region}{day:%Y%m%d}{(order * 3 + number) % 10000:04d}", "sbr": keeper, "hjbw": part,
            "fxxx": what, "fxlx": kind, "fxfj": level, "fxglcs": "作业审批、双人作业、专人监护",
            "zrdw": depot.enterprise.name[:60], "zrr": chief, "fxgzjgzrr": chief, "czbz": "i",
            "zhgxsj": f"{day} 09:00:00"}


def self_reported(depot: Depot, day: date) -> Item:
    """1309: a warning the enterprise's own system raised and closed."""
    at = f"{day} 11:00:00"
    return "1309", {
        "yjxxdm": f"{depot.code}{day:%Y%m%d}001", "fbsj": at, "wgztlx": "01", "qydm": depot.enterprise.code,
        "sjkd": depot.name, "wglx": "07", "wgqk": "轮换架空期接近上限，企业自查发现", "czzt": "02",
        "hxczqk": "已安排轮入", "hxczr": depot.people["主任"].name, "hxczsj": f"{day + timedelta(days=1)} 09:00:00",
        "czbz": "i", "zhgxsj": f"{day + timedelta(days=1)} 09:00:00"}
