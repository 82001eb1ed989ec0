"""Whose record it is, and that all its codes say so.

A lot's code begins with its compartment's, that with its warehouse's, depot's and enterprise's; numbers of documents
begin with what they belong to (LS/T 1714-2018 as the v2022 interface deploys it). So most tables need no rule of
their own: the field that decides is found by the identifiers named in the declaration. Who may send what is decided
on this answer.
"""

from collections.abc import Callable, Iterator
from functools import cache
from operator import attrgetter

from canglin.standard.fields import FieldSpec
from canglin.standard.rulecodes import declare
from canglin.standard.tables import Row, Rule, TableSpec, Violation, table

PLACE = declare("place.agree", "代码之间归属不一致", "reference")

#: (in_enterprise, in_depot): 18 and 21 characters; "" for the depot of what concerns an enterprise as a whole, ""
#: twice for what is the bureau's own.
Owner = tuple[str, str]

#: Identifiers that begin with a place: how long they are, and how much of them is the place.
_PLACES = {
    "lot": (30, 30), "compartment": (28, 28), "warehouse": (25, 25), "depot": (21, 21), "uscc": (18, 18),
    "scan_no": (42, 30), "ventilation_no": (41, 30), "gain_loss_no": (41, 30), "nature_change_no": (41, 30),
    "fumigation_no": (36, 25), "settlement_no": (33, 21),
}

#: Where the field that decides is not the one the common order would find.
_DECIDES = {
    "1204": "settlement_no",  # the key; that the lot lies in the same depot is checked by ``agreement``
    "1206": "settlement_no",
    "1207": "from_depot_code",  # a transfer belongs to the depot that gives
    "1309": "subject_code",  # an enterprise (18) or a depot (21)
}
#: The common order: what names a depot outright, then what lies in one, then the enterprise.
_COMMON = ("depot_code", "lot_code", "compartment_code", "warehouse_code", "enterprise_code")
#: Plans the bureau issues for no enterprise in particular.
_BUREAU = frozenset({"1402", "1403"})


@cache
def owner_of(code: str) -> Callable[[Row], Owner]:
    """The function that tells the owner of a row of table ``code``. Raises KeyError for an unknown table."""
    return _owner(table(code))


def _owner(spec: TableSpec) -> Callable[[Row], Owner]:
    if spec.code in _BUREAU:
        return lambda row: ("", "")
    decides = _DECIDES.get(spec.code) or next(name for name in _COMMON if name in spec.by_attribute)
    read = attrgetter(decides)
    if decides == "enterprise_code":
        return lambda row: (read(row), "")
    if decides == "depot_code" and not spec.by_attribute[decides].required:
        # Staff and customers belong to the enterprise and may name a depot.
        def with_depot(row: Row) -> Owner:
            return row.enterprise_code, row.depot_code or ""

        return with_depot
    if decides == "subject_code":
        return lambda row: (row.subject_code[:18], row.subject_code if len(row.subject_code) == 21 else "")

    def within(row: Row) -> Owner:
        depot = read(row)[:21]
        return depot[:18], depot

    return within


def another_s(spec: TableSpec, held: Owner, now: Owner) -> bool:
    """Whether the version held under a key is another's than the one that comes.

    Not every key begins with a depot: transfers are numbered as each depot likes, two may choose the same. Staff and
    customers stay their enterprise's when they change depot; what the bureau fills, it may give to another.
    """
    if spec.bureau_only or held == now:
        return False
    depot = spec.by_attribute.get("depot_code")
    moves = depot is not None and not depot.required
    return held[0] != now[0] or bool(held[1] and now[1] and not moves)


def _side(attribute: str) -> str:
    """Which place a field speaks of: a transfer has two, ``from_`` and ``to_``."""
    return next((side for side in ("from_", "to_") if attribute.startswith(side)), "")


def _is_place(field: FieldSpec) -> bool:
    # Of enterprises only the record's own: parents, owners of the grain and customers lie elsewhere.
    return field.identifier in _PLACES and (field.identifier != "uscc" or field.attribute == "enterprise_code")


def agreement(spec: TableSpec) -> Rule | None:
    """The rule that all codes of a row lie in one another: a warehouse in its depot, a scan's number in its lot.

    None when a table has no two such codes. A code of wrong form is left to the rule of its identifier. Codes the
    record must have refuse it; a reference it may have is only noted, what it points at is checked elsewhere.
    """
    groups: dict[str, list[tuple[FieldSpec, int, int]]] = {}
    for field in filter(_is_place, spec.fields):
        length, cut = _PLACES[field.identifier or ""]
        groups.setdefault(_side(field.attribute), []).append((field, length, cut))
    checks = []
    for members in groups.values():
        # One is compared with every other: what the record must have, rather a place than a number, rather the longest.
        members.sort(key=lambda m: (not m[0].required, m[1] != m[2], -m[2]))
        anchor = members[0]
        checks += [(*anchor, *other) for other in members[1:]]
    if not checks:
        return None
    compiled = [
        (a.attribute, a_length, a.name, f.attribute, f.id, length, min(a_cut, cut), f.required)
        for a, a_length, a_cut, f, length, cut in checks
    ]

    def places_agree(row: Row) -> Iterator[Violation]:
        for anchor_name, anchor_length, anchor_label, name, id, length, cut, required in compiled:
            value, anchor = getattr(row, name), getattr(row, anchor_name)
            if value is None or anchor is None or value[:cut] == anchor[:cut]:
                continue
            if len(value) != length or len(anchor) != anchor_length:
                continue
            # An oil tank's only lot is the tank and 00001, whatever its compartment is called.
            if cut == 28 and anchor.endswith("00001") and value[:25] == anchor[:25]:
                continue
            yield Violation(id, PLACE, value, f"与{anchor_label} {anchor} 同属，以 {anchor[:cut]} 开头", required)

    return places_agree
