"""DeepCoNN: the machine in two halves, what is drawn, and training on reviews, by hand."""

from __future__ import annotations

import numpy as np
import polars as pl
import torch

from recommender.data import Histories
from recommender.data.sources import assemble
from recommender.models.side_information.deepconn import DeepCoNN, DeepCoNNConfig, DeepCoNNNetwork, Half
from tests.models.histories import batch_of
from tests.models.planted import history


def test_two_halves_and_what_meets_are_the_machine_over_both() -> None:
    torch.manual_seed(0)
    u, i = Half(3, 2), Half(3, 2)
    x, y = torch.randn(3), torch.randn(3)
    z, w, V = torch.cat([x, y]), torch.cat([u.w, i.w]), torch.cat([u.V, i.V])
    pairs = sum((V[a] @ V[b]) * z[a] * z[b] for a in range(6) for b in range(a))
    (alone_u, met_u), (alone_i, met_i) = u(x), i(y)
    torch.testing.assert_close(alone_u + alone_i + met_u @ met_i, w @ z + pairs)


def test_a_person_is_the_strongest_of_the_phrases_of_their_movies() -> None:
    network = DeepCoNNNetwork(3, DeepCoNNConfig(dim=2, filters=2, dropout=0.0)).eval()
    phrases = torch.tensor([[1.0, 0.0], [0.0, 3.0], [2.0, 2.0], [9.0, 9.0]])  # the last row is the filling
    _, met = network.person(phrases, torch.tensor([[0, 1], [2, 3]]))
    expected = network.of_person(network.x(torch.tensor([[1.0, 3.0], [2.0, 2.0]])))[1]
    torch.testing.assert_close(met, expected)


def test_what_is_asked_for_is_not_read_and_dislikes_are_asked_for_only() -> None:
    model = DeepCoNN(DeepCoNNConfig(max_length=3))
    batch = batch_of([[0, 1, 2, 3, 4, 5, 6, 7], [8, 9]], 10)
    batch.ratings[0, :4] = 1.0
    asked_for = set()
    for _ in range(40):
        read, person, target, stars = model._drawn(batch, 10)
        assert read.shape[1] <= 3
        for who in (0, 1):
            reads = {item for item in read[who].tolist() if item < 10}
            asked = set(target[person == who].tolist())
            assert reads
            assert asked
            assert not reads & asked
            assert len(asked) <= 3
            asked_for |= asked
        assert not {0, 1, 2, 3} & set(read[0].tolist())
        assert stars.tolist() == [1.0 if item < 4 else 4.0 for item in target.tolist()]
    assert asked_for == set(range(10))


def test_it_learns_stars_from_reviews() -> None:
    """Everybody loves what is called splendid and hates what is called dreadful."""
    rng = np.random.default_rng(0)
    rows = []
    for user in range(40):
        for movie in rng.permutation(12)[:8].tolist():
            good = movie % 2 == 0
            rows.append(
                (user, movie, 5.0 if good else 1.0, 100 + movie, "splendid acting" if good else "dreadful acting")
            )
    names = ["user_id", "movie_id", "rating", "timestamp", "review"]
    ratings = pl.DataFrame(rows, schema=names, orient="row")
    unseen = pl.DataFrame({"movie_id": [98, 99], "title": ["Splendid", "Dreadful"]})
    dataset = assemble("reviews", ratings, unseen)
    knobs = {**DeepCoNN.quick, "objective": "stars", "epochs": 60, "dropout": 0.0}
    model = DeepCoNN(DeepCoNNConfig(**knobs)).fit(dataset.interactions, dataset.catalog)
    items = dataset.catalog.index_of(np.arange(12))
    scores = model.score(Histories.of([history(items[[0, 4]].tolist())]))[0]
    assert np.allclose(scores[items[::2]], 5, atol=0.5)
    assert np.allclose(scores[items[1::2]], 1, atol=0.5)
    splendid, dreadful = scores[dataset.catalog.index_of([98, 99])]
    assert splendid > dreadful + 0.5
