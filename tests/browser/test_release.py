"""Release a horror movie in a real browser: it is in a model's list for somebody who likes horror, is rated, and is withdrawn."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server, free_port

pytestmark = pytest.mark.browser
LOADED_WITHIN_MS = 180_000
"""Patience with text models, of which the first movie of a server makes two."""
STAGE = "/cold_start?stage=Release+a+movie&model=contentknn"


@pytest.fixture(scope="module")
def trained_to_read(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a model that reads what movies are, by the words of their texts, and one that does not."""
    home = tmp_path_factory.mktemp("reading")
    train = [
        sys.executable,
        "-m",
        "recommender",
        "train",
        "--data",
        "embedded",
        "--out",
        str(home / "embedded" / "models"),
    ]
    environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    subprocess.run([*train, "ease"], cwd=ROOT, env=environment, check=True)
    subprocess.run([*train, "contentknn", "--set", "text=lsa"], cwd=ROOT, env=environment, check=True)
    return home


@pytest.fixture
def server(trained_to_read: Path, tmp_path: Path) -> Iterator[Server]:
    """A server with these models, and an empty database."""
    home = tmp_path / "home"
    shutil.copytree(trained_to_read, home)
    running = Server(home, free_port())
    running.start()
    yield running
    running.stop()


def choose(page: Page, label: str, *values: str) -> None:
    """Enter values into a field that takes several, known ones or new ones."""
    field = page.get_by_role("combobox", name=label)
    for value in values:
        field.fill(value)
        page.get_by_role("option", name=value).first.wait_for()
        field.press("Enter")
        expect(page.get_by_test_id("stMultiSelect").filter(has_text=label)).to_contain_text(value)
    field.press("Escape")


def write(page: Page, title: str) -> None:
    """Fill the form in."""
    page.get_by_label("Title", exact=True).fill(title)
    page.get_by_label("Plot").fill("Aliens.")
    choose(page, "Genres", "Horror", "Sci-Fi")
    choose(page, "Directed by", "Ridley Scott")
    choose(page, "With", "Sigourney Weaver")
    expect(page.get_by_role("heading", name="Who cannot see it")).to_be_visible(timeout=LOADED_WITHIN_MS)


def test_a_released_horror_movie_finds_somebody_who_likes_horror(page: Page, server: Server) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("thinks you should watch these tonight")

    page.goto(server.url + STAGE)
    expect(page.get_by_text("Give it a title")).to_be_visible()
    write(page, "Alien Aliens")
    expect(page.get_by_text("ContentKNN would show it to you at rank")).to_be_visible()
    expect(page.locator("ol.audience li").first).to_contain_text("You")
    expect(page.locator("ol.audience li")).to_have_count(21)
    expect(page.get_by_text("EASE, Popularity")).to_be_visible()
    page.get_by_role("button", name="Release it").click()

    expect(page.get_by_role("heading", level=1)).to_contain_text("Alien Aliens")
    expect(page.get_by_text("You released it here")).to_be_visible()
    movie = page.locator("#movie_poster .card").get_attribute("data-movie")
    poster = page.request.get(f"{server.url}/poster/{movie}.svg")
    assert poster.ok

    page.goto(server.url + "/?model=contentknn")
    listed = page.locator(f'#list_contentknn .card[data-movie="{movie}"]')
    page.locator("#list_contentknn .card").first.wait_for()
    expect(listed).to_contain_text("released here")
    page.goto(server.url + "/?model=ease")
    page.locator("#list_ease .card").first.wait_for()
    expect(page.locator(f'#list_ease .card[data-movie="{movie}"]')).to_have_count(0)

    page.goto(server.url + "/browse?search=alien+aliens")
    page.locator(f'#browse_grid .card[data-movie="{movie}"]').get_by_role("radio", name="4 stars for").click()
    expect(page.get_by_text("★ 9 rated")).to_be_visible()

    page.goto(server.url + STAGE)
    page.get_by_role("button", name="Withdraw").click()
    expect(page.get_by_text("One person has rated it; that rating stays in their list")).to_be_visible()
    page.get_by_role("button", name="Withdraw it").click()
    expect(page.get_by_role("button", name="Show it again")).to_be_visible()
    page.goto(server.url + "/browse?search=alien+aliens")
    expect(page.get_by_text("Nothing found for “alien aliens”")).to_be_visible()
    page.goto(server.url + "/my_ratings")
    expect(page.get_by_text("Alien Aliens").first).to_be_visible()


def test_what_was_typed_stays_and_what_cannot_be_is_said_in_a_sentence(page: Page, server: Server) -> None:
    page.goto(server.url + STAGE)
    page.get_by_label("Title", exact=True).fill("生化 🎬")
    page.get_by_label("Year").fill("3000")
    page.get_by_label("Year").press("Tab")
    expect(page.get_by_text("3000 is no year of a movie")).to_be_visible()
    expect(page.get_by_role("button", name="Release it")).to_have_count(0)
    page.get_by_text("The map").click()
    page.get_by_text("Release a movie").click()
    expect(page.get_by_label("Title", exact=True)).to_have_value("生化 🎬")
    expect(page.get_by_label("Year")).to_have_value("3000")
    page.get_by_label("Title", exact=True).fill("Alien")
    page.get_by_label("Year").fill("1979")
    page.get_by_label("Year").press("Tab")
    expect(page.get_by_text("is here already")).to_be_visible()
    page.get_by_role("link", name="Open it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alien")
