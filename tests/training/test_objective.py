"""The loss that the config names, with drawn items."""

from __future__ import annotations

import math

import pytest
import torch

from recommender.losses.softmax import softmax
from recommender.training.config import RankingConfig
from recommender.training.objective import catalogue_loss, draw

NAMES = ["softmax", "sampled_softmax", "bce", "gbce", "bpr", "bpr_max", "top1_max"]


@pytest.mark.parametrize("name", NAMES)
def test_every_loss_teaches_the_targets(name: str) -> None:
    torch.manual_seed(0)
    config = RankingConfig(loss=name, negatives=64, score_penalty=0.01)
    states, table = torch.randn(30, 8, requires_grad=True), torch.randn(50, 8, requires_grad=True)
    bias = torch.zeros(50, requires_grad=True)
    targets = torch.arange(30)
    optimizer = torch.optim.Adam([states, table, bias], 0.05)
    for _ in range(150):
        optimizer.zero_grad()
        catalogue_loss(config, states, targets, table, bias).backward()
        optimizer.step()
    top = (states @ table.T + bias).argmax(dim=1)
    assert (top == targets).float().mean() >= 0.9


def test_softmax_is_the_whole_catalogue() -> None:
    torch.manual_seed(0)
    states, table, bias = torch.randn(5, 4), torch.randn(9, 4), torch.randn(9)
    targets = torch.tensor([0, 1, 2, 3, 8])
    expected = softmax(states @ table.T + bias, targets, 0.1)
    torch.testing.assert_close(
        catalogue_loss(RankingConfig(label_smoothing=0.1), states, targets, table, bias), expected
    )


def test_items_are_drawn_by_the_power_of_their_popularity() -> None:
    torch.manual_seed(0)
    counts = torch.tensor([0.0, 1.0, 4.0, 16.0])
    config = RankingConfig(negatives=50_000, popularity_power=0.5)
    drawn, log_q = draw(config, 4, counts, torch.device("cpu"))
    shares = torch.bincount(drawn, minlength=4) / len(drawn)
    assert shares.tolist() == pytest.approx([0, 1 / 7, 2 / 7, 4 / 7], abs=0.01)
    assert log_q[drawn == 3][0].item() == pytest.approx(math.log(4 / 7))


def test_with_power_zero_all_are_drawn_alike() -> None:
    drawn, log_q = draw(RankingConfig(negatives=50_000), 4, torch.tensor([0.0, 1, 4, 16]), torch.device("cpu"))
    assert (torch.bincount(drawn) / len(drawn)).tolist() == pytest.approx([0.25] * 4, abs=0.01)
    assert log_q[0].item() == pytest.approx(math.log(1 / 4))
