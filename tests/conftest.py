"""One temporary PostgreSQL for a whole run of the suite, gone afterwards; a real served instance and a real browser on demand.

The database is started here, before Django reads its settings: pytest-django then makes its test database inside it.
"""

import atexit
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

_DATA = Path(tempfile.mkdtemp(prefix="canglin-test-"))
os.environ["CANGLIN_DATA"] = str(_DATA)
os.environ.pop("DATABASE_URL", None)

import django  # noqa: E402
import pytest  # noqa: E402

from canglin import postgres  # noqa: E402
from canglin.instance import Instance  # noqa: E402
from tests.served import Served, serve  # noqa: E402

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

# Clears up when we end, however we end: it waits for its input to close, which the kernel does even after kill -9.
_CLEAR = """
import shutil, sys
from pathlib import Path
from canglin import postgres
from canglin.instance import Instance
sys.stdin.read()
here = Instance(Path(sys.argv[1]))
postgres.stop(here, "immediate")
shutil.rmtree(here.data, ignore_errors=True)
if here.socket_dir != here.data / "run":
    shutil.rmtree(here.socket_dir, ignore_errors=True)
"""
_sweeper = subprocess.Popen(
    [sys.executable, "-P", "-c", _CLEAR, str(_DATA)], stdin=subprocess.PIPE, start_new_session=True,
    env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
)


@atexit.register
def _clear() -> None:
    assert _sweeper.stdin is not None
    _sweeper.stdin.close()
    _sweeper.wait(60)


# Durability is tested by killing real servers (tests/cli, tests/gateway); here speed counts.
postgres.start(Instance(_DATA), {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"})
# Not in pyproject.toml: pytest-django would read the settings, and with them the database's address, before this file is.
os.environ["DJANGO_SETTINGS_MODULE"] = "canglin.settings"
django.setup()

CHROMIUM = "/usr/bin/chromium"
CHROMIUM_OPTIONS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Tests with a browser come last: once Playwright has started, an event loop runs in this thread until the end of the run,
    and whatever starts one of its own (asyncio.run) would be refused."""
    items.sort(key=lambda item: "browser" in getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """An instance served by the real command, with durable settings, shared by the run. Tests add to it and never empty it."""
    with serve(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    """Debian's Chromium, driven by Playwright."""
    from playwright.sync_api import sync_playwright

    if not Path(CHROMIUM).exists():
        pytest.fail("no Chromium: as root, apt-get install chromium fonts-noto-cjk", pytrace=False)
    # Playwright keeps an event loop running in this thread, where Django would refuse the database to every later test.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)


@pytest.fixture
def page(browser: "Browser", served: Served) -> "Iterator[Page]":
    """A fresh browser window on the served instance; any error in the page's console or script fails the test."""
    context = browser.new_context(base_url=served.url, locale="zh-CN", timezone_id="Asia/Shanghai")
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert not complaints, complaints
