"""What must exist before a record is taken (protocol.md, "What must exist first"), answered without a query a record.

Keys of the registry's tables stay in memory, kept true by the log itself: whoever appends holds the tree's head, and first
catches up with entries others appended. Keys of the large tables (contracts, tickets, settlements …) are asked for once per
commit group, in one query a table, with the latest ones remembered.
"""

from collections import OrderedDict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from canglin.records.effects import Connection, Cursor
from canglin.standard import regions
from canglin.standard.fields import FieldSpec
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, TableSpec, Violation, table, tables

REFERENCE = declare("reference", "引用的记录不存在", "reference")

#: Small tables whose keys are all kept in memory.
IN_MEMORY = frozenset({"1101", "1102", "1103", "1104", "1105", "1106", "1403", "1404"})
#: How many keys of the large tables are remembered, in all.
REMEMBERED = 200_000

#: 1103 and 1106 share one number series, so a reference to a warehouse may name a tank (protocol.md).
ALSO = {"1103": ("1103", "1106"), "1101": ("1101", "1102")}

#: The references the protocol demands, as table → wire ids. Others that the field list names are only noted when they miss:
#: the document does not demand them, and what they point at may be the bureau's own papers (decision 0003).
DEMANDED: dict[str, frozenset[str]] = {
    code: frozenset(ids.split())
    for code, ids in {
        "1101": "xzqhdm sjdwdm", "1102": "dwdm", "1103": "kqdm", "1106": "kqdm", "1104": "cfbh", "1105": "ajdm",
        "1107": "kqdm dwdm", "1108": "kqdm dwdm", "1111": "kqdm dwdm", "1112": "kqdm dwdm", "1109": "kqdm",
        "1110": "hwdm kqdm dwdm", "1113": "dwdm", "1212": "dwdm", "1201": "dwdm khtyshxydm", "1204": "hwdm hth",
        "1202": "hwdm hth rkjsdh", "1203": "hwdm rkywdh", "1206": "hth", "1205": "hwdm hth ckjsdh",
        "1207": "dcdw drdw dchwdm drhwdm", "1208": "hwdm lqgsdwdm cd gb", "1209": "hwdm", "1210": "hwdm", "1302": "hwdm",
        "1303": "hwdm", "1304": "hwdm", "1310": "hwdm", "1211": "kqdm", "1301": "kqdm dwdm", "1308": "kqdm", "1305": "cfdm",
        "1306": "cfdm hcjcdh", "1307": "kqdm cfdm hwdm", "1404": "lhjhdh lhhwdm", "1401": "ccqy", "1405": "xmdw",
    }.items()
}
#: References the protocol demands though the field list does not name them.
UNLISTED = {
    ("1101", "sjdwdm"): "1101.dwdm", ("1201", "khtyshxydm"): "1212.khtyshxydmhsfzh", ("1202", "hth"): "1201.hth",
    ("1205", "ckjsdh"): "1206.ckjsdh",
}
#: References that hold for some rows only: a customer must be on record when it is an enterprise (客户类型 1).
ONLY_IF: dict[tuple[str, str], Callable[[Row], bool]] = {
    ("1201", "khtyshxydm"): lambda row: row.customer_type == "1",
}

#: From row, enterprise and depot to the key that must exist; None when the row demands nothing.
KeyOf = Callable[[Row, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Reference:
    """One field's demand: ``targets`` are tables any of which may hold the key that ``key_of(row, enterprise, depot)`` builds;
    the key is None when the field is empty."""

    field: FieldSpec
    targets: tuple[str, ...]
    key_of: KeyOf
    refuses: bool

    def violation(self, found: str) -> Violation:
        """What to say when nothing has the key."""
        names = "或".join(table(code).name for code in self.targets)
        return Violation(self.field.id, REFERENCE, found, f"已上报的{names}", self.refuses)


def _field(attribute: str) -> KeyOf:
    return lambda row, enterprise, depot: getattr(row, attribute)


def _key_builder(spec: TableSpec, field: FieldSpec, target: TableSpec, named: str) -> KeyOf:
    """How to write the target's key from a row: the field itself, fields of the same id, or the row's enterprise and depot."""
    own = field.attribute
    if target.key == (target.by_id[named].attribute,):
        return lambda row, enterprise, depot: getattr(row, own)
    parts: list[KeyOf] = []
    for attribute in target.key:
        wire = target.by_attribute[attribute].id
        if wire == named:
            parts.append(lambda row, enterprise, depot: getattr(row, own))
        elif wire == "dwdm":
            parts.append(lambda row, enterprise, depot: enterprise)
        elif wire == "kqdm":
            parts.append(lambda row, enterprise, depot: depot)
        else:
            parts.append(_field(spec.by_id[wire].attribute))

    def build(row: Row, enterprise: str, depot: str) -> str | None:
        if not getattr(row, own):
            return None
        return "|".join([part(row, enterprise, depot) or "" for part in parts])

    return build


def _conditional(build: KeyOf, when: Callable[[Row], bool]) -> KeyOf:
    return lambda row, enterprise, depot: build(row, enterprise, depot) if when(row) else None


@cache
def references(code: str) -> tuple[Reference, ...]:
    """The references of one table, compiled from its declaration."""
    spec, found = table(code), []
    demanded = DEMANDED.get(code, frozenset())
    for field in spec.fields:
        ref = UNLISTED.get((code, field.id), field.ref)
        if ref is None:
            continue
        target_code, named = ref.split(".")
        targets = ALSO.get(target_code, (target_code,)) if target_code != "1101" or field.length == 21 else (target_code,)
        build = _key_builder(spec, field, table(target_code), named)
        if applies := ONLY_IF.get((code, field.id)):
            build = _conditional(build, applies)
        found.append(Reference(field, targets, build, field.id in demanded))
    return tuple(found)


@cache
def _places(code: str) -> tuple[tuple[FieldSpec, Callable[[str], bool], str], ...]:
    """Fields that name a region or a country the protocol demands to exist."""
    demanded, spec = DEMANDED.get(code, frozenset()), table(code)
    found: list[tuple[FieldSpec, Callable[[str], bool], str]] = []
    for wire, known, expected in (
        ("xzqhdm", regions.known, "GB/T 2260 的行政区划代码"),
        ("cd", lambda value: regions.known(value) or regions.country(value) is not None, "行政区划或国家代码"),
        ("gb", lambda value: regions.country(value) is not None, "GB/T 2659 的国家代码"),
    ):
        if wire in demanded:
            found.append((spec.by_id[wire], known, expected))
    return tuple(found)


def misplaced(code: str, row: Row) -> list[Violation]:
    """Regions and countries that do not exist."""
    return [
        Violation(field.id, REFERENCE, value, expected)
        for field, known, expected in _places(code)
        if (value := getattr(row, field.attribute)) and not known(value)
    ]


class Known:
    """The keys that exist, as one writer of the log knows them. Changes made in an open transaction stay aside until kept."""

    def __init__(self) -> None:
        self._small: dict[str, set[str]] = {}
        self._large: OrderedDict[tuple[str, str], None] = OrderedDict()
        self._new: set[tuple[str, str]] = set()
        self._gone: set[tuple[str, str]] = set()

    def load(self, connection: Connection) -> None:
        """Read the small tables' keys from the current state."""
        self._large.clear()
        for code in IN_MEMORY & tables().keys():
            name = table(code).model._meta.db_table
            rows = connection.execute(f"SELECT key FROM {name} WHERE NOT removed").fetchall()  # noqa: S608
            self._small[code] = {row[0] for row in rows}

    def ask(self, connection: Connection, wanted: Iterable[tuple[str, str]]) -> list[tuple[str, Cursor]]:
        """Ask the database for those of ``wanted`` (table, key) in large tables that are not remembered; `learn` the answers."""
        missing: dict[str, set[str]] = {}
        for code, key in wanted:
            if code not in self._small and (code, key) not in self._large:
                missing.setdefault(code, set()).add(key)
        asked = []
        for code, keys in missing.items():
            name = table(code).model._meta.db_table
            query = f"SELECT key FROM {name} WHERE key = ANY(%s) AND NOT removed"  # noqa: S608
            asked.append((code, connection.execute(query, [list(keys)])))
        return asked

    def learn(self, asked: Iterable[tuple[str, Cursor]]) -> None:
        """Remember what the database answered to `ask`."""
        for code, cursor in asked:
            for (key,) in cursor.fetchall():
                self._large[code, key] = None

    def has(self, code: str, key: str) -> bool:
        """Whether the table ``code`` holds ``key``, this transaction's own changes included."""
        small = self._small.get(code)
        if small is not None and key in small:
            return not self._gone or (code, key) not in self._gone
        pair = (code, key)
        if pair in self._new:
            return True
        return small is None and pair in self._large and pair not in self._gone

    def put(self, code: str, key: str, removed: bool) -> None:
        """Note a change of the open transaction."""
        if code not in _referenced():
            return
        pair = (code, key)
        (self._gone if removed else self._new).add(pair)
        (self._new if removed else self._gone).discard(pair)

    def keep(self) -> None:
        """The transaction was committed: what was put aside is now true."""
        for code, key in self._new:
            if (small := self._small.get(code)) is not None:
                small.add(key)
            else:
                self._large[code, key] = None
        for code, key in self._gone:
            if (small := self._small.get(code)) is not None:
                small.discard(key)
            else:
                self._large.pop((code, key), None)
        while len(self._large) > REMEMBERED:
            self._large.popitem(last=False)
        self.drop()

    def drop(self) -> None:
        """The transaction was rolled back."""
        self._new.clear()
        self._gone.clear()


@cache
def _referenced() -> frozenset[str]:
    """Tables that some reference points at."""
    return frozenset(target for code in tables() for reference in references(code) for target in reference.targets)
