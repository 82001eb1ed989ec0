"""Records of today: by the tally for regions and enterprises, by the log itself for single depots."""

from datetime import date, datetime, time, timedelta

import pytest
from django.db import connection
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from canglin.accounts.rules import Area
from canglin.gateway.models import Refusal, Tally
from canglin.overview.queries import intake
from canglin.records.models import Tree
from tests.accounts.conftest import CHANGSHA, ZHUZHOU, enterprise
from tests.overview.cast import HETANG, KAIFU, TIANXIN

pytestmark = pytest.mark.django_db


def midnight() -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time.min))


def log(minutes_from_midnight: list[int], depot: str = TIANXIN) -> None:
    """A log whose entries were received so many minutes from today's first instant, in a partition of the test's own."""
    since, until = date.today() - timedelta(days=400), date.today() + timedelta(days=400)
    with connection.cursor() as cursor:
        cursor.execute("SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'records_record'::regclass")
        for (partition,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {partition}")
        cursor.execute(f"CREATE TABLE records_of_test PARTITION OF records_record FOR VALUES FROM ('{since}') TO ('{until}')")
        for number, minutes in enumerate(sorted(minutes_from_midnight), 1):
            at = midnight() + timedelta(minutes=minutes)
            cursor.execute(
                "INSERT INTO records_record VALUES (%s, '1202', %s, 'i', '1', '{}', 'app:a', 'v2022', %s, %s, %s, %s, '')",
                [number, f"k{number}", at, at, depot[:18], depot],
            )
    Tree.objects.update_or_create(pk=1, defaults={"size": len(minutes_from_midnight)})


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(-600, 600), max_size=12))
def test_a_depots_day_begins_at_midnight_wherever_that_lies_in_the_log(minutes):
    log(minutes)
    found = intake.today(Area("depots", (TIANXIN,)))
    today = [each for each in minutes if each >= 0]
    assert found.taken == len(today)
    assert found.last_at == (midnight() + timedelta(minutes=max(today)) if today else None)
    assert intake.today(Area("depots", (HETANG,))).taken == 0


def test_a_depots_refusals_are_its_own():
    log([])
    for depot in (TIANXIN, KAIFU):
        Refusal.objects.create(
            received_at=timezone.now(),
            source="app:a",
            channel="v2022",
            table_code="1202",
            key="",
            code=411,
            violations=[],
            payload="",
            in_enterprise=depot[:18],
            in_depot=depot,
        )
    assert intake.today(Area("depots", (TIANXIN,))).refused == 1


def test_a_region_counts_its_enterprises_and_each_record_once():
    enterprise(CHANGSHA, "430103")
    enterprise(ZHUZHOU, "430202")
    now = timezone.now()
    for code, outcome, rule, count in (
        (CHANGSHA, "taken", "", 5),
        (CHANGSHA, "refused", "", 2),
        (CHANGSHA, "refused", "net.balance", 2),
        (ZHUZHOU, "taken", "", 7),
        (ZHUZHOU, "same", "", 1),
    ):
        Tally.objects.create(
            day=timezone.localdate(),
            source="app:a",
            in_enterprise=code,
            table_code="1202",
            outcome=outcome,
            rule=rule,
            count=count,
            last_at=now,
        )
    Tally.objects.create(
        day=timezone.localdate() - timedelta(days=1),
        source="app:a",
        in_enterprise=CHANGSHA,
        table_code="1202",
        outcome="taken",
        rule="",
        count=100,
        last_at=now,
    )
    for area, taken, same, refused in (("00", 12, 1, 2), ("4301", 5, 0, 2), (ZHUZHOU, 7, 1, 0), ("44", 0, 0, 0)):
        found = intake.today(Area.parse(area))
        assert (found.taken, found.same, found.refused) == (taken, same, refused)
