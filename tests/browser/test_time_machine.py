"""The time machine in a real browser: moved by keys and by the chart, played to the end without asking the server for anything."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
COUNT_GLIDES = """() => {
  window.glides = 0;
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) {
    if (this.closest(".list")) window.glides += 1;
    return animate.apply(this, how);
  };
}"""


def board(page: Page, server: Server) -> Locator:
    """My ratings as the horror fan; the slider."""
    page.goto(f"{server.url}/my_ratings")
    page.get_by_role("button", name="Be the Horror fan").click()
    slider = page.get_by_role("slider", name="After how many of your ratings")
    expect(slider).to_be_visible()
    return slider


def shown(page: Page) -> list[str]:
    """The list that stands there, without what is just leaving."""
    found: list[str] = page.locator(".list li:not(.gone) .title").all_text_contents()
    return found


def test_the_slider_moves_list_rank_and_the_movie_that_came_next(server: Server, page: Page) -> None:
    slider = board(page, server)
    expect(
        page.get_by_text(re.compile(r"put \d of 7 of your next movies into its first 100; best call"))
    ).to_be_visible()
    expect(page.get_by_text("EASE shows you now")).to_be_visible()
    expect(page.locator(".counter")).to_have_text("8 of 8")
    now = shown(page)
    assert len(now) == 10
    slider.press("Home")
    expect(page.locator(".counter")).to_have_text("1 of 8")
    expect(page.get_by_text("EASE would have shown you")).to_be_visible()
    expect(page.locator(".event.next .note")).to_have_text(re.compile(r"^rank [\d,]+$"))
    then = shown(page)
    assert len(then) == 10
    assert then != now
    came = page.locator(".event.next b").text_content()
    slider.press("ArrowRight")
    expect(page.locator(".event").first.locator("b")).to_have_text(came or "")
    expect(slider).to_have_attribute(
        "aria-valuetext", re.compile(r"^After 2 of 8 ratings, .+ the last; .+ came next, at rank")
    )

    page.locator(".chart .dot").nth(4).click()
    expect(page.locator(".counter")).to_have_text("5 of 8")
    page.get_by_role("radio", name="Markov", exact=True).click()
    expect(page.get_by_text("Markov would have shown you")).to_be_visible()
    expect(page.locator(".counter")).to_have_text("5 of 8")


@pytest.mark.parametrize("motion", ["no-preference", "reduce"])
def test_it_plays_to_the_end_in_the_browser_alone(server: Server, chromium: Browser, motion: str) -> None:
    context = chromium.new_context(viewport={"width": 1280, "height": 720}, reduced_motion=motion)
    context.set_default_timeout(30_000)
    page = context.new_page()
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    slider = board(page, server)
    slider.press("Home")
    page.evaluate(COUNT_GLIDES)
    before = len(sent)
    slider.press("Space")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".counter")).to_have_text("8 of 8")
    expect(page.get_by_role("button", name="Play your history")).to_be_visible()
    assert len(sent) == before
    assert (page.evaluate("window.glides") > 0) is (motion == "no-preference")
    page.get_by_role("button", name="Play your history").click()
    expect(page.locator(".counter")).to_have_text("2 of 8")
    page.get_by_role("button", name="Pause").click()
    expect(page.get_by_role("button", name="Play your history")).to_be_visible()
    context.close()


def test_a_movie_of_the_past_opens_and_a_phone_scrolls_nothing_sideways(server: Server, chromium: Browser) -> None:
    context = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    context.set_default_timeout(30_000)
    page = context.new_page()
    slider = board(page, server)
    slider.press("Home")
    expect(page.locator(".counter")).to_have_text("1 of 8")
    for wide in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
    for control in (".play", ".slider", "li:not(.gone) .movie"):
        for one in page.locator(control).all():
            box = one.bounding_box()
            assert box is not None
            assert box["height"] >= 44
    for event in page.locator(".event").all():
        assert event.evaluate("one => one.scrollHeight <= one.clientHeight && one.scrollWidth <= one.clientWidth")
    page.locator("li:not(.gone) .movie").first.click()
    expect(page).to_have_url(re.compile(r"/movie\?"))
    context.close()
