"""What the gateway does by the clock: forget what may be forgotten, note who was heard of, take up what a crash left lying."""

from datetime import timedelta

from django.db.models import Q
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from canglin.gateway import files, imports, queries
from canglin.gateway.batch import ANSWERS_KEPT_H
from canglin.gateway.models import Answer, Refusal
from canglin.gateway.refusals import REFUSALS_KEPT_DAYS
from canglin.gateway.seen import note_seen

#: A worker that has not shown itself for so long is gone, and its jobs with it.
WORKER_GONE_S = 30


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="drop unbound files")
def drop_unbound_files(timestamp: int) -> None:
    """Files that no record named within their time."""
    files.drop_unbound()


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="drop old refusals")
def drop_old_refusals(timestamp: int) -> None:
    """Refusals past their ninety days, and answers kept for repeats past their day."""
    now = timezone.now()
    Refusal.objects.filter(received_at__lt=now - timedelta(days=REFUSALS_KEPT_DAYS)).delete()
    Answer.objects.filter(answered_at__lt=now - timedelta(hours=ANSWERS_KEPT_H)).delete()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="note seen applications")
def note_seen_applications(timestamp: int) -> None:
    """When each application was last heard of, from the day's counts."""
    note_seen(queries.last_seen(timezone.localdate() - timedelta(days=1)))


@app.task(queue="imports")
def run_import(import_id: int) -> None:
    """Read and take one uploaded workbook."""
    imports.run(import_id)


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="resume imports")
def resume_imports(timestamp: int) -> None:
    """Imports whose worker is gone go on; rows taken before answer "the same"."""
    gone = timezone.now() - timedelta(seconds=WORKER_GONE_S)
    jobs = ProcrastinateJob.objects.filter(task_name=run_import.name, status__in=("todo", "doing"))
    for job in jobs.filter(status="doing").filter(Q(worker=None) | Q(worker__last_heartbeat__lt=gone)):
        app.job_manager.retry_job_by_id(job.pk, retry_at=timezone.now())
    # One whose job ended without it (the worker was asked to stop in the middle) gets a new job.
    waiting = set(jobs.values_list("args__import_id", flat=True))
    for import_id in imports.unfinished(before=gone):
        if import_id not in waiting:
            run_import.defer(import_id=import_id)
