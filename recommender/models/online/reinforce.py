"""REINFORCE: a policy that learns from what others chose, corrected for what it would have chosen itself, and for lists of K."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.preference import NEUTRAL
from recommender.losses.policy_gradient import policy_gradient
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import NOTHING, Batch
from recommender.training.presets import WindowsConfig
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class REINFORCEConfig(WindowsConfig):
    """What is corrected, and how far a reward reaches back; and a training of less than a minute, though two heads learn the catalogue."""

    dim: int = Field(
        32,
        ge=1,
        le=4_096,
        description="Width of the item vectors and of the state. Source: our choice for CPUs: both heads weigh every movie at every step.",
    )
    learning_rate: float = Field(
        1e-2, gt=0, le=1, description="Step of AdamW. Source: validation on the embedded data, of .003 and .01."
    )
    epochs: int = Field(
        6,
        ge=1,
        le=10_000,
        description="Passes over the examples at most. Source: our choice for CPUs: the embedded data take less than a minute.",
    )
    batch_size: int = Field(
        8,
        ge=1,
        le=65_536,
        description="Windows per step of the optimiser. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "examples"},
    )
    k: int = Field(
        16,
        ge=1,
        le=1_000,
        description="K of the top-K correction: movies of a list of which one is chosen. Source: Chen et al. (2019), section 6.",
        json_schema_extra={"unit": "movies"},
    )
    weight_cap: float = Field(
        3.0,
        gt=0,
        le=1e6,
        description="The importance weight is cut here. Source: validation on the embedded data, of 1, 3 and 20; 20 in Chen et al. (2019), "
        "on a far larger log.",
    )
    discount: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="γ: what the reward of the next rating counts for the choice before it, and so on. Source: validation on the embedded data, "
        "of 0 and .5; Chen et al. (2019) do not say theirs.",
    )


class REINFORCENetwork(SequenceNetwork):
    """A state from the ratings, and two softmax heads on it: the policy π, and β, which tells who chose what was logged.

    Both begin as popularity, so that at first no choice looks likelier to one than to the other.
    """

    def __init__(self, n_items: int, config: REINFORCEConfig) -> None:
        super().__init__(n_items, config.dim)
        self.gru = nn.GRU(config.dim, config.dim, batch_first=True)
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        self.behaviour = nn.Linear(config.dim, n_items, bias=False)
        self.behaviour_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=config.dim**-0.5)
        nn.init.normal_(self.behaviour.weight, std=config.dim**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """The state s_t at every rating, `[batch, length, dim]`."""
        s, _ = self.gru(self.dropout(self.items(batch.items)))
        return self.dropout(s)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class REINFORCE(SequenceRecommender):
    """Ascends E_β[ω λ_K R ∇ ln π(a | s)], ω = min(π/β, cap), λ_K = K (1 - π)^(K-1)."""

    card = ModelCard(
        name="REINFORCE",
        family="online",
        block=Block.RNN,
        paper=Paper(
            authors="Chen, Beutel, Covington, Jain, Belletti and Chi",
            year=2019,
            title="Top-K Off-Policy Correction for a REINFORCE Recommender System",
        ),
        sentence="Learns to earn stars from what others chose to watch, and allows for all that it would have shown instead.",
        ratings="In training a rating counts by its stars: five stars are a reward of 1, two and a half and less none. Movies that you rated "
        "below two and a half stars are left out of what the network reads, so that they pull nothing up.",
        departures="The state is a GRU instead of a Chaos Free RNN, with no actions' contexts (page, device, time) beside the movies, which ratings lack. "
        "The reward of a choice is its own stars and, discounted, those of what was rated after it in the same window. Both softmaxes are over the whole "
        "catalogue, not over drawn items, and without a temperature; π shares its vectors with what is read, and both have a bias per movie that starts from popularity. What was chosen "
        "is what people rated, so β is their own choice and that of the lists that they rated from. It answers with the K best instead of drawing.",
        parents=("GRU4Rec",),
        uses_order=True,
    )
    Config = REINFORCEConfig
    quick = QUICK | {
        "k": 4,
        "epochs": 60,
        "batch_size": 16,
        "dropout": 0.4,
    }  # a list of 16 would be most of that catalogue
    config: REINFORCEConfig

    def network(self, n_items: int) -> nn.Module:
        """A new state with its two heads."""
        return REINFORCENetwork(n_items, self.config)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """-ω λ_K R ln π - ln β, the mean over all choices. β learns from the state and never moves it."""
        net = cast(REINFORCENetwork, network)
        assert batch.targets is not None
        assert batch.target_ratings is not None
        asked = batch.targets != NOTHING  # [batch, length]
        s, a = net(batch)[asked], batch.targets[asked]  # [n, dim], [n]
        R = returns(batch.target_ratings, self.config.discount)[asked]
        blocked = s.detach()
        behaviour, log_beta = policy_gradient(
            blocked,
            net.behaviour.weight,
            a,
            lambda log_pi, rows: torch.ones_like(log_pi),
            net.behaviour_bias(net.counts),
        )

        def weigh(log_pi: Tensor, rows: slice) -> Tensor:
            omega = importance(log_pi, log_beta[rows], self.config.weight_cap)
            return omega * top_k(log_pi, self.config.k) * R[rows]

        policy, _ = policy_gradient(s, net.table(), a, weigh, net.bias())
        return policy + behaviour


def returns(stars: Tensor, discount: float) -> Tensor:
    """R_t = Σ_(t' ≥ t) γ^(t'-t) r_t', r = max(0, stars - 2.5) / 2.5; stars `[batch, length]`, 0 where filled up; the same shape."""
    r = (stars - NEUTRAL).clamp(min=0) / (5 - NEUTRAL)
    if discount:
        later = torch.arange(r.shape[1], device=r.device)
        ahead = later[:, None] - later  # [t', t]
        r = r @ torch.where(ahead >= 0, discount ** ahead.clamp(min=0), 0.0)
    return r


def importance(log_pi: Tensor, log_beta: Tensor, cap: float) -> Tensor:
    """ω = min(π/β, cap), of logarithms `[n]`, `[n]`."""
    return (log_pi - log_beta).exp().clamp(max=cap)


def top_k(log_pi: Tensor, k: int) -> Tensor:
    """λ_K = K (1 - π)^(K-1) `[n]`: what one more chance for a movie adds to its chance of being among K that are drawn."""
    return k * (1 - log_pi.exp()) ** (k - 1)
