"""What runs by the clock: forgetting in time, noting who was heard of, taking up what was left lying."""

from datetime import timedelta

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from canglin.accounts import actions
from canglin.accounts.models import Application
from canglin.accounts.policy import CONSOLE
from canglin.gateway import jobs
from canglin.gateway.models import Answer, Import, Refusal, Tally
from canglin.gateway.refusals import REFUSALS_KEPT_DAYS

pytestmark = pytest.mark.django_db


def refusal(days_ago):
    return Refusal.objects.create(
        received_at=timezone.now() - timedelta(days=days_ago), source="app:x", channel="v2022", table_code="1103", key="", code=410,
        violations=[], payload="", in_enterprise="", in_depot="",
    )


def test_refusals_are_kept_ninety_days_and_no_longer():
    old, young = refusal(REFUSALS_KEPT_DAYS + 0.01), refusal(REFUSALS_KEPT_DAYS - 0.01)
    jobs.drop_old_refusals(0)
    assert list(Refusal.objects.all()) == [young]
    assert not Refusal.objects.filter(pk=old.pk).exists()


def test_counts_outlive_the_refusals_they_count():
    refusal(REFUSALS_KEPT_DAYS + 1)
    Tally.objects.create(
        day=timezone.localdate() - timedelta(days=400), source="app:x", in_enterprise="", table_code="1103", outcome="refused",
        rule="", count=5, last_at=timezone.now(),
    )
    jobs.drop_old_refusals(0)
    assert Tally.objects.get().count == 5


def test_answers_to_repeats_are_kept_a_day():
    for hours in (23, 25):
        at = timezone.now() - timedelta(hours=hours)
        Answer.objects.create(source="app:x", key=str(hours), request_sha256="", body=b"{}", answered_at=at)
    jobs.drop_old_refusals(0)
    assert [answer.key for answer in Answer.objects.all()] == ["23"]


def seen(app, minutes_ago, table="1103", outcome="taken"):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    Tally.objects.create(
        day=timezone.localdate(), source=f"app:{app.appid}", in_enterprise="", table_code=table, outcome=outcome, rule="", count=1,
        last_at=at,
    )
    return at


def test_an_application_is_seen_when_its_newest_record_came_even_a_refused_one(app):
    one = app.application
    changed_at = one.changed_at
    seen(one, 30)
    newest = seen(one, 5, outcome="refused")
    jobs.note_seen_applications(0)
    one.refresh_from_db()
    assert one.last_seen_at == newest
    assert one.changed_at == changed_at, "or every record would make all keys be read again"


def test_what_was_seen_is_written_only_when_it_is_newer(app, django_assert_num_queries):
    seen(app.application, 5)
    jobs.note_seen_applications(0)
    with django_assert_num_queries(2):
        jobs.note_seen_applications(0)
    other = actions.create_application(CONSOLE, app.application.enterprise, "演示另一系统").application
    jobs.note_seen_applications(0)
    assert Application.objects.get(pk=other.pk).last_seen_at is None


@pytest.fixture
def imported(person):
    """Makes an import in some state, uploaded some time ago."""

    def make(state, seconds_ago=120):
        at = timezone.now() - timedelta(seconds=seconds_ago)
        user = person("manager", "91430121MA00000611")
        return Import.objects.create(user=user, table_code="1103", name="a.xlsx", stored="x", state=state, uploaded_at=at)

    return make


def queued(job):
    found = ProcrastinateJob.objects.filter(task_name=jobs.run_import.name, args__import_id=job.pk)
    return list(found.values_list("status", flat=True))


def test_an_import_that_lost_its_job_gets_a_new_one_and_only_one(imported):
    lost = imported(Import.State.SENDING)
    jobs.resume_imports(0)
    jobs.resume_imports(0)
    assert queued(lost) == ["todo"]


@pytest.mark.parametrize(
    ("state", "seconds_ago"), [(Import.State.DONE, 120), (Import.State.FAILED, 120), (Import.State.WAITING, 1)]
)
def test_an_import_that_ended_or_has_just_come_is_left_alone(imported, state, seconds_ago):
    job = imported(state, seconds_ago)
    jobs.resume_imports(0)
    assert queued(job) == []
