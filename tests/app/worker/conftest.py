"""A workshop over six ratings, and jobs done in it without a worker."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from app.worker import work
from app.worker.shop import Shop
from db import jobs


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """A workshop over six ratings."""
    data = tmp_path / "six.csv"
    data.write_text("user_id,movie_id,rating,timestamp\n1,1,4,1\n1,2,5,2\n1,3,3,3\n2,1,4,1\n2,3,5,2\n3,2,1,1\n")
    monkeypatch.setenv("MARQUEE_DATA", str(data))
    monkeypatch.setenv("MARQUEE_HOME", str(tmp_path / "home"))
    for name in ("DATABASE_URL", "REDIS_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setitem(
        sys.modules, "__main__", ModuleType("__main__")
    )  # AppTest leaves its script there; a bench would run it
    opened = Shop.open()
    yield opened
    opened.database.close()


def do(shop: Shop, kind: jobs.Kind, model: str, **settings: object) -> jobs.Job:
    """Ask for a job, do it here, and say how it ended."""
    with shop.database.session() as session:
        asked = jobs.enqueue(session, kind, model, settings)
        while (job := jobs.claim(session, "me")) is not None and job.id != asked.id:
            jobs.finish(session, job.id, "me", "done")
    assert job is not None
    work.run(shop, job, "me")
    with shop.database.reading() as session:
        return jobs.get(session, asked.id)
