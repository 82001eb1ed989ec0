"""The proof of a log entry, computed by a real browser on a real instance: true ones pass, forged ones are found out."""

import base64
import json
import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.interface.conftest import create_token, settle
from tests.served import Served

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def last(served: Served) -> int:
    """The log number of a depot's last record, among enough others for a tree of some height."""
    place = settle(served, create_token(served, f"proof-{secrets.token_hex(4)}"))
    ticket = {}
    for _ in range(4):
        ticket = place.take("1202", place.depot.inbound(place.lot))
    versions = place.versions("1202", f"{ticket['rkywdh']}|{place.lot}").json
    return int(versions[0]["number"])


@pytest.fixture(scope="module")
def signed_in(served: Served, browser: Any) -> "Iterator[BrowserContext]":
    """A window of an officer who signed in and chose a password."""
    name, chosen = f"proof-{secrets.token_hex(4)}", "Xi-7-liang-shi-4-cang"
    made = served.run("user", "create", "--name", name, "--role", "plans", "--area", "00")
    context = browser.new_context(base_url=served.url, locale="zh-CN")
    page = context.new_page()
    page.goto("/accounts/login/?next=/records/")
    page.fill("[name=login]", name)
    page.fill("[name=password]", made["password"])
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/account/password/**")
    for field, value in (("old", made["password"]), ("new", chosen), ("again", chosen)):
        page.fill(f"[name={field}]", value)
    page.press("[name=again]", "Enter")
    page.wait_for_url(lambda url: "/account/password/" not in url)
    page.close()
    yield context
    context.close()


@pytest.fixture
def page(signed_in: "BrowserContext") -> "Iterator[Page]":
    """A fresh page; a complaint of the console fails the test."""
    complaints: list[str] = []
    page = signed_in.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield page
    page.close()
    assert not complaints


def verdict(page: "Page") -> str:
    page.get_by_role("button", name="在浏览器中验证").first.click()
    page.wait_for_selector(".proof-result.is-good, .proof-result.is-bad")
    return page.locator("[data-result]").first.inner_text()


def test_true_proofs_pass_at_every_place_of_the_tree(page: "Page", last: int) -> None:
    for number in (1, 2, 3, last - 1, last):
        page.goto(f"/records/{number}/")
        assert verdict(page).startswith("已验证"), number


def test_our_own_sha256_serves_where_the_browser_offers_none(page: "Page", last: int) -> None:
    page.add_init_script("Object.defineProperty(globalThis.crypto, 'subtle', { value: undefined })")
    page.goto(f"/records/{last}/")
    assert verdict(page).startswith("已验证")


@pytest.mark.parametrize("part", ["leaf", "root", "path", "short", "number", "key"])
def test_a_forged_proof_is_found_out(page: "Page", last: int, part: str) -> None:
    def forge(route: Any) -> None:
        proof = route.fetch().json()
        nothing = base64.b64encode(bytes(32)).decode()
        if part == "leaf":
            leaf = json.loads(proof["leaf"])
            proof["leaf"] = proof["leaf"].replace(leaf["source"], "app:0000000000000000")
        elif part == "root":
            proof["root"] = nothing
        elif part == "path":
            proof["path"][0] = nothing
        elif part == "short":
            proof["path"].pop()
        elif part == "number":
            proof["number"] += 1
        route.fulfill(json=proof)

    page.goto(f"/records/{last}/")
    if part == "key":
        page.evaluate("document.querySelector('[data-proof]').dataset.key = 'another'")
    page.route("**/proof", forge)
    assert verdict(page).startswith("不符")
