"""What the platform noted about a record: the faults that today's rules see in it, and the moves it caused."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import cast

from canglin.records.models import Record
from canglin.rulebook import queries as rulebook
from canglin.standard import codes
from canglin.standard.decode import Refused, decoder
from canglin.standard.messages import message
from canglin.standard.rulecodes import Severity, default_severity
from canglin.standard.tables import StandardTable, tables
from canglin.stock.models import Account, Move

MOST_MOVES = 200


def _severity(rule: str) -> Severity:
    return cast(Severity, rulebook.severity(rule)) or default_severity(rule)


def faults(row: StandardTable) -> list[str]:
    """What the rules of today find wrong in the record that was taken, in words. A record is taken with faults when the
    rulebook says so, or when the rule came later."""
    record = Record.objects.filter(number=row.number).first()
    if record is None:
        return []
    spec = tables()[row.Standard.code]
    given = json.loads(record.payload) | {"czbz": "i"}
    try:
        found = decoder(spec, _severity).decode(json.dumps(given).encode()).flags
    except Refused as refused:
        found = refused.violations
    return [message(each, spec) for each in found]


@dataclass(frozen=True)
class Booked:
    """A move as a page shows it, kg. ``reverses``: the log entry it takes back."""

    number: int
    business_at: datetime
    received_at: datetime
    lot_code: str
    grain: str
    contra: str
    priced_kg: Decimal
    weighed_kg: Decimal
    reverses: int | None


def moves(table_code: str, key: str) -> list[Booked]:
    """The moves that all versions of a record caused, newest first."""
    numbers = Record.objects.filter(table_code=table_code, key=key).order_by("-number").values_list("number", flat=True)
    found = list(
        Move.objects.filter(number__in=list(numbers[:MOST_MOVES]), table_code=table_code, key=key).order_by("-number", "-seq")[
            :MOST_MOVES
        ]
    )
    ids = {move.account_id for move in found} | {move.contra_id for move in found}
    accounts = Account.objects.in_bulk(ids)
    return [
        Booked(
            move.number,
            move.business_at,
            move.received_at,
            accounts[move.account_id].lot_code,
            _grain(accounts[move.account_id]),
            accounts[move.contra_id].get_kind_display(),
            move.priced_kg,
            move.weighed_kg,
            move.reverses,
        )
        for move in found
    ]


def _grain(account: Account) -> str:
    year = f"{account.harvest_year} 年" if account.harvest_year else ""
    kinds = codes.brief(account.variety_code, "food_variety"), codes.brief(account.nature_code, "food_nature"), year
    return " · ".join(kind for kind in kinds if kind) or "未注明"
