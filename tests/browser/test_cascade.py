"""The cascade in a real browser: the funnel, a movie that is followed, both lists; on a laptop and on a phone."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from app.cascade import FILE
from recommender.serving.cascade.plan import DEFAULT
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def patient(server: Server) -> Server:
    """Under a plan whose deadlines nobody misses, however busy the machine."""
    plan = re.sub(r"deadline = \d+", "deadline = 60000", DEFAULT.read_text(encoding="utf-8"))
    (server.home / FILE).write_text(plan, encoding="utf-8")
    return server


def become(page: Page, server: Server) -> None:
    """Somebody with a taste."""
    page.goto(server.url)
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()


def test_a_movie_is_followed_and_who_took_its_place_is_a_click_away(patient: Server, page: Page) -> None:
    page.goto(f"{patient.url}/cascade")
    expect(page.get_by_text("You have rated 0 movies")).to_be_visible()
    become(page, patient)
    page.get_by_role("link", name="Cascade").click()
    expect(page.get_by_role("heading", name=re.compile("^From 9,058 movies to 10$"))).to_be_visible()
    expect(page.locator(".stages .stage")).to_have_count(6)
    expect(page.locator(".ribbon").first).to_be_attached()
    expect(page.locator(".chip.left-out")).to_have_count(2)
    page.get_by_role("combobox", name="Follow a movie").fill("Jumanji")
    page.get_by_role("option", name="Jumanji (1995)").click()
    expect(page).to_have_url(re.compile(r"movie=2\b"))
    expect(page.locator(".fate")).to_contain_text("Jumanji (1995) was lost")
    expect(page.locator(".way.under")).to_be_attached()
    page.get_by_role("combobox", name="Re-ranked by").click()
    page.get_by_role("option", name="None", exact=True).click()
    expect(page).to_have_url(re.compile("rerank=none"))
    expect(page.locator(".stages .stage")).to_have_count(4)
    page.locator(".takers button").first.click()
    expect(page).to_have_url(re.compile(r"/movie\?"))


def test_on_a_phone_the_stages_stand_one_below_the_other(patient: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    become(page, patient)
    page.goto(f"{patient.url}/cascade?movie=1196&rerank=mmr")
    expect(page.get_by_text("MMR").first).to_be_attached()
    expect(page.locator(".stages .stage")).to_have_count(5)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    boxes = [stage.bounding_box() for stage in page.locator(".bar").all()]
    assert all(box is not None and box["x"] >= 0 and box["x"] + box["width"] <= 390 for box in boxes)
    tops = [box["y"] for box in boxes if box is not None]
    assert tops == sorted(tops)
    assert tops[0] < tops[-1]
    context.close()
