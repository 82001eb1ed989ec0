"""Forms of this room. They gather; what makes sense is decided by the actions, whose refusals are shown on the form."""

import re
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from canglin.accounts import policy
from canglin.accounts.actions import TOKEN_DAYS
from canglin.accounts.models import SUITES, User
from canglin.accounts.roles import ROLES

_AREA_HELP = "00 表示全部；行政区划代码 2、4 或 6 位；单位代码 18 位；库区代码 21 位，可填多个，以逗号分隔。"


class SignInForm(LoginForm):  # type: ignore[misc]
    """allauth's form in our words, without a way to a new password: an administrator gives one."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        for name, label in (("login", _("登录名")), ("password", _("密码"))):
            field = self.fields[name]
            field.label, field.help_text = label, ""
            field.widget.attrs.pop("placeholder", None)
        self.fields["login"].widget.attrs["autofocus"] = True


def _roles(by: Any) -> list[tuple[str, str]]:
    """The roles somebody may give: administrators of the platform are the security administrator's to make."""
    giving = policy.may(by, "people.approve")
    return [(r.name, r.label) for r in ROLES.values() if giving or not r.administers]


class PersonForm(forms.Form):
    """A new account."""

    username = forms.CharField(label="登录名", max_length=64, help_text="2–64 位字母、数字、汉字或 . _ @ -，之后不能更改。")
    name = forms.CharField(label="姓名", max_length=64)
    unit = forms.CharField(label="所在单位", max_length=256, required=False)
    role = forms.ChoiceField(label="角色")
    area = forms.CharField(label="辖区", max_length=2000, help_text=_AREA_HELP)

    def __init__(self, by: User, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        choices = _roles(by)
        self.fields["role"].choices = choices  # type: ignore[attr-defined]
        self.roles = [name for name, _ in choices]


class GrantForm(forms.Form):
    """Another role or area."""

    role = forms.ChoiceField(label="角色")
    area = forms.CharField(label="辖区", max_length=2000, help_text=_AREA_HELP)

    def __init__(self, by: User, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(by)  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    """The owner's change of password."""

    old = forms.CharField(
        label=_("原密码"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )
    new = forms.CharField(
        label=_("新密码"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("至少 10 位，不能与登录名、姓名相近，不能是常见密码。"),
    )
    again = forms.CharField(
        label=_("再次输入新密码"),
        strip=False,
        max_length=256,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        """Both entries agree."""
        given = super().clean() or {}
        if given.get("new") and given.get("again") and given["new"] != given["again"]:
            self.add_error("again", _now("两次输入的新密码不一致"))
        return given


class TokenForm(forms.Form):
    """A key for a program that reads /api/v1."""

    name = forms.CharField(label="用途", max_length=128, help_text="写明由哪个系统、做什么使用。")
    days = forms.IntegerField(label="有效期（天）", min_value=1, max_value=TOKEN_DAYS, initial=90)


class ApplicationForm(forms.Form):
    """A depot's system."""

    name = forms.CharField(label="名称", max_length=128, help_text="如：演示粮库出入库系统。")
    enterprise = forms.CharField(
        label="单位代码", max_length=18, min_length=18, help_text="18 位统一社会信用代码；单位尚未上报也可开设。"
    )
    depots = forms.CharField(
        label="限定库区",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="21 位库区代码，每行一个；不填为该单位全部库区。含其他单位的库区时为代报账号，每次上报须以 stockHouse 指明库区。",
    )
    suites = forms.MultipleChoiceField(
        label="安全套件", choices=list(SUITES.items()), initial=list(SUITES), widget=forms.CheckboxSelectMultiple
    )
    plain = forms.BooleanField(label="允许明文报文", required=False, help_text="只用于可信网络内的调试；生产环境不应开启。")
    per_minute = forms.IntegerField(label="每分钟请求上限", min_value=1, max_value=1_000_000, initial=60_000)

    def clean_depots(self) -> list[str]:
        """The codes, however they were separated."""
        return [code for code in re.split(r"[\s,，、;；]+", self.cleaned_data["depots"].upper()) if code]

    def clean_enterprise(self) -> str:
        """In capitals, as the code is written."""
        return str(self.cleaned_data["enterprise"]).upper()
