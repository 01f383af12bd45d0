"""Learning live in a real browser: a star teaches at once, without a worker, and a power cut takes nothing of it away."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PATIENCE_MS, ROOT, Server

pytestmark = pytest.mark.browser
ADDRESS = "/models?section=Learning+live"


@pytest.fixture
def learners(server: Server) -> Server:
    """The server, in which both have been trained on little; nothing but the server runs."""
    out = str(server.home / "embedded" / "models")
    command = ["train", "ftrl", "adpredictor", "--data", "embedded", "--out", out, "--set", "newest=3000"]
    subprocess.run(
        [sys.executable, "-m", "recommender", *command],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )
    return server


def listed(page: Page, slug: str) -> list[str]:
    """The movies of the list that the section offers, best first."""
    cards = page.locator(f"#list_{slug} .card:not(.gone)")
    cards.first.wait_for()
    found: list[str] = cards.evaluate_all("all => all.map((one) => one.dataset.movie)")
    return found


def rate_first(page: Page, slug: str, stars: str) -> None:
    """Rate the first movie of the list, and see it make room."""
    card = page.locator(f"#list_{slug} .card:not(.gone)").first
    movie = card.get_attribute("data-movie")
    card.get_by_role("radio", name=re.compile(f"^{stars} for ")).click()
    expect(page.locator(f'#list_{slug} .card[data-movie="{movie}"]:not(.gone)')).to_have_count(0)


def test_a_star_is_learned_at_once_and_after_a_power_cut(learners: Server, page: Page) -> None:
    page.goto(learners.url + ADDRESS)
    rate_first(page, "ftrl", "5 stars")
    told = page.get_by_text(re.compile("weights moved, those below furthest"))
    expect(told).to_contain_text("5 ★, was a yes. It had expected a yes with")
    expect(page.get_by_test_id("stVegaLiteChart").first).to_be_visible()
    rate_first(page, "ftrl", "1 star")
    expect(told).to_contain_text("1 ★, was a no.")
    after = listed(page, "ftrl")
    guess = r"1 ★, was a no\. It had expected a yes with \d+ %"
    said = re.search(guess, told.inner_text())
    assert said is not None

    learners.kill()
    learners.start()
    page.goto(learners.url + ADDRESS)
    expect(told).to_contain_text(said[0])
    assert listed(page, "ftrl") == after


def test_one_visitors_star_moves_what_the_model_shows_another(learners: Server, page: Page, chromium: Browser) -> None:
    """The other one's ratings stay as they are; what changes is the model. What the first one rated is told to nobody else."""
    other = chromium.new_context(viewport={"width": 1280, "height": 720})
    other.set_default_timeout(PATIENCE_MS)
    theirs = other.new_page()
    theirs.goto(f"{learners.url}{ADDRESS}&live_model=AdPredictor")
    rate_first(theirs, "adpredictor", "5 stars")
    rate_first(theirs, "adpredictor", "4 stars")
    chart = theirs.get_by_text("The doubt about these movies is")
    expect(chart.first).to_contain_text("than before your last rating")
    before = chart.first.inner_text()

    page.goto(f"{learners.url}{ADDRESS}&live_model=AdPredictor")
    for stars in ("5 stars", "0.5 stars", "5 stars"):
        rate_first(page, "adpredictor", stars)
    expect(page.get_by_text("than before your last 2 ratings")).to_be_visible()

    theirs.reload()
    expect(chart.first).to_contain_text("than before your last rating")
    assert chart.first.inner_text() != before
    other.close()
