"""Workbooks: the template reads back, what people type arrives as the standard writes it, and nothing hostile gets through."""

import io
import zipfile
from datetime import date, datetime, time

import pytest
from xlsxwriter import Workbook

from canglin.gateway import workbook
from canglin.gateway.checking import check_values
from canglin.gateway.workbook import Line, Unreadable
from canglin.standard import schema
from canglin.standard.decode import Refused
from canglin.standard.tables import table, tables


def write(path, rows, sheet="填报", formulas=()):
    book = Workbook(path, {"default_date_format": "yyyy-mm-dd"})
    page = book.add_worksheet(sheet)
    for at, cells in enumerate(rows):
        for place, cell in enumerate(cells):
            if cell is not None:
                page.write(at, place, cell)
    for at, place, formula, value in formulas:
        page.write_formula(at, place, formula, None, value)
    book.close()
    return path


def filled(spec, **values):
    """Head and one row."""
    names = [field.id for field in spec.fields]
    return [["标记", *(schema.header(field) for field in spec.fields)], [None, *(values.get(name) for name in names)]]


@pytest.mark.parametrize("code", ["1101", "1202", "1305", "1402"])
def test_a_template_reads_back_empty_and_its_example_is_no_record(tmp_path, code):
    path = tmp_path / "t.xlsx"
    with path.open("wb") as target:
        workbook.template(table(code), target)
    assert workbook.read(table(code), path) == []


def test_every_table_has_a_template_that_excel_limits_allow():
    for spec in tables().values():
        target = io.BytesIO()
        workbook.template(spec, target)
        assert zipfile.ZipFile(target).testzip() is None
        assert len(spec.fields) < workbook.COLUMNS_BOUND


def test_what_excel_makes_of_figures_and_dates_arrives_as_written(tmp_path):
    spec = table("1107")
    rows = filled(spec, kqdm="91430121MA00000611001", sbbh=12, scrq=date(2026, 3, 1), zhgxsj=datetime(2026, 3, 1, 8, 0, 5), sbzt=1)
    line, = workbook.read(spec, write(tmp_path / "a.xlsx", rows))
    assert line.values["scrq"] in ("2026-03-01", "2026-03-01 00:00:00")
    assert line.values["zhgxsj"] == "2026-03-01 08:00:05"
    assert str(line.values["sbbh"]) == "12"
    assert str(line.values["sbzt"]) == "1"


def test_formulas_arrive_as_their_results(tmp_path):
    spec = table("1107")
    at = 1 + [field.id for field in spec.fields].index("sbggxh")
    path = write(tmp_path / "a.xlsx", filled(spec, kqdm="x", sbbh="y"), formulas=[(1, at, '="A"&"B"', "AB")])
    line, = workbook.read(spec, path)
    assert line.values["sbggxh"] == "AB"


def test_a_code_may_be_written_as_code_label_or_both(tmp_path):
    spec = table("1107")
    names = [field.id for field in spec.fields]
    rows = [["", *names], *([None, *(value if name == "sbzt" else "k" for name in names)] for value in ("1", "1 完好", "完好"))]
    assert [str(line.values["sbzt"]) for line in workbook.read(spec, write(tmp_path / "a.xlsx", rows))] == ["1", "1", "1"]


def test_a_code_whose_zero_excel_took_away_gets_it_back(tmp_path):
    """03 typed into a cell becomes the number 3; of the list only 03 can be meant."""
    spec = table("1103")
    line, = workbook.read(spec, write(tmp_path / "a.xlsx", filled(spec, cfdm="x", qtjg=3)))
    assert line.values["qtjg"] == "03"


@pytest.mark.django_db
def test_a_number_that_is_no_code_is_refused_by_name(tmp_path, depot):
    spec = table("1103")
    line, = workbook.read(spec, write(tmp_path / "a.xlsx", filled(spec, cfdm="x", qtjg=77)))
    with pytest.raises(Refused) as refused:
        check_values(spec, depot.warehouse() | {"qtjg": line.values["qtjg"]}, "user:x", "excel")
    assert {violation.field for violation in refused.value.violations} == {"qtjg"}


@pytest.mark.parametrize("cell", [time(8, 0), True, 1.5, 12345678901234567890, -0.0])
def test_no_cell_breaks_the_reader(tmp_path, cell):
    spec = table("1107")
    line, = workbook.read(spec, write(tmp_path / "a.xlsx", filled(spec, kqdm="x", sbbh=cell)))
    assert line.values["kqdm"] == "x"


def test_a_result_file_can_be_corrected_and_read_again(tmp_path):
    spec = table("1107")
    lines = [
        Line(5, {"kqdm": "a", "sbbh": "1", "sbms": "=1+1"}, "taken", 7),
        Line(6, {"kqdm": "b", "sbbh": "2"}, "refused", None, "设备编号(sbbh): 长度超限"),
    ]
    path = tmp_path / "r.xlsx"
    with path.open("wb") as target:
        workbook.result(spec, lines, target)
    again = workbook.read(spec, path)
    assert [line.values for line in again] == [lines[1].values, lines[0].values], "refused rows first, text stays text"


def sparse(path, far):
    """Two cells, far apart: a few kilobytes that a naive reader turns into any amount of memory."""
    cells = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{far[1]}"><c r="{far[0]}{far[1]}"><v>1</v></c></row>'
    return raw(path, f"<sheetData>{cells}</sheetData>")


def raw(path, content):
    ns = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", f'<Types xmlns="{package}/content-types"/>')
        book.writestr("_rels/.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                      f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>')
        book.writestr("xl/workbook.xml", f'<workbook xmlns="{ns}" xmlns:r="{office}"><sheets>'
                      '<sheet name="填报" sheetId="1" r:id="r1"/></sheets></workbook>')
        book.writestr("xl/_rels/workbook.xml.rels", f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
                      f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>')
        book.writestr("xl/worksheets/sheet1.xml", f'<worksheet xmlns="{ns}">{content}</worksheet>')
    return path


@pytest.mark.parametrize("far", [("A", 1_048_576), ("XFD", 2), ("XFD", 1_048_576)])
def test_far_apart_cells_are_a_clear_error(tmp_path, far):
    with pytest.raises(Unreadable):
        workbook.read(table("1107"), sparse(tmp_path / "a.xlsx", far))


def test_a_bomb_is_a_clear_error_and_takes_no_memory_of_ours(tmp_path):
    text = "<is><t>" + "a" * (100 << 20) + "</t></is>"
    rows = "".join(f'<row r="{n}"><c r="A{n}" t="inlineStr">{text}</c></row>' for n in range(1, 4))
    path = raw(tmp_path / "a.xlsx", f"<sheetData>{rows}</sheetData>")
    assert path.stat().st_size < 2 << 20
    with pytest.raises(Unreadable):
        workbook.read(table("1107"), path)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"hello", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, b"<html></html>"]
)
def test_what_is_no_workbook_is_said_to_be_none(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(Unreadable, match=r"工作簿|解析"):
        workbook.read(table("1107"), path)


def test_the_template_of_another_table_is_told_apart(tmp_path):
    path = tmp_path / "a.xlsx"
    with path.open("wb") as target:
        workbook.template(table("1202"), target)
    with pytest.raises(Unreadable, match=r"表头|主键"):
        workbook.read(table("1107"), path)


def test_a_missing_key_column_is_named(tmp_path):
    spec = table("1107")
    fields = [field for field in spec.fields if field.id != "sbbh"]
    with pytest.raises(Unreadable, match="设备编号"):
        workbook.read(spec, write(tmp_path / "a.xlsx", [[schema.header(field) for field in fields], ["x"] * len(fields)]))


def test_no_head_at_all_is_a_clear_error(tmp_path):
    with pytest.raises(Unreadable, match="表头"):
        workbook.read(table("1107"), write(tmp_path / "a.xlsx", [["a", "b"], ["1", "2"]]))


def test_a_file_too_large_is_not_even_opened(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "FILE_BOUND", 10)
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"x" * 11)
    with pytest.raises(Unreadable, match="MiB"):
        workbook.read(table("1107"), path)


def test_a_reader_that_takes_too_long_is_stopped(tmp_path, monkeypatch):
    run = workbook.subprocess.run
    monkeypatch.setattr(workbook.subprocess, "run", lambda *words, **more: run(*words, **more | {"timeout": 0.001}))
    with pytest.raises(Unreadable, match="超时"):
        workbook.read(table("1107"), write(tmp_path / "a.xlsx", filled(table("1107"), kqdm="x", sbbh="y")))
