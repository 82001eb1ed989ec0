"""Tables as files: workbooks and CSV, written to a temporary file row by row and streamed from it."""

import csv
import os
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote

import xlsxwriter  # type: ignore[import-untyped]
from asgiref.sync import sync_to_async
from django.core.handlers.asgi import ASGIRequest
from django.dispatch import Signal
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _

from canglin.ui import formats
from canglin.ui.columns import Column, Day, Number, Percent, Row

# Sent before the first byte leaves: request, title, rows (how many), filters (in words). Audit trails listen.
exported = Signal()

CHUNK = 256 * 1024
# Spreadsheet programs read a cell that begins so as a formula; a record may hold such text, sent to be opened here.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
CELL_LIMIT = 32_767  # characters, Excel's own


def respond(
    request: HttpRequest,
    kind: str,
    title: str,
    columns: Sequence[Column],
    rows: Iterable[Row],
    about: list[tuple[str, str]],
) -> HttpResponseBase:
    """The rows as a file to keep. ``about`` says which filters made them; a workbook carries it on a second sheet."""
    write, content_type = WRITERS[kind]
    # Spilled to disk, not memory: an export may hold 100,000 rows and several people may export at once.
    file = tempfile.NamedTemporaryFile(suffix=f".{kind}")  # noqa: SIM115 - the response closes it
    write(file, title, columns, rows, [*about, (_("导出人"), str(getattr(request, "user", "")))])
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    name = f"{title}-{timezone.localtime():%Y%m%d-%H%M%S}.{kind}"
    response: FileResponse | StreamingHttpResponse
    if isinstance(request, ASGIRequest):
        response = StreamingHttpResponse(_chunks(file), content_type=content_type)
    else:
        response = FileResponse(file, content_type=content_type)
    response["Content-Disposition"] = f"attachment; filename=\"export.{kind}\"; filename*=UTF-8''{quote(name)}"
    response["Content-Length"] = str(size)
    response["Cache-Control"] = "no-store"
    return response


async def _chunks(file: Any) -> AsyncIterator[bytes]:
    # Django would read a plain iterator into memory whole before it sends the first byte over ASGI.
    try:
        while chunk := await sync_to_async(file.read, thread_sensitive=False)(CHUNK):
            yield chunk
    finally:
        file.close()


def heading(column: Column) -> str:
    """The heading with its unit."""
    return f"{column.label}({column.unit})" if column.unit else column.label


def guarded(text: str) -> str:
    """Text that no spreadsheet program takes for a formula: an apostrophe stands before what would begin one."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def write_csv(file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Row], about: list[tuple[str, str]]) -> None:
    """UTF-8 with the mark by which Excel knows it."""
    with open(file.fileno(), "w", encoding="utf-8-sig", newline="", closefd=False) as text:
        out = csv.writer(text)
        out.writerow([guarded(heading(column)) for column in columns])
        for row in rows:
            out.writerow([_csv_cell(column.export(row), column) for column in columns])


def _csv_cell(value: Any, column: Column) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value:f}"  # a number of ours, a negative one too, is no formula
    if isinstance(value, datetime):
        return formats.day(value) if isinstance(column, Day) else formats.moment(value)
    return guarded(value.isoformat() if isinstance(value, date) else str(value))


def write_xlsx(file: IO[bytes], title: str, columns: Sequence[Column], rows: Iterable[Row], about: list[tuple[str, str]]) -> None:
    """A sheet of typed cells with a fixed heading row, and a sheet that says where it came from."""
    as_written = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    book = xlsxwriter.Workbook(file, {"constant_memory": True, **as_written})
    head = book.add_format({"bold": True, "bottom": 1, "bg_color": "#EEF2F0", "text_wrap": True, "valign": "vcenter"})
    # The apostrophe that Excel itself keeps before text: the cell stays text even after someone edits it.
    quoted = book.add_format({"quote_prefix": True})
    day, moment = (book.add_format({"num_format": form}) for form in ("yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss"))
    figures = {column.key: book.add_format({"num_format": _figure_format(column)}) for column in columns}
    sheet = book.add_worksheet(_sheet_name(title))
    sheet.freeze_panes(1, 0)
    sheet.repeat_rows(0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    for at, column in enumerate(columns):
        sheet.set_column(at, at, 20 if "time" in column.css else 14 if isinstance(column, Number) else 18)
        sheet.write_string(0, at, heading(column), head)
    count = 0
    for count, row in enumerate(rows, start=1):
        for at, column in enumerate(columns):
            value = column.export(row)
            if value is None:
                continue
            if isinstance(value, Decimal):
                sheet.write_number(count, at, float(value), figures[column.key])
            elif isinstance(value, datetime):
                local = timezone.localtime(value).replace(tzinfo=None) if timezone.is_aware(value) else value
                sheet.write_datetime(count, at, local, day if isinstance(column, Day) else moment)
            elif isinstance(value, date):
                sheet.write_datetime(count, at, datetime.combine(value, datetime.min.time()), day)
            else:
                text = str(value)[:CELL_LIMIT]
                sheet.write_string(count, at, text, quoted if text.startswith(FORMULA_STARTS) else None)
    notes = book.add_worksheet(_("说明"))
    notes.set_column(0, 0, 16)
    notes.set_column(1, 1, 60)
    lines = [(_("内容"), title), (_("导出时间"), formats.moment(timezone.now())), (_("行数"), f"{count:,}"), *about]
    for at, (label, value) in enumerate(lines):
        notes.write_string(at, 0, label, head)
        notes.write_string(at, 1, value, quoted if value.startswith(FORMULA_STARTS) else None)
    book.close()


def _figure_format(column: Column) -> str:
    digits = column.digits if isinstance(column, Number) else None
    if digits is None:
        return "General"
    return "#,##0" + ("." + "0" * digits if digits else "") + ("%" if isinstance(column, Percent) else "")


def _sheet_name(title: str) -> str:
    clean = "".join("-" if mark in "[]:*?/\\'" else mark for mark in title)
    return clean[:31] or "1"


Writer = Callable[[IO[bytes], str, Sequence[Column], Iterable[Row], list[tuple[str, str]]], None]
WRITERS: dict[str, tuple[Writer, str]] = {
    "csv": (write_csv, "text/csv; charset=utf-8"),
    "xlsx": (write_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}
