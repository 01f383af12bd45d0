"""The main road in a real browser: open, search, rate, switch the model, undo, compare, reload: still there."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
TOUCH = 44
"""Pixels that a thumb needs."""
NAMELESS = """() => {
  const found = [];
  const look = (root) => {
    for (const one of root.querySelectorAll("button, a[href], input, select, [role=radio], [role=button]")) {
      if (!one.checkVisibility()) continue;
      const named = [one.getAttribute("aria-label"), one.textContent, one.title, ...[...(one.labels ?? [])].map((l) => l.textContent)];
      const by = one.getAttribute("aria-labelledby");
      if (by) named.push(root.getElementById?.(by)?.textContent);
      if (!named.some((name) => name?.trim())) found.push(one.outerHTML.slice(0, 200));
    }
    for (const one of root.querySelectorAll("*")) if (one.shadowRoot) look(one.shadowRoot);
  };
  look(document);
  return found;
}"""
"""Controls without a name for a screen reader, also those in components."""


def cards(page: Page, grid: str) -> Locator:
    """The posters of a list, without those that are just leaving."""
    return page.locator(f"#{grid} .card:not(.gone)")


def movies(page: Page, grid: str) -> list[str]:
    """movie_ids of a list, best first."""
    cards(page, grid).first.wait_for()
    found: list[str] = cards(page, grid).evaluate_all("all => all.map((one) => one.dataset.movie)")
    return found


def give(page: Page, grid: str, stars: str = "4 stars") -> str:
    """Rate the first movie of a list; returns its movie_id once it has made room for the next."""
    card = cards(page, grid).first
    movie = card.get_attribute("data-movie")
    card.get_by_role("radio", name=re.compile(f"^{stars} for ")).click()
    expect(page.locator(f'#{grid} .card[data-movie="{movie}"]:not(.gone)')).to_have_count(0)
    assert movie is not None
    return movie


def welcome(page: Page, server: Server) -> list[str]:
    """Rate three movies of the first set, as somebody new does."""
    page.goto(server.url)
    given = [give(page, "first_set") for _ in range(3)]
    expect(page.locator("h1")).to_contain_text("thinks you should watch these tonight")
    return given


def switch(page: Page, name: str) -> None:
    """Choose a model by the switch and wait for its list."""
    page.get_by_role("radio", name=name, exact=True).click()
    expect(page.locator("h1")).to_contain_text(name)


def test_open_search_rate_switch_compare_reload(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/browse")
    page.get_by_label("Search titles").fill("alien 1979")
    page.get_by_role("radio", name="3.5 stars for Alien", exact=True).click()
    expect(page.get_by_text("★ 1 rated")).to_be_visible()

    page.get_by_role("link", name="For you").first.click()
    expect(page.get_by_text("1 of 3")).to_be_visible()
    for _ in range(2):
        give(page, "first_set")
    expect(page.locator("h1")).to_contain_text("EASE thinks you should watch these tonight")
    expect(page.get_by_text("★ 3 rated")).to_be_visible()
    first = movies(page, "list_ease")

    switch(page, "Markov")
    expect(page).to_have_url(re.compile(r"[?&]model=markov"))
    other = movies(page, "list_markov")
    assert other != first
    expect(page.get_by_text(re.compile(r"\d+ of 20 are new against EASE · overlap \d+ %"))).to_be_visible()
    marked = page.locator("#list_markov .card:has(.change.new)").evaluate_all(
        "all => all.map((one) => one.dataset.movie)"
    )
    assert marked
    assert not set(marked) & set(first)
    assert page.locator("#list_markov :is(.change.up, .change.down)").count() > 0

    page.get_by_role("link", name="Compare").first.click()
    expect(page).to_have_url(re.compile("/compare"))
    expect(page.locator("h1")).to_contain_text("one you")
    page.get_by_role("link", name="For you").first.click()
    expect(page.locator("h1")).to_contain_text("Markov")

    page.reload()
    assert movies(page, "list_markov") == other
    expect(page.get_by_text("★ 3 rated")).to_be_visible()


def test_the_place_on_the_page_stays_when_the_model_is_switched(server: Server, page: Page) -> None:
    welcome(page, server)
    movies(page, "list_ease")
    main = page.get_by_test_id("stMain")
    main.evaluate("(page) => page.scrollTo(0, 640)")
    switch(page, "ItemKNN")  # a click scrolls to what it cannot see: the switch has stayed in sight
    movies(page, "list_itemknn")
    expect(page.get_by_text(re.compile("are new against EASE"))).to_have_count(1)
    assert main.evaluate("(page) => page.scrollTop") == 640


def test_surprise_me_chooses_another_model(server: Server, page: Page) -> None:
    welcome(page, server)
    page.get_by_role("button", name="Surprise me").click()
    expect(page.locator("h1")).not_to_contain_text("EASE")
    expect(page).not_to_have_url(re.compile("model=ease"))


def test_a_star_changes_the_list_and_undo_brings_it_back(server: Server, page: Page) -> None:
    welcome(page, server)
    before = movies(page, "list_ease")
    rated = give(page, "list_ease", "5 stars")
    expect(page.get_by_text("★ 4 rated")).to_be_visible()
    expect(page.get_by_text(re.compile("are new since your last rating"))).to_be_visible()
    assert movies(page, "list_ease") != before
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("★ 3 rated")).to_be_visible()
    expect(page.get_by_role("button", name="Undo")).to_have_count(0)
    expect(page.locator(f'#list_ease .card[data-movie="{rated}"]')).to_have_count(1)
    assert movies(page, "list_ease") == before

    give(page, "list_ease", "0.5 stars")
    undo = page.get_by_role("button", name="Undo")
    undo.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("★ 3 rated")).to_be_visible()


def test_a_first_pick_leads_on_without_loading_the_page_anew(server: Server, page: Page) -> None:
    welcome(page, server)
    page.evaluate("window.stayed = true")
    page.get_by_label(re.compile("^Markov")).first.click()
    expect(page).to_have_url(re.compile("model=markov"))
    assert page.evaluate("window.stayed")


def test_a_quick_hand_loses_no_star(server: Server, page: Page) -> None:
    page.goto(server.url)
    cards(page, "first_set").nth(2).wait_for()
    page.locator("#first_set").evaluate(
        """(grid) => { for (const card of [...grid.querySelectorAll(".card")].slice(0, 3)) card.querySelectorAll("[role=radio]")[7].click(); }"""
    )
    expect(page.get_by_text("★ 3 rated")).to_be_visible()


@pytest.mark.parametrize("width", [390, 1280])
def test_every_control_has_a_name_and_room_for_a_thumb(server: Server, page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(server.url)
    cards(page, "first_set").first.wait_for()
    assert page.evaluate(NAMELESS) == []
    for _ in range(3):
        give(page, "first_set")
    movies(page, "list_ease")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert page.evaluate(NAMELESS) == []
    for control in ("#list_ease .card:not(.gone) .stars", ".switch button", ".card:not(.gone) .poster"):
        assert min(page.locator(control).evaluate_all("all => all.map((one) => one.offsetHeight)")) >= TOUCH
    for wide in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
        assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
