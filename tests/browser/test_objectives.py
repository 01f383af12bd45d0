"""Objectives in a real browser: the visitor's own trade is drawn, and what is not measured says how to measure it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server
from tests.browser.test_sliders import weighing

__all__ = ["weighing"]
pytestmark = pytest.mark.browser


def test_the_visitors_own_trade_is_drawn_before_anything_is_measured(weighing: Server, page: Page) -> None:
    page.goto(f"{weighing.url}/my_ratings")
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()
    page.goto(f"{weighing.url}/models?section=Objectives")
    expect(page.get_by_role("heading", name="What does novelty cost you?")).to_be_visible()
    expect(page.get_by_text("chance of liking each of the ten")).to_be_visible()
    expect(page.get_by_test_id("stVegaLiteChart")).to_have_count(1)
    expect(page.get_by_text("Not measured on this data yet.")).to_be_visible()
    expect(page.get_by_role("button", name="Measure now")).to_be_visible()
