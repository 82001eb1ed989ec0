"""A lot's page in a real browser: under the content policy, at both widths, its tabs without leaving the page."""

import pytest

from canglin.accounts.models import User
from tests.overview.cast import AGREEING, DIFFERING, province

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def opened(browser, live_server, client):
    """Opens an address for an officer of the province; complaints of the console fail the test."""
    province()
    person = {"username": "officer", "name": "演示", "role": "stock", "area_codes": ["43"], "password": "!"}
    client.force_login(User.objects.create(**person, must_change_password=False))
    complaints, contexts = [], []

    def go(address, **window):
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **window)
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(live_server.url + address)
        return page

    yield go
    for context in contexts:
        context.close()
    assert not complaints


@pytest.mark.parametrize("width", [1440, 390])
def test_pages_fit_and_draw(opened, width):
    for address in ("/", "/lots/", f"/lots/{DIFFERING}/"):
        page = opened(address, viewport={"width": width, "height": 844})
        if address != "/lots/":
            page.wait_for_selector(".chart-canvas canvas")
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_a_tab_opens_without_leaving_the_page(opened):
    page = opened(f"/lots/{AGREEING}/", viewport={"width": 1440, "height": 900})
    page.evaluate("document.body.dataset.stayed = 'yes'")
    page.locator("#tab nav").get_by_role("link", name="原始记录").click()
    page.wait_for_url("**tab=records")
    page.wait_for_selector("#table-records")
    assert page.locator("#tab nav .is-current").inner_text() == "原始记录"
    assert page.evaluate("document.body.dataset.stayed") == "yes"
    page.locator("#table-records input[type=search]").press_sequentially("1208", delay=20)
    page.wait_for_url("**records-q=1208*")
    assert page.locator("#table-records").is_visible()
