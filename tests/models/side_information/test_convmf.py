"""ConvMF: its loss, what holds a movie to its words, and where a movie without ratings stands, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch
from torch import nn

from recommender.data import Histories
from recommender.models.side_information.convmf import ConvMF, ConvMFConfig, ConvMFNetwork
from tests.models.histories import batch_of
from tests.models.planted import Planted, history

CONFIG = ConvMFConfig(dim=1, unobserved=0.5, lambda_u=0.1, lambda_v=2.0)


class Said(nn.Module):
    """Stands for the words: of movie i they say i."""

    def forward(self, items: torch.Tensor | None = None) -> torch.Tensor:
        return (torch.arange(3) if items is None else items)[:, None].float()


def network(factors: list[float], people: list[float]) -> ConvMFNetwork:
    made = ConvMFNetwork(3, CONFIG)
    made.words, made.upper = Said(), nn.Identity()
    made.v, made.people = torch.tensor(factors)[:, None], torch.tensor(people)[:, None]
    made.known = torch.tensor([True, True, False])
    made.ratings = sp.csr_array(np.array([[1, 0], [0, 1], [0, 0]], np.float32))
    return made


def test_the_words_learn_where_the_movies_are() -> None:
    batch = batch_of([[0], [1]], 2)
    batch.people = torch.tensor([0, 1])
    loss = ConvMF(CONFIG).loss(network([0.5, 1.5, 9.0], [1.0, 2.0]), batch)
    torch.testing.assert_close(loss, torch.tensor((0.5**2 + 0.5**2) / (0.5**2 + 1.5**2)))


def test_a_movies_step_weighs_its_people_and_its_words() -> None:
    made = network([0.5, 1.5, 9.0], [1.0, 2.0])
    ConvMF(CONFIG).settle(made)
    first = (1 * 1.0 + 2.0 * 0) / (1 + 0.5 * 4 + 2.0)
    second = (2 * 1.0 + 2.0 * 1) / (4 + 0.5 * 1 + 2.0)
    torch.testing.assert_close(made.v[:, 0], torch.tensor([first, second, 2.0]))


def test_examples_are_movies_and_who_rated_them() -> None:
    examples = ConvMF().examples(Histories.of([history([0, 2]), history([2])]), 3)
    batch = examples.batch(np.array([0, 1]), np.random.default_rng(0))
    assert batch.people is not None
    assert batch.people.tolist() == [0, 2]
    assert batch.items.tolist() == [[0, 2], [0, 1]], "movie 2 was rated by persons 0 and 1; 2 is the filling"


def test_a_movie_without_ratings_is_what_its_words_say(planted: Planted) -> None:
    model = ConvMF(ConvMFConfig(**{**ConvMF.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    torch.testing.assert_close(model.net.v[planted.cold], model.net.code[planted.cold])
    assert not torch.equal(model.net.v[planted.rings[0]], model.net.code[planted.rings[0]])


def test_what_only_the_training_needs_is_not_kept(planted: Planted) -> None:
    model = ConvMF(ConvMFConfig(**{**ConvMF.quick, "epochs": 1})).fit(planted.interactions, planted.catalog)
    assert not any("people" in name for name in model.state())
