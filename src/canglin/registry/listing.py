"""Rows of a standard table as /api/v1 gives them: columns named by their attributes, personal data masked, by pages."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from ninja import Field, Schema

from canglin.accounts import places, policy
from canglin.accounts.api import user_of
from canglin.api import CODE, REGION, decode_cursor, page
from canglin.openapi import answers, columns, either, paged, shape
from canglin.registry.facts import masked
from canglin.standard.tables import StandardTable, table

#: What the log gives every row, shown after its own fields.
OF_THE_LOG = ("number", "received_at", "stated_at")
#: Keys are made of texts that a depot chose, but never of control characters.
KEY = r"^[^\x00-\x1f]*$"


class ByRegion(Schema):
    """Parameter of lists that lie somewhere."""

    region: str = Field("", pattern=REGION, description="行政区划代码：省、市或县")


class ByDepot(ByRegion):
    """Parameters of lists that lie in depots."""

    depot: str = Field("", max_length=21, pattern=CODE, description="库区代码")


def in_region(found: QuerySet[Any], region: str) -> QuerySet[Any]:
    """Rows in a province (430000 or 43), city (430100) or county; all of them when none is given."""
    prefix = region.removesuffix("00").removesuffix("00")
    return found.filter(places.in_region(prefix, "in_enterprise", "in_depot")) if prefix else found


@dataclass(frozen=True)
class Listing:
    """The list and the single rows of one standard table. ``names`` are the columns of the list; a single row has all
    fields. ``newest_first`` for keys that begin with a date; ``with_enterprise`` see policy.rows."""

    code: str
    verb: str
    names: tuple[str, ...]
    newest_first: bool = False
    with_enterprise: bool = False
    always_paged: bool = False

    @property
    def model(self) -> type[StandardTable]:
        """The table's model."""
        return table(self.code).model

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """The columns of the list."""
        return ("key", *self.names, "number", "received_at")

    @property
    def list_answers(self) -> dict[str, Any]:
        """openapi_extra of the list."""
        row = shape(columns(self.model, self.shown))
        return answers(paged(row) if self.always_paged else either(row))

    @property
    def one_answers(self) -> dict[str, Any]:
        """openapi_extra of a single row."""
        return answers(shape(columns(self.model, all_columns(self.code))))

    def rows(self, request: HttpRequest) -> QuerySet[Any]:
        """The rows of the asking person's area. Raises Denied."""
        user = user_of(request, self.verb)
        return policy.rows(user, self.model.objects, with_enterprise=self.with_enterprise)

    def answer(self, found: QuerySet[Any], limit: int | None, cursor: str | None) -> Any:
        """One page of ``found`` (all of it without ``limit``) in the order of keys: one query, no objects."""
        if cursor:
            found = found.filter(**{"key__lt" if self.newest_first else "key__gt": decode_cursor(cursor)})
        found = found.order_by("-key" if self.newest_first else "key")
        rows = list(found.values(*self.shown)[: limit + 1] if limit else found.values(*self.shown))
        for row in rows:
            mask(self.code, row)
        return page(rows, limit, lambda row: str(row["key"]))

    def one(self, request: HttpRequest, key: str) -> dict[str, Any]:
        """All fields of one row. Raises DoesNotExist (404), also for a row outside the area."""
        return whole(self.code, self.rows(request).get(key=key))


def all_columns(code: str) -> list[str]:
    """All attributes of a table's rows: its fields and what the log adds."""
    own = [field.attribute for field in table(code).fields if field.attribute not in ("operation", "stated_at")]
    return ["key", *own, *OF_THE_LOG]


def whole(code: str, row: StandardTable) -> dict[str, Any]:
    """A row with all its fields, personal data masked."""
    return mask(code, {name: getattr(row, name) for name in all_columns(code)})


def mask(code: str, row: dict[str, Any]) -> dict[str, Any]:
    """Hide the personal data in a row, as on the pages. What is not personal stays as it is."""
    fields = table(code).by_attribute
    for name, value in row.items():
        if isinstance(value, str) and value and (field := fields.get(name)):
            row[name] = masked(field, value)
    return row
