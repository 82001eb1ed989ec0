"""A small province read through /api/v1 by people with tokens."""

import json
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from canglin.accounts.actions import create_token
from canglin.accounts.policy import CONSOLE
from canglin.overview import kept
from canglin.stock.queries import contents
from tests.accounts.conftest import CHANGSHA, ZHUZHOU, held, person
from tests.overview.cast import AGREEING, FAR, TIANXIN, province

__all__ = ["person"]

Ask = Callable[..., Any]
ID_CARD = "430103199001011234"


@pytest.fixture(autouse=True)
def nothing_kept() -> Iterator[None]:
    kept.forget_all()
    contents.forget()
    yield
    kept.forget_all()
    contents.forget()


def ticket(code: str, number: str, lot: str, **more: object) -> None:
    """A weighing ticket (1202, 1205) as the state holds it."""
    names = {"1202": "rkywdh", "1205": "ckywdh"}
    held(code, f"{number}|{lot}", lot[:18], lot[:21], **{
        names[code]: number, "hwdm": lot, "hth": "演示合同一", "lspzdm": "1111001", "lsxzdm": "121", "shnd": 2025,
        "mz": Decimal("43000.5"), "pz": Decimal(15000), "jz": Decimal("28000.5"), "sfzh": ID_CARD, "lxdh": "13812345678",
        "ywrq": timezone.localdate(), **more,
    })


def contract(number: str, enterprise: str, **more: object) -> None:
    """A contract to buy."""
    held("1201", f"{number}|{enterprise}", enterprise, "", hth=number, dwdm=enterprise, ywlx="2", lspzdm="1111001", sfzh=ID_CARD,
         bfzh="6222021234567890", khmc="演示客户", ydgxlssl=Decimal(90_000), **more)


@pytest.fixture
def small_province(db: None) -> None:
    """Three depots of two enterprises, lots with grain and cards, tickets, contracts, an inspection."""
    province()
    for n in range(1, 6):
        ticket("1202", f"14250101000{n}", AGREEING)
    ticket("1202", "142501020001", FAR)
    ticket("1205", "152501020001", AGREEING)
    contract("演示合同一", CHANGSHA)
    contract("演示/合同 二", ZHUZHOU)
    held("1204", TIANXIN + "202501010001", CHANGSHA, TIANXIN, rkjsdh=TIANXIN + "202501010001", hwdm=AGREEING, hth="演示合同一",
         skrsfzh=ID_CARD)
    held("1203", f"122501010001|{AGREEING}", CHANGSHA, TIANXIN, rkjydh="122501010001", hwdm=AGREEING, rkywdh="142501010001")
    held("1310", f"01202501010001|{AGREEING}", CHANGSHA, TIANXIN, zjbgdh="01202501010001", hwdm=AGREEING)


@pytest.fixture
def ask(person: Any) -> Ask:
    """``ask("/lots", role="viewer", area="43", expected=200, region="430100")``: the answer's JSON, numbers as Decimal."""

    def go(path: str, role: str = "plans", area: str = "00", expected: int = 200, **query: Any) -> Any:
        user = person(role, area)
        _, text = create_token(CONSOLE, user, "演示")
        answer = Client(headers={"authorization": f"Bearer {text}"}).get(f"/api/v1{path}", query)
        assert answer.status_code == expected, answer.content.decode()
        return json.loads(answer.content, parse_float=Decimal)

    return go
