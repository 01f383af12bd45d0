"""Fields as vectors, by hand."""

from __future__ import annotations

import numpy as np
import scipy.sparse as sp
import torch

from recommender.layers.field_table import FieldTable
from tests.models.histories import batch_of


def table(reads_stars: bool = False) -> FieldTable:
    """Three movies, two features of two values and one; vectors of length one that name what they stand for."""
    made = FieldTable(3, 2, 1, reads_stars)
    genres = sp.csr_array(np.array([[1, 1], [0, 1], [0, 0]], np.float32))
    decade = sp.csr_array(np.array([[0], [1], [1]], np.float32))
    made.describe([genres, decade], std=1.0)
    with torch.no_grad():
        made.own.copy_(torch.tensor([[1.0], [2.0], [3.0]]))
        made.E.copy_(torch.tensor([[10.0], [20.0], [100.0]]))
        made.activity.weight.copy_(torch.arange(12.0)[:, None])
    return made


def test_a_movie_is_its_name_and_the_mean_of_each_features_values() -> None:
    assert table()()[..., 0].tolist() == [[1, 15, 0], [2, 20, 100], [3, 0, 100]], "what is missing is zero"


def test_a_person_is_the_mean_of_what_they_watched_and_how_much() -> None:
    made = table()
    batch = batch_of([[0, 1, 2], [2]], 3)
    read = batch.mask & torch.tensor([[True, True, False], [False, True, True]])
    found = made.people(batch, read, made())[..., 0]
    assert found.tolist() == [[1.5, 17.5, 50, 1], [0, 0, 0, 0]], (
        "two ratings are class 1; of the second nothing is read"
    )


def test_where_stars_are_read_a_movie_pulls_by_them_against_half_their_mean() -> None:
    """Of 5, 4 and 1 stars a = 2, 1 and -2; less half their mean, 1/6. Of one with 4 stars, 1 - 1/2; one that is hidden says nothing."""
    made = table(reads_stars=True)
    assert made.mood is not None
    with torch.no_grad():
        made.mood.weight.copy_(torch.arange(41.0)[:, None] * 100)
    batch = batch_of([[0, 1, 2], [2, 0]], 3)
    batch.ratings = torch.tensor([[5.0, 4.0, 1.0], [4.0, 5.0, 0.0]])
    read = batch.mask & torch.tensor([[True, True, True], [True, False, False]])
    sixth = 1 / 6
    likings = [[2 - sixth, 1 - sixth, -2 - sixth], [0.5, 0, 0]]
    torch.testing.assert_close(made.liking(batch, read), torch.tensor(likings))
    found = made.people(batch, read, made())[..., 0]
    own = ((2 - sixth) * 1 + (1 - sixth) * 2 + (-2 - sixth) * 3) / 3**0.5
    torch.testing.assert_close(found[:, 0], torch.tensor([own, 1.5]))
    mean = round(8 * 10 / 3)
    assert found[:, -1].tolist() == [2 + 100 * mean, 1 + 100 * 8 * 4], "how many, and how generous"


def test_movies_of_which_nothing_is_known() -> None:
    made = FieldTable(2, 1, 3)
    made.describe([sp.csr_array((2, 0), dtype=np.float32)], std=1.0)
    assert made()[:, 1].tolist() == [[0, 0, 0]] * 2
