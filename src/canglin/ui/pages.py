"""/ui/: every component in every state, for those who build pages and those who judge them."""

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from canglin.ui import specimens
from canglin.ui.parts import Crumb, Progress, Tab

WAYS = [("road", "公路"), ("rail", "铁路"), ("water", "水路")]


class SpecimenForm(forms.Form):
    """One field of every kind, with rules that are easy to break."""

    name = forms.CharField(label="名称", max_length=20, help_text="不超过 20 个字，与货位卡一致。")
    net_kg = forms.DecimalField(label="净重", min_value=0, decimal_places=3, max_digits=12, help_text="毛重减皮重。")
    on = forms.DateField(label="日期", widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="状态", choices=specimens.STATE_CHOICES)
    way = forms.ChoiceField(label="方式", choices=WAYS, widget=forms.RadioSelect)
    reason = forms.CharField(label="事由", widget=forms.Textarea(attrs={"rows": 3}), required=False)
    sure = forms.BooleanField(label="已与纸质凭证核对", required=True)


@login_required
def gallery(request: HttpRequest) -> HttpResponseBase:
    """All of it. A POST checks the form or shows a message."""
    tables = specimens.tables(request)
    for table in tables.values():
        answer = table.answer()
        if answer is not None:
            return answer
    form = SpecimenForm(request.POST if "check" in request.POST else None)
    if "message" in request.POST:
        messages.success(request, "已保存。")
        messages.warning(request, "有 3 条记录超过 15 天没有上报。")
        messages.error(request, "没有保存：净重不能大于毛重。")
        return redirect("ui:gallery")
    context: dict[str, Any] = {
        "title": "界面构件",
        "subtitle": "每一种构件的每一种状态；数据均为演示。",
        "crumbs": [Crumb("总览", "/"), Crumb("界面构件")],
        "form": form,
        "tables": tables,
        "tabs": [
            Tab("全部", request.path, True),
            Tab("入库", request.path, count=1204),
            Tab("出库", request.path, count=0),
        ],
        "job_url": reverse("ui:job"),
        "jobs": [
            Progress("上传 1202 出入库单", 6200, 10000, message="已用 12 秒"),
            Progress("等候上传", state="queued"),
            Progress("导入货位", 812, 812, "done", result_label="下载结果", result_href=request.path),
            Progress("导入化验单", 140, 812, "failed", message="第 141 行：日期不存在（2026-02-30）"),
        ],
        **specimens.parts(timezone.localtime(), request.path),
    }
    return render(request, "ui/gallery.html", context)


@login_required
def job(request: HttpRequest) -> HttpResponse:
    """A job that takes a fifth of a minute, for the gallery: how far it is follows from the clock."""
    done = datetime.now().second % 12 + 1
    progress = Progress("演示任务", done, 12, "done" if done == 12 else "running")
    return render(request, "ui/parts/progress.html", {"progress": progress, "url": reverse("ui:job")})
