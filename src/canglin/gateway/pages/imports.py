"""Filling in by workbook: choose a table, take its template, upload it filled, see what became of every row."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from canglin.accounts import policy
from canglin.gateway import imports as actions
from canglin.gateway import workbook
from canglin.gateway.models import Import
from canglin.gateway.pages import HOME, workbook_answer
from canglin.records.pages import table_name
from canglin.standard.tables import TableSpec, table
from canglin.ui.parts import Crumb, Empty, Fact, Progress
from canglin.ui.rows import Rows
from canglin.ui.tables import Badge, Choice, Column, DateRange, Link, Moment, Number, Search, Table

_STATES = {
    "waiting": ("排队中", "neutral"), "reading": ("读取中", "info"), "sending": ("接收中", "info"), "done": ("完成", "good"),
    "failed": ("未能导入", "bad"),
}  # fmt: skip
_CRUMBS = (HOME, Crumb("表格填报", "/gateway/imports/"))


class UploadForm(forms.Form):
    """A filled workbook of one of the tables the person may fill."""

    table = forms.ChoiceField(label="数据表", help_text="须与工作簿的模板一致。")
    file = forms.FileField(
        label="工作簿", allow_empty_file=False, max_length=255,
        help_text=f".xlsx 或 .xls，不超过 {workbook.FILE_BOUND >> 20} MiB、{workbook.ROWS_BOUND:,} 行；"
        "读“填报”工作表，没有则读第一张。",
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls"}),
        error_messages={"required": "请选择文件", "empty": "文件是空的", "max_length": "文件名过长"},
    )  # fmt: skip

    def __init__(self, *args: Any, specs: list[TableSpec], **more: Any) -> None:
        super().__init__(*args, **more)
        choices = [("", "请选择")] + [(spec.code, f"{spec.code} {spec.name}") for spec in specs]
        self.fields["table"].choices = choices  # type: ignore[attr-defined]

    def clean_file(self) -> Any:
        """Too large is said before anything is kept."""
        file = self.cleaned_data["file"]
        if file.size > workbook.FILE_BOUND:
            bound_mib = workbook.FILE_BOUND >> 20
            raise forms.ValidationError(f"文件 {file.size / 2**20:.1f} MiB，应不超过 {bound_mib} MiB，请分成几个文件。")
        return file


class ImportTable(Table):
    """One's own imports."""

    name = "imports"
    title = "我的导入"
    columns = (
        Moment("uploaded_at", "上传时间", link=Link("gateway:import", "id")),
        Column("table_code", "数据表", text=lambda row: table_name(row["table_code"]), needs=("table_code",)),
        Column("name", "文件名", wrap=True),
        Badge("state", "状态", states=_STATES),
        Number("rows", "行数", unit="行"),
        Number("taken", "已接收", unit="行"),
        Number("same", "与已有相同", unit="行"),
        Number("refused", "未接收", unit="行"),
        Column("failure", "原因", wrap=True, sort=False),
        Moment("finished_at", "完成时间", hidden=True),
    )
    filters = (
        Search("name", label="文件名"),
        Choice("state", "状态", choices=Import.State.choices),
        DateRange("uploaded_at", "上传日期"),
    )
    default_sort = "-uploaded_at"
    page_size = 20
    empty = Empty("还没有导入", "下载模板，填好后上传；每一行的结果都会写在结果文件里。", icon="table-import")

    def rows(self, request: HttpRequest) -> Rows:
        """Nobody else's."""
        return policy.rows(request.user, Import.objects)


@policy.page("gateway.view")
def imports(request: HttpRequest) -> HttpResponseBase:
    """Templates, the upload form, and what was uploaded before."""
    user = policy.signed_in(request)
    listed = ImportTable(request)
    if (answer := listed.answer()) is not None:
        return answer
    specs = actions.allowed(user)
    sent = (request.POST, request.FILES) if request.method == "POST" else ()
    form = UploadForm(*sent, specs=specs, initial={"table": request.GET.get("table", "")})
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.upload(user, table(form.cleaned_data["table"]), form.cleaned_data["file"])
        except workbook.Unreadable as error:
            form.add_error("file", str(error))
        else:
            messages.success(request, "已上传，正在导入。")
            return redirect("gateway:import", job.pk)
    context = {
        "title": "表格填报", "subtitle": "没有库点系统时，用 Excel 填报；校验规则和接口完全相同。",
        "crumbs": _CRUMBS[:1], "form": form,
        "specs": specs, "table": listed, "chosen": request.GET.get("table", ""),
    }
    return render(request, "gateway/imports.html", context)


def _own(request: HttpRequest, number: int) -> Import:
    rows: QuerySet[Import] = policy.rows(request.user, Import.objects)
    return get_object_or_404(rows, pk=number if number < 2**63 else 0)


def _progress(job: Import) -> Progress:
    label = f"{table_name(job.table_code)} · {job.name}"
    match job.state:
        case Import.State.WAITING:
            return Progress(label, state="queued", message="排队中，通常几秒内开始")
        case Import.State.READING:
            return Progress(label, message="正在读取工作簿")
        case Import.State.FAILED:
            return Progress(label, job.done, job.rows or None, "failed", job.failure)
    said = f"已接收 {job.taken:,}，与已有相同 {job.same:,}，未接收 {job.refused:,}"
    if job.state == Import.State.DONE:
        link = reverse("gateway:import_result", args=[job.pk])
        return Progress(label, job.done, job.rows, "done", said, "下载结果文件", link)
    return Progress(label, job.done, job.rows, message=said)


@policy.page("gateway.view")
def one(request: HttpRequest, number: int) -> HttpResponseBase:
    """One import: how far it is, and what became of it."""
    job = _own(request, number)
    facts = [
        Fact("数据表", table_name(job.table_code), href=reverse("gateway:table", args=[job.table_code])),
        Fact("文件名", job.name),
        Fact("上传时间", job.uploaded_at),
        Fact("完成时间", job.finished_at),
    ]  # fmt: skip
    if job.state == Import.State.DONE:
        facts += [
            Fact("行数", job.rows, "行"),
            Fact("已接收", job.taken, "行"),
            Fact("与已有相同", job.same, "行"),
            Fact("未接收", job.refused, "行", tone="warn" if job.refused else ""),
        ]
    context = {"title": f"导入 {number}", "crumbs": _CRUMBS, "job": job, "progress": _progress(job), "facts": facts}
    return render(request, "gateway/import.html", context)


@policy.page("gateway.view")
def progress(request: HttpRequest, number: int) -> HttpResponseBase:
    """The progress alone, asked again every second while it runs; the whole page is fetched once it has ended."""
    job = _own(request, number)
    answer = render(request, "gateway/import_progress.html", {"job": job, "progress": _progress(job)})
    if job.ended and request.headers.get("HX-Request"):
        answer["HX-Refresh"] = "true"
    return answer


@policy.page("gateway.view")
def result(request: HttpRequest, number: int) -> HttpResponseBase:
    """The result file: every row with what became of it, refused ones first, to correct and upload again."""
    job = _own(request, number)
    path = actions.result_path(job)
    if job.state != Import.State.DONE or not path.exists():
        raise Http404
    stem = job.name.rpartition(".")[0] or job.name
    return workbook_answer(path.read_bytes(), f"{stem}-结果.xlsx")
