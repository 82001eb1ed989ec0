"""What this room does by the clock: forget sessions and failed attempts that no longer mean anything. The audit trail stays."""

from datetime import timedelta

from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.utils import timezone
from procrastinate.contrib.django import app

#: Failed attempts count towards a lockout for half an hour; a day leaves room to look into one.
ATTEMPTS_KEPT = timedelta(days=1)


@app.periodic(cron="20 3 * * *")
@app.task(queueing_lock="forget old sessions")
def forget_old_sessions(timestamp: int) -> None:
    """Sessions that ended, and attempts to sign in older than a day."""
    now = timezone.now()
    Session.objects.filter(expire_date__lt=now).delete()
    AccessAttempt.objects.filter(attempt_time__lt=now - ATTEMPTS_KEPT).delete()
