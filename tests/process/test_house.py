"""`python -m app` as a user knows it: it opens, answers, and closes cleanly on Ctrl-C, worker included."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psutil
import pytest

from tests.browser.conftest import free_port

ROOT = Path(__file__).parents[2]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """The whole house in a home of its own, on a port that no other test's house wants."""
    environment = os.environ | {"MARQUEE_MODELS": "classic", "MARQUEE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    process = subprocess.Popen(
        [sys.executable, "-m", "app", "--host", "127.0.0.1", "--port", str(free_port())],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    if process.poll() is None:
        process.terminate()
        process.wait(30)
    assert process.stdout is not None
    process.stdout.close()


def address(process: subprocess.Popen[str]) -> str:
    """Read what the house prints until it names its address."""
    assert process.stdout is not None
    for line in process.stdout:
        if found := re.search(r"http://localhost:\d+", line):
            return found[0].replace("localhost", "127.0.0.1")
    raise AssertionError("the house closed before it opened")


@pytest.mark.timeout(300)
def test_opens_prints_its_address_and_closes_on_ctrl_c(house: subprocess.Popen[str]) -> None:
    url = address(house)
    assert httpx.get(url).status_code == 200
    assert httpx.get(f"{url}/health").is_success

    children = psutil.Process(house.pid).children(recursive=True)
    assert len(children) >= 2, "app and worker"
    house.send_signal(signal.SIGINT)
    assert house.wait(30) == 0
    _gone, alive = psutil.wait_procs(children, timeout=10)
    assert not alive, f"left behind: {alive}"


@pytest.mark.timeout(300)
def test_takes_the_next_port_when_the_first_is_taken(house: subprocess.Popen[str], tmp_path: Path) -> None:
    first = address(house)
    second = subprocess.Popen(
        [sys.executable, "-m", "app", "--host", "127.0.0.1", "--port", first.rsplit(":", 1)[1]],
        cwd=ROOT,
        env=os.environ
        | {"MARQUEE_MODELS": "classic", "MARQUEE_HOME": str(tmp_path / "second"), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert address(second) != first
    finally:
        second.terminate()
        second.wait(30)
        assert second.stdout is not None
        second.stdout.close()


@pytest.mark.timeout(180)
def test_a_killed_worker_is_started_again_and_the_house_stays_open(house: subprocess.Popen[str]) -> None:
    url = address(house)
    worker = worker_of(house)
    worker.kill()
    worker.wait(10)
    deadline = time.monotonic() + 60
    while (again := worker_of(house)) is None or again.pid == worker.pid:
        assert time.monotonic() < deadline, "no worker came"
        time.sleep(0.1)
    assert httpx.get(f"{url}/health").is_success
    house.send_signal(signal.SIGINT)
    assert house.wait(30) == 0
    assert not again.is_running()


def worker_of(house: subprocess.Popen[str]) -> psutil.Process | None:
    """The worker among the children of the house, if one lives."""
    for child in psutil.Process(house.pid).children():
        try:
            if "app.worker" in child.cmdline():
                return child
        except psutil.Error:
            continue
    return None


@pytest.mark.timeout(300)
def test_stays_open_and_says_what_to_do_when_there_is_no_such_data_set(tmp_path: Path) -> None:
    house = subprocess.Popen(
        [sys.executable, "-m", "app", "--host", "127.0.0.1", "--port", str(free_port()), "--data", "/nowhere/at/all"],
        cwd=ROOT,
        env=os.environ | {"MARQUEE_MODELS": "classic", "MARQUEE_HOME": str(tmp_path), "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = []
    assert house.stdout is not None
    try:
        url = ""
        while not (url and any("Nothing is trained" in line for line in said)):
            said.append(house.stdout.readline())
            assert said[-1], said
            if found := re.search(r"http://localhost:\d+", said[-1]):
                url = found[0].replace("localhost", "127.0.0.1")
        assert any(line.startswith("There is no data set /nowhere/at/all") for line in said)
        ready = httpx.get(f"{url}/ready", timeout=30)
        assert ready.status_code == 503
        assert "There is no data set /nowhere/at/all" in ready.json()["reason"]
    finally:
        house.terminate()
        house.wait(30)
        house.stdout.close()
    assert "Traceback" not in "".join(said)
