"""A field of the national specification as a Django model field: declared once, one line each.

    gross_kg = Amount("mz", "毛重", 20, 6, required=True, unit="kg")

The attribute's name is the English name; the first argument is the field's id in the specification
(粮食购销领域监管信息化规范, annex E), the second its Chinese name. From these declarations come the decoders, the
schema, the checks, the Excel templates and the catalogue; nothing about a field is written anywhere else.
"""

from dataclasses import dataclass, replace
from typing import Any, Literal

from django.db import models

Kind = Literal["string", "decimal", "integer", "date", "datetime", "year"]
Presence = Literal["key", "required", "optional"]


@dataclass(frozen=True)
class FieldSpec:
    """What the specification says of one field.

    ``id`` and ``name`` are the specification's; ``attribute`` is ours. ``length`` counts characters, ``digits`` and
    ``scale`` are decimal places in all and behind the point. ``unit`` is what a number is in. ``codes`` names a code
    list, ``ref`` is ``table.field`` that holds the value, ``standard`` the document a value follows, ``alias`` a
    second spelling accepted on the wire. ``identifier`` names a rule in ``standard.identifiers`` that the value must
    satisfy (a check digit, a composition).
    """

    id: str
    name: str
    kind: Kind
    presence: Presence = "optional"
    attribute: str = ""
    length: int | None = None
    digits: int | None = None
    scale: int | None = None
    unit: str | None = None
    codes: str | None = None
    ref: str | None = None
    standard: str | None = None
    alias: str | None = None
    identifier: str | None = None

    @property
    def required(self) -> bool:
        """Whether a record without it is refused."""
        return self.presence != "optional"


def _presence(key: bool, required: bool) -> Presence:
    return "key" if key else "required" if required else "optional"


class StandardField:
    """Mixin of the field classes below: carries the FieldSpec and learns the attribute's name from its class."""

    spec: FieldSpec

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False, **options: Any) -> None:
        """Django's hook: a field is told its name."""
        self.spec = replace(self.spec, attribute=name)
        super().contribute_to_class(cls, name, private_only=private_only, **options)  # type: ignore[misc]

    def deconstruct(self) -> Any:
        """Migrations see a plain Django field: what else the specification says is no business of the schema."""
        name, _, args, kwargs = super().deconstruct()  # type: ignore[misc]
        kwargs.pop("verbose_name", None)
        base = next(c for c in type(self).__mro__ if c.__module__.startswith("django.db.models"))
        return name, f"django.db.models.{base.__name__}", args, kwargs

    def clone(self) -> Any:
        """The plain Django field, which is what migrations compare; heirs of abstract bases get a deep copy."""
        _, path, args, kwargs = self.deconstruct()
        return getattr(models, path.rpartition(".")[2])(*args, **kwargs)

    def __deepcopy__(self, memo: Any) -> Any:
        twin = super().__deepcopy__(memo)  # type: ignore[misc]
        twin.spec = self.spec
        return twin


class Key(models.CharField):  # type: ignore[type-arg]
    """A record's key. Compared byte by byte, so that one index serves equality and prefixes: Django would add a
    second index for LIKE to a plain varchar key, and every ticket would pay for it."""

    def db_type(self, connection: Any) -> str:
        """The column's type with its collation."""
        return f'character varying({self.max_length}) COLLATE "C"'


class Text(StandardField, models.CharField):  # type: ignore[type-arg]
    """string(length). ``codes`` names its code list; a field longer than its longest code holds several, see codes."""

    def __init__(self, id: str, name: str, length: int, *, key: bool = False, required: bool = False,
                 codes: str | None = None, ref: str | None = None, standard: str | None = None,
                 alias: str | None = None, unit: str | None = None, identifier: str | None = None):
        self.spec = FieldSpec(id, name, "string", _presence(key, required), length=length, codes=codes, ref=ref,
                              standard=standard, alias=alias, unit=unit, identifier=identifier)
        super().__init__(name, max_length=length, null=not (key or required))


class Amount(StandardField, models.DecimalField):  # type: ignore[type-arg]
    """decimal(digits, scale), never a float. The unit also stands in the attribute's name (``net_kg``)."""

    def __init__(self, id: str, name: str, digits: int, scale: int, *, required: bool = False, unit: str | None = None,
                 alias: str | None = None, standard: str | None = None):
        self.spec = FieldSpec(id, name, "decimal", _presence(False, required), digits=digits, scale=scale, unit=unit,
                              alias=alias, standard=standard)
        super().__init__(name, max_digits=digits, decimal_places=scale, null=not required)


class Whole(StandardField, models.BigIntegerField):  # type: ignore[type-arg]
    """integer."""

    def __init__(self, id: str, name: str, *, required: bool = False, unit: str | None = None):
        self.spec = FieldSpec(id, name, "integer", _presence(False, required), unit=unit)
        super().__init__(name, null=not required)


class Day(StandardField, models.DateField):  # type: ignore[type-arg]
    """date, on the wire ``yyyy-MM-dd``."""

    def __init__(self, id: str, name: str, *, key: bool = False, required: bool = False):
        self.spec = FieldSpec(id, name, "date", _presence(key, required))
        super().__init__(name, null=not (key or required))


class Moment(StandardField, models.DateTimeField):  # type: ignore[type-arg]
    """datetime, on the wire ``yyyy-MM-dd HH:mm:ss`` in China's time."""

    def __init__(self, id: str, name: str, *, key: bool = False, required: bool = False):
        self.spec = FieldSpec(id, name, "datetime", _presence(key, required))
        super().__init__(name, null=not (key or required))


class Year(StandardField, models.SmallIntegerField):  # type: ignore[type-arg]
    """year, on the wire four digits."""

    def __init__(self, id: str, name: str, *, key: bool = False, required: bool = False):
        self.spec = FieldSpec(id, name, "year", _presence(key, required))
        super().__init__(name, null=not (key or required))


#: On the wire every record says what it does: i (new), u (change), d (remove). No column: the log keeps it per entry.
OPERATION = FieldSpec("czbz", "操作标志", "string", "required", attribute="operation", length=1, codes="czbz")
