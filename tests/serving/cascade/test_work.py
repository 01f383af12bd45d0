"""Operations of an answer: what PyTorch counts is what the paper's shapes say."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from recommender.models.generative.hstu import HSTU
from recommender.serving.answers import Person
from recommender.serving.artifacts import Version
from recommender.serving.cascade import work
from recommender.serving.cascade.work import on_gpu, operations
from recommender.serving.engine import Engine
from tests.serving.conftest import seated


def test_hstu_by_its_shapes(publish: Callable[..., Version], open_engine: Callable[[], Engine], walker: Person) -> None:
    """Per block of T tokens of width d: f1 8 T d², Q Kᵀ and A V 2 T² d each, f2 2 T d²; at the end 2 n d for n movies."""
    publish("hstu", epochs=1)
    engine = open_engine()
    model = seated(engine, "hstu")
    assert isinstance(model, HSTU)
    T, d, n = 2 * len(walker.items), model.config.dim, len(engine.catalog)
    block = 8 * T * d**2 + 4 * T**2 * d + 2 * T * d**2
    assert operations(model, walker) == model.config.blocks * block + 2 * n * d


def test_only_networks_are_counted(
    publish: Callable[..., Version], open_engine: Callable[[], Engine], person: Callable[..., Person]
) -> None:
    publish("ease")
    assert operations(seated(open_engine(), "ease"), person([1, 2])) is None


def test_without_a_gpu_nothing_is_said_of_it(
    publish: Callable[..., Version], open_engine: Callable[[], Engine], person: Callable[..., Person]
) -> None:
    publish("ease")
    assert on_gpu(seated(open_engine(), "ease"), person([1, 2]), 1) is None


def test_the_share_of_a_gpu_is_of_what_it_does_in_one_large_product(
    publish: Callable[..., Version],
    open_engine: Callable[[], Engine],
    walker: Person,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Half the operations of the product in twice its time are a quarter."""
    publish("hstu", epochs=1)
    model = seated(open_engine(), "hstu")
    monkeypatch.setattr(work, "GPU", "cpu")
    monkeypatch.setattr(work, "SIDE", 64)
    monkeypatch.setattr(work.torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(work.torch.cuda, "get_device_name", lambda device: "Imagined")
    seconds = iter([0.002, 0.001])

    def taken(calls: Callable[[], object]) -> float:
        calls()
        return next(seconds)

    monkeypatch.setattr(work, "_seconds", taken)
    found = on_gpu(model, walker, 64**3)
    assert found is not None
    assert (found.device, found.milliseconds, found.share) == ("Imagined", 2.0, pytest.approx(0.25))
