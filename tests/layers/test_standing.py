"""New movies among rated ones, by hand."""

from __future__ import annotations

import torch

from recommender.layers.standing import ranked, stood

SAY = torch.tensor([[3.0, 1.0, 2.0, 5.0]])
SCORES = torch.tensor([[0.0, 100.0, 10.0, 30.0]])


def test_the_same_rank_gets_the_same_score() -> None:
    placed = stood(torch.tensor([[1.0, 2.0, 3.0, 5.0]]), SAY, SCORES)
    torch.testing.assert_close(placed, torch.tensor([[0.0, 10.0, 30.0, 100.0]]))


def test_between_two_ranks_it_is_linear() -> None:
    placed = stood(torch.tensor([[1.5, 3.5, 4.0]]), SAY, SCORES)
    torch.testing.assert_close(placed, torch.tensor([[5.0, 47.5, 65.0]]))


def test_beyond_the_last_it_goes_on_with_the_spread() -> None:
    slope = SCORES.std(correction=0) / SAY.std(correction=0)
    placed = stood(torch.tensor([[6.0, 0.0, 7.0]]), SAY, SCORES)
    torch.testing.assert_close(placed, torch.tensor([[100.0 + slope, -slope, 100.0 + 2 * slope]]))


def test_what_is_said_of_many_is_the_middle_of_them() -> None:
    placed = stood(torch.tensor([[1.0]]), torch.tensor([[1.0, 1.0, 1.0, 4.0]]), SCORES)
    torch.testing.assert_close(placed, torch.tensor([[10.0]]))
    placed = stood(torch.tensor([[1.0 + 1e-6]]), torch.tensor([[1.0, 1.0 + 1e-6, 1.0 - 1e-6, 4.0]]), SCORES)
    torch.testing.assert_close(placed, torch.tensor([[10.0]]), rtol=1e-3, atol=0)


def test_each_person_has_their_own_scale() -> None:
    say, scores = SAY.repeat(2, 1), torch.cat([SCORES, -SCORES])
    torch.testing.assert_close(stood(torch.tensor([[1.0], [1.0]]), say, scores), torch.tensor([[0.0], [-100.0]]))


def test_features_that_say_the_same_of_every_movie_say_nothing() -> None:
    torch.testing.assert_close(
        stood(torch.tensor([[1.0]]), torch.ones(1, 3), torch.tensor([[0.0, 6.0, 2.0]])), torch.tensor([[2.0]])
    )


def test_without_a_rated_movie_it_is_what_it_was() -> None:
    new = torch.tensor([[1.0, 2.0]])
    assert stood(new, torch.zeros(1, 0), torch.zeros(1, 0)) is new
    assert stood(torch.zeros(1, 0), SAY, SCORES).shape == (1, 0)


def test_known_movies_keep_their_scores_and_the_others_are_placed() -> None:
    known = torch.tensor([True, False, True, True])
    scores, say = torch.tensor([[0.0, 7.0, 10.0, 30.0]] * 2), torch.tensor([[1.0, 2.0, 2.0, 3.0], [1.0, 3.0, 2.0, 3.0]])
    torch.testing.assert_close(
        ranked(scores, say, known), torch.tensor([[0.0, 10.0, 10.0, 30.0], [0.0, 30.0, 10.0, 30.0]])
    )
    assert ranked(scores, say, torch.ones(4, dtype=torch.bool)) is scores
