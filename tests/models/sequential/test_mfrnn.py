"""MF-RNN joins lasting factors with an LSTM's, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch

from recommender.models.sequential.mfrnn import MFRNN, MFRNNNetwork
from recommender.training.presets import WindowsConfig
from tests.models.histories import assert_causal, assert_reads_order, batch_of, numbered


def network() -> MFRNNNetwork:
    return numbered(MFRNNNetwork(9, WindowsConfig(dim=4)))


def test_the_score_is_the_sum_of_both_halves() -> None:
    net, batch = network(), batch_of([[1, 4, 2]], 9)
    fed: list[torch.Tensor] = []
    net.lstm.register_forward_pre_hook(lambda _, given: fed.append(given[0]))
    with torch.no_grad():
        got = MFRNN().scores(net, batch)[0]
        u_t = net.lstm(fed[0])[0][0, -1]
        u = net.u.weight[[1, 4, 2]].mean(dim=0)
        expected = net.m.weight @ u + net.items.weight[:9] @ u_t + net.bias()
    assert torch.allclose(got, expected, atol=1e-5)
    hour = math.log1p(1) / 10
    assert np.allclose(fed[0][0, :, 4:], [[0.6, 0], [0.6, hour], [0.6, hour]], atol=1e-6), "four stars; an hour apart"


def test_it_reads_stars_time_and_order_and_no_future() -> None:
    net, batch = network(), batch_of([[1, 4, 2]], 9)
    with torch.no_grad():
        plain = net(batch)[0, -1]
        assert not torch.allclose(plain, net(replace(batch, ratings=batch.ratings - 1))[0, -1], atol=1e-3)
        assert not torch.allclose(plain, net(batch_of([[1, 4, 2]], 9, hours=500))[0, -1], atol=1e-3)
    assert_causal(net)
    assert_reads_order(net)
