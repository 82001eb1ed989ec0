"""What is written is complete, and what is in git is fit for anybody. (Commands and settings: tests/cli/test_documents.py.)"""

import importlib
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver

from canglin.standard import rulecodes
from tests.api.document import document
from tests.served import ROOT

PAGES = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")
API = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
#: Addresses that are the API's, or files.
ELSEWHERE = ("api/v1/", "static/")
#: Files that are data or made by a program; all others stay below 400 lines.
LONG = re.compile(
    r"(^|/)(migrations|data)/|\.(lock|json|po|toml|svg|png|mo)$|^package-lock\.json$|^LICENSE$|^docs/"
)
MOST_LINES = 400
#: Split, so that this file does not find itself.
HOSTS = re.compile("|".join(
    re.escape(name) + r"\.(org|com|cn|io|net)"
    for name in ("pypi", "pythonhosted", "registry.npmjs", "npmmirror", "jsdelivr", "unpkg", "tuna.tsinghua.edu", "aliyun")
))
MACHINES = re.compile(r"(?<![\w./:<{}*-])/(work|home|Users|root|mnt|tmp/[a-z])\w*/[\w./-]+")


def patterns(found: Any, before: str = "") -> Iterator[tuple[str, str | None]]:
    """Every address as docs/pages.md writes it, with its verb."""
    for entry in found:
        route = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            if not route.startswith(ELSEWHERE):
                yield from patterns(entry.url_patterns, route)
        elif isinstance(entry, URLPattern) and not route.startswith(ELSEWHERE):
            view: Any = entry.callback
            verb = getattr(view, "verb", None) or getattr(getattr(view, "view_class", None), "verb", None)
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route), verb


ADDRESSES = dict(patterns(get_resolver().url_patterns))
DOCUMENTED = dict(re.findall(r"^\| `(/[^`]*)` \| `?([a-z. ]+?)`? \|", PAGES, re.MULTILINE))


def test_every_page_is_documented() -> None:
    assert [address for address in ADDRESSES if address not in DOCUMENTED] == [], "docs/pages.md"


def test_no_page_is_documented_that_is_not_there() -> None:
    beside = {"/healthz", "/metrics"}
    assert [address for address in DOCUMENTED if address not in ADDRESSES and address not in beside] == [], "docs/pages.md"


def test_a_page_is_documented_with_the_verb_that_opens_it() -> None:
    wrong = {
        address: (DOCUMENTED.get(address), verb)
        for address, verb in ADDRESSES.items() if verb and DOCUMENTED.get(address) != verb
    }
    assert wrong == {}, "docs/pages.md (written, real)"


def test_every_address_of_the_api_is_documented() -> None:
    reading = {path.removeprefix("/api/v1") for path, methods in document()["paths"].items() if "get" in methods}
    written = set(re.findall(r"^\| `GET (/[^`]*)` \|", API, re.MULTILINE))
    assert written == reading, "docs/api.md"
    posting = {path.removeprefix("/api/v1") for path, methods in document()["paths"].items() if "post" in methods}
    posting = {re.sub(r"^/records/\d{4}$", "/records/{code}", path) for path in posting}
    assert [path for path in posting if f"POST {path}" not in API] == [], "docs/api.md"


def test_every_rule_code_is_documented_with_its_name() -> None:
    for room in settings.ROOMS:  # codes are declared as rules are imported
        importlib.import_module(f"canglin.{room}")
    written = dict(re.findall(r"^\| `([a-z0-9.-]+)` \| ([^|]+) \| \w+ \| \w+ \| \d{3} \|", API, re.MULTILINE))
    assert written == {rule.code: rule.name for rule in rulecodes.rules()}, "docs/api.md"


@pytest.fixture(scope="module")
def kept() -> dict[str, str]:
    """Every text file in git, by its path."""
    names = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    found = {}
    for name in filter(None, names):
        path = ROOT / name
        if path.is_file():
            content = path.read_bytes()
            if b"\0" not in content[:4096]:
                found[name] = content.decode("utf-8")
    return found


def test_no_file_names_a_host_of_packages(kept: dict[str, str]) -> None:
    assert {name: found[0] for name, text in kept.items() if (found := HOSTS.search(text))} == {}


def test_no_file_names_a_place_on_somebodys_machine(kept: dict[str, str]) -> None:
    assert {name: found[0] for name, text in kept.items() if (found := MACHINES.search(text))} == {}


def test_no_file_has_grown_beyond_reading(kept: dict[str, str]) -> None:
    long = {
        name: lines for name, text in kept.items()
        if not LONG.search(name) and (lines := text.count("\n")) >= MOST_LINES
    }
    assert long == {}, "a file of 400 lines is two"


def test_links_between_documents_lead_somewhere(kept: dict[str, str]) -> None:
    lost = [
        f"{name}: {target}"
        for name, text in kept.items() if name.endswith(".md")
        for target in re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text)
        if not (ROOT / name).parent.joinpath(target).exists()
    ]
    assert lost == []
