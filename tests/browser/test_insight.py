"""Looking into a model in a real browser: a name written step by step without asking the server, and bars that fit a phone."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Server, free_port

pytestmark = pytest.mark.browser
TERMINATOR = "1240"
QUICK = ("epochs=1", "dim=16", "codes=16", "max_length=10", "batch_size=256", "validation_people=0")


@pytest.fixture(scope="module")
def reader(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose models include one that has attention and writes, hardly trained."""
    home = tmp_path_factory.mktemp("reader") / "home"
    shutil.copytree(trained, home)
    settings = [word for setting in QUICK for word in ("--set", setting)]
    command = ["train", "tiger", "--data", "embedded", "--out", str(home / "embedded" / "models"), *settings]
    subprocess.run(
        [sys.executable, "-m", "recommender", *command],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )
    running = Server(home, free_port())
    running.start()
    yield running
    running.stop()


def fan(page: Page, server: Server) -> None:
    """Become the horror fan."""
    page.goto(f"{server.url}/my_ratings")
    page.get_by_role("button", name="Be the Horror fan").click()
    expect(page.get_by_text("8 rated")).to_be_visible()


def test_a_name_is_written_token_by_token_in_the_browser_alone(reader: Server, page: Page) -> None:
    sent: list[object] = []
    page.on("websocket", lambda socket: socket.on("framesent", lambda frame: sent.append(frame)))
    fan(page, reader)
    page.goto(f"{reader.url}/?model=tiger")
    page.get_by_text("How TIGER writes it, token by token").click()
    names, tokens, line = (
        page.locator(".spelling .name"),
        page.locator(".tokens .token"),
        page.locator(".spelling .line"),
    )
    expect(names).to_have_count(5)
    expect(page.locator(".tokens .written")).to_have_count(4)
    expect(tokens.last).to_contain_text(re.compile("only this movie is left|no other way to go on"))
    first = names.first.locator(".title").text_content() or "?"
    expect(line).to_contain_text(f"is {first}: 1 in ")
    before = len(sent)

    page.get_by_role("button", name="One token back").click()
    expect(page.locator(".tokens .written")).to_have_count(3)
    expect(line).to_contain_text(re.compile(r"^\d+ · \d+ · \d+ … so far "))
    page.get_by_role("button", name="One token on").click()
    expect(page.locator(".tokens .written")).to_have_count(4)
    expect(page.get_by_role("button", name="One token on")).to_be_disabled()

    page.get_by_role("button", name="Write it").click()
    expect(line).to_have_text("Nothing is written yet: every movie is possible.")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Write it")).to_be_visible()
    expect(page.locator(".tokens .written")).to_have_count(4)

    names.first.press("ArrowRight")
    expect(page.get_by_role("radio", name=names.nth(1).locator(".title").text_content() or "?")).to_be_checked()
    expect(line).to_contain_text(f"is {names.nth(1).locator('.title').text_content()}: 1 in ")
    assert len(sent) == before


def test_both_measures_stand_on_common_zeros_and_a_phone_scrolls_nothing_sideways(
    reader: Server, chromium: Browser
) -> None:
    for width, height in ((1280, 720), (390, 844)):
        context = chromium.new_context(viewport={"width": width, "height": height})
        context.set_default_timeout(30_000)
        page = context.new_page()
        fan(page, reader)
        page.goto(f"{reader.url}/movie?movie={TERMINATOR}&model=tiger")
        expect(page.get_by_role("heading", name="What moved TIGER, and what it looked at")).to_be_visible()
        rows = page.locator("table.weighed tbody tr")
        expect(rows).to_have_count(8)
        for measure in (".moved", ".looked"):
            zeros = {round(zero.bounding_box()["x"]) for zero in page.locator(f"table.weighed {measure} s").all()}  # type: ignore[index]
            assert len(zeros) == 1
            for cell in page.locator(f"table.weighed {measure}").all():
                assert cell.evaluate("one => one.scrollWidth <= one.clientWidth")
        expect(page.get_by_text("not read")).to_have_count(2)
        for wide in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
            assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
        page.goto(f"{reader.url}/?model=tiger")
        page.get_by_text("How TIGER writes it, token by token").click()
        expect(page.locator(".tokens .written")).to_have_count(4)
        for wide in ("document.documentElement", "document.querySelector('[data-testid=stMain]')"):
            assert page.evaluate(f"{wide}.scrollWidth <= {wide}.clientWidth")
        for control in page.locator(".spelling button").all():
            assert (control.bounding_box() or {"height": 0})["height"] >= 44
        context.close()
