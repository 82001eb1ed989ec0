"""Reads one workbook and prints its first sheet as JSON lines ``[row number, [cells]]``. Run as a process of its own with bounds on
memory and time, because a workbook of five kilobytes with two far-apart cells can take any amount. Imports nothing of the platform.
"""

import datetime
import json
import sys

ROWS_BOUND = 50_010
COLUMNS_BOUND = 256


def plain(cell: object) -> object:
    """A cell as JSON can hold it; numbers and times in the form the standard writes them."""
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, datetime.datetime):
        return cell.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        return str(cell)
    return cell


def main(path: str) -> None:
    """Print the sheet; exit 1 with a line ``unreadable: …`` when it is not to be read."""
    from python_calamine import CalamineWorkbook

    try:
        book = CalamineWorkbook.from_path(path)
        names = book.sheet_names
        sheet = book.get_sheet_by_name("填报" if "填报" in names else names[0])
    except Exception:
        sys.exit("unreadable: 不是有效的 Excel 工作簿，或已损坏、加密；应为 .xlsx 或 .xls")
    start, end = sheet.start or (0, 0), sheet.end or (0, 0)
    if end[0] >= ROWS_BOUND:
        sys.exit(f"unreadable: 最后一行是第 {end[0] + 1} 行，应不超过 {ROWS_BOUND - 10} 行")
    if end[1] >= COLUMNS_BOUND:
        sys.exit(f"unreadable: 最后一列是第 {end[1] + 1} 列，应不超过 {COLUMNS_BOUND} 列")
    pad = [None] * start[1]
    for number, row in enumerate(sheet.iter_rows(), start[0] + 1):
        if any(cell not in ("", None) for cell in row):
            print(json.dumps([number, pad + [plain(cell) for cell in row]], ensure_ascii=False))


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1])
