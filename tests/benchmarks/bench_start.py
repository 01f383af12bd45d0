"""How long `make run` takes: to the address, to the first page in Chromium, to the classic models; installed already."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import httpx
from playwright.sync_api import Browser

from tests.benchmarks import report
from tests.benchmarks.house import chromium, posters, visit
from tests.benchmarks.models import measured
from tests.browser.conftest import ROOT, free_port

COMMAND = "python -m tests.benchmarks.bench_start"
STARTS = 5
FIRST_POSTERS = 6
TRAINED_WITHIN_SECONDS = 600.0
GOAL_SECONDS = 60


@contextmanager
def make_run(home: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """The command as a user types it, and Ctrl-C at the end."""
    environment = os.environ | {"MARQUEE_HOME": str(home), "PYTHONUNBUFFERED": "1"}
    for name in ("DATABASE_URL", "REDIS_URL", "MARQUEE_DATA", "OPENBLAS_NUM_THREADS"):
        environment.pop(name, None)
    process = subprocess.Popen(
        ["make", "run", f"PORT={port}"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGINT)
        process.wait(30)


def start(home: Path, browser: Browser) -> dict[str, float]:
    """Seconds from the command: to the printed address, to the first page, and to the last model, of one start."""
    port, began, seconds = free_port(), time.perf_counter(), {}
    page = visit(browser)
    with make_run(home, port) as process:
        assert process.stdout is not None
        while f"http://localhost:{port}" not in process.stdout.readline():
            assert process.poll() is None, "the house did not open"
        seconds["address"] = time.perf_counter() - began
        Thread(target=process.stdout.read, daemon=True).start()
        page.goto(f"http://127.0.0.1:{port}")
        posters(page, FIRST_POSTERS)
        seconds["page"] = time.perf_counter() - began
        while len(served(port)) < len(measured()):
            assert time.perf_counter() - began < TRAINED_WITHIN_SECONDS, "some model is never ready"
            time.sleep(0.2)
        seconds["models"] = time.perf_counter() - began
    page.context.close()
    return seconds


def served(port: int) -> set[str]:
    """The models that answer by now."""
    ready = httpx.get(f"http://127.0.0.1:{port}/ready", timeout=30)
    return set(ready.json()["models"]) if ready.is_success else set()


def main() -> None:
    """First starts in empty homes, each followed by one that finds its models trained."""
    first, later = [], []
    with chromium() as browser:
        for _ in range(STARTS):
            with TemporaryDirectory() as home:
                first.append(start(Path(home), browser))
                later.append(start(Path(home), browser))
    rows = [
        [name, *(span([one[moment] for one in starts]) for moment in ("address", "page", "models"))]
        for name, starts in (("first start, empty home", first), ("later start, trained", later))
    ]
    columns = [
        "`make run`, installed",
        "address printed, s",
        "first page drawn, s",
        f"{len(measured())} models ready, s",
    ]
    body = (
        report.table(columns, rows)
        + f"\n\nMedian of {STARTS} starts (in parentheses least and most). The first page is For you in Chromium with "
        f"{FIRST_POSTERS} posters drawn, while training begins beside it. The goal for the classic models is {GOAL_SECONDS} s "
        "on two cores. Python's files are in the system's cache; the very first start after installing reads them from disk."
    )
    report.write("start", "From `make run` to the first page", body, command=COMMAND)
    print(body)


def span(values: list[float]) -> str:
    """Median, least and most."""
    return f"{sorted(values)[len(values) // 2]:.1f} ({min(values):.1f}-{max(values):.1f})"


if __name__ == "__main__":
    main()
