"""Learning one rating at a time: reproducible, beside frozen copies, and sensible with one person or one opinion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models import registry
from recommender.models.abilities import Doubts, Learns
from recommender.training.online import OnlineRecommender
from tests.models.planted import Planted, history, plant

pytestmark = pytest.mark.parametrize("slug", ["ftrl", "adpredictor"])


@pytest.fixture(scope="module")
def planted() -> Planted:
    """The small world that every model learns."""
    return plant()


def trained(slug: str, planted: Planted, **settings: float) -> OnlineRecommender:
    """A model that has learnt the planted world."""
    cls = registry.model_class(slug)
    model = cls(cls.Config(**{**cls.quick, **settings})).fit(planted.interactions, planted.catalog)
    assert isinstance(model, OnlineRecommender)
    return model


def taught(model: OnlineRecommender, planted: Planted) -> OnlineRecommender:
    """A copy that learned the first two walks, rating by rating."""
    learner = model.awake()
    for items, stars, _ in planted.walks[:2]:
        for n, item in enumerate(items):
            learner.learn(Histories.of([history(items[:n], stars[:n])]), item, stars[n])
    return learner


def same(one: OnlineRecommender, other: OnlineRecommender) -> bool:
    """Whether everything that two models have learned is equal to the bit."""
    first, second = one.state(), other.state()
    return first.keys() == second.keys() and all(np.array_equal(first[name], second[name]) for name in first)


def test_the_same_ratings_make_the_same_model(slug: str, planted: Planted) -> None:
    model = trained(slug, planted)
    one, other = taught(model, planted), taught(model, planted)
    assert same(one, other)
    assert not same(one, model)
    assert one.learned == model.learned + 12 == len(planted.interactions) + 12


def test_it_can_say_what_it_learns_and_what_it_doubts(slug: str, planted: Planted) -> None:
    model = trained(slug, planted)
    assert isinstance(model, Learns)
    assert isinstance(model, Doubts) is (slug == "adpredictor")


def test_neither_what_it_was_copied_from_nor_a_frozen_copy_changes(slug: str, planted: Planted) -> None:
    model = trained(slug, planted)
    before = {name: array.copy() for name, array in model.state().items()}
    learner = model.awake()
    frozen = learner.frozen()
    kept = frozen.score(planted.histories())
    items, stars, _ = planted.walks[0]
    learner.learn(Histories.of([history(items, stars)]), planted.rings[1][0], 5.0)
    assert np.array_equal(frozen.score(planted.histories()), kept)
    assert not np.array_equal(learner.score(planted.histories()), kept)
    assert all(np.array_equal(before[name], array) for name, array in model.state().items())


def test_frozen_copies_take_over_memory_only_from_those_that_nobody_holds(slug: str, planted: Planted) -> None:
    learner = trained(slug, planted).awake()
    people, held, kept = planted.histories(), [], []
    for turn, item in enumerate(planted.rings[1][:8]):
        learner.learn(Histories.of([planted.walks[turn]]), item, 5.0)
        copied = learner.frozen()
        if turn % 3 == 0:
            held.append(copied)
            kept.append(copied.score(people))
    assert [np.array_equal(one.score(people), scores) for one, scores in zip(held, kept, strict=True)] == [True] * 3
    where = {id(vector) for vector in copied.vectors.values()}
    del copied
    assert {id(vector) for vector in learner.frozen().vectors.values()} == where


def test_a_lesson_tells_what_was_guessed_and_moved_and_can_be_taken_back(slug: str, planted: Planted) -> None:
    model = trained(slug, planted).awake()
    before = model.frozen()
    items, stars, _ = planted.walks[0]
    added = planted.cold[0]
    lesson = model.learn(Histories.of([history(items, stars)]), added, 5.0)
    assert lesson is not None
    assert (lesson.item, lesson.stars, lesson.yes) == (added, 5.0, True)
    assert 0 < lesson.guessed < 1
    assert lesson.count >= len(lesson.moved) > 0
    steps = [abs(moved.after - moved.before) for moved in lesson.moved]
    assert steps == sorted(steps, reverse=True)
    people = Histories.of([history(items, stars)])
    if isinstance(model, Doubts):
        assert lesson.doubt == pytest.approx([one.uncertainty(people)[0, added] for one in (before, model)], rel=1e-4)
        assert lesson.doubt[1] < lesson.doubt[0]
    else:
        assert lesson.doubt is None
    assert model.score(people)[0, added] > before.score(people)[0, added], "told that it was a yes, it expects one"
    for name, was in lesson.before.items():
        model.vectors[name][lesson.at] = was
    assert np.array_equal(model.score(planted.histories()), before.score(planted.histories()))


def test_changed_stars_teach_only_when_the_answer_changes(slug: str, planted: Planted) -> None:
    model = trained(slug, planted).awake()
    items, stars, _ = planted.walks[0]
    assert model.learn(Histories.of([history(items, stars)]), items[2], 3.0) is None, "a yes stays a yes"
    assert same(model, trained(slug, planted))
    changed = model.learn(Histories.of([history(items, stars)]), items[2], 1.0)
    assert changed is not None
    assert not changed.yes
    without = trained(slug, planted).awake()
    rest = [item for item in items if item != items[2]]
    without.learn(Histories.of([history(rest)]), items[2], 1.0)
    assert same(model, without), "what is rated is not read beside itself"


def test_training_takes_the_newest_in_the_order_of_time(slug: str, planted: Planted) -> None:
    """Ratings too old to be learned are still read of the person who gave them."""
    log = planted.interactions
    shuffled = trained(slug, planted, newest=10)
    assert shuffled.learned == 10
    learner = trained(slug, planted, newest=1)
    newest = int(np.argsort(log.timestamp, kind="stable")[-1])
    assert log.user[newest] == log.n_users - 1
    assert learner.learned == 1


@pytest.mark.parametrize("stars", [5.0, 2.5, 0.5])
def test_all_ratings_equal(slug: str, stars: float, planted: Planted) -> None:
    """Then only what is watched can be learned, and against it nothing but what is not."""
    log = replace(planted.interactions, rating=np.full(len(planted.interactions), stars, np.float32))
    cls = registry.model_class(slug)
    scores = cls(cls.Config(**cls.quick)).fit(log, planted.catalog).score(planted.histories())
    assert np.isfinite(scores).all()


@pytest.mark.parametrize("negatives", [0, 4])
def test_one_person_alone(slug: str, negatives: int, planted: Planted) -> None:
    alone = planted.interactions.select(planted.interactions.user == 0)
    cls = registry.model_class(slug)
    model = cls(cls.Config(**{**cls.quick, "negatives": negatives})).fit(alone, planted.catalog)
    assert np.isfinite(model.score(planted.histories())).all()
