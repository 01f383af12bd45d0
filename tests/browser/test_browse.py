"""Browse in a real browser: from the search field to a star without a mouse, and the address carries the search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def test_the_keyboard_leads_from_search_to_star(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/browse")
    search = page.get_by_label("Search titles")
    search.fill("the matrx")
    search.press("Enter")
    expect(page.get_by_text("3 movies sound like")).to_be_visible()
    expect(page).to_have_url(re.compile("search=the"))
    star = page.get_by_label("4 stars for The Matrix", exact=True)
    for _ in range(40):
        page.keyboard.press("Tab")
        if star.evaluate("one => one.getRootNode().activeElement?.getAttribute('aria-label')?.includes('The Matrix')"):
            break
    star.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"★ 1 rated"))).to_be_visible()


def test_the_address_brings_the_search_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/browse?search=spirted+away")
    expect(page.get_by_text("1 movie sound")).to_be_visible()
