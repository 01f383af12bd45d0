"""What every network gets from the engine: rules on dislikes, unknown movies, empty and long histories, saving, answering in batches."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recommender.data import Histories, Interactions
from recommender.models.base import Cancelled
from recommender.training.recommender import REFRESHED_EPOCHS
from recommender.training.validation import hold_out
from tests.training.worlds import LastItem, config, histories, person, weights, world


@pytest.fixture(scope="module")
def model() -> LastItem:
    return LastItem(config()).fit(*world())


def test_it_learns_the_ring(model: LastItem) -> None:
    scores = model.score(histories(*(person([item]) for item in range(10))))
    assert scores.argmax(axis=1).tolist() == [*range(1, 10), 0]


def test_a_disliked_movie_is_not_read(model: LastItem) -> None:
    plain, with_dislike = person([1, 2]), person([1, 2, 7], [4.0, 4.0, 1.0])
    scores = model.score(histories(plain, with_dislike))
    assert np.array_equal(scores[0], scores[1])
    neutral = model.score(histories(person([1, 2, 7], [4.0, 4.0, 2.5])))
    assert not np.array_equal(scores[0], neutral[0])


def test_movies_never_met_are_not_read_and_stand_last(model: LastItem) -> None:
    scores = model.score(histories(person([3]), person([3, 10, 11])))
    assert np.array_equal(scores[0], scores[1])
    assert scores[0, 10:].max() < scores[0, :10].min()


def test_nothing_to_read_is_popularity(model: LastItem) -> None:
    scores = model.score(histories(person([]), person([11]), person([4, 5], 1.0)))
    assert np.array_equal(scores, np.tile(model.popular, (3, 1)))


def test_the_last_ratings_are_read_of_a_long_history(model: LastItem) -> None:
    long = [int(item) for item in np.random.default_rng(0).integers(0, 10, 10_000)]
    scores = model.score(histories(person(long), person(long[-6:])))
    np.testing.assert_allclose(scores[0], scores[1], rtol=1e-5)


def test_alone_and_among_six_hundred(model: LastItem) -> None:
    rng = np.random.default_rng(0)
    people = [person(rng.integers(0, 10, rng.integers(0, 9)).tolist()) for _ in range(600)]
    together = model.score(histories(*people))
    for index in (0, 299, 599):
        np.testing.assert_allclose(model.score(histories(people[index]))[0], together[index], rtol=1e-5, atol=1e-6)


def test_saved_arrays_are_used_where_they_lie(model: LastItem, tmp_path: Path) -> None:
    model.save(tmp_path)
    loaded = LastItem.load(tmp_path)
    read = histories(person([1, 2]))
    assert np.array_equal(model.score(read), loaded.score(read))
    state = {name: array.copy() for name, array in model.state().items()}
    fresh = LastItem(model.config)
    fresh.restore(state)
    state["net.items.weight"][:] = 0
    assert float(fresh.net.items.weight.abs().sum()) == 0, "the array itself, not a copy"


def test_weights_of_another_network_are_refused(model: LastItem) -> None:
    with pytest.raises(ValueError, match="another network"):
        LastItem(config(dim=8)).restore(model.state())


def test_buffers_may_have_shapes_of_their_own(tmp_path: Path) -> None:
    class WithGraph(LastItem):
        def prepare(self, network, histories, catalog):
            network.counts = torch.arange(float(len(histories.items)))

    fitted = WithGraph(config(epochs=1)).fit(*world())
    fresh = WithGraph(fitted.config)
    fresh.restore(fitted.state())
    assert torch.equal(fresh.net.counts, fitted.net.counts)


def test_settle_is_called_before_scores_are_asked_for() -> None:
    class Settling(LastItem):
        def settle(self, network):
            network.counts.fill_(float(network.turn.weight.detach().sum()))

    fitted = Settling(config(epochs=2)).fit(*world())
    assert fitted.net.counts[0].item() == pytest.approx(float(fitted.net.turn.weight.sum()))


def test_same_seed_same_weights_and_the_global_generator_is_left_alone() -> None:
    torch.manual_seed(7)
    before = torch.get_rng_state()
    one = weights(LastItem(config(epochs=3)).fit(*world()))
    assert torch.equal(torch.get_rng_state(), before)
    torch.manual_seed(8)
    two = weights(LastItem(config(epochs=3)).fit(*world()))
    other = weights(LastItem(config(epochs=3, seed=1)).fit(*world()))
    assert all(torch.equal(one[name], two[name]) for name in one)
    assert not torch.equal(one["items.weight"], other["items.weight"])


def test_a_cancelled_training_leaves_the_old_one() -> None:
    fitted = LastItem(config(epochs=2)).fit(*world())
    before, kept = weights(fitted), fitted.popular

    def cancel(step: int, total: int, metrics: object) -> None:
        if step > 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        fitted.fit(*world(people=9), cancel)
    assert fitted.popular is kept
    assert all(torch.equal(before[name], value) for name, value in fitted.net.state_dict().items())


def test_nobody_rated_twice() -> None:
    _, movies = world()
    ratings = Interactions.from_columns([1, 2, 3], [0, 0, 5], [4.0, 5.0, 3.0], [1, 2, 3])
    fitted = LastItem(config()).fit(ratings, movies)
    assert np.array_equal(fitted.score(histories(person([0])))[0], fitted.popular)


def test_held_out_ratings_are_not_learned_from() -> None:
    """Each last rating is of an item that occurs nowhere else: held out, it is not met."""
    _, movies = world()
    ratings = Interactions.from_columns([1] * 4 + [2] * 4, [0, 1, 2, 8, 0, 1, 2, 9], [4.0] * 8, [1, 2, 3, 4] * 2)
    held = LastItem(config(epochs=1, validation_people=10)).fit(ratings, movies)
    assert not held.known[[8, 9]].any()
    whole = LastItem(config(epochs=1, validation_people=0)).fit(ratings, movies)
    assert whole.known[[8, 9]].all()


def test_hold_out_takes_the_last_of_some() -> None:
    people = histories(person([1, 2, 3]), person([4, 5]), person([6, 7, 8, 9]))
    left, held = hold_out(people, 10, 0)
    assert left.items.tolist() == [1, 2, 4, 5, 6, 7, 8]
    assert held is not None
    assert held.items.tolist() == [3, 9]
    assert held.before.items.tolist() == [1, 2, 6, 7, 8]
    _, one = hold_out(people, 1, 0)
    assert one is not None
    assert len(one.items) == 1
    assert hold_out(people, 0, 0) == (people, None)


def test_ndcg_by_hand() -> None:
    """Ranks among unseen items: 1 and 2, so (1 + 1 / log2 3) / 2; the seen item scores best and does not count."""
    people = histories(person([0, 1, 2]), person([0, 1, 3]))
    _, held = hold_out(people, 10, 0)
    assert held is not None
    scores = np.array([[9.0, 8.0, 5.0, 4.0], [9.0, 8.0, 5.0, 4.0]], np.float32)
    ticks: list[int] = []
    assert held.ndcg(lambda _: scores.copy(), lambda: ticks.append(1)) == pytest.approx((1 + 1 / np.log2(3)) / 2)
    assert ticks


def test_of_equal_scores_the_middle_rank_counts() -> None:
    _, held = hold_out(histories(person([0, 1, 2])), 1, 0)
    assert held is not None
    assert held.ndcg(lambda _: np.zeros((1, 5), np.float32), lambda: None) == pytest.approx(1 / np.log2(3))


def test_the_future_is_not_read(model: LastItem) -> None:
    items = [1, 2, 3, 4, 5]
    prefixes = Histories.of([person(items[:n]) for n in range(1, 6)])
    together = model.score(prefixes)
    for n in range(1, 6):
        np.testing.assert_allclose(model.score(histories(person(items[:n])))[0], together[n - 1], rtol=1e-5)


def test_a_refresh_begins_with_what_was_learned_before(model: LastItem) -> None:
    interactions, catalog = world(people=41)
    still = LastItem(config(learning_rate=1e-12)).refresh(model, interactions, catalog)
    for name, value in still.net.named_parameters():
        torch.testing.assert_close(value, model.net.get_parameter(name))
    assert not np.array_equal(still.popular, model.popular), "what is counted is counted anew"


def test_a_refresh_takes_a_few_epochs_holds_nobody_out_and_keeps_the_settings(model: LastItem) -> None:
    told: list[dict[str, float]] = []
    interactions, catalog = world()
    fresh = LastItem(config(epochs=50, validation_people=10))
    fresh.refresh(model, interactions, catalog, lambda step, total, metrics: told.append(dict(metrics)))
    assert max(metrics.get("epoch", 0) for metrics in told) == REFRESHED_EPOCHS
    assert not any("ndcg@10" in metrics for metrics in told)
    assert fresh.config.epochs == 50


def test_weights_of_another_shape_begin_anew(model: LastItem) -> None:
    interactions, catalog = world()
    wider = LastItem(config(dim=2 * model.config.dim)).refresh(model, interactions, catalog)
    assert np.isfinite(wider.score(histories(person([1])))).all()
