"""What models of field interactions learn from: a yes for what was liked, a no for what was not, and for what was never asked for."""

from __future__ import annotations

import numpy as np
import torch

from recommender.data import Histories
from recommender.models.interaction.fm import FM
from recommender.training.batch import gathered
from tests.models.planted import history


def test_hidden_ratings_are_a_yes_or_a_no_and_drawn_movies_a_no() -> None:
    model = FM(FM.Config(negatives=50, liked_from=4.0))
    people = Histories.of([history([0, 1, 2], [5.0, 3.5, 1.0]), history([3], [4.0])])
    batch = gathered(people, people.offsets[:-1], np.diff(people.offsets), 6)
    hidden = torch.tensor([[True, True, False], [True, False, False]])
    person, movie, yes = model.pairs(batch, hidden, 6)
    asked = sorted(zip(person[:3].tolist(), movie[:3].tolist(), yes[:3].tolist(), strict=True))
    assert asked == [(0, 0, 1.0), (0, 1, 0.0), (1, 3, 1.0)]
    drawn = set(zip(person[3:].tolist(), movie[3:].tolist(), strict=True))
    assert drawn == {(0, 3), (0, 4), (0, 5), (1, 0), (1, 1), (1, 2), (1, 4), (1, 5)}, "never what they have rated"
    assert not yes[3:].any()


def test_without_drawn_movies_only_ratings_are_learned_from() -> None:
    model = FM(FM.Config(negatives=0))
    people = Histories.of([history([0, 1], [5.0, 1.0])])
    batch = gathered(people, people.offsets[:-1], np.diff(people.offsets), 4)
    person, movie, yes = model.pairs(batch, batch.mask, 4)
    assert sorted(zip(movie.tolist(), yes.tolist(), strict=True)) == [(0, 1.0), (1, 0.0)]
    assert person.tolist() == [0, 0]


def test_of_some_people_nothing_is_read_and_of_the_others_all_that_is_not_hidden() -> None:
    torch.manual_seed(0)
    people = Histories.of([history([0, 1, 2])] * 40)
    batch = gathered(people, people.offsets[:-1], np.diff(people.offsets), 4)
    hidden = torch.tensor([[True, False, False]]).expand(40, 3)
    assert FM(FM.Config()).left_to_read(batch, hidden).tolist() == [[False, True, True]] * 40
    rows = FM(FM.Config(newcomers=0.5)).left_to_read(batch, hidden).tolist()
    assert {tuple(row) for row in rows} == {(False, True, True), (False, False, False)}
