"""Pages of data intake: what came, what was refused, files, workbooks, the catalogue of tables."""

from urllib.parse import quote

from django.http import HttpResponse

from canglin.ui.parts import Crumb

#: The home of these pages.
HOME = Crumb("接入监测", "/gateway/")

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def workbook_answer(content: bytes, name: str) -> HttpResponse:
    """A workbook to keep, under a name that may be Chinese. Held in memory: these are bounded, and over ASGI Django would read a
    file's iterator into memory all the same."""
    answer = HttpResponse(content, content_type=XLSX)
    answer["Content-Disposition"] = f"attachment; filename=\"workbook.xlsx\"; filename*=UTF-8''{quote(name)}"
    answer["Cache-Control"] = "no-store"
    return answer
