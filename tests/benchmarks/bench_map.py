"""How fluid the map of all movies is: how long each frame takes while it is pulled and zoomed, in a browser without a graphics card."""

from __future__ import annotations

import os

import numpy as np
from playwright.sync_api import Page, expect

from recommender.data.sources import load
from recommender.features.atlas import Atlas, file_of
from tests.benchmarks import report
from tests.benchmarks.house import chromium, spread, trained_house, visit

SEED, STEPS = 0, 90
SIZES = ((1280, 720), (390, 844))
RECORD = """() => { window.frames_ms = []; let last = performance.now();
  const tick = (now) => { window.frames_ms.push(now - last); last = now; window.recording = requestAnimationFrame(tick); };
  window.recording = requestAnimationFrame(tick); }"""
STOP = "() => { cancelAnimationFrame(window.recording); return window.frames_ms.slice(1); }"


def pull(page: Page, x: float, y: float) -> None:
    """There and back again."""
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(STEPS):
        page.mouse.move(x + 120 * np.sin(step / 9), y + 90 * np.cos(step / 9))
    page.mouse.up()


def zoom(page: Page, x: float, y: float) -> None:
    """In and out again."""
    page.mouse.move(x, y)
    for step in range(STEPS):
        page.mouse.wheel(0, -60 if step < STEPS / 2 else 60)


def main() -> None:
    """Draw, pull, zoom, write the section."""
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    dataset = load("embedded")
    rows = []
    with trained_house() as server, chromium() as browser:
        rng = np.random.default_rng(SEED)
        places = rng.normal(0.5, 0.15, (2, len(dataset.catalog), 2)).clip(0, 1).astype(np.float32)
        Atlas(*places).save(file_of(dataset, server.home))
        for width, height in SIZES:
            page = visit(browser, width, height)
            page.goto(f"{server.url}/cold_start?stage=The+map")
            canvas = page.locator(".map canvas")
            expect(canvas).to_have_attribute("data-drawn", str(len(dataset.catalog)))
            canvas.scroll_into_view_if_needed()
            box = canvas.bounding_box()
            assert box is not None
            x, y = box["x"] + box["width"] / 2, box["y"] + min(box["height"], height - box["y"]) / 2
            for name, act in (("pulled", pull), ("zoomed", zoom)):
                page.evaluate(RECORD)
                act(page, x, y)
                frames = page.evaluate(STOP)
                median, late = spread(frames)
                rows.append((f"{name}, {width} x {height}", len(frames), f"{median:.1f}", f"{late:.1f}"))
            page.close()
    body = (
        f"{len(dataset.catalog):,} points at made-up places; the time from one frame to the next, which is 16.7 ms where nothing is late. "
        f"The browser draws by the processor alone, and the house runs beside it. {busy}\n\n"
        + report.table(("", "frames", "median ms", "95th percentile"), rows)
    )
    report.write("map", "The map", body, command="python -m tests.benchmarks.bench_map", seed=SEED)
    print(body)


if __name__ == "__main__":
    main()
