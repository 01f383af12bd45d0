"""The time machine: every list of the past is the one that would have been shown then, and nothing of the future is in it."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Histories
from recommender.models import registry
from recommender.serving.answers import Person
from recommender.serving.replay import STEPS, replay
from tests.models.planted import Planted
from tests.serving.conftest import Open, Somebody, Train

N_ITEMS = 6


def successor(histories: Histories) -> np.ndarray:
    """A model worked out by hand: the item after the last one is best, then the one after that, round the ring of six."""
    last = histories.items[histories.offsets[1:] - 1]
    return (-((np.arange(N_ITEMS)[None, :] - last[:, None] - 1) % N_ITEMS)).astype(np.float32)


def unseen(known: Person, row: np.ndarray) -> tuple[np.ndarray, str | None]:
    """The model's own list, without what was rated."""
    scores = row.copy()
    scores[known.items] = -np.inf
    return scores, None


def test_lists_ranks_and_the_next_movie_by_hand(person: Somebody) -> None:
    first, second, third = replay(successor, unseen, person([0, 1, 4]), k=3)
    assert (first.known, first.items.tolist(), first.following, first.rank) == (1, [1, 2, 3], 1, 1)
    assert (second.known, second.items.tolist(), second.following, second.rank) == (2, [2, 3, 4], 4, 3)
    assert (third.known, third.items.tolist(), third.following, third.rank) == (3, [5, 2, 3], None, None)


def test_a_movie_that_is_rated_again_has_no_rank(person: Somebody) -> None:
    moments = replay(successor, unseen, person([2, 3, 2]), k=2)
    assert [moment.rank for moment in moments] == [1, None, None]


def test_only_the_last_ratings_are_steps_but_all_are_known(person: Somebody) -> None:
    asked = []

    def score(histories: Histories) -> np.ndarray:
        asked.append(histories.lengths.tolist())
        return successor(histories)

    count = STEPS + 40
    moments = replay(score, unseen, person([place % N_ITEMS for place in range(count)]), k=2)
    assert asked == [list(range(40, count + 1))], "one ragged batch"
    assert [moment.known for moment in moments] == asked[0]


@pytest.mark.parametrize("slug", registry.matching("classic,sasrec"))
def test_every_step_is_the_answer_for_those_ratings_alone(
    slug: str, open_engine: Open, publish: Train, person: Somebody, planted: Planted
) -> None:
    publish(slug)
    engine = open_engine()
    items = [planted.rings[0][0], *planted.rings[1][:2], *planted.rings[0][3:6]]
    stars = [2.5, 1.0, 3.0, 5.0, 4.0, 0.5]  # neutral first: some models know nothing of such a person
    moments = engine.replay(person(items, stars), slug, k=8)
    assert [moment.known for moment in moments] == [1, 2, 3, 4, 5, 6]
    for moment in moments:
        then = person(items[: moment.known], stars[: moment.known])
        answer = engine.answer(then, [slug], k=8)[slug]
        assert moment.items.tolist() == answer.items.tolist()
        assert moment.fallback == answer.fallback
        if moment.known < len(items):
            assert moment.following == items[moment.known]
            assert moment.rank == engine.ranks(then, slug, items[moment.known])
        else:
            assert (moment.following, moment.rank) == (None, None)


def test_it_is_worked_out_once_per_history_and_version(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("ease")
    engine = open_engine()
    model = next(served.model for served in engine.served() if served.card.slug == "ease")
    scored, score = [], model.score
    monkeypatch.setattr(model, "score", lambda histories: scored.append(len(histories)) or score(histories))
    someone = person(planted.walks[0][0])
    assert engine.replay(someone, "ease") is engine.replay(someone, "ease")
    assert scored == [len(someone.items)]
    engine.replay(person([*planted.walks[0][0], planted.blank]), "ease")
    assert len(scored) == 2


def test_without_ratings_model_or_luck_there_is_nothing_to_replay(
    open_engine: Open, publish: Train, person: Somebody, planted: Planted, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish("ease")
    engine = open_engine()
    assert engine.replay(person(planted.walks[0][0]), "nosuchmodel") == []
    assert [moment.known for moment in engine.replay(person([]), "ease")] == []
    model = next(served.model for served in engine.served() if served.card.slug == "ease")
    with monkeypatch.context() as patched:
        patched.setattr(model, "score", lambda histories: np.full((len(histories), len(engine.catalog)), np.nan))
        assert engine.replay(person(planted.walks[0][0]), "ease") == []
        assert [problem.sentence for problem in engine.problems()] == ["EASE could not answer just now."]
    assert engine.replay(person(planted.walks[0][0]), "ease")
    assert engine.problems() == []
