"""What several benchmarks need: a house with trained models, Chromium in front of it, and times in two figures."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import psutil
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.benchmarks.models import measured
from tests.browser.conftest import CHROMIUM, ROOT, Server, free_port

PERSONA = "Horror fan"
SERVED_WITHIN_MS = 60_000


@contextmanager
def trained_house() -> Iterator[Server]:
    """A running app with the models trained that are measured, an empty database and no worker beside it."""
    with TemporaryDirectory() as folder:
        command = ["train", *measured(), "--data", "embedded", "--out", str(Path(folder) / "embedded" / "models")]
        subprocess.run(
            [sys.executable, "-m", "recommender", *command],
            cwd=ROOT,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=True,
        )
        server = Server(Path(folder), free_port())
        server.start()
        try:
            yield server
        finally:
            server.stop()


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium") or shutil.which("google-chrome"), args=CHROMIUM
        )
        yield browser
        browser.close()


def visit(browser: Browser, width: int = 1280, height: int = 720) -> Page:
    """A new visitor's window: no cookie, nothing cached."""
    page = browser.new_context(viewport={"width": width, "height": height}, color_scheme="dark").new_page()
    page.set_default_timeout(SERVED_WITHIN_MS)
    return page


def become_persona(page: Page, url: str) -> None:
    """Open the house and borrow a taste of eight ratings."""
    page.goto(url)
    page.get_by_role("button", name=f"Be the {PERSONA}").click()
    expect(page.locator("h1")).to_contain_text("thinks you should watch these tonight", timeout=SERVED_WITHIN_MS)
    rest(page)


def rest(page: Page) -> None:
    """Wait until the server has said all that it had to say."""
    page.wait_for_selector("[data-testid=stApp][data-test-script-state=notRunning]")


def posters(page: Page, count: int) -> None:
    """Wait until the first `count` posters are there and drawn."""
    page.locator("li.card:not(.gone) img").nth(count - 1).wait_for()
    page.locator("li.card:not(.gone) img").evaluate_all(
        "(images, count) => Promise.all(images.slice(0, count).map((image) => image.decode()))", count
    )


def cpu_seconds(process: psutil.Process) -> float:
    """What a process has used of all cores so far: unlike a time on the clock, hardly longer on a busy machine."""
    times = process.cpu_times()
    return times.user + times.system


def spread(times: Sequence[float]) -> tuple[float, float]:
    """Median and 95th percentile, in the unit of the times."""
    median, p95 = np.quantile(times, [0.5, 0.95])
    return float(median), float(p95)
