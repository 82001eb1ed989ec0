"""The form for a change of a rule. It gathers; rulebook.actions decides what makes sense."""

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from canglin.rulebook import words
from canglin.rulebook.leaves import Path, leaves, rebuilt, written
from canglin.rulebook.models import MARKS, UNCONFIRMED, RuleValue
from canglin.rulebook.queries import SEVERITIES


def _day() -> forms.DateInput:
    # Browsers read a date field's value in this one form only, whatever the language.
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ChangeForm(forms.Form):
    """A new value from a day on, for a scope, with its source. A table is asked for figure by figure."""

    text = forms.CharField(label="值", required=False, max_length=2000, help_text="没有查得数值时不填。")
    valid_from = forms.DateField(label="生效日期", widget=_day())
    valid_to = forms.DateField(label="失效日期", required=False, widget=_day(), help_text="含当日；长期有效则不填。")
    source = forms.CharField(label="依据", max_length=512, help_text="法规、标准或文件的名称及文号。")
    mark = forms.ChoiceField(
        label="可信程度",
        choices=[(mark, f"{label}（待确认）" if mark in UNCONFIRMED else label) for mark, label in MARKS.items()],
    )
    region = forms.CharField(label="适用区划", max_length=6, required=False, help_text="行政区划代码的开头几位；不填为全国。")
    variety = forms.CharField(label="适用品种", max_length=7, required=False, help_text="品种代码的开头几位；不填为全部。")
    nature = forms.CharField(label="适用性质", max_length=3, required=False, help_text="性质代码的开头几位；不填为全部。")
    subject = forms.CharField(
        label="适用对象", max_length=64, required=False, help_text="检验项目代码或规则中的对象名；不填为全部。"
    )
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, like: RuleValue, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.like = like
        self._paths: dict[str, Path] = {}
        if like.kind == RuleValue.Kind.TABLE and like.text is not None:
            self._ask_by_figure(like.value)
        elif like.code.startswith("severity."):
            self.fields["text"].widget = forms.Select(choices=list(SEVERITIES.items()))
        elif like.unit:
            self.fields["text"].label = f"值（{like.unit}）"

    def _ask_by_figure(self, table: Any) -> None:
        asked: dict[str, forms.Field] = {}
        for place, (path, held) in enumerate(leaves(table)):
            label = words.leaf(path)
            name = f"figure{place}"
            asked[name] = (
                forms.DecimalField(label=label, initial=held, max_digits=20)
                if isinstance(held, Decimal)
                else forms.CharField(label=label, initial=held, max_length=64)
            )
            self._paths[name] = path
        del self.fields["text"]
        self.fields = {**asked, **self.fields}

    @property
    def value_text(self) -> str | None:
        """The value as the rulebook stores it; None when none was given."""
        if self._paths:
            given = {path: self.cleaned_data[name] for name, path in self._paths.items()}
            return written(rebuilt(self.like.value, given))
        return self.cleaned_data["text"].strip() or None

    @property
    def rest(self) -> dict[str, Any]:
        """All but the value."""
        return {name: given for name, given in self.cleaned_data.items() if name != "text" and name not in self._paths}

    @classmethod
    def starting(cls, like: RuleValue, today: date, region: str) -> dict[str, Any]:
        """What stands in it at first: the row to be changed, from today, for ``region``."""
        return {
            "text": like.text,
            "valid_from": today,
            "mark": "S",
            "region": region,
            "variety": like.variety,
            "nature": like.nature,
            "subject": like.subject,
        }
