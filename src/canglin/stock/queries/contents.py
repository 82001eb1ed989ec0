"""What grain lies in each lot: account balances with their unstated amounts resolved (see rules.composition)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from canglin.stock.ledger.balances import NOW, Balance, Moment, balances, first_moved
from canglin.stock.queries.cards import newest_cards
from canglin.stock.rules.composition import Contents, Grain, Part, Shares, resolve

# Grain that came over more lots than this keeps no kind but its own statement.
_LONGEST_CHAIN = 16


def contents(
    moment: Moment = NOW, *, lots: Collection[str] | None = None, depots: Collection[str] | None = None
) -> dict[str, Contents]:
    """lot → the grain in it at ``moment``, for the lots in scope that have any account. None = all lots."""
    accounts = _by_lot(balances(moment, lots=lots, depots=depots))
    found: dict[str, Contents] = {}
    unclear: list[str] = []
    for lot, held in accounts.items():
        if all(account.nature_code and account.harvest_year for account in held):
            found[lot] = Contents({
                Grain(*account[2:5]): account[6:8] for account in held if account.priced_kg or account.weighed_kg
            })
        elif seen := _recall(lot, accounts):
            found[lot] = seen
        else:
            unclear.append(lot)
    if unclear:
        resolved = _resolved(accounts, unclear, moment)
        found |= {lot: resolved[lot] for lot in unclear}
    return found


def _by_lot(held: Iterable[Balance]) -> dict[str, list[Balance]]:
    accounts: dict[str, list[Balance]] = defaultdict(list)
    for account in held:
        accounts[account.lot_code].append(account)
    return accounts


def _arrived(held: Iterable[Balance | Part]) -> set[str]:
    """The lots from which grain was transferred in."""
    return {a.other_lot_code for a in held if a.other_lot_code and (a.priced_kg > 0 or a.weighed_kg > 0)}


def _resolved(known: Mapping[str, list[Balance]], unclear: Iterable[str], moment: Moment) -> dict[str, Contents]:
    """Contents of the lots in ``unclear``, and of those from which grain came to them, wherever they lie; ``known`` are
    accounts read already."""
    accounts = {lot: known[lot] for lot in unclear}
    sources = {lot: _arrived(held) for lot, held in accounts.items()}
    while missing := set().union(*sources.values()) - accounts.keys():
        unread = missing - known.keys()
        read = _by_lot(balances(moment, lots=unread)) if unread else {}
        accounts |= {lot: known.get(lot) or read.get(lot, []) for lot in missing}
        sources |= {lot: _arrived(accounts[lot]) for lot in missing}
    # Only the order of kinds that lie together matters.
    since = first_moved(account.account_id for held in accounts.values() if len(held) > 2 for account in held)
    parts = {
        lot: [Part(Grain(*a[2:5]), a.other_lot_code, since.get(a.account_id, ""), a.priced_kg, a.weighed_kg) for a in held]
        for lot, held in accounts.items()
    }
    found = _settled(parts, sources, {})
    unknown = {
        lot for lot, inside in found.items() if any(not grain.stated and max(kg) > 0 for grain, kg in inside.grains.items())
    }
    cards = newest_cards(unknown, moment) if unknown else {}
    if cards:
        found = _settled(parts, sources, {lot: card.grain for lot, card in cards.items()})
    if moment == NOW:
        _remember(found, accounts, sources, unknown)
    return found


def _settled(
    parts: Mapping[str, list[Part]], sources: Mapping[str, set[str]], cards: Mapping[str, Grain]
) -> dict[str, Contents]:
    """Resolve all lots, and again those that received grain, until what left their sources for them no longer changes.

    Grain that went in a circle never settles; it is left after as many rounds as the longest chain. Each round looks
    only at the one before it, so a lot's contents do not depend on which other lots were asked for.
    """
    found = {lot: resolve(held, {}, cards.get(lot)) for lot, held in parts.items()}
    used: dict[str, dict[str, tuple[Shares, Shares]]] = {}
    for _ in range(_LONGEST_CHAIN):
        came = {
            lot: {other: found[other].departed[lot] for other in sorted(others) if lot in found[other].departed}
            for lot, others in sources.items() if others
        }
        news = {lot: resolve(parts[lot], origins, cards.get(lot)) for lot, origins in came.items() if origins != used.get(lot)}
        if not news:
            break
        found |= news
        used = came
    return found


# Lots resolved before, with the accounts they were resolved from: their own and those of the lots their grain came
# from. An account names the last log entry that moved it, so equal accounts mean that nothing has changed.
_seen: dict[str, tuple[dict[str, list[Balance]], Contents]] = {}
_MOST_SEEN = 50_000


def _recall(lot: str, accounts: Mapping[str, list[Balance]]) -> Contents | None:
    if (seen := _seen.get(lot)) and all(accounts.get(other) == held for other, held in seen[0].items()):
        return seen[1]
    return None


def _remember(
    found: Mapping[str, Contents], accounts: Mapping[str, list[Balance]], sources: Mapping[str, set[str]], by_card: set[str]
) -> None:
    """Keep all but what follows from a stock card: a new card moves no account."""
    if len(_seen) + len(found) > _MOST_SEEN:
        _seen.clear()
    for lot, inside in found.items():
        basis, reached = {lot}, {lot}
        while reached := set().union(*(sources[other] for other in reached)) - basis:
            basis |= reached
        if not basis & by_card:
            _seen[lot] = {other: accounts[other] for other in basis}, inside
