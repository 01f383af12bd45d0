"""Real workers in processes of their own, over a data set that trains in a second."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import psutil
import pytest

from app import jobs as desk
from app.settings import Settings
from db import Database, connect, jobs
from db.jobs import Job
from recommender.data.sources import load
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from tests.db.conftest import database, postgres, url  # noqa: F401  (fixtures: both databases)

ROOT = Path(__file__).parents[2]
SLOW = {"epochs": 10_000, "factors": 2_048}
"""Settings with which BPR trains for minutes even here."""
DEADLINE_SECONDS = 240.0


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for something to become true; fail in words when it does not."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"waited {DEADLINE_SECONDS:.0f} s in vain for {what}"
        time.sleep(0.05)


@dataclass
class Room:
    """A home with a small data set, and the workers in it."""

    home: Path
    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    workers: list[subprocess.Popen[str]] = field(default_factory=list)

    @property
    def settings(self) -> Settings:
        return Settings(
            MARQUEE_DATA=str(self.data),
            MARQUEE_HOME=self.home,
            DATABASE_URL=None,
            REDIS_URL=self.environment.get("REDIS_URL"),
        )

    @property
    def store(self) -> ArtifactStore:
        return ArtifactStore(self.settings.models)

    def database(self) -> Database:
        opened = connect(self.settings.database_url)
        opened.migrate()
        return opened

    def engine(self) -> Engine:
        data = load(self.data)
        return Engine(data.catalog, data.interactions, self.store)

    def run(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """Start `python -m app.worker`."""
        outside = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        mine = {
            "MARQUEE_MODELS": "classic",
            "MARQUEE_DATA": str(self.data),
            "MARQUEE_HOME": str(self.home),
            "PYTHONUNBUFFERED": "1",
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "app.worker", *arguments],
            cwd=ROOT,
            env=outside | mine | self.environment | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.workers.append(process)
        return process

    def jobs(self) -> list[Job]:
        """All jobs, oldest first."""
        with self.database().reading() as session:
            return sorted(jobs.latest(session).values(), key=lambda job: job.id)

    def job(self, job_id: int) -> Job:
        with self.database().reading() as session:
            return jobs.get(session, job_id)

    def ask(self, model: str, **changes: object) -> int:
        return desk.ask(self.database(), self.settings, "train", {model: changes})[0].id

    def until(self, job_id: int, *states: str) -> Job:
        """Wait for a job to come into one of these states."""
        until(lambda: self.job(job_id).state in states, f"job {job_id} to be {' or '.join(states)}")
        return self.job(job_id)

    def until_training(self, job_id: int) -> None:
        """Wait until a job is in the middle of its work."""
        until(lambda: self.job(job_id).step > 0, f"job {job_id} to make a step")

    def until_idle(self) -> None:
        """Wait for the first start to be over; no job may fail in it."""

        def over() -> bool:
            found = self.jobs()
            bad = [(job.kind, job.model, job.reason) for job in found if job.state in ("failed", "cancelled")]
            assert not bad, bad
            return len(found) == 2 * len(registry.matching("classic")) and all(job.state == "done" for job in found)

        until(over, "everything to be trained and measured")

    def benches(self, worker: subprocess.Popen[str]) -> list[psutil.Process]:
        """The processes in which a worker trains."""
        return [child for child in psutil.Process(worker.pid).children() if trains(child)]


def trains(child: psutil.Process) -> bool:
    """Whether it is alive, and not the helper that Python starts beside a process."""
    try:
        return "resource_tracker" not in " ".join(child.cmdline())
    except psutil.NoSuchProcess:  # gone, or about to be, between the list and the look
        return False


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty people and 120 movies."""
    random = np.random.default_rng(0)
    rows = [
        f"{user},{movie},{random.integers(1, 11) / 2},{1_000_000_000 + user * 1_000 + place}"
        for user in range(60)
        for place, movie in enumerate(random.choice(120, 25, replace=False))
    ]
    path = tmp_path_factory.mktemp("data") / "small.csv"
    path.write_text("\n".join(["user_id,movie_id,rating,timestamp", *rows]))
    return path


@pytest.fixture(scope="session")
def trained_home(data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home after its first start, to be copied."""
    room = Room(tmp_path_factory.mktemp("trained") / "home", data)
    process = room.run("--once")
    output, _ = process.communicate()
    assert process.returncode == 0, output
    return room.home


@pytest.fixture
def room(data: Path, tmp_path: Path) -> Iterator[Room]:
    """An empty home; whatever runs in it is ended after the test."""
    place = Room(tmp_path / "home", data)
    yield place
    for worker in place.workers:
        if worker.poll() is None:
            worker.terminate()
            worker.wait(30)
        assert worker.stdout is not None
        worker.stdout.close()


@pytest.fixture
def trained(room: Room, trained_home: Path) -> Room:
    """A home in which everything is trained and measured."""
    shutil.copytree(trained_home, room.home)
    return room
