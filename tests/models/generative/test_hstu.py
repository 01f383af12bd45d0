"""HSTU: pointwise attention, relative bias and the stream of movies and stars, by hand."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import torch

from recommender.layers.pointwise_attention import pointwise_attention
from recommender.layers.relative_attention import BUCKETS, RelativeBias, Times
from recommender.models.generative.hstu import HSTUConfig, HSTUNetwork
from tests.models.histories import assert_causal, assert_reads_order, batch_of, numbered


def silu(x: float) -> float:
    return x / (1 + math.exp(-x))


def network(**settings) -> HSTUNetwork:
    return numbered(HSTUNetwork(9, HSTUConfig(dim=8, max_length=6, **settings)))


def test_attention_is_silu_of_each_pair_with_its_bias() -> None:
    q, k, v = torch.tensor([1.0, 2.0]), torch.tensor([0.5, -1.0]), torch.tensor([10.0, 100.0])
    bias = torch.tensor([[0.1, 9.0], [0.2, 0.3]])
    out = pointwise_attention(q.view(1, 1, 2, 1), k.view(1, 1, 2, 1), v.view(1, 1, 2, 1), bias).flatten()
    first = silu(1 * 0.5 + 0.1) * 10
    second = (silu(2 * 0.5 + 0.2) * 10 + silu(2 * -1 + 0.3) * 100) / 2
    assert np.allclose(out, [first, second])


def test_weights_do_not_compete() -> None:
    """Twice the same rating weighs as much as once each, unlike softmax, where the two would share."""
    ones = torch.ones(1, 1, 4, 1)
    out = pointwise_attention(ones, ones, ones, torch.zeros(4, 4)).flatten()
    assert np.allclose(out, silu(1.0))


def test_the_bias_knows_distance_and_time() -> None:
    bias = RelativeBias(tokens=4)
    with torch.no_grad():
        bias.p.copy_(torch.tensor([0.0, 1.0, 2.0, 3.0]))
        bias.t[5] = 0.5
    seconds = torch.tensor([[1_000, 1_005]])  # 5 s apart: ln(5) / 0.301 = 5.3
    rab = bias(Times(seconds, seconds, torch.tensor([2])))[0, 0]
    assert rab.shape == (4, 4)
    assert np.allclose(rab[3].detach(), [3 + 0.5, 2 + 0.5, 1, 0])
    assert np.allclose(rab[1].detach()[:2], [1, 0])


def test_time_is_bucketed_by_its_logarithm() -> None:
    batch = batch_of([[1, 2, 3]], 9, hours=1)
    buckets = Times(batch.timestamps, batch.timestamps, batch.lengths).buckets[0]
    assert buckets[0, 0] == 0
    assert buckets[1, 0] == int(math.log(3_600) / 0.301)
    assert buckets[2, 0] == int(math.log(7_200) / 0.301)
    assert int(math.log(20 * 365.25 * 86_400) / 0.301) < BUCKETS


def test_stars_and_times_are_read() -> None:
    net, batch = network(), batch_of([[1, 2, 3]], 9)
    with torch.no_grad():
        plain = net(batch)
        assert not torch.allclose(plain, net(replace(batch, ratings=batch.ratings - 1)), atol=1e-3)
        assert not torch.allclose(plain, net(batch_of([[1, 2, 3]], 9, hours=1_000)), atol=1e-4)


def test_a_state_has_read_the_stars_of_its_own_movie_and_no_later_ones() -> None:
    net, batch = network(), batch_of([[1, 2, 3]], 9)
    changed = batch.ratings.clone()
    changed[0, 1] = 1.0
    with torch.no_grad():
        before, after = net(batch)[0], net(replace(batch, ratings=changed))[0]
    assert torch.allclose(before[0], after[0])
    assert not torch.allclose(before[1], after[1], atol=1e-3)


def test_the_targets_time_is_read_only_when_told() -> None:
    batch = batch_of([[1, 2, 3]], 9)
    later = replace(batch, target_timestamps=batch.timestamps + 10**8)
    with torch.no_grad():
        assert torch.equal(network()(batch), network()(later))
        timely = network(target_time=True)
        assert not torch.allclose(timely(batch), timely(later), atol=1e-4)


def test_it_is_causal_and_reads_order() -> None:
    for heads in (1, 2):
        assert_causal(network(heads=heads))
        assert_reads_order(network(heads=heads))
