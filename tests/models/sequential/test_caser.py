"""Caser's filters, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.layers.recent import recent
from recommender.models.sequential.caser import CaserConfig, CaserNetwork, Convolutions
from tests.models.histories import assert_reads_order, batch_of, numbered

E = torch.tensor([[[1.0, 2.0], [3.0, -1.0], [0.0, 4.0]]])
"""Three movies, two dimensions."""


def test_a_horizontal_filter_slides_down_and_keeps_its_largest_answer() -> None:
    filters = Convolutions(CaserConfig(dim=2, L=3, horizontal=1, vertical=1))
    with torch.no_grad():
        for layer in filters.F:
            layer.weight.zero_()
            layer.bias.zero_()
        filters.F[0].weight[0, :, 0] = torch.tensor([1.0, 1.0])  # height 1: 3, 2, 4
        filters.F[1].weight[0] = torch.tensor([[1.0, -1.0], [0.0, 1.0]])  # height 2: 1-3-1 = -3; 3-0+4 = 7
        filters.F[2].weight[0] = -torch.ones(2, 3)  # height 3: -(1+2+3-1+0+4) = -9, which ReLU stops
        o = filters(E)[0, :3]
    assert np.allclose(o, [4, 7, 0])


def test_a_vertical_filter_weighs_the_rows() -> None:
    filters = Convolutions(CaserConfig(dim=2, L=3, horizontal=1, vertical=2))
    with torch.no_grad():
        filters.F_tilde.weight.copy_(torch.tensor([[1.0, 0.0, 0.0], [0.5, 0.5, 2.0]]))
        o_tilde = filters(E)[0, 3:]
    assert np.allclose(o_tilde, [1, 2, 2, 8.5])
    assert filters.width == 3 + 2 * 2


def test_the_picture_ends_with_the_newest_movie() -> None:
    batch = batch_of([[1, 2, 3, 4], [5]], 9)
    assert recent(batch, 3, 9).tolist() == [[2, 3, 4], [9, 9, 5]]


def test_the_person_is_the_mean_of_the_whole_history() -> None:
    network = numbered(CaserNetwork(9, CaserConfig(dim=4, L=2)))
    with torch.no_grad():
        both = network(batch_of([[1, 2, 3, 4], [5]], 9))
    assert torch.allclose(both[0, 4:], network.items.weight[1:5].mean(dim=0))
    assert torch.allclose(both[1, 4:], network.items.weight[5])
    assert both.shape == (2, 8)
    assert network.table().shape == (9, 8)


def test_it_reads_the_order() -> None:
    assert_reads_order(numbered(CaserNetwork(9, CaserConfig(dim=4))))
