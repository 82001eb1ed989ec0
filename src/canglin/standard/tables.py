"""A table of the national specification, and the list of all that are declared.

    class InboundTicket(StandardTable):
        class Standard:
            code, name, endpoint = "1202", "入库信息", "lsrkxx"
            rules = (rules.inbound_ticket,)

        ticket_no = Text("rkywdh", "入库业务单号", 12, key=True)
        …

Rows of these models are the *current state*: views of the log that ``canglin rebuild`` makes again. Only
``records.commit`` writes them. Other code reads them through ``objects``, which leaves removed records out;
``everything`` has them all.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, ClassVar, Protocol

from django.apps import apps
from django.db import models

from canglin.standard.fields import OPERATION, FieldSpec, Key, Moment, StandardField


class Row(Protocol):
    """A decoded record: attributes are the fields' English names, an absent field is None.

    Strings as sent; amounts Decimal; integers int; year, date and datetime stay strings in the specification's own form
    (``2026``, ``2026-11-02``, ``2026-11-02 08:00:00``), which sort as time does. ``operation`` is i, u or d.
    """

    operation: str
    stated_at: str

    def __getattr__(self, name: str) -> Any: ...


@dataclass(frozen=True)
class Violation:
    """One thing wrong with a record: which field (the specification's id, "" for the whole record), which rule, what
    was found and what would pass. ``refuses`` is False when the record is taken all the same and the fault only noted
    (flag)."""

    field: str
    rule: str
    found: str
    expected: str
    refuses: bool = True


Rule = Callable[[Row], Iterable[Violation]]


@dataclass(frozen=True)
class TableSpec:
    """What the specification says of one table, and where it lives here."""

    code: str
    name: str
    endpoint: str
    english: str
    model: type["StandardTable"]
    fields: tuple[FieldSpec, ...]
    key: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    by_id: dict[str, FieldSpec] = field(default_factory=dict, compare=False)
    by_attribute: dict[str, FieldSpec] = field(default_factory=dict, compare=False)

    @property
    def bureau_only(self) -> bool:
        """Whether only the bureau fills it (no depot endpoint)."""
        return not self.endpoint

    def key_of(self, row: Row) -> str:
        """The record's key as the log and the state write it: key fields joined by ``|``; an absent part is empty."""
        return "|".join([getattr(row, name) or "" for name in self.key])


class _Held(models.Manager["StandardTable"]):
    def get_queryset(self) -> models.QuerySet["StandardTable"]:
        return super().get_queryset().filter(removed=False)


class StandardTable(models.Model):
    """Base of all tables: the columns the log gives each row, and the field every table has."""

    key = Key("主键", max_length=255, primary_key=True)
    number = models.BigIntegerField("日志号")
    digest = models.BinaryField("摘要")
    removed = models.BooleanField("已删除", default=False)
    received_at = models.DateTimeField("接收时间")
    #: Whose record it is: enterprise (18) and depot (21); depot is "" for what concerns an enterprise as a whole.
    in_enterprise = models.CharField("所属单位", max_length=18)
    in_depot = models.CharField("所属库区", max_length=21)
    stated_at = Moment("zhgxsj", "最后更新时间", required=True)

    objects: ClassVar[models.Manager[Any]] = _Held()
    everything: ClassVar[models.Manager[Any]] = models.Manager()

    class Meta:
        abstract = True

    class Standard:
        """Overridden by each table."""

        code = name = endpoint = ""
        key: tuple[str, ...] = ()
        rules: tuple[Rule, ...] = ()

    def __str__(self) -> str:
        return f"{self.Standard.name} {self.key}"


def _spec(model: type[StandardTable]) -> TableSpec:
    declared = model.Standard
    fields = [f.spec for f in model._meta.get_fields() if isinstance(f, StandardField)]
    # The specification closes every table with czbz and zhgxsj.
    fields = [f for f in fields if f.id != "zhgxsj"] + [OPERATION] + [f for f in fields if f.id == "zhgxsj"]
    key = getattr(declared, "key", ()) or tuple(f.attribute for f in fields if f.presence == "key")
    return TableSpec(
        code=declared.code, name=declared.name, endpoint=declared.endpoint, english=model.__name__, model=model,
        fields=tuple(fields), key=key, rules=tuple(getattr(declared, "rules", ())),
        by_id={f.id: f for f in fields}, by_attribute={f.attribute: f for f in fields},
    )


@cache
def tables() -> dict[str, TableSpec]:
    """Every declared table by its code, in the order of codes."""
    found = [_spec(m) for m in apps.get_models() if issubclass(m, StandardTable)]
    return {spec.code: spec for spec in sorted(found, key=lambda s: s.code)}


@cache
def by_endpoint() -> dict[str, TableSpec]:
    """Tables a depot reports, by the last part of their v2022 address (``lsrkxx``)."""
    return {spec.endpoint: spec for spec in tables().values() if spec.endpoint}


def table(code: str) -> TableSpec:
    """The table ``1202``. Raises KeyError for a code the specification does not have."""
    return tables()[code]
