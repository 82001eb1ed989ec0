"""The served instance as a whole: real processes, real signals."""

import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from canglin import postgres
from canglin.instance import Instance
from tests.served import Served, canglin, clean_environment, command, serve


def healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def children(process: int) -> list[int]:
    return [int(number) for number in Path(f"/proc/{process}/task/{process}/children").read_text().split()]


def gone(process: int) -> bool:
    """Ended, whether buried or not."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def wait_for(what: str, true: object, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline, f"still not: {what}"
        time.sleep(0.05)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an instance that has been up once and is down."""
    data = tmp_path_factory.mktemp("instance")
    with serve(data) as running:
        assert running.password
    return data


@pytest.fixture
def running(prepared: Path) -> Iterator[Served]:
    with serve(prepared) as served:
        yield served


def test_it_answers_when_it_says_ready_and_leaves_nothing_behind_when_asked_to_stop(prepared: Path) -> None:
    with serve(prepared) as served:
        assert healthy(served.url)
        assert not any("password" in line for line in served.lines), "it is printed once"
        parts = children(served.process.pid)
        assert len(parts) == 2
        assert postgres.running(Instance(prepared))
        assert served.stop(signal.SIGTERM) == 0
    assert all(gone(part) for part in parts)
    assert not postgres.running(Instance(prepared))
    assert not healthy(served.url)


def test_ctrl_c_while_it_starts_ends_it_without_a_traceback(tmp_path: Path) -> None:
    starting = Served(tmp_path)
    wait_for("preparing", lambda: any("preparing" in line for line in starting.complaints))
    assert starting.stop(signal.SIGINT) == 130
    assert not any("Traceback" in line for line in starting.complaints), starting.complaints
    assert not postgres.running(Instance(tmp_path))


def test_the_supervisor_killed_takes_its_parts_along_and_the_next_start_recovers(prepared: Path) -> None:
    first = Served(prepared).wait_until_ready()
    parts = children(first.process.pid)
    first.stop(signal.SIGKILL)
    wait_for("parts ended", lambda: all(gone(part) for part in parts))
    with serve(prepared) as again:
        assert healthy(again.url)


def test_a_killed_server_comes_back_at_the_same_address(running: Served) -> None:
    web = children(running.process.pid)[0]
    workers = children(web)
    os.kill(web, signal.SIGKILL)
    wait_for("its worker ended too", lambda: all(gone(worker) for worker in workers))
    wait_for("healthy again", lambda: healthy(running.url))


def test_a_killed_postgresql_is_started_again_and_the_server_stays(running: Served) -> None:
    here = Instance(running.data)
    web = children(running.process.pid)[0]
    postmaster = int((here.postgres_dir / "postmaster.pid").read_text().split()[0])
    os.kill(postmaster, signal.SIGKILL)
    wait_for("started again", lambda: postmaster != _postmaster(here) and _answers(here))
    wait_for("healthy again", lambda: healthy(running.url))
    assert children(running.process.pid)[0] == web


def _answers(here: Instance) -> bool:
    try:
        with psycopg.connect(here.database_url(), connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


def _postmaster(here: Instance) -> int:
    try:
        return int((here.postgres_dir / "postmaster.pid").read_text().split()[0])
    except (OSError, IndexError):
        return 0


def test_commands_work_while_it_serves_and_leave_its_database_running(served: Served) -> None:
    made = served.run("app", "create", "--enterprise", "91430100MA4L16JQ9X", "--name", "演示系统", "--plain")
    assert set(made) == {"appid", "app_key", "secret"}
    assert len(made["secret"]) == 32
    listed = served.run("app", "list")["applications"]
    assert made["appid"] in {app["appid"] for app in listed}
    assert made["secret"] not in str(listed)
    assert served.run("app", "disable", made["appid"])["state"] == "disabled"
    assert served.run("app", "rotate", made["appid"])["secret"] != made["secret"]
    user = served.run("user", "create", "--name", f"u{time.time_ns()}", "--role", "stock", "--area", "430000")
    assert set(user) == {"user", "password"}
    assert set(served.run("token", "create", "--user", user["user"])) == {"token"}
    assert healthy(served.url)


def test_doctor_finds_nothing_wrong_and_names_the_running_database(served: Served) -> None:
    said = served.run("doctor")
    assert said["ok"], said
    assert said["problems"] == []
    with psycopg.connect(said["database_url"]) as connection:
        assert connection.execute("SELECT current_database()").fetchone() == ("canglin",)


def test_doctor_names_durability_that_was_switched_off(prepared: Path) -> None:
    here = Instance(prepared)
    postgres.start(here, {"fsync": "off"})
    try:
        done = canglin("doctor", "--json", data=prepared)
        assert done.returncode == 1
        assert "fsync is off" in done.stdout
    finally:
        postgres.stop(here)


def test_a_second_server_for_the_same_instance_is_refused_in_one_line(served: Served) -> None:
    done = canglin("up", "--port", "0", data=served.data)
    assert done.returncode == 3
    assert served.url in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert healthy(served.url)


def test_a_taken_port_is_refused_in_one_line_before_anything_is_made(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        done = canglin("up", "--port", str(other.getsockname()[1]), data=tmp_path / "new")
    assert done.returncode == 3
    assert "--port" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "new" / "pg").exists()


def test_two_instances_serve_side_by_side(served: Served, tmp_path: Path) -> None:
    with serve(tmp_path) as other:
        assert other.url != served.url
        other.run("app", "create", "--enterprise", "91430100MA4L16JQ9X", "--name", "另一个")
        names = {app["name"] for app in served.run("app", "list")["applications"]}
        assert "另一个" not in names
        assert healthy(other.url)
        assert healthy(served.url)


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["app", "disable", "0000"], 4, "app list"),
        (["user", "create", "--name", "x", "--role", "king", "--area", "00"], 4, "roles are"),
        (["app", "create", "--enterprise", "12", "--name", "x"], 4, "18 characters"),
        (["token", "create", "--user", "nobody"], 4, "user create"),
        (["user", "create"], 2, "--name"),
    ],
)
def test_a_refusal_is_one_line_with_the_way_out(prepared: Path, words: list[str], code: int, says: str) -> None:
    done = canglin(*words, data=prepared)
    assert done.returncode == code, done.stderr
    assert says in done.stderr.splitlines()[-1]
    assert "Traceback" not in done.stderr


def test_a_command_on_an_instance_that_nobody_serves_starts_its_database_and_stops_it_again(prepared: Path) -> None:
    done = canglin("app", "list", "--json", data=prepared)
    assert done.returncode == 0, done.stderr
    assert not postgres.running(Instance(prepared))


def test_the_gateway_as_a_process_of_its_own_takes_records_and_shows_no_pages(served: Served) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    gateway = subprocess.Popen(
        command("serve", "gateway", "--port", str(port), data=served.data), env=clean_environment(), stderr=subprocess.DEVNULL,
    )
    try:
        wait_for("healthy", lambda: healthy(f"http://127.0.0.1:{port}"))
        with pytest.raises(urllib.error.HTTPError, match="404"):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5)
    finally:
        gateway.terminate()
        assert gateway.wait(30) == 0
    assert healthy(served.url)


def test_doctor_on_an_empty_folder_makes_no_database(tmp_path: Path) -> None:
    done = canglin("doctor", "--json", data=tmp_path)
    assert done.returncode == 1
    assert "canglin up" in done.stdout
    assert not (tmp_path / "pg").exists()
