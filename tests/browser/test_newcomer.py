"""Cold start in a real browser: questions that follow from answers, a list that forgets, and charts that fit a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


def question(page: Page) -> Locator:
    """The one poster that is asked about."""
    return page.locator("[id^=question_] li.card:not(.gone)").first


def test_answers_bring_the_next_question_and_move_the_list(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/cold_start?stage=What+to+ask")
    asked = set()
    for stars in ("5 stars", "1 star", "4 stars"):
        card = question(page)
        movie = card.get_attribute("data-movie")
        assert movie not in asked
        asked.add(movie)
        card.get_by_role("radio", name=re.compile(f"^{stars} for ")).click()
        expect(page.locator(f'[id^=question_] li.card[data-movie="{movie}"]:not(.gone)')).to_have_count(0)
    expect(page.get_by_text("★ 3 rated")).to_be_visible()
    expect(page.get_by_text(re.compile(r"Your last answer brought \d+ of 10 new movies into it"))).to_be_visible()
    movie = question(page).get_attribute("data-movie")
    question(page).get_by_role("button", name=re.compile("^Not seen ")).click()
    expect(page.locator(f'[id^=question_] li.card[data-movie="{movie}"]:not(.gone)')).to_have_count(0)
    expect(page.get_by_text("★ 3 rated")).to_be_visible()
    page.get_by_role("radio", name="Popularity", exact=True).last.click()
    expect(page.get_by_text("Asked because most people can answer it")).to_be_visible()
    page.reload()
    expect(page.get_by_text("★ 3 rated")).to_be_visible()


def test_the_list_forgets_and_remembers(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/my_ratings")
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()
    page.get_by_role("link", name="Cold start").first.click()
    expect(page.get_by_text("after all 8 of your ratings")).to_be_visible()
    slider = page.get_by_role("slider", name="How many of the last")
    for _ in range(6):
        slider.press("ArrowRight")
    expect(
        page.get_by_text(re.compile(r"With your first 2 of 8 ratings EASE would show you \d+ of 10"))
    ).to_be_visible()
    expect(page.locator("#imagined_ease_2 .change").first).to_be_visible()
    slider.press("Home")
    expect(page.get_by_text("after all 8 of your ratings")).to_be_visible()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()


def test_a_phone_scrolls_nothing_sideways(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    for stage, there in (("Newcomer", "Forget my last ratings"), ("What+to+ask", "Have you seen")):
        page.goto(f"{server.url}/cold_start?stage={stage}")
        expect(page.get_by_text(there).first).to_be_visible()
        for wide in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
            assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
    box = page.locator("[data-testid=stVegaLiteChart]").first.bounding_box()
    assert box is not None
    assert 300 <= box["width"] <= 390
    context.close()
