"""Pictures and clips: recognised by what they are, bounded in size, bound once, and only by who uploaded them."""

from __future__ import annotations

import itertools

import pytest

from tests.interface.conftest import Place
from tests.interface.media import jpeg, mp4

MEBIBYTE = 1024 * 1024
_marks = itertools.count()


def picture(size: int = 0) -> bytes:
    return jpeg(f"interface{next(_marks)}", size)


def clip(size: int = 0) -> bytes:
    return mp4(f"interface{next(_marks)}", size)


def test_an_upload_answers_with_the_files_id(place: Place) -> None:
    for content, name in ((picture(), "photo.jpg"), (clip(), "clip.mp4"), (picture(), "照片 1.JPG")):
        reply = place.client.upload(content, name)
        assert (reply.http, reply.code) == (200, 200), reply
        assert isinstance(reply.data, str)
        assert 0 < len(reply.data) <= 20


def test_a_file_is_recognised_by_its_content_and_not_by_its_name(place: Place) -> None:
    assert place.client.upload(picture(), "called-a-clip.mp4").code in (200, 410)
    for content in (
        b"",
        b"just text",
        b"MZ" + b"\0" * 200,
        b"<html><script>",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 60,
        b"\xff\xd8",
    ):
        reply = place.client.upload(content, "photo.jpg")
        assert reply.http == 200
        assert reply.code == 410, (content[:8], reply)


def test_a_page_hidden_behind_a_pictures_first_bytes_is_no_picture(place: Place) -> None:
    reply = place.client.upload(b"\xff\xd8\xff" + b"<script>alert(1)</script>" * 40, "photo.jpg")
    assert reply.code in (200, 410), reply


def test_a_picture_of_two_mebibytes_passes_and_a_larger_one_does_not(place: Place) -> None:
    assert place.client.upload(picture(2 * MEBIBYTE)).code == 200
    reply = place.client.upload(picture(2 * MEBIBYTE + 1))
    assert (reply.http, reply.code) == (200, 410), reply


def test_a_clip_of_thirty_two_mebibytes_passes_and_a_larger_one_does_not(place: Place) -> None:
    assert place.client.upload(clip(32 * MEBIBYTE), "clip.mp4").code == 200
    reply = place.client.upload(clip(32 * MEBIBYTE + 1), "clip.mp4")
    assert (reply.http, reply.code) == (200, 410), reply


def test_an_upload_needs_the_token_and_a_part_named_file(place: Place) -> None:
    assert place.client.upload(picture(), authorised=False).code == 401
    assert place.client.upload(picture(), part="photo").code == 410


def test_the_same_picture_uploaded_twice_is_two_files(place: Place) -> None:
    content = picture()
    first, second = place.upload(content), place.upload(content)
    assert first != second
    for file in (first, second):
        place.take("1109", place.depot.attachment(file))


def test_one_file_belongs_to_one_record(place: Place) -> None:
    file = place.upload(picture())
    record = place.take("1109", place.depot.attachment(file))
    assert place.send("1109", place.depot.attachment(file)).code == 411
    assert place.send("1307", place.depot.snapshot(place.warehouse, place.lot, file)).code == 411
    place.take("1109", record)
    place.take("1109", record | {"zhgxsj": place.depot.stated()})


@pytest.mark.parametrize("kind", ["1", "2", "3"])
def test_a_clip_does_not_fit_a_record_of_a_picture(place: Place, kind: str) -> None:
    reply = place.send("1109", place.depot.attachment(place.upload(clip(), "clip.mp4"), wjlx=kind))
    assert reply.code in (410, 411), reply


@pytest.mark.parametrize("kind", ["4", "5"])
def test_a_picture_does_not_fit_a_record_of_a_clip(place: Place, kind: str) -> None:
    reply = place.send("1109", place.depot.attachment(place.upload(picture()), wjlx=kind))
    assert reply.code in (410, 411), reply
    place.take("1109", place.depot.attachment(place.upload(clip(), "clip.mp4"), wjlx=kind))


def test_a_snapshot_is_a_picture(place: Place) -> None:
    file = place.upload(clip(), "clip.mp4")
    assert place.send("1307", place.depot.snapshot(place.warehouse, place.lot, file)).code in (410, 411)


def test_only_the_enterprise_that_uploaded_a_file_may_bind_it(place: Place, neighbour: Place) -> None:
    file = place.upload(picture())
    assert neighbour.send("1109", neighbour.depot.attachment(file)).code in (403, 411)
    place.take("1109", place.depot.attachment(file))


def test_replacing_a_records_file_releases_the_old_one(place: Place) -> None:
    old, new = place.upload(picture()), place.upload(picture())
    record = place.take("1109", place.depot.attachment(old))
    place.take("1109", record | {"fileStorageId": new, "zhgxsj": place.depot.stated()})
    place.take("1109", place.depot.attachment(old))


def test_a_refused_record_leaves_its_file_free(place: Place) -> None:
    file = place.upload(picture())
    record = place.depot.attachment(file)
    assert place.send("1109", record | {"wjlx": "9"}).code == 410
    place.take("1109", record)
