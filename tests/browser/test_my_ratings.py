"""My ratings in a real browser: a file in, stars changed in place, undo, and the file out again."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server

pytestmark = pytest.mark.browser
MEGABYTE = 1024 * 1024
FILE = "Date,Name,Year,Letterboxd URI,Rating\n2023-01-01,Alien,1979,u,4\n2023-01-02,Aliens,1986,u,3.5\n2023-01-02,No Such Film,1999,u,3\n"


def test_import_change_undo_export(server: Server, page: Page, tmp_path: Path) -> None:
    page.goto(f"{server.url}/my_ratings")
    expect(page.get_by_text("You have rated 0 movies")).to_be_visible()
    page.locator("input[type=file]").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    expect(page.get_by_text("2 ratings would come in, 1 row does not")).to_be_visible()
    expect(page.get_by_role("button", name="Import 2 ratings")).to_have_css("color", "rgb(29, 27, 32)")
    page.get_by_role("button", name="Import 2 ratings").click()
    expect(page.get_by_text("You have rated 2 movies")).to_be_visible()

    stars = page.get_by_role("slider", name="Stars for Aliens")
    box = stars.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    stars.click(position={"x": box["width"] * 0.88, "y": box["height"] / 2})
    expect(page.get_by_role("button", name=re.compile("Undo 4.5 ★ for"))).to_be_visible()
    expect(stars).to_have_value("4.5")

    # A page that is being drawn anew hands the file out under another name.
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download 2 ratings as CSV").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert re.search(r"1200,Aliens,1986,4\.5,", text)

    page.get_by_role("button", name=re.compile("Undo 4.5 ★ for")).click()
    expect(page.get_by_role("slider", name="Stars for Aliens")).to_have_value("3.5")
    page.get_by_role("button", name="Undo the import of 2 ratings").click()
    expect(page.get_by_text("You have rated 0 movies")).to_be_visible()


def test_stars_by_keyboard_and_removal(server: Server, page: Page) -> None:
    page.goto(f"{server.url}/my_ratings")
    page.locator("input[type=file]").set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="Import 2 ratings").click()
    page.get_by_role("slider", name="Stars for Alien", exact=True).press("ArrowRight")
    expect(page.get_by_role("button", name=re.compile("Undo 4.5 ★ for"))).to_be_visible()
    page.get_by_role("button", name="Remove the rating of Aliens").click()
    expect(page.get_by_text("You have rated 1 movie,")).to_be_visible()


def test_files_that_cannot_be_taken_are_told_in_a_sentence_and_the_next_one_is_taken(
    server: Server, page: Page, tmp_path: Path
) -> None:
    page.goto(f"{server.url}/my_ratings")
    upload = page.locator("input[type=file]")
    large = tmp_path / "large.csv"
    large.write_bytes(b"userId,movieId,rating,timestamp\n" + b"1,1,4.0,1000\n" * (2 * MEGABYTE))
    upload.set_input_files(large)
    told = page.get_by_text(re.compile(r"must be 20(\.0)?\s?MB or smaller"))
    expect(told).to_be_visible()
    box = told.bounding_box()
    assert box is not None
    assert box["width"] > 100  # a sentence to read, not one that is there for screen readers alone
    for name, content, sentence in (  # no two alike in a row, or the first would be taken for the second
        ("picture.csv", b"\x89PNG\r\n\x1a\n\x00\x00", "This file is not a CSV table"),
        ("colours.csv", b"red,green,blue\n1,2,3\n", "The columns of this file (red, green, blue) are not those"),
        ("paper.csv", b"%PDF-1.7\n1 0 obj\n<</Type/Catalog>>\nendobj\n", "This file is not a CSV table"),
        ("stars.csv", b"userId,movieId,rating,timestamp\n1,1,9,100\n", "Line 2 gives the rating “9”"),
    ):
        upload.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
        expect(page.get_by_text(name)).to_be_visible()
        expect(page.get_by_text(sentence)).to_be_visible()
        expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    upload.set_input_files({"name": "r.csv", "mimeType": "text/csv", "buffer": FILE.encode()})
    page.get_by_role("button", name="Import 2 ratings").click()
    expect(page.get_by_text("You have rated 2 movies")).to_be_visible()
