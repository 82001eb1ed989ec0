"""Uploaded pictures and clips: the list, and one file's bytes."""

import re
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import Replace
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from canglin.accounts import policy
from canglin.accounts.models import Application
from canglin.gateway import queries
from canglin.gateway.files import UNBOUND_MINUTES, FileCheck, path_of
from canglin.gateway.models import UploadedFile
from canglin.gateway.pages import HOME
from canglin.gateway.pages.refusals import sources
from canglin.records.pages import table_name
from canglin.ui import icons
from canglin.ui.columns import Row
from canglin.ui.parts import Empty
from canglin.ui.rows import Rows
from canglin.ui.tables import Choice, Column, DateRange, Moment, Number, Search, Table, TablePage

_TYPES = {"jpg": "image/jpeg", "mp4": "video/mp4"}
_RANGE = re.compile(r"bytes=(\d{0,15})-(\d{0,15})\Z")


class Thumbnail(Column):
    """The picture itself, small; a mark for a clip. A file holds its address instead."""

    def show(self, row: Row) -> SafeString:
        """Read when it comes into view."""
        href = reverse("gateway:file", args=[row["id"]])
        if row["kind"] == "jpg":
            shown = format_html('<img class="thumb" src="{}" alt="{}" loading="lazy">', href, row["name"])
        else:
            shown = format_html('<span class="thumb thumb-clip">{}</span>', icons.icon("video", "视频"))
        return format_html('<a href="{}">{}</a>', href, shown)

    def export(self, row: Row) -> str:
        """Its number."""
        return str(row["id"])


def _minutes_left(row: Row) -> int:
    left = row["uploaded_at"] + timedelta(minutes=UNBOUND_MINUTES) - timezone.now()
    return max(0, -(-int(left.total_seconds()) // 60))


def _bound(row: Row) -> str:
    if row["bound_table"]:
        return f"{table_name(row['bound_table'])} {row['bound_key']}"
    left = _minutes_left(row)
    return f"待引用，余 {left} 分钟" if left else "逾期未引用，即将清除"


def _history(row: Row) -> str | None:
    return reverse("records:history", args=[row["bound_table"], row["bound_key"]]) if row["bound_table"] else None


class BoundChoice(Choice):
    """By the table whose record names the file, or none yet."""

    def condition(self, value: Any) -> Q:
        """See the class."""
        return Q(bound_table="" if value == "-" else value)


def _bound_choices(request: HttpRequest) -> list[tuple[str, str]]:
    return [("-", "待引用"), *((code, table_name(code)) for code in sorted(FileCheck.tables))]


class FileTable(Table):
    """Newest first."""

    name = "files"
    title = "上传文件"
    by_cursor = True
    columns = (
        Thumbnail("id", "文件", sort=False),
        Column("name", "文件名", wrap=True, sort=False),
        Column("kind", "类型", text=lambda row: UploadedFile.Kind(row["kind"]).label, needs=("kind",)),
        Number("size_bytes", "大小", unit="KiB", scale=1024, digits=0, sort=False),
        Column("source_name", "上传应用", text=lambda row: row["application"] or row["source"].partition(":")[2],
               needs=("application", "source"), wrap=True),
        Column("bound", "所属记录", text=_bound, link=_history, needs=("bound_table", "bound_key", "uploaded_at"), wrap=True),
        Moment("uploaded_at", "上传时间"),
        Column("sha256", "SHA-256", mono=True, hidden=True, sort=False),
    )  # fmt: skip
    extra_fields = ("id", "kind", "name")
    filters = (
        Search("id", "name", label="文件名或编号"),
        Choice("source", "上传应用", choices=sources),
        Choice("kind", "类型", choices=UploadedFile.Kind.choices),
        BoundChoice("bound", "所属记录", choices=_bound_choices),
        DateRange("uploaded_at", "上传日期"),
    )
    default_sort = "-uploaded_at"
    empty = Empty("还没有上传的文件", "库点系统上传的照片和视频片段在这里；由 1109、1307、1308 的记录引用。", icon="photo")

    def rows(self, request: HttpRequest) -> Rows:
        """Those of the person's area."""
        application = Application.objects.filter(appid=OuterRef("appid"))
        return queries.files(request.user).order_by().annotate(
            appid=Replace("source", Value("app:"), Value("")), application=Subquery(application.values("name")[:1]),
        )

    def row_tone(self, row: Row) -> str:
        """What waits for its record stands out."""
        return "" if row["bound_table"] else "warn"

    def may_export(self, request: HttpRequest) -> bool:
        """See accounts.roles."""
        return policy.may(request.user, "gateway.export")


class FilesPage(policy.Guarded, TablePage):
    """The list."""

    verb = "gateway.view"
    table = FileTable
    crumbs = (HOME,)
    template_name = "gateway/files.html"

    def context(self, table: Table) -> dict[str, Any]:
        """What becomes of a file without a record."""
        return {"subtitle": f"上传后 {UNBOUND_MINUTES} 分钟内没有记录引用的文件会清除；一个文件只属于一条记录。"}


@policy.page("gateway.view")
def file(request: HttpRequest, file_id: str) -> HttpResponseBase:
    """The bytes of one file in the person's area, or the part asked for (a player asks for parts of a clip)."""
    found = queries.files(request.user).filter(pk=file_id).first()
    if found is None or found.kind not in _TYPES or not path_of(found.sha256).exists():
        raise Http404
    start, end = 0, found.size_bytes - 1
    asked = _RANGE.match(request.headers.get("Range", ""))
    if asked and any(asked.groups()):
        first, last = asked.groups()
        start = int(first) if first else max(0, found.size_bytes - int(last))
        end = min(end, int(last)) if first and last else end
        if start > end:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{found.size_bytes}"})
    with path_of(found.sha256).open("rb") as kept:
        kept.seek(start)
        content = kept.read(end - start + 1)
    partial = bool(asked and any(asked.groups()))
    answer = HttpResponse(content, content_type=_TYPES[found.kind], status=206 if partial else 200)
    if partial:
        answer["Content-Range"] = f"bytes {start}-{end}/{found.size_bytes}"
    answer["Accept-Ranges"] = "bytes"
    # What a depot sent is shown as the picture or clip that it is, never as a page.
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Content-Disposition"] = f'inline; filename="{found.pk}.{found.kind}"'
    answer["Cache-Control"] = "private, max-age=3600"
    return answer
