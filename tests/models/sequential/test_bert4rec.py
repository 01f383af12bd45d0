"""BERT4Rec looks both ways, and answers at a blank behind the history."""

from __future__ import annotations

from dataclasses import replace

import torch

from recommender.models.sequential.bert4rec import BERT4Rec, BERT4RecConfig, BERT4RecNetwork
from tests.models.histories import batch_of, numbered


def network() -> BERT4RecNetwork:
    return numbered(BERT4RecNetwork(9, BERT4RecConfig(dim=8, max_length=6)))


def test_a_blank_in_the_middle_reads_what_follows_it() -> None:
    net, mask = network(), 10
    with torch.no_grad():
        one, other = net(batch_of([[1, mask, 3], [1, mask, 5]], 9))[:, 1]
    assert not torch.allclose(one, other, atol=1e-3)


def test_what_is_filled_up_changes_nothing() -> None:
    net = network()
    with torch.no_grad():
        alone, beside = net(batch_of([[1, 2]], 9))[0], net(batch_of([[1, 2], [3, 4, 5, 6]], 9))[0, :2]
    assert torch.allclose(alone, beside, atol=1e-5)


def test_it_answers_at_a_blank_behind_the_history() -> None:
    model, net = BERT4Rec(BERT4RecConfig(dim=8, max_length=6)), network()
    with torch.no_grad():
        got = model.scores(net, batch_of([[1, 2], [3, 4, 5]], 9))
        blank = net(batch_of([[1, 2, 10]], 9))[0, -1]
    assert torch.allclose(got[0], blank @ net.items.weight[:9].T + net.bias(), atol=1e-5)


def test_positions_count_from_the_end() -> None:
    """Two histories with the same end are told apart by their items only, not by where the end stands."""
    net = network()
    with torch.no_grad():
        net.positions.weight[2:] = 0
        net.positions.weight[0] = 5
        moved = replace(batch_of([[1, 2, 3]], 9))
        x = net.positions((moved.lengths[:, None] - 1 - torch.arange(3)).clamp(min=0))
    assert x[0, -1].eq(5).all()
    assert x[0, 0].eq(0).all()


def test_it_reads_the_order() -> None:
    model, net = BERT4Rec(BERT4RecConfig(dim=8, max_length=6)), network()
    with torch.no_grad():
        one, other = model.scores(net, batch_of([[1, 4, 2, 7], [4, 1, 2, 7]], 9))
    assert not torch.allclose(one, other, atol=1e-3)
