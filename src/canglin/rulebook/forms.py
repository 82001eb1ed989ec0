"""The form for a change of a rule. It gathers; rulebook.actions decides what makes sense."""

from datetime import date
from typing import Any

from django import forms

from canglin.rulebook.models import MARKS, UNCONFIRMED, RuleValue
from canglin.rulebook.queries import SEVERITIES


class ChangeForm(forms.Form):
    """A new value from a day on, for a scope, with its source."""

    text = forms.CharField(label="值", required=False, max_length=20_000)
    valid_from = forms.DateField(label="生效日期", widget=forms.DateInput(attrs={"type": "date"}))
    valid_to = forms.DateField(
        label="失效日期",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}),
        help_text="含当日；长期有效则不填。",
    )
    source = forms.CharField(label="依据", max_length=512, help_text="法规、标准或文件的名称及文号。")
    mark = forms.ChoiceField(label="可信程度", initial="S")
    region = forms.CharField(label="适用区划", max_length=6, required=False, help_text="行政区划代码的开头几位；不填为全国。")
    variety = forms.CharField(label="适用品种", max_length=7, required=False, help_text="品种代码的开头几位；不填为全部。")
    nature = forms.CharField(label="适用性质", max_length=3, required=False, help_text="性质代码的开头几位；不填为全部。")
    subject = forms.CharField(label="适用对象", max_length=64, required=False, help_text="检验项目代码或规则说明中的对象名。")
    note = forms.CharField(label="说明", required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, like: RuleValue, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["mark"].choices = [  # type: ignore[attr-defined]
            (mark, f"{label}（待确认）" if mark in UNCONFIRMED else label) for mark, label in MARKS.items()
        ]
        text = self.fields["text"]
        if like.code.startswith("severity."):
            text.widget = forms.Select(choices=list(SEVERITIES.items()))
        elif like.kind == RuleValue.Kind.TABLE:
            text.widget = forms.Textarea(attrs={"rows": 4, "class": "mono"})
            text.help_text = "JSON，字段名与现值一致。"
        elif like.unit:
            text.help_text = f"单位：{like.unit}"

    @classmethod
    def starting(cls, like: RuleValue, today: date) -> dict[str, Any]:
        """What stands in it at first: the row to be changed, from today."""
        return {
            "text": like.text, "valid_from": today, "mark": "S", "region": like.region, "variety": like.variety,
            "nature": like.nature, "subject": like.subject,
        }  # fmt: skip
