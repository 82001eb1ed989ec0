"""What the gateway does by the clock: forget what may be forgotten."""

from datetime import timedelta

from django.db.models import Max
from django.utils import timezone
from procrastinate.contrib.django import app

from canglin.accounts.actions import seen_applications
from canglin.gateway import files, imports
from canglin.gateway.batch import ANSWERS_KEPT_H
from canglin.gateway.models import Answer, Refusal, Tally
from canglin.gateway.refusals import REFUSALS_KEPT_DAYS


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="drop unbound files")
def drop_unbound_files(timestamp: int) -> None:
    """Files that no record named within their time."""
    files.drop_unbound()


@app.periodic(cron="* * * * *")
@app.task(queueing_lock="note applications seen")
def note_applications_seen(timestamp: int) -> None:
    """When each application last sent anything, taken or refused, from the day's counts."""
    since = timezone.now() - timedelta(minutes=10)
    found = Tally.objects.filter(source__startswith="app:", last_at__gte=since).values_list("source").annotate(Max("last_at"))
    seen_applications({source.removeprefix("app:"): at for source, at in found})


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="drop old refusals")
def drop_old_refusals(timestamp: int) -> None:
    """Refusals past their ninety days, and answers kept for repeats past their day."""
    now = timezone.now()
    Refusal.objects.filter(received_at__lt=now - timedelta(days=REFUSALS_KEPT_DAYS)).delete()
    Answer.objects.filter(answered_at__lt=now - timedelta(hours=ANSWERS_KEPT_H)).delete()


@app.task(queue="imports")
def run_import(import_id: int) -> None:
    """Read and take one uploaded workbook."""
    imports.run(import_id)
