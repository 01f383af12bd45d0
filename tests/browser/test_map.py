"""The map in a real browser: points are drawn, a click opens a movie, it can be searched, coloured and moved to the other map."""

from __future__ import annotations

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from recommender.data.sources import load
from recommender.features.atlas import Atlas, file_of
from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
STAGE = "/cold_start?stage=The+map"


@pytest.fixture
def mapped(server: Server) -> Server:
    """The server's house with a map of made-up places."""
    dataset = load("embedded")
    places = np.random.default_rng(3).random((2, len(dataset.catalog), 2)).astype(np.float32)
    places[0, dataset.catalog.index_of([1214])[0]] = [0.5, 0.5]
    Atlas(*places).save(file_of(dataset, server.home))
    return server


def drawn(page: Page) -> None:
    """Wait until movies are drawn."""
    canvas = page.locator(".map canvas")
    expect(canvas).to_be_visible()
    expect(canvas).to_have_attribute("data-drawn", "9066")


def test_a_movie_is_found_opened_and_its_neighbours_are_listed(page: Page, mapped: Server) -> None:
    page.goto(mapped.url + STAGE)
    drawn(page)
    colours = page.locator(".map canvas").evaluate(
        "c => new Set(new Uint32Array(c.getContext('2d').getImageData(0, 0, c.width, c.height).data.buffer)).size"
    )
    assert colours > 100, "the picture is not blank"
    page.get_by_label("Find a movie on the map").fill("alien")
    page.locator(".map .found button").filter(has_text="Alien (1979)").first.click()
    expect(page.get_by_role("heading", name="Next to")).to_contain_text("Alien")
    expect(page).to_have_url(re.compile(r"&movie=1214\b"))
    page.locator(".map .card").get_by_role("button", name="Open").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Alien")


def test_the_other_map_and_the_models_list(page: Page, mapped: Server) -> None:
    page.goto(mapped.url + STAGE)
    drawn(page)
    page.get_by_role("radio", name="By who rated them").click()
    expect(page.locator(".map")).to_have_attribute("data-by", "behaviour")
    expect(page.get_by_text("the same people")).to_be_visible()
    page.get_by_role("radio", name="Colour:").nth(1).click()
    expect(page.locator(".map")).to_have_attribute("data-colour", "model")
    expect(page.get_by_text("The brighter, the higher")).to_be_visible()
