"""The engine in trouble: damaged versions, models that fail, versions that change while many ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog, Histories
from recommender.data.dataset import Dataset
from recommender.models import registry
from recommender.serving.answers import Person
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.engine import Engine
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train, seated


def test_a_damaged_version_gives_way_to_the_newest_sound_one(
    open_engine: Open, publish: Train, store: ArtifactStore, walker: Person
) -> None:
    oldest, sound, damaged = publish("ease"), publish("ease"), publish("ease")
    (damaged.folder / "arrays.safetensors").write_bytes(b"nonsense")
    engine = open_engine()
    answer = engine.answer(walker, ["ease"])["ease"]
    assert answer.version == max(oldest.name, sound.name)
    (problem,) = engine.problems()
    assert problem.slug == "ease"
    assert problem.sentence.count(".") >= 1
    assert "train the model again" in problem.sentence
    publish("ease")
    engine.refresh()
    assert engine.problems() == [], "the next sound version ends the problem"


def test_nothing_sound_leaves_the_other_models_serving(open_engine: Open, publish: Train, walker: Person) -> None:
    publish("markov")
    (publish("ease").folder / "manifest.json").unlink()
    engine = open_engine()
    assert set(engine.answer(walker, registry.names())) == {"markov", "popularity"}
    assert [problem.slug for problem in engine.problems()] == ["ease"]


def test_a_version_for_another_catalogue_is_refused(dataset: Dataset, store: ArtifactStore, publish: Train) -> None:
    publish("ease")
    other = Catalog.from_frame(dataset.catalog.frame.with_columns(pl.col("movie_id") + 1))
    engine = Engine(other, dataset.interactions, store)
    assert [problem.sentence for problem in engine.problems()] == [
        "EASE was trained for another catalogue; train it again."
    ]


@pytest.mark.parametrize("fault", ["raises", "no numbers"])
def test_a_failing_model_is_left_out_until_it_answers_again(
    fault: str, open_engine: Open, publish: Train, walker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("ease")
    publish("markov")
    engine = open_engine()

    def broken(histories: Histories) -> np.ndarray:
        if fault == "raises":
            raise RuntimeError("out of order")
        return np.full((len(histories), len(engine.catalog)), np.nan, np.float32)

    with monkeypatch.context() as patched:
        patched.setattr(seated(engine, "ease"), "score", broken)
        assert set(engine.answer(walker, ["ease", "markov"])) == {"markov"}
        assert engine.ranks(walker, "ease", 0) is None
        assert engine.explain(walker, "ease", [0]) == {}
        assert engine.similar("ease", 0, 3) is None
        assert engine.most_different(walker, "ease") == "ease"
        assert [problem.sentence for problem in engine.problems()] == ["EASE could not answer just now."]
    assert set(engine.answer(walker, ["ease", "markov"])) == {"ease", "markov"}
    assert engine.problems() == []


def test_without_any_ratings_a_personal_model_answers_for_an_empty_history(
    dataset: Dataset, store: ArtifactStore, publish: Train, person: Somebody
) -> None:
    publish("ease")
    nobody_yet = dataset.interactions.select(np.zeros(len(dataset.interactions), bool))
    answer = Engine(dataset.catalog, nobody_yet, store).answer(person([]), ["ease"], k=5)["ease"]
    assert len(answer.items) == 5
    assert answer.fallback == "you have not rated anything yet"


def test_threads_share_it_while_versions_change(
    open_engine: Open, publish: Train, store: ArtifactStore, planted: Planted, person: Somebody
) -> None:
    versions = [publish("ease", regularization=regularization) for regularization in (1.0, 100.0)]
    engine = open_engine()
    people = [person(items) for items, _, _ in planted.walks[:12]]
    expected = {
        (someone.version, version.name): version.load().score(someone.histories())[0]
        for someone in people
        for version in versions
    }

    def visit(turn: int) -> bool:
        if turn % 5 == 0:
            store.activate("ease", versions[turn // 5 % 2].name)
        engine.refresh()
        someone = people[turn % len(people)]
        answer = engine.answer(someone, ["ease", "popularity"], k=10)["ease"]
        right = expected[someone.version, answer.version][answer.items]
        return np.allclose(answer.scores, right, atol=1e-6)

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(visit, range(200)))
