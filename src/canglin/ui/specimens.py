"""What the gallery shows. Invented rows, awkward on purpose: long names, empty cells, negative figures, markup."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from canglin.ui.charts import Chart
from canglin.ui.parts import Empty, Event, Fact, Figure, Node
from canglin.ui.rows import Row, Rows
from canglin.ui.tables import (
    Badge,
    Choice,
    Column,
    DateRange,
    Day,
    Flag,
    Moment,
    Money,
    MultiChoice,
    Number,
    NumberRange,
    Percent,
    Search,
    Table,
    Tonnes,
)

STATES = {
    "normal": ("正常", "good"),
    "drying": ("烘干中", "info"),
    "watch": ("重点关注", "warn"),
    "alarm": ("报警", "bad"),
    "closed": ("已封仓", "neutral"),
}
STATE_CHOICES = [(key, label) for key, (label, _tone) in STATES.items()]
VARIETIES = ["早籼稻", "中晚籼稻", "粳稻", "小麦", "玉米", "大豆油"]
LONG = "演示湖南省某某市某某县粮食储备有限责任公司第三直属库（原县粮油总公司城关中心粮站）东区一号高大平房仓"


def rows(count: int) -> list[dict[str, Any]]:
    """``count`` rows, the same every time but for the dates."""
    start = datetime.fromisoformat("2026-03-01T08:00:00+08:00")
    made = []
    for i in range(count):
        moved = Decimal((i * 7919) % 90000 - 9000) + Decimal(i % 8) / 8
        made.append(
            {
                "code": f"43010{i % 9}000{i:06d}",
                "name": LONG if i % 37 == 3 else f"演示 {i % 60 + 1:02d} 号仓 {i % 4 + 1} 廒间",
                "variety": VARIETIES[i % 6],
                "state": list(STATES)[i % 5] if i % 11 else "normal",
                "net_kg": moved * 40,
                "change_kg": None if i % 23 == 5 else moved,
                "price": Decimal("2.62") + Decimal(i % 40) / 100,
                "full": Decimal(i % 101) / 100,
                "sealed": None if i % 29 == 4 else i % 3 == 0,
                "on": (start + timedelta(days=i % 300)).date(),
                "at": start + timedelta(minutes=i * 37),
                "note": '=HYPERLINK("演示") <b>不是标记</b>' if i % 50 == 7 else "",
            }
        )
    return made


class SpecimenTable(Table):
    """Every kind of column and filter over a thousand rows."""

    name = "specimens"
    title = "演示货位"
    columns = [
        Column("code", "货位代码", mono=True, link=lambda row: f"?q={row['code']}"),
        Column("name", "名称", wrap=True),
        Column("variety", "品种"),
        Badge("state", "状态", states=STATES),
        Tonnes("net_kg", "净重", sum=True),
        Number("change_kg", "本期增减", unit="公斤", digits=3, help="与上期末相比"),
        Money("price", "单价", unit="元/公斤"),
        Percent("full", "仓容利用"),
        Flag("sealed", "已封仓"),
        Day("on", "入库日期", hidden=True),
        Moment("at", "上报时间"),
        Column("note", "备注", wrap=True, hidden=True, sort=False),
    ]
    filters = [
        Search("code", "name", label="货位代码或名称"),
        Choice("state", "状态", choices=STATE_CHOICES),
        MultiChoice("variety", "品种", choices=[(each, each) for each in VARIETIES]),
        NumberRange("net_kg", "净重", unit="吨", scale=1000),
        DateRange("at", "上报时间"),
    ]
    default_sort = "-at"
    page_size = 20

    def rows(self, request: HttpRequest) -> Rows:
        """A thousand."""
        return rows(1000)

    def row_tone(self, row: Row) -> str:
        """Alarms stand out."""
        return "bad" if row["state"] == "alarm" else ""


class NothingTable(SpecimenTable):
    """No rows yet."""

    name = "nothing"
    title = "空表"
    filters = []
    empty = Empty(
        "还没有货位",
        "库点尚未上报货位信息（1107）。库点系统接通后，货位会自动出现在这里。",
        "查看接入情况",
        "/ui/",
        "stack-2",
    )

    def rows(self, request: HttpRequest) -> Rows:
        """None."""
        return []


class BrokenTable(SpecimenTable):
    """The database is away."""

    name = "broken"
    title = "出错的表"
    filters = []

    trouble = "数据库暂时没有应答，稍后会自动恢复。"


def tables(request: HttpRequest) -> dict[str, Table]:
    """The tables of the gallery, each with parameters of its own."""
    return {
        "full": SpecimenTable(request),
        "nothing": NothingTable(request, prefix="n"),
        "broken": BrokenTable(request, prefix="b"),
    }


def parts(now: datetime, here: str) -> dict[str, Any]:
    """Everything else."""
    months = [f"{month} 月" for month in range(1, 13)]
    curve = [Decimal(820_000 + (m * 37_117) % 190_000) for m in range(12)]
    return {
        "figures": _figures(now, here),
        "facts": [
            Fact("统一社会信用代码", "91430000MA4L000000", standard_id="1101.01"),
            Fact("单位名称", LONG, standard_id="1101.02", wide=True),
            Fact("设计仓容", Decimal("125000.5"), "吨", "1103.12"),
            Fact("账面库存", Decimal("-12.345"), "吨", tone="bad", note="与分仓保管账相差 -12.345 吨"),
            Fact("启用时间", now - timedelta(days=3000), standard_id="1103.20"),
            Fact("是否省级储备库", True, standard_id="1103.21"),
            Fact("备注", None, standard_id="1103.40"),
        ],
        "events": [
            Event(now - timedelta(minutes=4), "上报检斤单", "净重 24,180 kg,湘A·演示1", "演示库点一 · v2022", "truck"),
            Event(now - timedelta(hours=2), "核对通过", "账实相差 0.00%", "演示 张三", "circle-check", "good", here),
            Event(now - timedelta(days=1), "粮温升高", "中层 3 天上升 2.4 ℃", "", "temperature", "warn"),
            Event(now - timedelta(days=2), "记录被删除", "删除 1202 一条，已记反向分录", "演示 李四", "trash", "bad"),
        ],
        "nodes": [
            Node(
                "演示储备有限公司",
                here,
                "3 库点",
                "building",
                True,
                children=[
                    Node(
                        "演示城关库",
                        here,
                        "24,180 吨",
                        "building-warehouse",
                        True,
                        children=[
                            Node("1 号仓", here, "4,120 吨", current=True),
                            Node("2 号仓", here, "空仓"),
                        ],
                    ),
                    Node("演示西郊库", here, "8,020 吨", "building-warehouse", children=[Node("1 号仓", here)]),
                ],
            )
        ],
        "charts": [
            Chart(
                "line",
                "全年库存曲线",
                months,
                {"稻谷": curve, "小麦": [v / 3 for v in curve]},
                "吨",
                marks={"最低规模": 700_000},
            ),
            Chart(
                "stacked",
                "各月出入库",
                months,
                {"入库": [v / 9 for v in curve], "出库": [-v / 11 for v in curve]},
                "吨",
            ),
            Chart("donut", "品种结构", VARIETIES, {"库存": curve[:6]}, "吨"),
            Chart(
                "horizontal",
                "库点排名",
                [f"演示库点 {i}" for i in range(1, 7)],
                {"库存": sorted(curve[:6], reverse=True)},
                "吨",
            ),
        ],
    }


def _figures(now: datetime, here: str) -> Sequence[Figure]:
    fresh = now - timedelta(seconds=12)
    return [
        Figure(
            "库存总量",
            Decimal("8214567.325"),
            "吨",
            3,
            as_of=fresh,
            change=Decimal("1204.5"),
            change_label="较昨日",
            href=here,
        ),
        Figure("仓容利用率", "82.4", "%", share=0.824, note="设计仓容 9,970,000 吨", as_of=fresh),
        Figure("今日拒收", 37, "条", change=12, change_label="较昨日", rising_is="bad", tone="warn", as_of=fresh, href=here),
        Figure("账实差额", Decimal("-1234.567"), "吨", 3, tone="bad", note="4 个货位", as_of=now - timedelta(hours=3)),
        Figure("失联库点", 0, "个", change=0, change_label="较昨日", tone="good", as_of=fresh),
        Figure("今日入账", None, "条", note="还没有数据"),
    ]
