"""How many records came today and how many were refused, for the places of one area."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, time

from django.db import connection
from django.db.models import Count, Max, Q, Sum
from django.utils import timezone

from canglin.accounts.places import enterprises_in
from canglin.accounts.rules import Area
from canglin.gateway.models import Refusal, Tally


@dataclass(frozen=True)
class Intake:
    """Records of today (China's day). ``same`` were repeats that changed nothing. ``last_at``: the newest taken or refused one."""

    taken: int = 0
    same: int = 0
    refused: int = 0
    last_at: datetime | None = None


def today(area: Area) -> Intake:
    """Counts of the gateway's tally; for an account of single depots, whose counts the tally does not keep, of log and refusals."""
    if area.kind == "depots":
        return _of_depots(area.codes)
    counts = Tally.objects.filter(day=timezone.localdate(), rule="")
    if area.kind == "enterprise":
        counts = counts.filter(in_enterprise=area.codes[0])
    elif area.kind == "region":
        counts = counts.filter(in_enterprise__in=enterprises_in(area.codes[0]))
    found = counts.aggregate(
        taken=Sum("count", filter=Q(outcome="taken")),
        same=Sum("count", filter=Q(outcome="same")),
        refused=Sum("count", filter=Q(outcome="refused")),
        last_at=Max("last_at"),
    )
    return Intake(found["taken"] or 0, found["same"] or 0, found["refused"] or 0, found["last_at"])


# Times of receipt never run backwards along the log's numbers, so the day's first entry is found by halving; then only
# the day is read.
_OF_DEPOTS = """
    WITH RECURSIVE halved(low, high) AS (
        SELECT 1::bigint, size + 1 FROM records_tree WHERE id = 1
        UNION ALL
        SELECT CASE WHEN r.received_at < %(since)s THEN (low + high) / 2 + 1 ELSE low END,
            CASE WHEN r.received_at < %(since)s THEN high ELSE (low + high) / 2 END
        FROM halved CROSS JOIN LATERAL (
            SELECT received_at FROM records_record WHERE number = (low + high) / 2 LIMIT 1
        ) AS r WHERE low < high
    )
    SELECT count(*), max(received_at) FROM records_record
    WHERE number >= (SELECT low FROM halved WHERE low >= high) AND received_at >= %(since)s AND in_depot = ANY(%(depots)s)
"""


def _of_depots(depots: Collection[str]) -> Intake:
    since = timezone.make_aware(datetime.combine(timezone.localdate(), time.min))
    with connection.cursor() as cursor:
        cursor.execute(_OF_DEPOTS, {"since": since, "depots": list(depots)})
        taken, last_taken = cursor.fetchone()
    refusals = Refusal.objects.filter(received_at__gte=since, in_depot__in=depots)
    refused = refusals.aggregate(count=Count("id"), last=Max("received_at"))
    last_at = max((at for at in (last_taken, refused["last"]) if at is not None), default=None)
    return Intake(taken, 0, refused["count"], last_at)
