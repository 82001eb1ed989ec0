"""Filters of data tables. Each reads its own parameters of the address, says in words what it holds, and narrows rows.

A value that cannot be meant (30 February, a choice that is not offered) is an error beside the field, and the table
then shows no rows: figures under a filter that was silently dropped would be read as filtered.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _

from canglin.ui import formats

Choices = Iterable[tuple[Any, str]]
Read = Callable[[str], list[str]]
LONGEST = 100


class Unusable(ValueError):
    """What was entered cannot be meant; the message says what would do."""


@dataclass(frozen=True)
class Filter:
    """A condition on the field ``key``. ``template`` draws its inputs."""

    key: str
    label: str
    _: KW_ONLY
    template = "ui/filters/text.html"

    def names(self) -> tuple[str, ...]:
        """The parameters it reads, without the table's prefix."""
        return (self.key,)

    def read(self, read: Read, request: HttpRequest) -> Any:
        """What the reader asked for, None for nothing. Raises Unusable."""
        raise NotImplementedError

    def condition(self, value: Any) -> Q:
        """The condition on a query."""
        return Q(**{self.key: value})

    def keeps(self, row: Mapping[str, Any], value: Any) -> bool:
        """The same condition on a row held in memory."""
        return bool(row.get(self.key) == value)

    def words(self, value: Any, request: HttpRequest) -> str:
        """The condition as a reader would say it."""
        return str(value)

    def options(self, request: HttpRequest) -> list[tuple[str, str]]:
        """What a choice offers."""
        return []


def _one(values: list[str]) -> str:
    text = values[-1].strip() if values else ""
    if "\x00" in text:
        raise Unusable(_("含有不可用的字符"))
    if len(text) > LONGEST:
        raise Unusable(_("最多 %d 个字符") % LONGEST)
    return text


@dataclass(frozen=True, init=False)
class Search(Filter):
    """Words, all of which must occur, each in any of the fields."""

    fields: tuple[str, ...] = ()
    template = "ui/filters/search.html"

    def __init__(self, *fields: str, label: str = "搜索", key: str = "q") -> None:
        for name, value in (("fields", fields), ("label", label), ("key", key)):
            object.__setattr__(self, name, value)

    def read(self, read: Read, request: HttpRequest) -> list[str] | None:
        """The words."""
        return _one(read(self.key)).split() or None

    def condition(self, value: list[str]) -> Q:
        """Every word in some field."""
        whole = Q()
        for word in value:
            either = Q()
            for field in self.fields:
                either |= Q(**{f"{field}__icontains": word})
            whole &= either
        return whole

    def keeps(self, row: Mapping[str, Any], value: list[str]) -> bool:
        """Every word in some field."""
        texts = [str(row.get(field) or "").casefold() for field in self.fields]
        return all(any(word.casefold() in text for text in texts) for word in value)

    def words(self, value: list[str], request: HttpRequest) -> str:
        """The words themselves."""
        return " ".join(value)


@dataclass(frozen=True)
class Choice(Filter):
    """One of the values offered: pairs (value, label), or a function of the request that gives them."""

    choices: Choices | Callable[[HttpRequest], Choices] = ()
    template = "ui/filters/choice.html"

    def _pairs(self, request: HttpRequest) -> list[tuple[Any, str]]:
        return list(self.choices(request) if callable(self.choices) else self.choices)

    def options(self, request: HttpRequest) -> list[tuple[str, str]]:
        """As an HTML select holds them."""
        return [(str(value), label) for value, label in self._pairs(request)]

    def read(self, read: Read, request: HttpRequest) -> Any:
        """The offered value itself, with its type."""
        text = _one(read(self.key))
        if not text:
            return None
        for value, _label in self._pairs(request):
            if str(value) == text:
                return value
        raise Unusable(_("没有这个选项"))

    def words(self, value: Any, request: HttpRequest) -> str:
        """The label."""
        return str(dict(self._pairs(request)).get(value, value))


@dataclass(frozen=True)
class MultiChoice(Choice):
    """Any of several values."""

    template = "ui/filters/choice.html"

    @property
    def multiple(self) -> bool:
        """Drawn as a list of several choices."""
        return True

    def read(self, read: Read, request: HttpRequest) -> list[Any] | None:
        """The values chosen."""
        known = {str(value): value for value, _label in self._pairs(request)}
        texts = [text for text in read(self.key) if text]
        if any(text not in known for text in texts):
            raise Unusable(_("没有这个选项"))
        return [known[text] for text in texts] or None

    def condition(self, value: Sequence[Any]) -> Q:
        """Among them."""
        return Q(**{f"{self.key}__in": value})

    def keeps(self, row: Mapping[str, Any], value: Sequence[Any]) -> bool:
        """Among them."""
        return row.get(self.key) in value

    def words(self, value: Sequence[Any], request: HttpRequest) -> str:
        """The labels."""
        return "、".join(super(MultiChoice, self).words(each, request) for each in value)


@dataclass(frozen=True)
class _Range(Filter):
    """From … to …, either end open, both ends included."""

    template = "ui/filters/range.html"
    input_type = "text"

    def names(self) -> tuple[str, ...]:
        """Two parameters."""
        return (f"{self.key}_from", f"{self.key}_to")

    def parse(self, text: str) -> Any:
        """One end. Raises Unusable."""
        raise NotImplementedError

    def read(self, read: Read, request: HttpRequest) -> tuple[Any, Any] | None:
        """Both ends."""
        texts = [_one(read(name)) for name in self.names()]
        start, end = (self.parse(text) if text else None for text in texts)
        if start is None and end is None:
            return None
        if start is not None and end is not None and end < start:
            raise Unusable(_("结束早于开始") if isinstance(start, date) else _("上限小于下限"))
        return start, end

    def words(self, value: tuple[Any, Any], request: HttpRequest) -> str:
        """With a dash between."""
        start, end = (self.say(each) if each is not None else "" for each in value)
        return f"{start} – {end}" if start and end else (_("%s 起") % start if start else _("至 %s") % end)

    def say(self, value: Any) -> str:
        """One end in words."""
        return str(value)


@dataclass(frozen=True)
class DateRange(_Range):
    """Days, both included. ``dates=True`` for a field of dates; otherwise the field holds moments of time."""

    dates: bool = False
    input_type = "date"

    def parse(self, text: str) -> date:
        """yyyy-MM-dd, a day that exists."""
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise Unusable(_("请填写存在的日期，如 2026-03-01")) from None

    def condition(self, value: tuple[date | None, date | None]) -> Q:
        """Moments are compared with the days' first instants, so that an index on the field is used."""
        start, end = value
        whole = Q()
        if self.dates:
            whole &= Q(**{f"{self.key}__gte": start}) if start else Q()
            return whole & (Q(**{f"{self.key}__lte": end}) if end else Q())
        if start:
            whole &= Q(**{f"{self.key}__gte": _begins(start)})
        if end and end < date.max:
            whole &= Q(**{f"{self.key}__lt": _begins(end + timedelta(days=1))})
        return whole

    def keeps(self, row: Mapping[str, Any], value: tuple[date | None, date | None]) -> bool:
        """The row's day lies within."""
        held = row.get(self.key)
        if held is None:
            return False
        text = formats.day(held)
        start, end = value
        return (start is None or start.isoformat() <= text) and (end is None or text <= end.isoformat())


def _begins(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


@dataclass(frozen=True)
class NumberRange(_Range):
    """Figures, both ends included; ``scale`` multiplies what is entered (1000: entered in t, held in kg)."""

    unit: str = ""
    scale: int = 1
    input_type = "text"

    def parse(self, text: str) -> Decimal:
        """A decimal number; thousands separators are allowed."""
        try:
            value = Decimal(text.replace(",", "").replace("，", ""))
        except InvalidOperation:
            raise Unusable(_("请填写数字")) from None
        # Beyond this no column of the standard reaches, and the database would refuse the comparison.
        if not value.is_finite() or abs(value) > Decimal(10) ** 15:
            raise Unusable(_("请填写数字"))
        return value

    def condition(self, value: tuple[Decimal | None, Decimal | None]) -> Q:
        """Between the ends."""
        start, end = value
        lower = Q(**{f"{self.key}__gte": start * self.scale}) if start is not None else Q()
        return lower & (Q(**{f"{self.key}__lte": end * self.scale}) if end is not None else Q())

    def keeps(self, row: Mapping[str, Any], value: tuple[Decimal | None, Decimal | None]) -> bool:
        """Between the ends."""
        held = row.get(self.key)
        if held is None:
            return False
        exact = Decimal(str(held))
        start, end = value
        return (start is None or exact >= start * self.scale) and (end is None or exact <= end * self.scale)

    def say(self, value: Decimal) -> str:
        """With separators and unit."""
        return f"{formats.number(value)} {self.unit}".strip()


@dataclass(frozen=True)
class Bound:
    """A filter with what one reader entered: what the filter bar draws."""

    filter: Filter
    prefix: str
    entered: dict[str, list[str]]
    value: Any
    error: str
    request: HttpRequest

    @classmethod
    def of(cls, which: Filter, query: QueryDict, prefix: str, request: HttpRequest) -> "Bound":
        """Read the filter's parameters."""
        entered = {name: query.getlist(prefix + name) for name in which.names()}
        try:
            return cls(which, prefix, entered, which.read(lambda name: entered[name], request), "", request)
        except Unusable as problem:
            return cls(which, prefix, entered, None, str(problem), request)

    @property
    def active(self) -> bool:
        """Whether it narrows anything."""
        return self.value is not None

    @property
    def words(self) -> str:
        """What it narrows to."""
        return self.filter.words(self.value, self.request)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Parameter names with prefix, and what was entered."""
        return [(self.prefix + name, values[-1] if values else "") for name, values in self.entered.items()]

    @property
    def options(self) -> list[tuple[str, str, bool]]:
        """Value, label, chosen."""
        chosen = {value for values in self.entered.values() for value in values}
        return [(value, label, value in chosen) for value, label in self.filter.options(self.request)]
