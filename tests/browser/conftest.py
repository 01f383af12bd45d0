"""The real app in a process of its own, and real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
OPENS_WITHIN_SECONDS = 120
PATIENCE_MS = 30_000
"""How long a test waits for what must come: these tests ask whether, never how fast."""
expect.set_options(timeout=PATIENCE_MS)
CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@dataclass
class Server:
    """One running Marquee with a home of its own."""

    home: Path
    port: int
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start uvicorn and wait until it says that it is ready."""
        environment = os.environ | {
            "MARQUEE_HOME": str(self.home),
            "OPENBLAS_NUM_THREADS": "1",
            "PYTHONPATH": str(ROOT),
        }
        self.process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "uvicorn",
                "app.server:app",
                "--port",
                str(self.port),
                "--log-level",
                "warning",
                "--no-access-log",
            ],
            cwd=ROOT,
            env=environment | self.environment,
        )
        deadline = time.monotonic() + OPENS_WITHIN_SECONDS
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the server ended while starting"
            try:
                if httpx.get(f"{self.url}/ready", timeout=5).is_success:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.1)
        raise AssertionError("the server was not ready in time")

    def kill(self) -> None:
        """SIGKILL, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it as Ctrl-C would."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.kill()


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home in which two quick models besides popularity are trained, so that lists can differ."""
    home = tmp_path_factory.mktemp("trained")
    command = ["train", "markov", "itemknn", "ease", "--data", "embedded", "--out", str(home / "embedded" / "models")]
    subprocess.run(
        [sys.executable, "-m", "recommender", *command],
        cwd=ROOT,
        env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
        check=True,
    )
    return home


@pytest.fixture
def server(trained: Path, tmp_path: Path) -> Iterator[Server]:
    """A server with trained models and an empty database."""
    home = tmp_path / "home"
    shutil.copytree(trained, home)
    running = Server(home, free_port())
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """One browser for all tests; each test takes a context of its own."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    if path is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM)
        yield browser
        browser.close()


@pytest.fixture
def context(chromium: Browser) -> Iterator[BrowserContext]:
    """A visitor: cookies of their own, a laptop's window."""
    visitor = chromium.new_context(viewport={"width": 1280, "height": 720}, color_scheme="dark")
    visitor.set_default_timeout(PATIENCE_MS)
    yield visitor
    visitor.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The visitor's tab."""
    return context.new_page()
