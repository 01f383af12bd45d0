"""The sliders of For you in a real browser: the list follows, the address keeps them, and curiosity puts them away."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Server, free_port

pytestmark = pytest.mark.browser


@pytest.fixture
def weighing(trained: Path, tmp_path: Path) -> Iterator[Server]:
    """A server with a model of several objectives, small and hardly trained."""
    home = tmp_path / "home"
    shutil.copytree(trained, home)
    models = ["--data", "embedded", "--out", str(home / "embedded" / "models")]
    settings = ["--set", "epochs=1", "--set", "dim=8", "--set", "max_length=20"]
    subprocess.run(
        [sys.executable, "-m", "recommender", "train", "sharedbottom", *models, *settings], cwd=ROOT, check=True
    )
    running = Server(home, free_port())
    running.start()
    yield running
    running.stop()


def expect_movies(cards: Locator, movies: list[str]) -> None:
    """These movies in this order, as soon as the page has drawn them."""
    expect(cards).to_have_count(len(movies))
    for card, movie in enumerate(movies):
        expect(cards.nth(card)).to_have_attribute("data-movie", movie)


def test_the_list_follows_the_sliders_and_the_address_keeps_them(weighing: Server, page: Page) -> None:
    page.goto(f"{weighing.url}/my_ratings")
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("★ 8 rated")).to_be_visible()
    page.goto(f"{weighing.url}/?model=sharedbottom")
    cards = page.locator("li.card:not(.gone)")
    expect(cards).to_have_count(24)
    expect(page.get_by_text("As they stand, it is the model's own list.")).to_be_visible()
    own = cards.evaluate_all("cards => cards.map((card) => card.dataset.movie)")

    novelty = page.get_by_role("slider", name="Novelty")
    novelty.press("End")
    expect(page.get_by_text(re.compile("of the first 20 are not in the model's own first 20"))).to_be_visible()
    expect(page).to_have_url(re.compile("want_novelty=1"))
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    wished = cards.evaluate_all("cards => cards.map((card) => card.dataset.movie)")
    assert wished != own

    page.reload()
    expect(page.get_by_text(re.compile("of the first 20 are not in the model's own first 20"))).to_be_visible()
    expect_movies(cards, wished)

    page.get_by_text("Explore", exact=True).click()
    expect(page.get_by_role("slider")).to_have_count(0)
    page.get_by_text("Explore", exact=True).click()
    page.get_by_role("slider", name="Novelty").press("Home")
    expect(page.get_by_text("As they stand, it is the model's own list.")).to_be_visible()
    expect_movies(cards, own)

    page.goto(f"{weighing.url}/?model=markov")
    expect(page.get_by_role("heading", name=re.compile("^Markov thinks"))).to_be_visible()
    expect(page.get_by_role("slider")).to_have_count(0)
