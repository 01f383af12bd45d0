"""A real training watched in a real browser: a curve that grows, the time left, and a cancel that leaves the old version serving."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import ROOT, Server

pytestmark = pytest.mark.browser
PACE = re.compile(r"SASRec is being trained, \d+% · epoch \d+ · about \d+ (s|min|h) left")
LONG = {
    "dim": 16,
    "max length, ratings": 20,
    "epochs": 9000,
    "patience, epochs": 900,
    "validation people": 50,
    "blocks": 1,
}
"""Epochs of seconds, and so many that the training is not over before the test is."""
TRAINS_WITHIN_MS = 120_000


@pytest.fixture
def worker(server: Server, tmp_path: Path) -> Iterator[None]:
    """Somebody who trains what is asked for, and nothing by itself."""
    process = subprocess.Popen(
        [sys.executable, "-m", "app.worker"],
        cwd=ROOT,
        env=os.environ
        | {
            "MARQUEE_HOME": str(server.home),
            "MARQUEE_MODELS": "popularity",
            "PYTHONPATH": str(ROOT),
            "OMP_NUM_THREADS": "1",
        },
        stdout=(tmp_path / "worker.log").open("w"),
        stderr=subprocess.STDOUT,
    )
    yield
    process.terminate()
    process.wait(30)


def points(page: Page, least: int) -> None:
    """Wait until the curve of the loss has so many epochs."""
    drawn = re.compile(f"^M([^L]+L){{{least - 1},}}")
    expect(page.locator(".curves .line").first).to_have_attribute("d", drawn, timeout=TRAINS_WITHIN_MS)


def test_a_curve_grows_while_a_network_trains_and_cancel_ends_it(server: Server, worker: None, page: Page) -> None:
    page.goto(f"{server.url}/models?about=sasrec")
    page.get_by_text("Train with other settings").click()
    for label, value in LONG.items():
        page.get_by_label(label, exact=True).fill(str(value))
        page.get_by_label(label, exact=True).press("Tab")
    page.get_by_role("button", name="Train with these").click()

    expect(page.get_by_text(PACE)).to_be_visible(timeout=TRAINS_WITHIN_MS)
    loss, quality = page.locator(".curves figure").first, page.locator(".curves figure").nth(1)
    points(page, 2)
    first = loss.locator("svg").element_handle()
    figure = loss.locator("b").text_content() or ""
    points(page, 4)
    expect(loss.locator("b")).not_to_have_text(figure)
    expect(loss).to_contain_text(re.compile(r"^Loss\d+\.\d{3}from \d+\.\d{3}"))
    expect(quality).to_contain_text(re.compile(r"^NDCG@10 in validation\.\d{3}best \.\d{3} in epoch \d+"))
    assert first is not None
    assert first.evaluate("one => one.isConnected"), "the panel stays and takes the new points"

    page.locator(".st-key-cancel_panel_sasrec button").click()
    expect(page.get_by_text("SASRec is being")).to_have_count(0)
    expect(page.locator(".curves")).to_have_count(0)
    expect(page.locator(".st-key-train_panel_sasrec button")).to_be_enabled()
    expect(page.get_by_role("radio", name="SASRec", exact=True)).to_have_count(0)
    assert not (server.home / "embedded" / "models" / "sasrec" / "current").exists()
