"""Browse in a real browser: from the search field to a star without a mouse, and the address carries the search."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one?.getAttribute("aria-label") ?? "";
}"""
"""The name of what has the focus, inside components too."""


def press_until(page: Page, key: str, name: str, most: int) -> None:
    """Press a key until the thing of this name has the focus."""
    passed = []
    for _ in range(most):
        page.keyboard.press(key)
        passed.append(page.evaluate(FOCUSED))
        if passed[-1] == name:
            return
    raise AssertionError(f"{key} does not lead to {name!r} but past {passed}")


def test_the_keyboard_leads_from_search_to_star(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/browse")
    expect(page.get_by_label("Search titles")).to_be_visible()
    press_until(page, "Tab", "Search titles", 40)
    page.keyboard.type("the matrx")
    page.keyboard.press("Enter")
    expect(page.get_by_text("3 movies sound like")).to_be_visible()
    expect(page).to_have_url(re.compile("search=the"))
    expect(page.get_by_label("Open The Matrix (1999)", exact=True)).to_be_visible()
    expect(page.get_by_label("Open Forrest Gump (1994)", exact=True)).to_have_count(0)
    press_until(page, "Tab", "0.5 stars for The Matrix", 20)
    press_until(page, "ArrowRight", "4 stars for The Matrix", 10)
    page.keyboard.press("Enter")
    expect(page.get_by_text(re.compile(r"★ 1 rated"))).to_be_visible()
    expect(page.get_by_label("4 stars for The Matrix", exact=True)).to_be_checked()


def test_the_address_brings_the_search_back(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/browse?search=spirted+away")
    expect(page.get_by_text("1 movie sound")).to_be_visible()
