"""A training that is killed on the command line goes on when the same is asked for again; torchrun trains one model in two processes."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from recommender.cli import main
from recommender.serving import unfinished
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.training import checkpoint, run
from recommender.training.log import FILE

ROOT = Path(__file__).parents[2]
TINY = ["dim=16", "max_length=8", "epochs=40", "patience=40", "validation_people=20"]
DEADLINE_SECONDS = 240.0


@pytest.fixture(scope="module")
def ratings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two hundred people and thirty movies."""
    rng = np.random.default_rng(0)
    rows = [
        (person, int(movie), 4.0, 1_000_000 + 60 * place)
        for person in range(200)
        for place, movie in enumerate(rng.choice(30, 12, replace=False))
    ]
    path = tmp_path_factory.mktemp("data") / "ratings.csv"
    pl.DataFrame(rows, schema=["user_id", "movie_id", "rating", "timestamp"], orient="row").write_csv(path)
    return path


def start(
    ratings: Path,
    out: Path,
    launcher: tuple[str, ...] = (),
    models: tuple[str, ...] = ("sasrec",),
    jobs: int | None = None,
) -> subprocess.Popen[str]:
    """`python -m recommender train ...`, in a process of its own."""
    command = [sys.executable, *launcher, "-m", "recommender", "train", *models, "--data", str(ratings)]
    command += ["--out", str(out), "--device", "cpu", "--seed", "3", "--set", *TINY]
    command += [] if jobs is None else ["--jobs", str(jobs)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(
        command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )


def finished(process: subprocess.Popen[str]) -> str:
    """What it printed; it must end well."""
    out, err = process.communicate(timeout=DEADLINE_SECONDS)
    assert process.returncode == 0, err[-3_000:]
    return out


def published(out: Path) -> Version:
    """The only version of the model."""
    (version,) = ArtifactStore(out).versions("sasrec")
    return version


def epochs(file: Path) -> list[dict[str, str]]:
    """epochs.csv."""
    with file.open(encoding="utf-8") as rows:
        return list(csv.DictReader(rows))


@pytest.fixture(scope="module")
def whole(ratings: Path, tmp_path_factory: pytest.TempPathFactory) -> Version:
    """A training that nobody killed."""
    out = tmp_path_factory.mktemp("whole") / "models"
    finished(start(ratings, out))
    return published(out)


def test_killed_in_mid_training_it_goes_on_and_ends_the_same(ratings: Path, whole: Version, tmp_path: Path) -> None:
    out = tmp_path / "models"
    place = unfinished.place(out, "sasrec")
    first = start(ratings, out)
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not (place / checkpoint.FILE).exists():
        assert first.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    first.send_signal(signal.SIGKILL)
    first.communicate()
    before = epochs(place / FILE)
    assert 1 <= len(before) < 40, "in the middle"
    assert ArtifactStore(out).current("sasrec") is None

    finished(start(ratings, out))
    version = published(out)
    for name, digest in whole.manifest().sha256.items():
        assert version.manifest().sha256[name] == digest, f"{name} is not what a training without a break makes"
    after = epochs(version.folder / FILE)
    assert after[: len(before) - 1] == before[:-1], "their seconds, too: these epochs were not run again"
    assert [row["epoch"] for row in after] == [row["epoch"] for row in epochs(whole.folder / FILE)]
    assert not place.exists(), "what is over leaves nothing"


def children(process: subprocess.Popen[str]) -> list[Path]:
    """Its processes, as folders of /proc that vanish with them."""
    ids = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [Path("/proc") / each for each in ids]


@pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="children are found in /proc")
def test_killed_with_two_at_once_neither_goes_on_alone(ratings: Path, whole: Version, tmp_path: Path) -> None:
    out, models = tmp_path / "models", ("sasrec", "gru4rec")
    first = start(ratings, out, models=models, jobs=2)
    places = [unfinished.place(out, slug) / checkpoint.FILE for slug in models]
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not all(place.exists() for place in places):
        assert first.poll() is None, "it ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.005)
    at_work = children(first)
    assert at_work
    first.send_signal(signal.SIGKILL)
    first.wait()
    while any(child.exists() for child in at_work):
        assert time.monotonic() < deadline, "somebody trains on for nobody"
        time.sleep(0.05)

    printed = finished(start(ratings, out, models=models, jobs=2))
    assert {line.split(":")[0] for line in printed.splitlines()} == set(models)
    assert published(out).manifest().sha256 == whole.manifest().sha256, "as one alone learns"


def test_torchrun_trains_in_two_processes_and_publishes_once(ratings: Path, tmp_path: Path) -> None:
    """The loss of TIGER does not read every weight."""
    out, models = tmp_path / "models", ("sasrec", "tiger")
    launcher = ("-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2")
    printed = finished(start(ratings, out, launcher, models))
    assert tuple(line.split(":")[0] for line in printed.splitlines()) == models, "the first process alone speaks"
    assert all(len(ArtifactStore(out).versions(slug)) == 1 for slug in models)
    assert len(published(out).load().popular) == 30  # type: ignore[attr-defined]
    assert not unfinished.place(out, "sasrec").exists()


def test_the_device_reaches_the_training(ratings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from recommender.models.classic.popularity import Popularity

    seen: list[run.Run] = []
    fit = Popularity.fit
    monkeypatch.setattr(Popularity, "fit", lambda self, *rest: seen.append(run.current()) or fit(self, *rest))
    with pytest.raises(SystemExit):
        main(["train", "popularity", "--data", str(ratings), "--out", str(tmp_path), "--device", "cpu"])
    assert seen == [run.Run("cpu", unfinished.place(tmp_path, "popularity"))]
    assert run.current() == run.Run()
