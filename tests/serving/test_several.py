"""Several models trained at the same time: as one after the other, told of while they learn, and all or an error."""

from __future__ import annotations

import threading
from collections.abc import Mapping

import pytest

from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.models.registry import model_class
from recommender.serving import several
from recommender.serving.artifacts import ArtifactStore, Version
from recommender.serving.several import at_once, texts_apart, train_several
from recommender.serving.training import train

SETTINGS = {**model_class("gru4rec").quick, "epochs": 2, "validation_people": 20}
MODELS = ("gru4rec", "sasrec")


def together(dataset: Dataset, store: ArtifactStore, **settings: object) -> tuple[list[Version], set[str]]:
    """Two networks side by side, and who was told of."""
    heard: set[str] = set()

    def watch(slug: str, step: int, total: int, metrics: Mapping[str, float]) -> None:
        assert threading.current_thread() is not threading.main_thread()
        heard.add(slug)

    return list(train_several(MODELS, dataset, store, SETTINGS | settings, 2, watch, "cpu")), heard


def test_each_is_published_and_told_of(dataset: Dataset, store: ArtifactStore) -> None:
    versions, heard = together(dataset, store)
    assert sorted(version.slug for version in versions) == sorted(MODELS) == sorted(heard)
    for version in versions:
        assert store.current(version.slug) == version
        assert version.manifest().config["epochs"] == 2


def test_with_one_thread_each_they_learn_what_one_alone_learns(dataset: Dataset, store: ArtifactStore) -> None:
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        alone = train("gru4rec", dataset, store, SETTINGS, device="cpu")
    finally:
        torch.set_num_threads(before)
    versions, _ = together(dataset, store)
    beside = next(version for version in versions if version.slug == "gru4rec")
    if several.cpu_count() <= 3:  # else they have more threads, and sums of another order
        assert beside.manifest().sha256 == alone.manifest().sha256


def test_an_error_comes_through_as_it_is(dataset: Dataset, store: ArtifactStore) -> None:
    with pytest.raises(MarqueeError, match="has no setting nonsense"):
        together(dataset, store, nonsense=1)


@pytest.mark.parametrize(
    ("models", "jobs", "gpu", "expected"),
    [(1, None, False, 1), (9, None, False, 3), (9, 2, False, 2), (9, 7, False, 7), (3, 7, False, 3), (9, 7, True, 1)],
)
def test_as_many_at_once_as_there_are_cores(
    models: int, jobs: int | None, gpu: bool, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(several, "cpu_count", lambda: 3)
    monkeypatch.setattr("torch.cuda.is_available", lambda: gpu)
    assert at_once(models, jobs, "auto") == expected
    assert at_once(models, jobs, "cpu") == (min(models, jobs or 3))


def test_under_torchrun_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert at_once(9, 4, "cpu") == 1


def test_texts_are_worked_out_by_one_while_others_learn_without_them() -> None:
    assert texts_apart(["bpr", "cdl", "cease", "gru4rec", "twotower"]) == ["cdl", "bpr", "gru4rec", "cease", "twotower"]
    assert texts_apart(["gru4rec", "bpr"]) == ["gru4rec", "bpr"]


def test_it_is_in_that_order_that_they_begin(
    dataset: Dataset, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Told by leaving one out, since which of two side by side ends first is chance."""
    monkeypatch.setattr(several, "texts_apart", lambda slugs: list(slugs)[1:])
    assert [version.slug for version in together(dataset, store)[0]] == [MODELS[1]]
