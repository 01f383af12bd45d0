"""Stars under a thumb: a tap gives whole stars, a second tap on the same star halves it, and a finger drawn along them gives what it leaves."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import PATIENCE_MS, Server

pytestmark = pytest.mark.browser


@pytest.fixture
def alien(server: Server, chromium: Browser) -> Iterator[Page]:
    """A phone with the poster of Alien."""
    phone = chromium.new_context(viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True)
    phone.set_default_timeout(PATIENCE_MS)
    page = phone.new_page()
    page.goto(f"{server.url}/browse?search=alien+1979")
    star(page, 4).wait_for()
    yield page
    phone.close()


def star(page: Page, value: float) -> Locator:
    """One half star."""
    return page.get_by_role("radio", name=f"{value:g} stars for Alien", exact=True)


def middle(half: Locator) -> tuple[float, float]:
    """Where a finger would touch it."""
    half.scroll_into_view_if_needed()
    box = half.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_tap_gives_whole_stars_and_a_second_one_halves_the_last(alien: Page) -> None:
    place = middle(star(alien, 3.5))
    alien.touchscreen.tap(*place)
    expect(star(alien, 4)).to_have_attribute("aria-checked", "true")
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
    expect(alien.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert middle(star(alien, 3.5)) == place, "the bar that offers to undo neither moves nor covers it"
    alien.touchscreen.tap(*place)
    expect(star(alien, 3.5)).to_have_attribute("aria-checked", "true")


def test_the_page_stands_still_in_every_frame_while_the_bar_comes(alien: Page) -> None:
    place = middle(star(alien, 3.5))
    alien.evaluate("""() => {
        window.places = new Set();
        const heading = document.querySelector("h1");
        const look = () => { window.places.add(heading.getBoundingClientRect().y); requestAnimationFrame(look); };
        look();
    }""")
    alien.touchscreen.tap(*place)
    expect(alien.get_by_role("button", name="Undo")).to_be_visible()
    expect(alien.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert len(alien.evaluate("[...window.places]")) == 1


def test_a_finger_drawn_along_the_stars_gives_what_it_leaves(alien: Page) -> None:
    (left, y), (right, _) = middle(star(alien, 1.5)), middle(star(alien, 4.5))
    finger = alien.context.new_cdp_session(alien)

    def touch(kind: str, *x: float) -> None:
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": one, "y": y} for one in x]})

    touch("touchStart", left)
    for step in range(1, 11):
        touch("touchMove", left + (right - left) * step / 10)
    expect(alien.get_by_text("★ 0 rated")).to_be_visible()
    touch("touchEnd")
    expect(star(alien, 4.5)).to_have_attribute("aria-checked", "true")
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
