"""The losses by hand, and what must not matter to them."""

from __future__ import annotations

import math

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.unbiased.losses import DLA, IPS, Naive, Tower
from recommender.unbiased.losses.listwise import Correction

SCORES = torch.tensor([[math.log(3.0), 0.0]])
"""softmax (3/4, 1/4)."""
BELOW = torch.tensor([[0.0, 1.0]])
"""A click on the second movie."""


def test_naive_by_hand() -> None:
    assert Naive()(SCORES, BELOW).item() == pytest.approx(-math.log(1 / 4))
    both = torch.tensor([[1.0, 1.0]])
    assert Naive()(SCORES, both).item() == pytest.approx(-math.log(3 / 4) - math.log(1 / 4))


def test_ips_by_hand() -> None:
    """A click where one in five looks counts five times; where one in a hundred does, no more than the floor allows."""
    assert IPS(np.array([1.0, 0.2]))(SCORES, BELOW).item() == pytest.approx(5 * math.log(4))
    rare = IPS(np.array([1.0, 0.01]), floor=0.1)
    assert rare(SCORES, BELOW).item() == pytest.approx(10 * math.log(4), rel=1e-5)
    assert rare.clips == 1


def test_dla_by_hand() -> None:
    """Places of g = (2/3, 1/3): the click below counts twice for the ranking; f_1 / f_2 = 3, so it counts thrice for the places."""
    dla = DLA(2)
    with torch.no_grad():
        dla.logits.copy_(torch.tensor([math.log(2.0), 0.0]))
    ranking, places = dla.both(SCORES, BELOW)
    assert ranking.item() == pytest.approx(2 * math.log(4))
    assert places.item() == pytest.approx(3 * math.log(3))
    assert dla(SCORES, BELOW).item() == pytest.approx(2 * math.log(4) + 3 * math.log(3))
    assert dla.propensities() == pytest.approx([1, 0.5])


def test_neither_of_the_two_losses_of_dla_moves_the_other_one() -> None:
    dla, scores = DLA(2), SCORES.clone().requires_grad_()
    ranking, places = dla.both(scores, BELOW)
    assert torch.autograd.grad(ranking, dla.logits, retain_graph=True, allow_unused=True) == (None,)
    assert torch.autograd.grad(places, scores, retain_graph=True, allow_unused=True) == (None,)


def test_the_tower_by_hand() -> None:
    """A place that doubles the odds against the second: softmax (6/7, 1/7)."""
    tower = Tower(2)
    with torch.no_grad():
        tower.bias.copy_(torch.tensor([math.log(2.0), 0.0]))
    assert tower(SCORES, BELOW).item() == pytest.approx(math.log(7))
    assert tower.propensities() == pytest.approx([1, 0.5])


def test_with_places_that_all_look_alike_every_correction_is_naive() -> None:
    scores, labels = torch.randn(5, 4), torch.randint(0, 2, (5, 4)).float()
    plain = Naive()(scores, labels).item()
    assert IPS(np.ones(4))(scores, labels).item() == pytest.approx(plain, rel=1e-5)
    assert DLA(4).both(scores, labels)[0].item() == pytest.approx(plain, rel=1e-5)
    assert Tower(4)(scores, labels).item() == pytest.approx(plain, rel=1e-5)


@given(shift=st.floats(-20, 20), seed=st.integers(0, 100))
@settings(max_examples=30, deadline=None)
def test_no_loss_cares_for_a_number_added_to_all_scores(shift: float, seed: int) -> None:
    drawn = torch.Generator().manual_seed(seed)
    scores, labels = torch.randn(3, 4, generator=drawn), torch.randint(0, 2, (3, 4), generator=drawn).float()
    every: list[Correction] = [Naive(), IPS(np.array([1.0, 0.5, 0.3, 0.2])), DLA(4), Tower(4)]
    for correction in every:
        here, there = correction(scores, labels).item(), correction(scores + shift, labels).item()
        assert here == pytest.approx(there, rel=1e-3, abs=1e-4)


def test_in_expectation_ips_is_the_loss_of_the_truth() -> None:
    """Over all clicks that e γ may bring, weighed by their chances."""
    e, gamma, scores = np.array([1.0, 0.4]), np.array([0.3, 0.6]), torch.randn(1, 2)
    expected = 0.0
    for first in (0, 1):
        for second in (0, 1):
            chance = np.prod([p if c else 1 - p for c, p in zip((first, second), e * gamma, strict=True)])
            expected += float(chance) * IPS(e)(scores, torch.tensor([[float(first), float(second)]])).item()
    assert expected == pytest.approx(Naive()(scores, torch.tensor([gamma.tolist()])).item(), rel=1e-5)
