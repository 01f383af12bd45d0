"""Compare in a real browser: ribbons between shared titles, on a laptop and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def test_columns_ribbons_and_a_click_that_opens_the_movie(server: Server, page: Page) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()
    page.goto(f"{server.url}/compare?compare=ease,itemknn,popularity")
    expect(page.get_by_role("heading", name="Three models, one you")).to_be_visible()
    expect(page.get_by_role("region", name="EASE")).to_be_visible()
    shared = page.locator(".ribbons path")
    expect(shared.first).to_be_attached()
    page.get_by_role("region", name="EASE").get_by_role("button").first.click()
    expect(page).to_have_url(re.compile(r"/movie\?"))


def test_a_phone_scrolls_the_columns_and_not_the_page(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.goto(f"{server.url}/compare?compare=ease,markov")
    expect(page.get_by_role("region", name="Markov")).to_be_attached()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for part in (page.locator("table.overlap"), page.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first):
        box = part.bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= 390
    context.close()


def test_four_columns_find_room_on_a_laptop_and_no_short_title_is_cut(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/compare?compare=ease,itemknn,markov,popularity")
    last = page.get_by_role("region", name="Popularity").get_by_role("button", name=re.compile("^1\\. Forrest Gump"))
    box = last.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] <= 1280
    title = last.locator(".title")
    assert title.evaluate("one => one.scrollWidth <= one.clientWidth && one.scrollHeight <= one.clientHeight + 1")
