"""Excel in and out: a template for each table, a hostile-proof reader, and the result file to correct and send again.

The layout of all three: row 1 says which table it is, row 2 heads the columns (``*毛重(mz) 公斤``), row 3 explains them;
then rows of data. Column A is a mark: a row marked 示例 is an example and is never read.
"""

import os
import resource
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import msgspec
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from canglin.standard import codes, schema
from canglin.standard.fields import FieldSpec
from canglin.standard.tables import TableSpec

FILE_BOUND = 20 << 20
ROWS_BOUND = 50_000
COLUMNS_BOUND = 256
#: What the reading process may use: a few kilobytes of workbook can ask for any amount.
MEMORY_BOUND = 1 << 30
SECONDS_BOUND = 120
EXAMPLE = "示例"
FIRST_DATA_ROW = 4
RESULT_HEADERS = ("接收结果", "日志号", "原因（改正后可直接用本表重新上传）")
_STATUS = {"taken": "已接收", "same": "与已有相同", "refused": "未接收"}


class Unreadable(ValueError):
    """The workbook cannot be read; the text says why and what would be."""


# -- out -----------------------------------------------------------------------------------------------------------------------


class _Sheet:
    """A sheet with our head."""

    def __init__(self, target: IO[bytes], spec: TableSpec, extra: Sequence[str] = ()):
        self.spec, self.columns = spec, schema.columns(spec)
        # Rows go to disk as they are written. Strings that look like formulas stay strings.
        self.book = Workbook(target, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
        self.text = self.book.add_format({"num_format": "@", "font_name": "等线"})
        bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#E8EFEA", "border": 1})
        must = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#F6E9D8", "border": 1})
        small = self.book.add_format({"italic": True, "font_color": "#666666", "text_wrap": True, "valign": "top", "font_size": 9})
        self.faint = self.book.add_format({"font_color": "#888888", "num_format": "@"})
        self.sheet = self.book.add_worksheet("填报")
        self._lists()
        self.sheet.freeze_panes(FIRST_DATA_ROW - 1, 2)
        self.sheet.set_column(0, 0, 6)
        self.sheet.set_column(1, len(self.columns) + len(extra), 18, self.text)
        self.sheet.write_row(0, 0, ["表", f"{spec.code} {spec.name}", "带 * 的列必填；标“示例”的行不会导入"], bold)
        self.sheet.write(1, 0, "标记", bold)
        for place, column in enumerate(self.columns, 1):
            self.sheet.write_string(1, place, column.header, must if column.field.required else bold)
        for place, header in enumerate(extra, len(self.columns) + 1):
            self.sheet.write_string(1, place, header, bold)
        self.sheet.set_row(2, 60)
        for place, column in enumerate(self.columns, 1):
            self.sheet.write_string(2, place, column.help, small)

    def _lists(self) -> None:
        """Code lists on a sheet of their own, and a drop-down on each coded column that takes one code."""
        lists = self.book.add_worksheet("代码表")
        held = [column for column in self.columns if column.choices]
        longest = max((len(column.choices) for column in held), default=0)
        for row in range(longest):
            for place, column in enumerate(held):
                if row < len(column.choices):
                    lists.write_string(row, place, column.choices[row])
        for place, column in enumerate(held):
            letters = _letters(place)
            at = self.columns.index(column) + 1
            self.sheet.data_validation(
                FIRST_DATA_ROW - 1, at, ROWS_BOUND, at,
                {"validate": "list", "source": f"=代码表!${letters}$1:${letters}${len(column.choices)}", "error_type": "warning",
                 "error_title": column.field.name, "error_message": "不在代码表内"},
            )

    def close(self) -> None:
        """Write the file."""
        self.book.close()


def _letters(place: int) -> str:
    """Column letters of a place counted from 0: A, …, Z, AA, …"""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def template(spec: TableSpec, target: IO[bytes]) -> None:
    """Write an empty workbook of a table with one filled example row."""
    sheet = _Sheet(target, spec)
    sheet.sheet.write_string(FIRST_DATA_ROW - 1, 0, EXAMPLE, sheet.faint)
    for place, column in enumerate(sheet.columns, 1):
        shown = next((c for c in column.choices if c.split(" ")[0] == column.example), column.example)
        sheet.sheet.write_string(FIRST_DATA_ROW - 1, place, shown, sheet.faint)
    sheet.close()


@dataclass
class Line:
    """A row of data as read: its row number in the workbook and the cells by field id. Receipt fields are set afterwards."""

    row: int
    values: dict[str, Any]
    status: str = ""
    number: int | None = None
    reasons: str = ""


def result(spec: TableSpec, lines: Sequence[Line], target: IO[bytes]) -> None:
    """Write what was sent with what became of each row. Refused rows stand first, so that they can be corrected and sent again."""
    sheet = _Sheet(target, spec, RESULT_HEADERS)
    wrong = sheet.book.add_format({"bg_color": "#FBE3E1", "num_format": "@"})
    width = len(sheet.columns)
    for at, line in enumerate(sorted(lines, key=lambda line: (line.status != "refused", line.row)), FIRST_DATA_ROW - 1):
        refused = line.status == "refused"
        for place, column in enumerate(sheet.columns, 1):
            if (value := line.values.get(column.id)) not in (None, ""):
                sheet.sheet.write_string(at, place, str(value), wrong if refused else sheet.text)
        sheet.sheet.write_string(at, width + 1, _STATUS.get(line.status, line.status), wrong if refused else sheet.text)
        sheet.sheet.write_string(at, width + 2, "" if line.number is None else str(line.number), sheet.text)
        sheet.sheet.write_string(at, width + 3, line.reasons, wrong if refused else sheet.text)
    sheet.close()


# -- in ------------------------------------------------------------------------------------------------------------------------


def read(spec: TableSpec, path: Path) -> list[Line]:
    """The rows of a workbook. It is taken apart in a child process with bounds. Raises Unreadable."""
    if path.stat().st_size > FILE_BOUND:
        raise Unreadable(f"文件 {path.stat().st_size >> 20} MiB，应不超过 {FILE_BOUND >> 20} MiB")
    command = [sys.executable, "-P", "-I", str(Path(__file__).with_name("workbook_child.py")), str(path)]
    try:
        child = subprocess.run(
            command, capture_output=True, timeout=SECONDS_BOUND, preexec_fn=_bounded, env={"PATH": os.defpath},
            stdin=subprocess.DEVNULL,
        )
    except subprocess.TimeoutExpired:
        raise Unreadable("解析超时：请把数据分成几个文件") from None
    if child.returncode != 0:
        said = child.stderr.decode(errors="replace").strip().splitlines()
        known = said[-1].removeprefix("unreadable: ") if said and said[-1].startswith("unreadable: ") else ""
        raise Unreadable(known or "不能解析：应为 .xlsx 或 .xls 工作簿，且没有远处的零散单元格；请用平台下载的模板填写")
    return list(_lines(spec, [msgspec.json.decode(row) for row in child.stdout.splitlines()]))


def _bounded() -> None:
    """Runs in the child before it becomes the reader."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BOUND, MEMORY_BOUND))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS_BOUND, SECONDS_BOUND))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _lines(spec: TableSpec, rows: list[tuple[int, list[Any]]]) -> Iterator[Line]:
    head = next(((at, cells) for at, cells in rows[:10] if len(_fields(spec, cells)) >= min(3, len(spec.fields))), None)
    if head is None:
        raise Unreadable(f"找不到 {spec.code} {spec.name} 的表头：请用平台下载的模板，表头写字段名称或字段 id")
    head_row, headers = head
    fields = _fields(spec, headers)
    if missing := [f.name for f in spec.fields if f.presence == "key" and f not in fields.values()]:
        raise Unreadable(f"缺少主键列：{'、'.join(missing)}")
    explained = {column.help for column in schema.columns(spec)}
    for at, cells in rows:
        if at <= head_row or not cells or (isinstance(cells[0], str) and cells[0].strip().startswith(EXAMPLE)):
            continue
        if any(isinstance(cell, str) and cell in explained for cell in cells):
            continue
        values = {
            field.id: _typed(field, cell)
            for place, field in fields.items()
            if place < len(cells) and (cell := cells[place]) not in (None, "")
        }
        if values:
            yield Line(at, values)


def _typed(field: FieldSpec, cell: Any) -> Any:
    """A cell as the field means it. Excel takes ``01`` for the number 1; a code that only lacks its zeros gets them back."""
    if isinstance(cell, str):
        return schema.code_of(field, cell)
    if isinstance(cell, int) and field.codes and field.length and not codes.contains(field.codes, str(cell)):
        padded = str(cell).zfill(field.length)
        return padded if codes.contains(field.codes, padded) else cell
    return cell


def _fields(spec: TableSpec, headers: list[Any]) -> dict[int, FieldSpec]:
    """Which column holds which field; the first of two with the same name counts."""
    found: dict[int, FieldSpec] = {}
    for place, text in enumerate(headers):
        field = schema.by_header(spec, text) if isinstance(text, str) and text.strip() else None
        if field is not None and field not in found.values():
            found[place] = field
    return found
