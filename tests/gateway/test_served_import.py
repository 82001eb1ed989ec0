"""A workbook on a served instance: uploaded through the page, taken by the worker process, which may be killed meanwhile."""

import contextlib
import http.cookiejar
import json
import os
import re
import signal
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

from canglin.standard import schema
from canglin.standard.tables import table
from tests.gateway.test_workbook import write
from tests.interface.conftest import create_token, settle
from tests.interface.test_kill import descendants
from tests.served import Served, serve


class Web:
    """A person at a browser, without the browser."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.jar = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.opener.open(self.url + path, timeout=60) as answer:
            return answer.read().decode()

    def post(self, path: str, fields: dict[str, str], file: tuple[str, bytes] | None = None) -> tuple[str, str]:
        """The address arrived at and its page."""
        token = next(cookie.value for cookie in self.jar if cookie.name == "csrftoken")
        data = {"csrfmiddlewaretoken": token or "", **fields}
        headers = {"Referer": self.url + path}
        if file is None:
            body = urllib.parse.urlencode(data).encode()
        else:
            parts = [f'--b\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n'.encode() for k, v in data.items()]
            head = f'--b\r\nContent-Disposition: form-data; name="file"; filename="{file[0]}"\r\n\r\n'.encode()
            body = b"".join([*parts, head, file[1], b"\r\n--b--\r\n"])
            headers["Content-Type"] = "multipart/form-data; boundary=b"
        request = urllib.request.Request(self.url + path, body, headers)
        with self.opener.open(request, timeout=60) as answer:
            return answer.geturl(), answer.read().decode()


def sign_in(served: Served, name: str, role: str, area: str) -> Web:
    """A new person who has changed the one-time password."""
    password = served.run("user", "create", "--name", name, "--role", role, "--area", area)["password"]
    web, new = Web(served.url), "Fill-in-8-wheat"
    web.get("/accounts/login/")
    web.post("/accounts/login/", {"login": name, "password": password})
    page = web.get("/account/password/")
    names = re.findall(r'<input type="password" name="(\w+)"', page)
    web.post("/account/password/", {names[0]: password, **dict.fromkeys(names[1:], new)})
    return web


def sheet(folder: Path, depot, records) -> bytes:
    spec = table("1103")
    rows = [["标记", *(schema.header(field) for field in spec.fields)]]
    rows += [[None, *(None if r.get(f.id) is None else str(r[f.id]) for f in spec.fields)] for r in records]
    return write(folder / "up.xlsx", rows).read_bytes()


def finished(web: Web, number: int, patience_s: float = 60) -> str:
    """The import's progress once it has ended."""
    deadline = time.monotonic() + patience_s
    while True:
        page = web.get(f"/gateway/imports/{number}/progress/")
        if "is-done" in page or "is-failed" in page:
            return page
        assert time.monotonic() < deadline, page
        time.sleep(0.3)


def upload(web: Web, content: bytes) -> int:
    web.get("/gateway/imports/")
    address, page = web.post("/gateway/imports/", {"table": "1103"}, ("演示.xlsx", content))
    found = re.search(r"/gateway/imports/(\d+)/$", address)
    assert found, re.findall(r'field-errors[^<]*<div>.*?</div>', page)
    return int(found[1])


def workers(served: Served) -> list[int]:
    """The worker processes of an instance."""
    found = []
    for pid in descendants(served.process.pid):
        with contextlib.suppress(OSError):
            if b"worker" in Path(f"/proc/{pid}/cmdline").read_bytes():
                found.append(pid)
    return found


@pytest.mark.slow
def test_a_workbook_uploaded_is_taken_by_the_worker_even_one_that_was_killed(tmp_path):
    with serve(tmp_path / "data") as served:
        place = settle(served, create_token(served, "import-officer"))
        web = sign_in(served, "filler", "manager", place.depot.enterprise)
        records = [place.depot.warehouse() for _ in range(40)]
        page = finished(web, upload(web, sheet(tmp_path, place.depot, [*records, records[0] | {"czbz": "x"}])))
        assert "已接收 40，与已有相同 0，未接收 1" in page

        more = [place.depot.warehouse() for _ in range(2500)]
        number = upload(web, sheet(tmp_path, place.depot, more))
        deadline = time.monotonic() + 30
        while "is-queued" in web.get(f"/gateway/imports/{number}/progress/"):
            assert time.monotonic() < deadline
            time.sleep(0.05)
        victims = workers(served)
        assert victims
        for pid in victims:
            os.kill(pid, signal.SIGKILL)
        # The next worker finds the job of the dead one a heartbeat and a minute later at most.
        page = finished(web, number, patience_s=150)
        assert "2,500 / 2,500" in page, page
        held = place.versions("1103", more[-1]["cfdm"])
        assert json.loads(held.body)[0]["channel"] == "excel"


