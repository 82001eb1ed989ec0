"""The gallery in a real browser: nothing breaks the content policy, and the tables work as a reader uses them."""

import pytest

from canglin.accounts.models import User

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def gallery(browser, live_server, client):
    """Opens /ui/ for somebody who is signed in; complaints of the console fail the test."""
    person = {"username": "reader", "name": "演示 读者", "role": "auditor", "area_codes": ["00"]}
    client.force_login(User.objects.create(**person, must_change_password=False))
    complaints = []
    contexts = []

    def opened(query="", **window):
        context = browser.new_context(locale="zh-CN", timezone_id="Asia/Shanghai", **window)
        contexts.append(context)
        context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}])
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(f"{live_server.url}/ui/{query}")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not complaints


WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.mark.parametrize("window", [WIDE, PHONE], ids=["wide", "phone"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_component_draws_without_a_complaint_and_fits(gallery, window, scheme):
    page = gallery(viewport=window, color_scheme=scheme)
    page.wait_for_selector(".chart-canvas canvas")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == scheme
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_searching_sorting_and_going_back(gallery):
    page = gallery(viewport=WIDE)
    table = page.locator("#table-specimens")
    table.locator("input[type=search]").press_sequentially("40 号", delay=20)
    page.wait_for_url("**/ui/?q=*")
    assert "144" in table.locator(".table-count").inner_text()
    assert page.evaluate("document.activeElement.name") == "q"
    table.get_by_role("link", name="净重").click()
    page.wait_for_url("**sort=-net_kg*")
    page.go_back()
    page.wait_for_url(lambda url: "sort" not in url)
    page.wait_for_selector(".chart-canvas canvas")
    assert table.locator("input[type=search]").input_value() == "40 号"


def test_several_values_are_chosen_one_after_the_other(gallery):
    page = gallery(viewport=WIDE)
    table = page.locator("#table-specimens")
    table.locator(".ts-control").click()
    table.locator(".ts-dropdown .option", has_text="小麦").click()
    page.wait_for_url("**variety=*")
    table.locator(".ts-dropdown .option", has_text="玉米").click()
    page.wait_for_url(lambda url: url.count("variety=") == 2)
    assert table.locator(".ts-control .item").count() == 2
    assert "333" in table.locator(".table-count").inner_text()


def test_theme_and_density_are_switched_by_their_own_buttons_and_remembered(gallery):
    page = gallery(viewport=WIDE, color_scheme="light")
    page.get_by_role("button", name="切换深色与浅色").click()
    look = "[document.documentElement.dataset.bsTheme, document.documentElement.dataset.density]"
    assert page.evaluate(look) == ["dark", "normal"]
    page.locator("#table-specimens").get_by_role("button", name="行高").click()
    page.reload()
    assert page.evaluate(look) == ["dark", "compact"]


def test_a_dangerous_button_asks_first(gallery):
    page = gallery(viewport=WIDE)
    page.get_by_role("button", name="删除").click()
    dialog = page.get_by_role("dialog")
    dialog.wait_for(state="visible")
    page.keyboard.press("Escape")
    dialog.wait_for(state="hidden")


def test_the_navigation_opens_and_closes_on_a_phone(gallery):
    page = gallery(viewport=PHONE)
    side = page.locator("#side")
    assert not side.is_visible()
    page.get_by_role("button", name="打开导航").click()
    side.wait_for(state="visible")
    page.keyboard.press("Escape")
    page.wait_for_selector("#side", state="hidden")


def test_tables_work_without_scripts(gallery):
    page = gallery(viewport=WIDE, java_script_enabled=False)
    table = page.locator("#table-specimens")
    table.locator("input[type=search]").fill("40 号")
    table.get_by_role("button", name="筛选").click()
    assert "144" in table.locator(".table-count").inner_text()
    table.get_by_role("link", name="净重").click()
    assert "sort=-net_kg" in page.url
