"""Histories as networks read them, and what every causal network must do with them."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.training.batch import Batch


def batch_of(
    people: list[list[int]], n_items: int, stars: float = 4.0, hours: int = 1, begin: int = 1_600_000_000
) -> Batch:
    """People given by their items, `hours` between two ratings, filled up as the engine does."""
    longest = max(len(person) for person in people)
    lengths = torch.tensor([len(person) for person in people])
    rated = torch.arange(longest) < lengths[:, None]
    times = begin + 3_600 * hours * torch.arange(longest)
    return Batch(
        items=torch.tensor([[*person, *[n_items] * (longest - len(person))] for person in people]),
        ratings=torch.where(rated, stars, 0.0),
        timestamps=torch.where(rated, times, 0),
        lengths=lengths,
    )


def numbered(network: nn.Module, seed: int = 0) -> nn.Module:
    """The network in inference mode with weights large enough that every part of it has a say."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, weight in network.named_parameters():
            noise = torch.randn(weight.shape, generator=generator) * 0.3
            weight.copy_(noise + 1 if "norm" in name and name.endswith("weight") else noise)
        if hasattr(network, "items"):
            network.items.weight[network.n_items] = 0
    return network.eval()


def states(network: nn.Module, person: list[int]) -> Tensor:
    """What the network makes of one person, at every rating `[length, dim]` or of the whole `[dim]`."""
    with torch.no_grad():
        return network(batch_of([person], network.n_items))[0]


def assert_causal(network: nn.Module, n_items: int = 9) -> None:
    """Every state stays as it is when what follows is cut off, or changed, or filled up."""
    person, other = [1, 4, 2, 7, 3, 0], [1, 4, 2, 5, 8, 6]
    whole = states(network, person)
    for end in range(1, len(person)):
        torch.testing.assert_close(states(network, person[:end]), whole[:end], atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(states(network, other)[:3], whole[:3], atol=1e-5, rtol=1e-4)
    with torch.no_grad():
        beside = network(batch_of([person, person[:2]], n_items))
    torch.testing.assert_close(beside[1, :2], whole[:2], atol=1e-5, rtol=1e-4)


def assert_reads_order(network: nn.Module) -> None:
    """The last state depends on the order of what came before it, its neighbour apart."""
    one, other = states(network, [1, 4, 2, 7, 3]), states(network, [4, 1, 2, 7, 3])
    if one.dim() == 2:
        one, other = one[-1], other[-1]
    assert not torch.allclose(one, other, atol=1e-4)
