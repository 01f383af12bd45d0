"""The engine answers every model for one person at once, remembers and explains."""

from __future__ import annotations

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from recommender.data import Histories
from recommender.data.dataset import Dataset
from recommender.models import registry
from recommender.serving.answers import Person, agreement
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train, seated


def test_the_house_opens_with_popularity_before_anything_was_trained(open_engine: Open, walker: Person) -> None:
    engine = open_engine()
    assert [served.card.slug for served in engine.served()] == ["popularity"]
    answer = engine.answer(walker, ["popularity", "ease"], k=5)["popularity"]
    assert len(answer.items) == 5
    assert answer.fallback is None
    assert engine.problems() == []


def test_every_model_answers_in_one_call(open_engine: Open, publish: Train, walker: Person) -> None:
    for slug in registry.names():
        publish(slug)
    answers = open_engine().answer(walker, registry.names(), k=10)
    assert list(answers) == registry.names()
    for answer in answers.values():
        assert len(answer.items) == len(set(answer.items.tolist())) == 10
        assert not np.isin(answer.items, walker.items).any()
        assert (np.diff(answer.scores) <= 0).all()
        assert answer.milliseconds >= 0


def test_the_list_is_the_models_own(open_engine: Open, publish: Train, walker: Person) -> None:
    version = publish("ease")
    answer = open_engine().answer(walker, ["ease"], k=100)["ease"]
    scores = version.load().score(walker.histories())[0]
    assert answer.version == version.name
    assert np.allclose(answer.scores, scores[answer.items], atol=1e-6)
    assert set(answer.items.tolist()) == set(range(len(scores))) - set(walker.items.tolist())


def test_new_versions_are_noticed_without_a_restart(
    open_engine: Open, publish: Train, store: ArtifactStore, walker: Person
) -> None:
    engine = open_engine()
    assert engine.refresh() is False
    first = publish("ease", regularization=1.0)
    assert engine.refresh() is True
    before = engine.answer(walker, ["ease"])["ease"]
    second = publish("ease", regularization=500.0)
    assert engine.refresh() is True
    after = engine.answer(walker, ["ease"])["ease"]
    assert (before.version, after.version) == (first.name, second.name)
    assert not np.array_equal(before.scores, after.scores), "nothing of the old version is remembered for the new one"
    store.activate("ease", first.name)
    assert engine.refresh() is True
    assert np.array_equal(engine.answer(walker, ["ease"])["ease"].scores, before.scores)
    assert engine.refresh() is False


def test_answers_are_remembered_by_person_and_version(
    open_engine: Open, publish: Train, planted: Planted, person: Somebody, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("ease")
    engine = open_engine()
    model, scored = seated(engine, "ease"), []
    score = model.score
    monkeypatch.setattr(model, "score", lambda histories: scored.append(len(histories)) or score(histories))
    someone = person(planted.walks[0][0])
    one = engine.answer(someone, ["ease"], k=5)["ease"]
    same = engine.answer(someone, ["ease"], k=7)["ease"]
    engine.ranks(someone, "ease", planted.blank)
    assert len(scored) == 1
    assert np.array_equal(one.items, same.items[:5])
    engine.answer(person([*planted.walks[0][0], planted.blank]), ["ease"])
    assert len(scored) == 2, "another history is another person"
    engine.explain(someone, "ease", one.items.tolist())
    engine.explain(someone, "ease", one.items.tolist())
    assert len(scored) == 3


@pytest.mark.parametrize(
    ("ratings", "reason"),
    [
        ([], "you have not rated anything yet"),
        ([(0, 2.5)], "none of your ratings tells this model anything"),
        ([(0, 5.0)], None),
    ],
)
def test_it_says_why_it_fell_back_to_popularity(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted, ratings: list, reason: str | None
) -> None:
    publish("ease")
    engine = open_engine()
    someone = person([planted.rings[0][item] for item, _ in ratings], [stars for _, stars in ratings])
    answers = engine.answer(someone, ["ease", "popularity"], k=8)
    assert answers["ease"].fallback == reason
    assert answers["popularity"].fallback is None
    assert np.array_equal(answers["ease"].items, answers["popularity"].items) is (reason is not None)
    assert bool(engine.explain(someone, "ease", answers["ease"].items.tolist())) is (reason is None)


def test_too_few_ratings_for_a_model(
    open_engine: Open, publish: Train, walker: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("ease")
    cls = registry.model_class("ease")
    monkeypatch.setattr(cls, "card", cls.card.model_copy(update={"min_history": 7}))
    assert open_engine().answer(walker, ["ease"])["ease"].fallback == "6 ratings are too few for this model"
    monkeypatch.setattr(cls, "card", cls.card.model_copy(update={"min_history": 2}))
    one = Person(walker.items[:1], walker.ratings[:1], walker.timestamps[:1], "one")
    assert open_engine().answer(one, ["ease"])["ease"].fallback == "one rating is too few for this model"


@pytest.mark.parametrize("slug", [card.slug for card in registry.cards() if card.personal])
def test_explanations_are_exactly_what_leaving_a_rating_out_does(
    slug: str, open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    model = publish(slug).load()
    items, stars = [*planted.rings[0][:4], planted.rings[1][0]], [5.0, 3.0, 4.0, 2.5, 1.0]
    someone, shown = person(items, stars), planted.rings[0][4:6]
    found = open_engine().explain(someone, slug, shown, top=5)
    whole = model.score(someone.histories())[0]
    for item in shown:
        expected = {}
        for n, left_out in enumerate(items):
            rest = [place for place in range(5) if place != n]
            less = model.score(Histories.of([(someone.items[rest], someone.ratings[rest], someone.timestamps[rest])]))[
                0
            ]
            effect = (whole[item] - less[item]) / whole.std()
            if effect > 1e-4:
                expected[left_out] = effect
        reasons = {reason.item: reason.effect for reason in found[item] if reason.effect > 1e-4}
        assert reasons == pytest.approx(expected, abs=2e-4)
        effects = [reason.effect for reason in found[item]]
        assert effects == sorted(effects, reverse=True)


def test_for_a_linear_model_the_effect_is_its_weight(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    model = publish("ease").load()
    items, target = planted.rings[0][:3], planted.rings[0][3]
    someone = person(items)
    weights = model.score(Histories.of([([item], [5], [0]) for item in items]))[:, target]
    spread = model.score(someone.histories())[0].std()
    reasons = open_engine().explain(someone, "ease", [target])[target]
    expected = {item: weight / spread for item, weight in zip(items, weights.tolist(), strict=True) if weight > 0}
    assert {reason.item: reason.effect for reason in reasons} == pytest.approx(expected, abs=1e-4)


def test_ranks_are_places_in_the_list(open_engine: Open, publish: Train, walker: Person, person: Somebody) -> None:
    publish("ease")
    engine = open_engine()
    for someone in (walker, person([])):
        items = engine.answer(someone, ["ease"], k=1_000)["ease"].items
        assert [engine.ranks(someone, "ease", int(item)) for item in items] == list(range(1, len(items) + 1))
    assert engine.ranks(walker, "ease", int(walker.items[0])) is None
    assert engine.ranks(walker, "nosuchmodel", 0) is None


def test_similar_movies_share_the_taste(open_engine: Open, publish: Train, planted: Planted) -> None:
    publish("itemknn")
    engine = open_engine()
    movie = planted.rings[1][5]
    answer = engine.similar("itemknn", movie, k=4)
    assert answer is not None
    assert set(answer.items.tolist()) <= set(planted.rings[1]) - {movie}
    assert engine.similar("ease", movie, k=4) is None


def test_the_most_different_model_agrees_least(open_engine: Open, publish: Train, walker: Person) -> None:
    for slug in ("ease", "itemknn"):
        publish(slug)
    engine = open_engine()
    answers = engine.answer(walker, ["ease", "itemknn", "popularity"], k=6)
    assert engine.most_different(walker, "ease", k=6) == "popularity"
    assert engine.most_different(walker, "nosuchmodel", k=6) == "nosuchmodel"
    assert engine.agreement(answers, k=6) == agreement(answers, 6) < 1
    assert agreement({"ease": answers["ease"]}) == 1


def test_training_for_nobody_is_one_sentence(dataset: Dataset, store: ArtifactStore) -> None:
    empty = Dataset("empty", dataset.catalog, dataset.interactions.select(np.zeros(len(dataset.interactions), bool)))
    with pytest.raises(Exception, match="empty has no ratings, so there is nothing to learn from"):
        train("ease", empty, store)


def test_blas_works_in_one_thread_while_the_engine_is_open(open_engine: Open) -> None:
    with threadpool_limits(2, "blas"):
        open_engine()
        assert {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"} == {1}
