"""Position bias in a real browser: the house's own curve, the knobs and their address."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def test_the_section_opens_and_its_knobs_stand_in_the_address(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/models?section=Position+bias")
    expect(page.get_by_role("heading", name="Where do visitors look here?")).to_be_visible()
    expect(page.get_by_text("clicks that tell of places")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    expect(page.get_by_role("heading", name="What does a ranker learn from such clicks?")).to_be_visible()

    page.get_by_text("From the top down", exact=True).click()
    expect(page.get_by_text("Everybody reads from the top")).to_be_visible()
    expect(page).to_have_url(re.compile("click_model=From"))

    page.get_by_role("slider").press("ArrowRight")
    expect(page).to_have_url(re.compile("eta=1.5"))
    page.reload()
    expect(page.get_by_text("Everybody reads from the top")).to_be_visible()
    expect(page.get_by_role("slider")).to_have_attribute("aria-valuetext", "1.5")
