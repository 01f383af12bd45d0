"""The stars of a poster by keys and by mouse, and where the focus goes when the poster leaves."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser


@pytest.fixture
def alien(server: Server, page: Page) -> Page:
    """A page with the poster of Alien, which stays where it is when it is rated."""
    page.goto(f"{server.url}/browse?search=alien+1979")
    star(page, "4 stars for Alien").wait_for()
    return page


def star(page: Page, name: str) -> Locator:
    """One star button."""
    return page.get_by_role("radio", name=name, exact=True)


def focused(page: Page) -> str | None:
    """What a screen reader says of the control that has the focus."""
    name: str | None = page.evaluate(
        """() => { let one = document.activeElement;
          while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
          return one?.getAttribute("aria-label"); }"""
    )
    return name


def test_arrows_home_and_end_only_try_and_enter_gives(alien: Page) -> None:
    star(alien, "0.5 stars for Alien").focus()
    for key, name in (
        ("ArrowRight", "1 star for Alien"),
        ("ArrowUp", "1.5 stars for Alien"),
        ("ArrowLeft", "1 star for Alien"),
        ("End", "5 stars for Alien"),
        ("ArrowRight", "5 stars for Alien"),
        ("Home", "0.5 stars for Alien"),
        ("ArrowDown", "0.5 stars for Alien"),
    ):
        alien.keyboard.press(key)
        assert focused(alien) == name
    expect(alien.get_by_text("★ 0 rated")).to_be_visible()
    alien.keyboard.press("End")
    alien.keyboard.press("ArrowLeft")
    alien.keyboard.press("Enter")
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
    expect(star(alien, "4.5 stars for Alien")).to_have_attribute("aria-checked", "true")


def test_delete_takes_the_stars_away(alien: Page) -> None:
    star(alien, "3.5 stars for Alien").click()
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
    star(alien, "3.5 stars for Alien").focus()
    alien.keyboard.press("Delete")
    expect(alien.get_by_text("★ 0 rated")).to_be_visible()
    expect(star(alien, "3.5 stars for Alien")).to_have_attribute("aria-checked", "false")


def test_stars_can_be_changed_and_taken_away_with_the_mouse(alien: Page) -> None:
    star(alien, "3.5 stars for Alien").click()
    star(alien, "5 stars for Alien").click()
    expect(star(alien, "5 stars for Alien")).to_have_attribute("aria-checked", "true")
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
    alien.get_by_role("button", name="Remove your stars from Alien", exact=True).click()
    expect(alien.get_by_text("★ 0 rated")).to_be_visible()
    expect(alien.get_by_role("button", name="Remove your stars from Alien", exact=True)).to_have_count(0)
    assert "for Alien" in (focused(alien) or "")


def test_the_same_star_again_takes_it_away_and_a_double_click_does_not(alien: Page) -> None:
    star(alien, "3.5 stars for Alien").dblclick()
    expect(alien.get_by_text("★ 1 rated")).to_be_visible()
    expect(star(alien, "3.5 stars for Alien")).to_have_attribute("aria-checked", "true")
    star(alien, "3.5 stars for Alien").click()
    expect(alien.get_by_text("★ 0 rated")).to_be_visible()
    expect(star(alien, "3.5 stars for Alien")).to_have_attribute("aria-checked", "false")


def test_when_a_rated_poster_leaves_the_next_ones_stars_have_the_focus(server: Server, page: Page) -> None:
    page.goto(server.url)
    shown = page.locator("#first_set .card:not(.gone)")
    shown.nth(1).wait_for()
    rated, heir = (shown.nth(place).get_attribute("data-movie") for place in (0, 1))
    first = shown.first.get_by_role("radio", name=re.compile("^4 stars for "))
    title = (first.get_attribute("aria-label") or "").removeprefix("4 stars for ")
    first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(f'#first_set .card[data-movie="{rated}"]:not(.gone)')).to_have_count(0)
    expect(page.locator("[role=status]", has_text=f"4 stars for {title}")).to_have_count(1)
    place = page.locator("#first_set").evaluate(
        "(grid) => grid.getRootNode().activeElement?.closest('.card')?.dataset.movie"
    )
    assert place == heir
    assert "star" in (focused(page) or "")
