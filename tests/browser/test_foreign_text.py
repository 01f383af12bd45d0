"""Titles and nicknames of whatever kind, in a made-up data set: every view shows them letter by letter, and nothing runs."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import ROOT, Server, free_port

pytestmark = pytest.mark.browser
SCRIPT, MARKDOWN, ATTRIBUTE = (
    "<script>hacked()</script>",
    "**Bold** _it_ [a](javascript:hacked()) :star: $x^2$",
    '"><img src=x onerror=hacked()>',
)
TITLES = (
    SCRIPT,
    MARKDOWN,
    ATTRIBUTE,
    "שלום עולם",
    "🎬 Emoji 👩‍👩‍👧",
    ":material/star: www.example.com",
    "# Heading",
    "{{x}} ${y} %s",
)
PEOPLE = 40


@pytest.fixture(scope="module")
def strange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server over a folder of strange titles, with three models that have learned from it."""
    folder, home = tmp_path_factory.mktemp("strange"), tmp_path_factory.mktemp("home")
    with (folder / "movies.csv").open("w", newline="", encoding="utf-8") as file:
        movies = csv.writer(file)
        movies.writerow(["movieId", "title", "genres"])
        movies.writerows((number, f"{title} (1999)", "Drama|<b>Odd</b>") for number, title in enumerate(TITLES, 1))
        movies.writerows((number, f"Plain {number} (2001)", "Comedy") for number in range(9, 31))
    with (folder / "ratings.csv").open("w", newline="", encoding="utf-8") as file:
        ratings = csv.writer(file)
        ratings.writerow(["userId", "movieId", "rating", "timestamp"])
        for user in range(1, PEOPLE + 1):
            strange_ones = [number for number in range(1, 9) if number != 1 + user % 8]
            for place, number in enumerate([*strange_ones, *(9 + (user * 3 + step) % 22 for step in range(6))]):
                ratings.writerow([user, number, 4.0 + place % 2, 1_000_000_000 + user * 100 + place])
    environment = {"MARQUEE_DATA": str(folder), "OPENBLAS_NUM_THREADS": "1"}
    out = home / folder.name / "models"
    command = ["train", "markov", "itemknn", "ease", "popularity", "--data", str(folder), "--out", str(out)]
    subprocess.run([sys.executable, "-m", "recommender", *command], cwd=ROOT, env=os.environ | environment, check=True)
    running = Server(home, free_port(), environment)
    running.start()
    yield running
    running.stop()


@pytest.fixture
def visitor(strange: Server, page: Page) -> Page:
    """Somebody who has rated three of the strange movies; a script that ran would leave its mark on them."""
    page.add_init_script("window.hacked = () => { window.marked = true; }")
    rows = "userId,movieId,rating,timestamp\n1,1,5,100\n1,2,4,200\n1,4,1,300\n"
    page.goto(f"{strange.url}/my_ratings")
    page.locator("input[type=file]").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": rows.encode()})
    page.get_by_role("button", name="Import 3 ratings").click()
    expect(page.get_by_text("You have rated 3 movies")).to_be_visible()
    return page


def unharmed(page: Page) -> None:
    """Nothing of a title became a part of the page."""
    assert page.evaluate("window.marked") is None
    assert page.locator("img[src=x], [href^='javascript:'], [data-testid=stMain] script").count() == 0


def shown(place: Locator, title: str) -> None:
    """The place shows exactly these letters (signs that only steer the direction of writing aside)."""
    expect(place).to_be_visible()
    letters = (place.text_content() or "").translate(dict.fromkeys(map(ord, "\u2060\u2068\u2069")))
    assert title in letters


def test_the_rating_list_and_the_way_back(visitor: Page) -> None:
    for title in (SCRIPT, MARKDOWN, "שלום עולם"):
        shown(visitor.get_by_role("button", name=f"Open {title}", exact=True), title)
    visitor.get_by_role("button", name=f"Remove the rating of {MARKDOWN}", exact=True).click()
    shown(visitor.get_by_role("button", name="Undo the removal of"), MARKDOWN)
    unharmed(visitor)


@pytest.mark.parametrize("nickname", [MARKDOWN[:40], SCRIPT, "שלום 🎬"])
def test_a_nickname(visitor: Page, nickname: str) -> None:
    visitor.get_by_label("Nickname").fill(nickname)
    visitor.get_by_role("button", name="Keep this name").click()
    shown(visitor.get_by_text("You are \u2068"), f"You are {nickname.strip()}.")
    unharmed(visitor)


def test_the_grid_and_its_search(strange: Server, visitor: Page) -> None:
    visitor.goto(f"{strange.url}/browse")
    for title in TITLES:
        expect(visitor.get_by_role("button", name=f"{title} (1999)")).to_be_visible()
    visitor.get_by_label("Search titles").fill(ATTRIBUTE)
    visitor.get_by_label("Search titles").press("Enter")
    expect(visitor.get_by_text(f"sound like “{ATTRIBUTE}”")).to_be_visible()
    unharmed(visitor)


@pytest.mark.parametrize("number", range(1, len(TITLES) + 1))
def test_a_movies_own_page(strange: Server, visitor: Page, number: int) -> None:
    visitor.goto(f"{strange.url}/movie?movie={number}&model=itemknn")
    shown(visitor.get_by_role("heading", level=1), TITLES[number - 1])
    unharmed(visitor)


def test_the_list_with_its_reasons(strange: Server, visitor: Page) -> None:
    visitor.goto(f"{strange.url}/?model=itemknn")
    expect(visitor.get_by_role("button", name=f"{ATTRIBUTE} (1999)").first).to_be_visible()
    unharmed(visitor)


def test_the_columns_and_the_slopes(strange: Server, visitor: Page) -> None:
    visitor.goto(f"{strange.url}/compare?compare=itemknn,popularity")
    column = visitor.get_by_role("region", name="Popularity")
    shown(column.get_by_role("button", name=ATTRIBUTE).locator(".title"), ATTRIBUTE)
    expect(visitor.get_by_test_id("stVegaLiteChart").locator("canvas, svg").first).to_be_visible()
    box = visitor.get_by_test_id("stVegaLiteChart").bounding_box()
    assert box is not None
    for share in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6):
        visitor.mouse.move(box["x"] + box["width"] * share, box["y"] + 48)
    unharmed(visitor)
