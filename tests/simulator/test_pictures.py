"""Pictures are real ones; the temperature field is that of the year."""

import tempfile
from datetime import datetime
from pathlib import Path

import pytest
import typst

from canglin.simulator.pictures import jpeg, mp4
from canglin.simulator.scans import outdoors, scan


def test_a_picture_opens_in_a_decoder_that_is_not_ours():
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.jpg").write_bytes(jpeg("one"))
        page = Path(folder) / "a.typ"
        page.write_text('#image("a.jpg")')
        assert typst.compile(str(page), format="png").startswith(b"\x89PNG")


def test_no_two_files_are_alike_and_the_same_name_gives_the_same_file():
    assert jpeg("one") == jpeg("one") != jpeg("two")
    assert mp4("one") == mp4("one") != mp4("two")
    assert len(jpeg("one")) < 4096


def boxes(data):
    while data:
        size = int.from_bytes(data[:4])
        yield data[4:8]
        assert 8 <= size <= len(data)
        data = data[size:]


def test_a_clip_is_whole_boxes():
    assert list(boxes(mp4("one"))) == [b"ftyp", b"moov", b"mdat"]


@pytest.mark.parametrize("month", [1, 4, 7, 10])
def test_least_mean_and_greatest_agree_with_the_set_and_deep_grain_keeps_still(province, month):
    for lot in province.depots[0].lots:
        record = scan(lot, datetime(2026, month, 15, 14))
        points = [tuple(float(v) for v in p.split(",")) for p in record["lswdzjh"].split("|")]
        values = [p[0] for p in points]
        assert len({p[1:] for p in points}) == len(points)
        assert (record["lszdw"], record["lszgw"]) == (min(values), max(values))
        assert record["lspjw"] == pytest.approx(sum(values) / len(values), abs=0.051)
        assert len(record["lswdzjh"]) <= 8000
        assert all(5 < v < 32 for v in values)


def test_july_is_hotter_than_january():
    assert outdoors(datetime(2026, 7, 20)) > 27
    assert outdoors(datetime(2026, 1, 20)) < 9
