"""Uploaded workbooks: kept, put in line, read, taken row by row, and answered with a result file."""

import json
import logging
import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone

from canglin.accounts import audit, policy
from canglin.accounts.models import User
from canglin.gateway import workbook
from canglin.gateway.checking import AREA, check_values, place_of
from canglin.gateway.intake import Away, Busy, Job, shared
from canglin.gateway.models import Import
from canglin.gateway.refusals import Refused
from canglin.records.consequences import Entry
from canglin.standard.decode import Refused as Undecodable
from canglin.standard.messages import message, v2022_code
from canglin.standard.tables import TableSpec, Violation, table, tables

log = logging.getLogger(__name__)

#: Rows between two looks at the progress.
STEP = 500


def folder() -> Path:
    """Where workbooks and results lie."""
    path: Path = settings.INSTANCE.data / "imports"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def source_path(job: Import) -> Path:
    """The workbook as uploaded."""
    return folder() / job.stored


def result_path(job: Import) -> Path:
    """The result file; there once the import is done."""
    return folder() / f"{job.stored}.result.xlsx"


def allowed(user: User) -> list[TableSpec]:
    """The tables somebody may fill by workbook: those of rooms whose records the role may submit. Tables that name an
    uploaded file are not among them: a workbook cannot carry one."""
    return [
        spec for spec in tables().values()
        if policy.may(user, f"{spec.model._meta.app_label}.submit") and spec.code not in ("1109", "1307", "1308")
    ]


def upload(user: User, spec: TableSpec, file: "File[bytes]") -> Import:
    """Keep a workbook and put it in line. Raises Denied, and workbook.Unreadable for one that is too large."""
    from canglin.gateway.jobs import run_import

    policy.demand(user, f"{spec.model._meta.app_label}.submit")
    if (file.size or 0) > workbook.FILE_BOUND:
        raise workbook.Unreadable(f"文件应不超过 {workbook.FILE_BOUND >> 20} MiB")
    stored = f"{timezone.localtime():%Y%m%d}-{secrets.token_hex(8)}.xlsx"
    with (folder() / stored).open("xb") as kept:
        for chunk in file.chunks():
            kept.write(chunk)
    with transaction.atomic():
        job = Import.objects.create(user=user, table_code=spec.code, name=(file.name or "")[:255], stored=stored)
        audit.record(user, "gateway.submit", job, after={"table": spec.code, "file": job.name})
        # In the same transaction: no row without its job, no job without its row.
        run_import.defer(import_id=job.pk)
    return job


def unfinished(before: datetime) -> list[int]:
    """Imports uploaded before that moment that have not come to their end."""
    ended = (Import.State.DONE, Import.State.FAILED)
    return list(Import.objects.filter(uploaded_at__lt=before).exclude(state__in=ended).values_list("pk", flat=True))


def run(import_id: int) -> None:
    """The job: read, take, write the result. Started again after a crash it goes through all rows again; those taken
    before answer "the same"."""
    job = Import.objects.select_related("user").get(pk=import_id)
    if job.ended:
        return
    spec = table(job.table_code)
    try:
        _set(job, state=Import.State.READING)
        lines = workbook.read(spec, source_path(job))
        _set(job, state=Import.State.SENDING, rows=len(lines), done=0, taken=0, same=0, refused=0)
        for part in _parts(lines):
            _take(job, spec, part)
            counts = {status: sum(line.status == status for line in part) for status in ("taken", "same", "refused")}
            _set(job, done=job.done + len(part), **{name: getattr(job, name) + count for name, count in counts.items()})
        with result_path(job).open("wb") as target:
            workbook.result(spec, lines, target)
        _set(job, state=Import.State.DONE, finished_at=timezone.now())
    except workbook.Unreadable as error:
        _set(job, state=Import.State.FAILED, failure=str(error), finished_at=timezone.now())
    except (Away, Busy):
        # Procrastinate does not try again by itself; what was taken stays taken and a repeat is harmless.
        _set(job, state=Import.State.FAILED, failure="数据库繁忙或暂不可用，请重新上传（已接收的行会答复“与已有相同”）",
             finished_at=timezone.now())
    except Exception:
        # Whatever it was, the person is told and the queue goes on; the trace is for the operator.
        log.exception("import %s", import_id)
        _set(job, state=Import.State.FAILED, failure="平台内部错误，没有完成；请重新上传（已接收的行会答复“与已有相同”）",
             finished_at=timezone.now())


def _parts(lines: Sequence[workbook.Line]) -> Iterator[Sequence[workbook.Line]]:
    for start in range(0, len(lines), STEP):
        yield lines[start : start + STEP]


def _set(job: Import, **values: object) -> None:
    for name, value in values.items():
        setattr(job, name, value)
    job.save(update_fields=list(values))


def _take(job: Import, spec: TableSpec, lines: Sequence[workbook.Line]) -> None:
    """Check and hand over some rows; each line gets its receipt."""
    user, source = job.user, f"user:{job.user.username}"
    verb = f"{spec.model._meta.app_label}.submit"
    entries: list[Entry] = []
    waiting: list[tuple[workbook.Line, Sequence[Violation]]] = []
    refused: list[Refused] = []
    own = place_of(user.area)
    for line in lines:
        enterprise, depot = own
        try:
            checked = check_values(spec, line.values, source, "excel")
            entry = checked.entry
            place = entry.in_depot or entry.in_enterprise
            if policy.may(user, verb, place or None):
                entries.append(entry)
                waiting.append((line, checked.flags))
                continue
            violations: list[Violation] = [Violation("", AREA, place, "本账号可填报的单位或库区")]
            # Shown to whoever sent it, not to those whose record it pretends to be.
            enterprise = enterprise or entry.in_enterprise
        except Undecodable as undecodable:
            violations = list(undecodable.violations)
        _answer(line, "refused", None, violations, spec)
        sent = json.dumps(line.values, ensure_ascii=False, default=str)
        refused.append(
            Refused(source, "excel", spec.code, "", v2022_code(violations), violations, sent, enterprise, depot)
        )
    noted = {place: flags for place, (_, flags) in enumerate(waiting) if flags}
    outcomes = shared().submit_and_wait(Job(entries, refused, noted))
    for (line, flags), outcome in zip(waiting, outcomes, strict=True):
        _answer(line, outcome.status, outcome.number, [*flags, *outcome.violations], spec)


def _answer(line: workbook.Line, status: str, number: int | None, violations: Sequence[Violation], spec: TableSpec) -> None:
    line.status, line.number = status, number
    line.reasons = "；".join(message(violation, spec) for violation in violations)
