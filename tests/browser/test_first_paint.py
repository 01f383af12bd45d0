"""Dark until somebody chooses; then their choice on every page; nothing from elsewhere."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
DARK, LIGHT = "rgb(15, 16, 20)", "rgb(250, 246, 238)"


def ground(page: Page, colour: str) -> None:
    """Wait for the page, and for its ground to have this colour."""
    expect(page.locator("h1").first).to_be_visible()
    expect(page.get_by_test_id("stApp")).to_have_css("background-color", colour)


def test_light_or_dark_is_one_choice_for_the_whole_house(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, color_scheme="light")
    context.set_default_timeout(30_000)
    page = context.new_page()
    strangers: list[str] = []
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith((server.url, "data:", "blob:")) else strangers.append(request.url)
        ),
    )
    page.goto(f"{server.url}/browse")
    ground(page, DARK)
    page.goto(server.url)
    ground(page, DARK)
    page.get_by_test_id("stMainMenuButton").click()
    page.get_by_role("menuitemradio", name="Light").click()
    ground(page, LIGHT)
    page.goto(f"{server.url}/browse")
    ground(page, LIGHT)
    page.wait_for_function("document.fonts.check('16px Inter') && document.fonts.check('28px Limelight')")
    assert strangers == []
    context.close()


EVERY_FRAME = """addEventListener("DOMContentLoaded", () => {
  window.heights = [];
  const look = () => {
    for (const part of document.querySelectorAll(".st-key-house a, [data-testid=stMainMenuButton]"))
      window.heights.push(part.getBoundingClientRect().height);
    requestAnimationFrame(look);
  };
  look();
});"""


def test_no_frame_is_drawn_without_the_stylesheet(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    context.add_init_script(EVERY_FRAME)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Browse").click()
    expect(page.get_by_role("heading", name="Browse")).to_be_visible()
    assert set(page.evaluate("window.heights")) == {44}
    context.close()


FIELDS = """addEventListener("DOMContentLoaded", () => {
  window.heights = new Set();
  const look = () => {
    for (const field of document.querySelectorAll(".st-key-filters > *")) window.heights.add(field.getBoundingClientRect().height);
    requestAnimationFrame(look);
  };
  look();
});"""


@pytest.mark.parametrize("width", [1280, 390])
def test_fields_that_come_late_push_nothing_down(server: Server, chromium: Browser, width: int) -> None:
    context = chromium.new_context(viewport={"width": width, "height": 844})
    context.set_default_timeout(30_000)
    context.add_init_script(FIELDS)
    page = context.new_page()
    page.goto(f"{server.url}/browse")
    for name in ("Genres", "Decades", "People"):
        expect(page.get_by_role("combobox", name=name)).to_be_visible()
    assert page.evaluate("[...window.heights]") == [68]
    context.close()


def test_on_a_phone_the_navigation_is_one_press_away(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(server.url)
    page.get_by_test_id("stExpandSidebarButton").click()
    page.get_by_test_id("stSidebarNavLink").filter(has_text="Browse").click()
    expect(page.get_by_role("heading", name="Browse")).to_be_visible()
    for locator in (
        page.locator(".st-key-house a"),
        page.locator(".st-key-rated a"),
        page.get_by_test_id("stMainMenuButton"),
    ):
        box = locator.bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    context.close()
