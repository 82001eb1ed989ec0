"""Dated rule values and where each comes from."""

import json
from decimal import Decimal
from typing import Any

from django.db import models
from django.utils import timezone

#: How sure a figure is: the marks of the collection it was taken from.
MARKS: dict[str, str] = {
    "S": "有出处",
    "C": "计算得出",
    "K-h": "通行数值（高）",
    "K-m": "通行数值（中）",
    "K-l": "待核实",
    "E": "平台缺省参数",
    "unknown": "未查得",
}
#: With these marks a figure is shown as 待确认.
UNCONFIRMED = ("K-l", "unknown")


class RuleValue(models.Model):
    """One value of one rule, for a part of the world and a span of days.

    Rows are never overwritten: a change ends the old row the day before, or replaces it altogether (``replaced_at``)
    when it turns out to have been wrong from the start, and adds a new row. So a finding that names a row's id can
    always be explained. The database refuses every other change.
    """

    class Kind(models.TextChoices):
        NUMBER = "number", "数值"
        TEXT = "text", "文本"
        TABLE = "table", "表"

    class Origin(models.TextChoices):
        FILE = "file", "随平台提供"
        PERSON = "person", "人工维护"

    code = models.CharField("规则代码", max_length=80)
    name = models.CharField("名称", max_length=128)
    kind = models.CharField("类型", max_length=8, choices=Kind.choices)
    #: Exactly as written: decimals stay decimals. Null: the figure is not known, and nobody may guess it.
    text = models.TextField("值", null=True)
    unit = models.CharField("单位", max_length=32, blank=True)
    region = models.CharField("适用区划", max_length=6, blank=True)
    variety = models.CharField("适用品种", max_length=7, blank=True)
    nature = models.CharField("适用性质", max_length=3, blank=True)
    subject = models.CharField("适用对象", max_length=64, blank=True)
    valid_from = models.DateField("生效日期")
    valid_to = models.DateField("失效日期", null=True)
    source = models.CharField("依据", max_length=512)
    mark = models.CharField("可信程度", max_length=8, choices=list(MARKS.items()))
    note = models.TextField("说明", blank=True)
    origin = models.CharField("来源", max_length=8, choices=Origin.choices)
    changed_by = models.CharField("维护人", max_length=128, blank=True)
    created_at = models.DateTimeField("录入时间", default=timezone.now)
    replaced_at = models.DateTimeField("更正时间", null=True)

    class Meta:
        verbose_name = "规则值"
        ordering = ["code", "region", "variety", "nature", "subject", "-valid_from", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "region", "variety", "nature", "subject", "valid_from"],
                condition=models.Q(replaced_at=None),
                name="rulebook_one_value_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(valid_to=None) | models.Q(valid_to__gte=models.F("valid_from")),
                name="rulebook_valid_span",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"

    @property
    def value(self) -> Any:
        """Decimal, text, or a table (dict or list with Decimals); None when the figure is not known."""
        return parsed(self.kind, self.text)

    @property
    def confirmed(self) -> bool:
        """Whether it can be relied on; otherwise pages show 待确认."""
        return self.text is not None and self.mark not in UNCONFIRMED

    @property
    def scope(self) -> tuple[str, str, str, str, str]:
        """What it is about: code, region, variety, nature, subject."""
        return self.code, self.region, self.variety, self.nature, self.subject


def parsed(kind: str, text: str | None) -> Any:
    """The value a row's text stands for. Raises ValueError when the text is not of that kind."""
    if text is None:
        return None
    if kind == RuleValue.Kind.NUMBER:
        try:
            number = Decimal(text)
        except ArithmeticError:
            raise ValueError(f"{text!r} is no number") from None
        if not number.is_finite():
            raise ValueError(f"{text!r} is no number")
        return number
    if kind == RuleValue.Kind.TABLE:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal, parse_constant=_no_constant)
    return text


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no number")
