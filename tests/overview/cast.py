"""A small province for the pages: two depots in Changsha, one in Zhuzhou, lots with grain, cards, staff."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.utils import timezone

from tests.accounts.conftest import CHANGSHA, ZHUZHOU, depot, enterprise, held
from tests.stock.ledger_cast import PROVINCIAL, WHEAT, Book, inbound

TIANXIN, KAIFU, HETANG = CHANGSHA + "001", CHANGSHA + "002", ZHUZHOU + "001"
#: A lot with a card that agrees, one with a card that differs, an empty one; and one in Zhuzhou.
AGREEING, DIFFERING, EMPTY, FAR = (
    TIANXIN + "000100101",
    TIANXIN + "000200101",
    TIANXIN + "000300101",
    HETANG + "000100101",
)


def place(code: str, name: str, capacity_t: int = 1000) -> None:
    """A warehouse with one compartment and one lot."""
    house, room = code[:25], code[:28]
    held("1103", house, code[:18], code[:21], cfdm=house, cfmc=f"{name}仓", kqdm=code[:21], sjcr=capacity_t)
    held("1104", room, code[:18], code[:21], ajdh=room, ajmc=f"{name}廒", cfbh=house)
    held("1105", code, code[:18], code[:21], hwdm=code, hwmc=f"{name}货位", ajdm=room, hwrl=capacity_t, bgy="演示保管")


def card(lot: str, priced_kg: Decimal, at: datetime, **more: object) -> None:
    """A stock card stating ``priced_kg`` in both quantities."""
    key = f"{lot}|{WHEAT}||{at:%Y-%m-%d %H:%M:%S}"
    row = held(
        "1208",
        key,
        lot[:18],
        lot[:21],
        **{
            "hwdm": lot,
            "lspzdm": WHEAT,
            "lsxzdm": PROVINCIAL,
            "shnd": 2025,
            "lsdjdm": "03",
            "hwzt": "3",
            "sjsl": priced_kg,
            "jjsl": priced_kg,
            "lqgsdwdm": lot[:18],
        }
        | more,
    )
    type(row).everything.filter(key=key).update(stated_at=at, received_at=at)


def province() -> Book:
    """All of it; returns the book, for more tickets."""
    enterprise(CHANGSHA, "430103", "演示长沙粮食储备有限公司")
    enterprise(ZHUZHOU, "430202", "演示株洲粮食储备有限公司")
    depot(TIANXIN, "430103", "演示天心粮库")
    depot(KAIFU, "430105", "演示开福粮库")
    depot(HETANG, "430202", "演示荷塘粮库")
    for code, name in ((AGREEING, "相符"), (DIFFERING, "不符"), (EMPTY, "空置"), (FAR, "外地")):
        place(code, name)
    book = Book()
    yesterday = (timezone.localtime() - timedelta(days=1)).strftime("%Y-%m-%d")
    for lot in (AGREEING, DIFFERING, FAR):
        book.post(inbound(lot, Decimal(28_000), f"{yesterday} 09:00:00"))
        book.post(inbound(lot, Decimal(30_500), f"{yesterday} 10:00:00"))
    now = timezone.now()
    card(AGREEING, Decimal(58_500), now)
    # The second truck is missing in the claim.
    card(DIFFERING, Decimal(28_000), now)
    held(
        "1112",
        f"{CHANGSHA}|430103199001011234",
        CHANGSHA,
        TIANXIN,
        dwdm=CHANGSHA,
        kqdm=TIANXIN,
        xm="演示刘二",
        sfzhm="430103199001011234",
        yddh="13812345678",
        lsbm="仓储科",
    )
    return book
