"""Uploaded files: kept by content, dropped when nobody names them, seen by their own people only."""

from datetime import timedelta

import pytest
from django.utils import timezone

from canglin.gateway import files
from canglin.gateway.files import UNBOUND_MINUTES, Unfit, drop_unbound, kind_of, path_of, store
from canglin.gateway.intake import Job
from canglin.gateway.models import UploadedFile
from tests.gateway.test_intake import entry
from tests.interface.media import jpeg, mp4

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folder")]
OURS, OTHERS = "91430121MA00000611", "91430203MA4TEST026"


def put(content=None, enterprise=OURS, minutes_ago=0, **bound):
    made = store("app:0123456789abcdef", enterprise, "仓内.jpg", jpeg() if content is None else content)
    at = timezone.now() - timedelta(minutes=minutes_ago)
    UploadedFile.objects.filter(pk=made).update(uploaded_at=at, **bound)
    return UploadedFile.objects.get(pk=made)


@pytest.mark.parametrize("content", [b"", b"GIF89a", b"<html>", b"\xff\xd8\xff" + b"<script>", b"PK\x03\x04", b"\0" * 100])
def test_only_pictures_and_clips_are_taken_whatever_they_are_called(content):
    assert kind_of(content) is None
    with pytest.raises(Unfit):
        store("app:x", OURS, "photo.jpg", content)
    assert not UploadedFile.objects.exists()


def test_a_file_beyond_its_bound_is_not_kept(monkeypatch, own_folder):
    monkeypatch.setattr(files, "PICTURE_BOUND", 1000)
    with pytest.raises(Unfit, match="1000"):
        store("app:x", OURS, "a.jpg", jpeg(size=1001))
    assert not any(path.is_file() for path in (own_folder / "files").rglob("*")) if (own_folder / "files").exists() else True


def test_the_same_bytes_are_kept_once_and_go_with_their_last_file():
    first, second = put(minutes_ago=UNBOUND_MINUTES + 1), put()
    assert first.sha256 == second.sha256
    assert drop_unbound() == 1
    assert path_of(second.sha256).exists(), "the other file still needs them"
    UploadedFile.objects.update(uploaded_at=timezone.now() - timedelta(minutes=UNBOUND_MINUTES + 1))
    assert drop_unbound() == 1
    assert not path_of(second.sha256).exists()


def test_what_a_record_names_and_what_is_still_young_stays():
    bound = put(jpeg("a"), minutes_ago=1000, bound_table="1109", bound_key="x")
    young = put(jpeg("b"), minutes_ago=UNBOUND_MINUTES - 1)
    assert drop_unbound() == 0
    assert path_of(bound.sha256).exists()
    assert path_of(young.sha256).exists()


def test_no_half_written_picture_is_left_behind(own_folder):
    put()
    assert all(len(path.name) == 64 for path in (own_folder / "files").rglob("*") if path.is_file())


@pytest.fixture
def snapshot(intake, depot):
    """A picture bound to a record of the depot."""
    samples, building, lot = depot.place()
    intake.submit_and_wait(Job([entry(code, record) for code, record in samples]))
    picture = put(jpeg("bound"), enterprise=depot.enterprise)
    answer, = intake.submit_and_wait(Job([entry("1307", depot.snapshot(building, lot, picture.pk))]))
    assert answer.status == "taken", answer
    picture.refresh_from_db()
    return picture


@pytest.mark.parametrize(("role", "place", "status"), [
    ("viewer", "00", 200), ("manager", "enterprise", 200), ("keeper", "depot", 200), ("viewer", "4302", 404),
    ("keeper", OTHERS + "001", 404), ("audit", "00", 403),
])  # fmt: skip
def test_a_file_opens_for_its_own_people_only(client, person, depot, snapshot, role, place, status):
    area = {"enterprise": depot.enterprise, "depot": depot.code}.get(place, place)
    client.force_login(person(role, area))
    answer = client.get(f"/gateway/files/{snapshot.pk}/")
    assert answer.status_code == status
    if status == 200:
        assert answer["Content-Type"] == "image/jpeg"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer.content == jpeg("bound")
        assert snapshot.pk in client.get("/gateway/files/").content.decode()
    elif status == 404:
        assert snapshot.pk not in client.get("/gateway/files/").content.decode()


def test_a_file_that_waits_for_its_record_is_not_shown_to_single_depots(client, person, depot):
    waiting = put(enterprise=depot.enterprise)
    client.force_login(person("keeper", depot.code))
    assert client.get(f"/gateway/files/{waiting.pk}/").status_code == 404
    client.force_login(person("manager", depot.enterprise))
    page = client.get("/gateway/files/").content.decode()
    assert f"余 {UNBOUND_MINUTES} 分钟" in page


@pytest.mark.parametrize(("asked", "status", "length"), [
    ("bytes=0-9", 206, 10), ("bytes=10-", 206, -10), ("bytes=-5", 206, 5), ("bytes=0-999999999", 206, 0),
    ("bytes=999999999-", 416, None), ("bytes=5-2", 416, None), ("bytes=-", 200, 0), ("items=0-1", 200, 0), ("bytes=a-b", 200, 0),
])  # fmt: skip
def test_a_player_may_ask_for_a_part_of_a_clip(client, person, asked, status, length):
    content = mp4("x", size=5000)
    clip = put(content)
    client.force_login(person("viewer", "00"))
    answer = client.get(f"/gateway/files/{clip.pk}/", headers={"Range": asked})
    assert answer.status_code == status
    if length is not None:
        assert len(answer.content) == (length if length > 0 else len(content) + length)


def test_bytes_that_are_gone_are_not_there(client, person):
    lost = put()
    path_of(lost.sha256).unlink()
    client.force_login(person("viewer", "00"))
    assert client.get(f"/gateway/files/{lost.pk}/").status_code == 404
