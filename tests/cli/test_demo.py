"""The README's first command: a province that arrives through the gateway, once, whatever happens meanwhile."""

import json
import signal
from pathlib import Path

import psycopg
import pytest

from canglin.instance import Instance
from tests.cli.test_up import wait_for
from tests.served import Served, serve


def records(data: Path) -> int:
    try:
        with psycopg.connect(Instance(data).database_url(), connect_timeout=2) as connection:
            row = connection.execute("SELECT count(*) FROM records_record").fetchone()
            return int(row[0]) if row else 0
    except psycopg.Error:
        return 0


@pytest.mark.slow
def test_an_interrupted_demo_goes_on_where_it_stopped_and_is_sent_once(tmp_path: Path) -> None:
    words = ("demo", "--port", "0", "--seed", "5")
    first = Served(tmp_path, *words)
    try:
        wait_for("the feed runs", lambda: first.process.poll() is not None or records(tmp_path) > 500, 300)
    finally:
        code = first.stop(signal.SIGINT)
    assert code == 130, first.complaints
    assert not any("Traceback" in line for line in first.complaints), first.complaints

    with serve(tmp_path, *words) as second:
        logins = [line for line in second.lines if line.startswith("演示")]
        held = records(tmp_path)
        assert held > 20_000
        assert any(" 0 of them refused" in line for line in second.complaints), second.complaints
        assert len(logins) >= 5
        state = json.loads((tmp_path / "demo.json").read_text(encoding="utf-8"))
        assert state["done"]
        assert (tmp_path / "demo.json").stat().st_mode & 0o077 == 0

    with serve(tmp_path, *words) as third:
        assert records(tmp_path) == held
        assert [line for line in third.lines if line.startswith("演示")] == logins
        assert not any("records/s" in line for line in third.complaints)
