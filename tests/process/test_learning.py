"""What models learn live is there again after SIGKILL: a process that begins anew becomes the same models."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.settings import Settings
from recommender.data.sources import load
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from tests.process.conftest import ROOT
from tests.process.pupil import LEARNERS

RATED = 12


def become(home: Path, data: Path, rated: int) -> list[str]:
    """What the models of a house became, from its opening through so many ratings; then it is killed."""
    environment = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.process.pupil", str(rated)],
        cwd=ROOT,
        env=environment | {"MARQUEE_HOME": str(home), "MARQUEE_DATA": str(data)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = [process.stdout.readline().strip() for _ in range(rated + 1)]
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()
    return told


@pytest.mark.timeout(120)
def test_a_house_that_was_killed_has_forgotten_nothing(tmp_path: Path, data: Path) -> None:
    settings = Settings(MARQUEE_DATA=str(data), MARQUEE_HOME=tmp_path, DATABASE_URL=None)
    for slug in LEARNERS:
        train(slug, load(data), ArtifactStore(settings.models))
    told = become(tmp_path, data, RATED)
    assert len({*told}) == RATED + 1, "every rating made other models, at once"
    assert become(tmp_path, data, 0) == told[-1:]
