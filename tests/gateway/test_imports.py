"""Imports: every row its receipt, whoever is not allowed is told so, and a repeat after a crash changes nothing."""

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from canglin.accounts.models import AuditEntry
from canglin.accounts.policy import Denied
from canglin.gateway import imports, workbook
from canglin.gateway.intake import Away, Job
from canglin.gateway.models import Import, Refusal
from canglin.records.models import Record
from canglin.standard import schema
from canglin.standard.tables import table
from tests.gateway.test_intake import entry
from tests.gateway.test_workbook import write

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]


def rows_of(spec, records):
    head = ["标记", *(schema.header(field) for field in spec.fields)]
    plain = [[None, *(None if r.get(f.id) is None else str(r[f.id]) for f in spec.fields)] for r in records]
    return [head, *plain]


@pytest.fixture
def home(intake, depot):
    """The depot's place, taken."""
    samples, _, _ = depot.place()
    intake.submit_and_wait(Job([entry(code, record) for code, record in samples]))
    return depot


@pytest.fixture
def uploaded(tmp_path, person, home, monkeypatch):
    """Uploads records of a table as a workbook and runs the job."""

    def upload(code, records, user=None, run=True):
        spec = table(code)
        content = write(tmp_path / "up.xlsx", rows_of(spec, records)).read_bytes()
        job = imports.upload(user or person("manager", home.enterprise), spec, SimpleUploadedFile("演示.xlsx", content))
        if run:
            imports.run(job.pk)
        job.refresh_from_db()
        return job

    return upload


def results(job):
    page = openpyxl.load_workbook(imports.result_path(job))["填报"]
    lines = list(page.iter_rows(min_row=4, values_only=True))
    return [(line[-3], line[-2] or "", line[-1] or "") for line in lines if any(line)]


def test_each_row_has_its_receipt_and_a_bad_one_spoils_no_other(uploaded, home):
    good, bad = [home.warehouse() for _ in range(2)], home.warehouse(qtjg="没有")
    job = uploaded("1103", [good[0], bad, good[1], good[0]])
    assert (job.state, job.rows, job.done) == ("done", 4, 4)
    assert (job.taken, job.same, job.refused) == (2, 1, 1)
    receipts = results(job)
    assert [status for status, _, _ in receipts] == ["未接收", "已接收", "已接收", "与已有相同"]
    assert "(qtjg)" in receipts[0][2]
    assert Record.objects.filter(number=int(receipts[1][1]), channel="excel").exists()
    refusal = Refusal.objects.get()
    assert (refusal.key, refusal.in_enterprise, refusal.in_depot) == (bad["cfdm"], home.enterprise, home.code)
    assert AuditEntry.objects.filter(verb="gateway.submit").exists()


def test_the_result_file_corrected_and_uploaded_again_finishes_the_work(uploaded, home, tmp_path, person):
    record = home.warehouse()
    job = uploaded("1103", [record | {"czbz": "x"}, home.warehouse()])
    assert (job.taken, job.refused) == (1, 1)
    book = openpyxl.load_workbook(imports.result_path(job))
    page = book["填报"]
    at = next(cell.column for cell in page[2] if "(czbz)" in str(cell.value))
    page.cell(4, at, "i")
    target = io.BytesIO()
    book.save(target)
    again = imports.upload(job.user, table("1103"), SimpleUploadedFile("再次.xlsx", target.getvalue()))
    imports.run(again.pk)
    again.refresh_from_db()
    assert (again.taken, again.same, again.refused) == (1, 1, 0), results(again)


def test_rows_for_another_depot_are_refused_one_by_one(uploaded, home, person):
    foreign = home.warehouse(cfdm=home.enterprise + "9990001", kqdm=home.enterprise + "999")
    job = uploaded("1103", [home.warehouse(), foreign], person("manager", home.code))
    assert (job.taken, job.refused) == (1, 1)
    assert "本账号可填报" in results(job)[0][2]
    kept = Refusal.objects.get()
    assert (kept.in_enterprise, kept.in_depot) == (home.enterprise, home.code), "on the page of whoever sent it"
    assert not Record.objects.filter(key=foreign["cfdm"]).exists()


def test_whoever_may_not_fill_a_table_cannot_upload_it(uploaded, home, person):
    with pytest.raises(Denied):
        uploaded("1103", [home.warehouse()], person("viewer", "43"))
    with pytest.raises(Denied):
        uploaded("1103", [home.warehouse()], person("keeper", home.code))
    assert not Import.objects.exists()
    assert not any(imports.folder().iterdir())


def test_a_right_that_was_taken_away_meanwhile_holds_when_the_job_runs(uploaded, home):
    job = uploaded("1103", [home.warehouse()], run=False)
    type(job.user).objects.filter(pk=job.user_id).update(is_active=False)
    imports.run(job.pk)
    job.refresh_from_db()
    assert (job.taken, job.refused) == (0, 1)


def test_started_again_after_a_crash_it_counts_every_row_once(uploaded, home, monkeypatch):
    records = [home.warehouse() for _ in range(5)]
    job = uploaded("1103", records, run=False)
    monkeypatch.setattr(imports, "STEP", 2)
    take = imports._take
    steps = []

    def killed(*words):
        steps.append(1)
        if len(steps) == 2:
            raise KeyboardInterrupt
        take(*words)

    monkeypatch.setattr(imports, "_take", killed)
    with pytest.raises(KeyboardInterrupt):
        imports.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.taken) == ("sending", 2)
    monkeypatch.setattr(imports, "_take", take)
    imports.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.rows, job.done, job.taken, job.same) == ("done", 5, 5, 3, 2)
    assert Record.objects.filter(table_code="1103", channel="excel").count() == 5
    imports.run(job.pk)
    job.refresh_from_db()
    assert job.done == 5, "one that has ended is left alone"


@pytest.mark.parametrize(("error", "said"), [(Away(), "重新上传"), (RuntimeError("x"), "内部错误")])
def test_trouble_of_ours_is_said_and_ends_the_import(uploaded, home, monkeypatch, error, said):
    job = uploaded("1103", [home.warehouse()], run=False)

    def broken(*words):
        raise error

    monkeypatch.setattr(imports, "_take", broken)
    imports.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert said in job.failure
    assert job.finished_at


def test_what_is_no_workbook_fails_with_the_reason(person, home):
    user = person("manager", home.enterprise)
    job = imports.upload(user, table("1103"), SimpleUploadedFile("a.xlsx", b"hello"))
    imports.run(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"
    assert "工作簿" in job.failure


def test_a_file_too_large_is_not_kept(person, home, monkeypatch):
    monkeypatch.setattr(workbook, "FILE_BOUND", 4)
    with pytest.raises(workbook.Unreadable):
        imports.upload(person("manager", home.enterprise), table("1103"), SimpleUploadedFile("a.xlsx", b"hello"))
    assert not Import.objects.exists()


def test_a_name_from_outside_never_names_a_path(person, home):
    user = person("manager", home.enterprise)
    job = imports.upload(user, table("1103"), SimpleUploadedFile("../../x.xlsx", b"hello"))
    assert imports.source_path(job).parent == imports.folder()
    assert "/" not in job.stored
