"""How long a visitor waits: for a page, after a star, after a switch of the model; in Chromium, and of it the server's own work."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable

import psutil
from playwright.sync_api import Browser, Page

from tests.benchmarks import report
from tests.benchmarks.house import (
    become_persona,
    chromium,
    cpu_seconds,
    posters,
    rest,
    spread,
    trained_house,
    visit,
)
from tests.benchmarks.models import measured
from tests.benchmarks.visitor import Answer, visitor
from tests.browser.conftest import Server

SEED = 0
COMMAND = "python -m tests.benchmarks.bench_clicks"
LOADS, ROUNDS, STARS_PER_ROUND = 20, 10, 5
ABOVE_THE_FOLD = 6
"""Posters that a window of 1280 by 720 shows at once."""
GOAL_MS = 150

WATCH = """(act, listed) => new Promise((resolve) => {
  const resting = () => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning";
  const began = performance.now();
  let list = null;
  act();
  const look = () => {
    if (list === null && listed()) list = performance.now() - began;
    if (list !== null && resting()) resolve([list, performance.now() - began]);
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})"""
"""Acts, and looks once a frame: milliseconds until the list is a new one, and until the page rests."""
RATE = f"""(card, value) => ({WATCH})(
  () => card.querySelector(`.half[data-value="${{value}}"]`).click(),
  () => !card.isConnected || card.classList.contains("gone"),
)"""
"""A rated movie leaves the list, but only when the server's new list arrives."""
SWITCH = f"""(pill) => ({WATCH})(
  () => pill.click(),
  () => [...document.querySelectorAll("*")].some((one) => one.shadowRoot?.getElementById(`list_${{pill.dataset.model}}`)),
)"""


def main() -> None:
    """Measure both ways against one house, and write the section."""
    with trained_house() as server:
        with chromium() as browser:
            loads = {
                "first visit, welcome page, empty cache": page_loads(browser, server.url, "/", new=True),
                "For you, returning visitor": page_loads(browser, server.url, "/", new=False),
                "Browse, returning visitor": page_loads(browser, server.url, "/browse", new=False),
            }
            stars, switches = clicks(browser, server.url)
        server_stars, server_switches = asyncio.run(server_work(server))
    table = report.table(
        ["page, until six posters are drawn", "loads", "median, ms", "p95, ms"],
        [[name, len(times), *figures(times)] for name, times in loads.items()],
    )
    rows = [
        ["star in Chromium, new list on the page", len(stars), *figures([listed for listed, _ in stars])],
        ["star in Chromium, page at rest", len(stars), *figures([page for _, page in stars])],
        *server_stars.rows("star"),
        ["switch in Chromium, new list on the page", len(switches), *figures([listed for listed, _ in switches])],
        ["switch in Chromium, page at rest", len(switches), *figures([page for _, page in switches])],
        *server_switches.rows("switch"),
    ]
    body = (
        f"{table}\n\n{report.table(['click', 'clicks', 'median, ms', 'p95, ms'], rows)}\n\n"
        f"A persona with eight ratings on For you, {len(measured())} models. Each round gives five stars and then switches through every model, so "
        "that each answers a history it has not seen. In Chromium a time runs from the click to the frame in which the new "
        "list stands (cards glide for another 450 ms); frames come every 17 ms. The server's work is timed by a visitor "
        "without a browser: from the message of the click to the last message of the answer, first picks of all models "
        f"included; posters are loaded after it. The goal for a switch is less than {GOAL_MS} ms of it. Browser, visitor and server share the machine."
    )
    report.write("clicks", "What a visitor waits for", body, command=COMMAND, seed=SEED)
    print(body)


def page_loads(browser: Browser, url: str, path: str, *, new: bool) -> list[float]:
    """Milliseconds from the address to six drawn posters."""
    page = visit(browser)
    if not new:
        become_persona(page, url)
    times = []
    for _ in range(LOADS):
        if new:
            page.context.close()
            page = visit(browser)
        began = time.perf_counter()
        page.goto(url + path)
        posters(page, ABOVE_THE_FOLD)
        times.append(1000 * (time.perf_counter() - began))
        rest(page)
    page.context.close()
    return times


def clicks(browser: Browser, url: str) -> tuple[list[list[float]], list[list[float]]]:
    """Milliseconds [until the new list, until the page rests] of stars and of switches."""
    chance = random.Random(SEED)
    page = visit(browser)
    become_persona(page, url)
    pills = page.get_by_role("radiogroup", name="Model", exact=True).get_by_role("radio")
    stars, switches = [], []
    for _ in range(ROUNDS):
        for _ in range(STARS_PER_ROUND):
            card = page.locator("li.card:not(.gone)").nth(chance.randrange(ABOVE_THE_FOLD))
            stars.append(card.evaluate(RATE, chance.randint(1, 10) / 2))
            settle(page)
        for pill in chance.sample(pills.all(), pills.count()):
            if pill.get_attribute("aria-checked") != "true":
                switches.append(pill.evaluate(SWITCH))
                settle(page)
    page.context.close()
    return stars, switches


def settle(page: Page) -> None:
    """Until cards have glided and the server is idle."""
    rest(page)
    page.wait_for_timeout(600)


async def server_work(server: Server) -> tuple[Clicks, Clicks]:
    """The same clicks, stars and switches, without a browser."""
    chance = random.Random(SEED)
    assert server.process is not None
    process = psutil.Process(server.process.pid)
    stars, switches = Clicks(process), Clicks(process)
    async with visitor(server.url) as somebody:
        for _ in range(3):
            await somebody.rate(somebody.movies[0], 4.0)
        for _ in range(ROUNDS):
            for _ in range(STARS_PER_ROUND):
                movie_id = chance.choice(somebody.movies[:ABOVE_THE_FOLD])
                await stars.time(somebody.rate(movie_id, chance.randint(1, 10) / 2))
            for slug in chance.sample(somebody.models, len(somebody.models)):
                if slug != somebody.chosen:
                    await switches.time(somebody.switch(slug))
        assert not somebody.errors, somebody.errors
    return stars, switches


class Clicks:
    """The server's answers to clicks of one kind, and the processor's time that each took."""

    def __init__(self, process: psutil.Process) -> None:
        self._process = process
        self.answers: list[Answer] = []
        self.cpu: list[float] = []

    async def time(self, click: Awaitable[Answer]) -> None:
        """Click, and keep the times."""
        before = cpu_seconds(self._process)
        self.answers.append(await click)
        self.cpu.append(cpu_seconds(self._process) - before)

    def rows(self, name: str) -> list[list[object]]:
        """Rows of the table: until the list is sent, in all, and of the processor."""
        times = {
            "the server's work until the list is sent": [one.listed for one in self.answers],
            "the server's work in all": [one.whole for one in self.answers],
            "of it on the processor": self.cpu,
        }
        return [[f"{name}, {what}", len(few), *figures([1000 * one for one in few])] for what, few in times.items()]


def figures(times: list[float]) -> list[str]:
    """Median and 95th percentile as table cells; times in ms."""
    return [f"{value:.0f}" for value in spread(times)]


if __name__ == "__main__":
    main()
