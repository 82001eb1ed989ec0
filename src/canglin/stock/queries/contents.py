"""What grain lies in each lot: account balances with their unstated amounts resolved (see rules.composition)."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from threading import Lock

from canglin.stock.ledger.balances import NOW, Balance, Moment, Sums, balances, changed_since, first_moved
from canglin.stock.queries.cards import newest_cards
from canglin.stock.rules.composition import Contents, Grain, Part, Shares, resolve

# Grain that came over more lots than this keeps no kind but its own statement.
_LONGEST_CHAIN = 16


def contents(
    moment: Moment = NOW, *, lots: Collection[str] | None = None, depots: Collection[str] | None = None
) -> dict[str, Contents]:
    """lot → the grain in it at ``moment``, for the lots in scope that have any account. None = all lots."""
    if moment == NOW and lots is None:
        held_now = _current.refreshed().contents
        if depots is None:
            return held_now
        wanted = set(depots)
        return {lot: inside for lot, inside in held_now.items() if lot[:21] in wanted}
    accounts = _by_lot(balances(moment, lots=lots, depots=depots))
    found = {lot: inside for lot in accounts if (inside := _current.of(lot, accounts)) is not None}
    return found | resolve_lots(accounts, accounts.keys() - found.keys(), moment).contents


@dataclass
class Resolved:
    """Contents of lots, with what they follow from besides the lot's own accounts: the lots that grain came from, and
    (``by_card``) stock cards. ``contents`` holds the lots asked for only, the others all that had to be read."""

    contents: dict[str, Contents]
    sources: dict[str, set[str]]
    by_card: set[str]


def resolve_lots(known: Mapping[str, list[Balance]], wanted: Iterable[str], moment: Moment) -> Resolved:
    """Resolve the lots in ``wanted``; ``known`` are accounts read already, theirs among them."""
    plain, unclear = dict[str, Contents](), list[str]()
    for lot in wanted:
        if all(account.nature_code and account.harvest_year for account in known[lot]):
            plain[lot] = Contents({
                Grain(*account[2:5]): account[6:8] for account in known[lot] if account.priced_kg or account.weighed_kg
            })
        else:
            unclear.append(lot)
    if not unclear:
        return Resolved(plain, {}, set())
    accounts = {lot: known[lot] for lot in unclear}
    sources = {lot: _arrived(held) for lot, held in accounts.items()}
    while missing := set[str]().union(*sources.values()) - accounts.keys():
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
        lot
        for lot, inside in found.items()
        if any(not grain.stated and max(kgs) > 0 for grain, kgs in inside.grains.items())
    }
    cards = newest_cards(unknown, moment) if unknown else {}
    if cards:
        found = _settled(parts, sources, {lot: card.grain for lot, card in cards.items()})
    by_card = {lot for lot in unclear if unknown and _basis(lot, sources) & unknown}
    return Resolved(plain | {lot: found[lot] for lot in unclear}, sources, by_card)


def _by_lot(held: Iterable[Balance]) -> dict[str, list[Balance]]:
    accounts: dict[str, list[Balance]] = defaultdict(list)
    for account in held:
        accounts[account.lot_code].append(account)
    return accounts


def _arrived(held: Iterable[Balance | Part]) -> set[str]:
    """The lots from which grain was transferred in."""
    return {a.other_lot_code for a in held if a.other_lot_code and (a.priced_kg > 0 or a.weighed_kg > 0)}


def _basis(lot: str, sources: Mapping[str, set[str]]) -> set[str]:
    """The lot and all from which grain came to it, over however many others."""
    basis = reached = {lot}
    while reached := set[str]().union(*(sources.get(other, ()) for other in reached)) - basis:
        basis = basis | reached
    return basis


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


class _Current:
    """What lies in all lots now, kept in memory: the province page asks for all of it, and between two askings few lots
    move.

    An account names the last log entry that moved it, and log entries are committed in the order of their numbers; so
    the accounts above the highest number seen are those that changed. Count and sums of all accounts come along with
    every asking and must fit what is kept: when the tables were exchanged or restored under us they do not, and
    everything is read anew.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._clear()

    def _clear(self) -> None:
        self.accounts: dict[int, Balance] = {}
        self.lots: dict[str, list[Balance]] = {}
        self.contents: dict[str, Contents] = {}
        self.sources: dict[str, set[str]] = {}
        self.by_card: set[str] = set()
        self._number = -1
        self._sums = Sums(0, 0, Decimal(0), Decimal(0), 0)

    def forget(self) -> None:
        """Read everything anew at the next asking."""
        with self._lock:
            self._clear()

    def of(self, lot: str, accounts: Mapping[str, list[Balance]]) -> Contents | None:
        """The lot's contents if ``accounts`` (its own, and those of the lots its grain came from) are those kept
        here."""
        inside = self.contents.get(lot)
        if inside is None or lot in self.by_card:
            return None
        same = all(accounts.get(other) == self.lots.get(other) for other in _basis(lot, self.sources))
        return inside if same else None

    def refreshed(self) -> "_Current":
        """Up to date with the database."""
        with self._lock:
            changed, sums = changed_since(self._number)
            after = self._sums.moved({old.account_id: old for b in changed if (old := self.accounts.get(b.account_id))}, changed)
            if after != sums:
                self._clear()
                changed, sums = changed_since(-1)
            self._take(changed)
            self._sums = sums
            return self

    def _take(self, changed: Sequence[Balance]) -> None:
        self.accounts.update((account.account_id, account) for account in changed)
        touched = {account.lot_code for account in changed}
        if len(touched) > len(self.lots) // 2:
            self.lots = _by_lot(self.accounts.values())
        else:
            for lot in touched:
                ids = {account.account_id for account in changed if account.lot_code == lot}
                kept = [account for account in self.lots.get(lot, ()) if account.account_id not in ids]
                self.lots[lot] = sorted([*kept, *(self.accounts[account_id] for account_id in ids)])
        again = touched | self.by_card
        again |= {lot for lot in self.sources if _basis(lot, self.sources) & touched}
        if not again:
            return
        resolved = resolve_lots(self.lots, again & self.lots.keys(), NOW)
        # Readers hold the old dictionaries: new ones take their place.
        self.contents = self.contents | resolved.contents
        self.sources = {lot: found for lot, found in (self.sources | resolved.sources).items() if found}
        self.by_card = (self.by_card - resolved.contents.keys()) | resolved.by_card
        self._number = max((account.number for account in changed), default=self._number)


_current = _Current()
forget = _current.forget
