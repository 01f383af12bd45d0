"""TiSASRec's intervals and its attention, by hand."""

from __future__ import annotations

import torch

from recommender.models.sequential.tisasrec import TimeAttention, TiSASRecConfig, TiSASRecNetwork, relative_intervals
from tests.models.histories import assert_causal, assert_reads_order, batch_of, numbered


def test_intervals_count_in_the_shortest_gap_so_far() -> None:
    r = relative_intervals(torch.tensor([[100, 100, 130, 140, 1_000]]), k=50)[0]
    assert r[0].tolist() == [0, 0, 0, 0, 0]
    assert r[1].tolist() == [0, 0, 0, 0, 0], "two ratings in one second"
    assert r[2].tolist() == [1, 1, 0, 0, 0], "the shortest gap so far is 30 seconds"
    assert r[3].tolist() == [4, 4, 1, 0, 0], "now it is 10"
    assert r[4].tolist() == [50, 50, 50, 50, 0], "cut at k"


def test_attention_with_intervals_is_the_papers_sum_over_pairs() -> None:
    torch.manual_seed(1)
    d, length, k = 4, 3, 5
    attention = numbered(TimeAttention(d, 1, k))
    x, queries, P_key, P_value = (
        torch.randn(length, d),
        torch.randn(length, d),
        torch.randn(length, d),
        torch.randn(length, d),
    )
    r = torch.tensor([[0, 0, 0], [2, 0, 0], [5, 3, 0]])
    with torch.no_grad():
        got = attention(queries[None], x[None], P_key, P_value, r[None])[0]
        q, keys, values = attention.query(queries), attention.key(x), attention.value(x)
        for i in range(length):
            e = torch.stack([q[i] @ (keys[j] + attention.R_key[r[i, j]] + P_key[j]) / 2 for j in range(i + 1)])
            alpha = e.softmax(0)
            z = sum(alpha[j] * (values[j] + attention.R_value[r[i, j]] + P_value[j]) for j in range(i + 1))
            assert torch.allclose(got[i], z, atol=1e-5)


def test_it_is_causal_and_reads_order_and_time() -> None:
    network = numbered(TiSASRecNetwork(9, TiSASRecConfig(dim=4, heads=2, max_length=8, intervals=16)))
    assert_causal(network)
    assert_reads_order(network)
    evenly, later = batch_of([[1, 2, 3]], 9), batch_of([[1, 2, 3]], 9)
    later.timestamps[0, 2] += 20_000
    with torch.no_grad():
        assert not torch.allclose(network(evenly)[0, -1], network(later)[0, -1], atol=1e-4)
