"""Stock cards (货位卡, 1208) beside the ledger for the whole province: where what depots state and what tickets prove part."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from canglin.overview.kept import Answer, Kept
from canglin.overview.queries.standing import tree_size
from canglin.registry.models import StorageLot
from canglin.stock.queries.claims import CardDifference, card_differences


def _work_out() -> dict[str, CardDifference]:
    lots = list(StorageLot.objects.order_by("key").values_list("key", flat=True))
    return card_differences(lots)


# Each card is compared with the ledger at its own time, a look into every lot's account: seconds for a province, done aside.
_kept = Kept(_work_out, tree_size, fresh_s=120, bound_s=1200)


def differences(depots: Collection[str] | None = None) -> Answer[dict[str, CardDifference]]:
    """lot → its newest card beside the ledger at the card's time, for lots that have a card, within ``depots``."""
    answer = _kept()
    if depots is None:
        return answer
    wanted = set(depots)
    return Answer({lot: each for lot, each in answer.value.items() if lot[:21] in wanted}, answer.as_of)


def largest(found: dict[str, CardDifference], count: int) -> list[dict[str, Any]]:
    """The ``count`` largest differences that are not zero, by the larger of the two quantities; with their share of the
    ledger's amount."""
    rows: list[dict[str, Any]] = [
        {"lot": lot, "card": each.card, "priced_kg": each.priced_kg, "weighed_kg": each.weighed_kg, "share": share(each)}
        for lot, each in found.items()
        if each.priced_kg or each.weighed_kg
    ]
    rows.sort(key=lambda row: (-max(abs(row["priced_kg"]), abs(row["weighed_kg"])), row["lot"]))
    return rows[:count]


def share(difference: CardDifference) -> Decimal | None:
    """The difference in weighed kg as a share of what the ledger held then; None when it held nothing."""
    held = difference.ledger_weighed_kg
    return difference.weighed_kg / held if held else None
