"""Training for a store: what is kept while it lasts, what stands beside the version, what is forgotten."""

from __future__ import annotations

import csv
from collections.abc import Mapping

import pytest
import torch

from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled
from recommender.models.registry import model_class
from recommender.serving import unfinished
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from recommender.training import checkpoint
from recommender.training.log import FILE
from tests.serving.conftest import Train

SETTINGS = model_class("gru4rec").quick | {"epochs": 3, "validation_people": 20}


def test_how_it_went_stands_beside_the_version_and_nothing_depends_on_it(publish: Train) -> None:
    version = publish("gru4rec", **SETTINGS)
    with (version.folder / FILE).open(encoding="utf-8") as rows:
        assert [row["epoch"] for row in csv.DictReader(rows)] == ["1.0", "2.0", "3.0"]
    assert FILE not in version.manifest().sha256
    (version.folder / FILE).write_text("opened in a spreadsheet, and saved")
    version.load()
    (version.folder / FILE).unlink()
    version.load()


def test_a_model_without_epochs_has_no_such_file(publish: Train) -> None:
    assert not (publish("markov").folder / FILE).exists()


def test_what_is_over_leaves_nothing(publish: Train, store: ArtifactStore) -> None:
    publish("gru4rec", **SETTINGS)
    assert not unfinished.place(store.root, "gru4rec").exists()


def test_what_is_cancelled_leaves_nothing(dataset: Dataset, store: ArtifactStore) -> None:
    left: list[bool] = []

    def cancel(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if metrics.get("epoch") == 2:
            left.append((unfinished.place(store.root, "gru4rec") / checkpoint.FILE).is_file())
            raise Cancelled

    with pytest.raises(Cancelled):
        train("gru4rec", dataset, store, SETTINGS, cancel)
    assert left == [True], "there was a checkpoint"
    assert not unfinished.place(store.root, "gru4rec").exists()


def test_what_broke_off_goes_on(dataset: Dataset, store: ArtifactStore, publish: Train) -> None:
    whole = publish("gru4rec", **SETTINGS)
    began: list[int] = []

    def broken(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if metrics.get("epoch") == 2:
            raise RuntimeError("the lights went out")

    with pytest.raises(RuntimeError):
        train("gru4rec", dataset, store, SETTINGS, broken)
    again = train("gru4rec", dataset, store, SETTINGS, lambda step, *_: began.append(step))
    assert began[0] > 0
    assert again.manifest().sha256 == whole.manifest().sha256


def test_the_device_is_that_which_was_asked_for(dataset: Dataset, store: ArtifactStore) -> None:
    if torch.cuda.is_available():
        pytest.skip("this machine has a GPU")
    with pytest.raises(MarqueeError, match="no CUDA device"):
        train("gru4rec", dataset, store, SETTINGS, device="cuda")
