"""Where a table's rows come from: a query or a list in memory, behind one interface; and cursors into long tables."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.core import signing
from django.core.exceptions import FieldDoesNotExist
from django.db.models import F, Model, Q, QuerySet, Sum
from django.db.models.expressions import OrderBy

from canglin.ui.filters import Bound

Row = Mapping[str, Any]
Rows = QuerySet[Any, Any] | Sequence[Row]
_SALT = "canglin.ui.cursor"


@dataclass(frozen=True)
class Sort:
    """An order: a column's key, the field it orders by, the direction."""

    key: str
    field: str
    descending: bool

    @property
    def parameter(self) -> str:
        """As the address carries it."""
        return f"-{self.key}" if self.descending else self.key


@dataclass(frozen=True)
class Page:
    """One screenful and the ways on from it; addresses are empty where there is no way."""

    rows: list[Row]
    start: int
    number: int
    pages: int
    total: int
    total_exact: bool
    first: str
    previous: str
    next: str
    last: str


class QueryRows:
    """Rows of a database query, read with ``.values()``: no model instances, no query a row."""

    def __init__(self, query: QuerySet[Any, Any], fields: Sequence[str]) -> None:
        self.query = query
        self.fields = [*dict.fromkeys(fields), "pk"]

    def narrowed(self, filters: Sequence[Bound]) -> "QueryRows":
        """Only the rows that pass every filter."""
        query = self.query
        for bound in filters:
            query = query.filter(bound.filter.condition(bound.value))
        return QueryRows(query, self.fields)

    def count(self, limit: int | None = None) -> int:
        """How many rows; counting stops beyond ``limit``."""
        # Only the key: a limited count would work out every annotation of every row it counts.
        plain = self.query.order_by().values("pk")
        return plain[: limit + 1].count() if limit is not None else plain.count()

    def totals(self, fields: Sequence[str]) -> dict[str, Decimal]:
        """Sums over all rows."""
        sums = self.query.order_by().aggregate(**{f"total_{i}": Sum(field) for i, field in enumerate(fields)})
        return {field: sums[f"total_{i}"] or Decimal(0) for i, field in enumerate(fields)}

    def slice(self, sort: Sort | None, start: int, stop: int) -> list[Row]:
        """Rows by place."""
        return list(self._ordered(sort).values(*self.fields)[start:stop])

    def stream(self, sort: Sort | None, limit: int) -> Iterator[Row]:
        """Rows in order, a few thousand at a time."""
        yield from self._ordered(sort).values(*self.fields)[:limit].iterator(chunk_size=2000)

    def after(self, sort: Sort | None, cursor: Sequence[Any] | None, size: int, backward: bool) -> list[Row]:
        """``size`` rows on the far side of a cursor, in table order."""
        query = self._ordered(sort, reverse=backward)
        if cursor is not None:
            query = query.filter(self._beyond(sort, cursor, backward))
        rows: list[Row] = list(query.values(*self.fields, *([sort.field] if sort else []))[:size])
        return rows[::-1] if backward else rows

    def _nullable(self, field: str) -> bool:
        # A field reached over a relation or computed may be empty; only a plain NOT NULL column surely is not.
        try:
            return bool(getattr(self.query.model._meta.get_field(field), "null", True))
        except FieldDoesNotExist:
            return True

    def _ordered(self, sort: Sort | None, reverse: bool = False) -> QuerySet[Any, Any]:
        if sort is None:
            return self.query.order_by("-pk" if reverse else "pk") if reverse or not self.query.ordered else self.query
        descending = sort.descending != reverse
        order: str | OrderBy = f"-{sort.field}" if descending else sort.field
        if self._nullable(sort.field):
            # Empty cells stand last whichever way a column is sorted. Plain columns keep the form that an index serves.
            first, last = (True, None) if reverse else (None, True)
            source = F(sort.field)
            order = (
                source.desc(nulls_first=first, nulls_last=last) if descending else source.asc(nulls_first=first, nulls_last=last)
            )
        return self.query.order_by(order, "-pk" if descending else "pk")

    def _beyond(self, sort: Sort | None, cursor: Sequence[Any], backward: bool) -> Q:
        value, key = cursor
        if sort is None:
            return Q(pk__lt=key) if backward else Q(pk__gt=key)
        step = "lt" if sort.descending != backward else "gt"
        tie = Q(**{f"pk__{step}": key})
        if value is None:
            rest = Q(**{f"{sort.field}__isnull": True}) & tie
            return rest | Q(**{f"{sort.field}__isnull": False}) if backward else rest
        # The first bound says nothing that the rest does not, but it alone is what an index range can be made of: without
        # it every page would be looked for from the first row on.
        beyond = Q(**{f"{sort.field}__{step}e": value}) & (
            Q(**{f"{sort.field}__{step}": value}) | (Q(**{sort.field: value}) & tie)
        )
        if not backward and self._nullable(sort.field):
            beyond |= Q(**{f"{sort.field}__isnull": True})
        return beyond


class ListRows:
    """Rows already in memory, for tables that a room computes."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.rows = rows

    def narrowed(self, filters: Sequence[Bound]) -> "ListRows":
        """Only the rows that pass every filter."""
        return ListRows([row for row in self.rows if all(b.filter.keeps(row, b.value) for b in filters)])

    def count(self, limit: int | None = None) -> int:
        """How many rows."""
        return len(self.rows) if limit is None else min(len(self.rows), limit + 1)

    def totals(self, fields: Sequence[str]) -> dict[str, Decimal]:
        """Sums over all rows."""
        return {
            field: sum((Decimal(str(row[field])) for row in self.rows if row.get(field) is not None), Decimal(0))
            for field in fields
        }

    def slice(self, sort: Sort | None, start: int, stop: int) -> list[Row]:
        """Rows by place."""
        return self._ordered(sort)[start:stop]

    def stream(self, sort: Sort | None, limit: int) -> Iterator[Row]:
        """Rows in order."""
        yield from self._ordered(sort)[:limit]

    def _ordered(self, sort: Sort | None) -> list[Row]:
        if sort is None:
            return list(self.rows)
        filled = [row for row in self.rows if row.get(sort.field) is not None]
        empty = [row for row in self.rows if row.get(sort.field) is None]
        return sorted(filled, key=lambda row: row[sort.field], reverse=sort.descending) + empty


def write_cursor(value: Any, key: Any) -> str:
    """A place in a sorted table as text. Signed: only places that we named are looked up."""
    return signing.dumps([_plain(value), _plain(key)], salt=_SALT, compress=False)


def read_cursor(text: str) -> list[Any] | None:
    """The place, or None when the text is not ours."""
    try:
        return [_typed(*part) for part in signing.loads(text, salt=_SALT)]
    except (signing.BadSignature, ValueError, TypeError, KeyError):
        return None


def _plain(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "moment", value.isoformat()
    if isinstance(value, date):
        return "day", value.isoformat()
    if isinstance(value, Decimal):
        return "decimal", str(value)
    if isinstance(value, Model) or not isinstance(value, str | int | float | bool | None):
        raise TypeError(f"A table cannot page by a {type(value).__name__}")
    return "plain", value


def _typed(kind: str, value: Any) -> Any:
    if kind == "plain":
        return value
    if kind == "decimal":
        return Decimal(value)
    return datetime.fromisoformat(value) if kind == "moment" else date.fromisoformat(value)
