"""AutoInt: fields look at one another, as words of a sentence do."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.models.base import Block, ModelCard, Paper
from recommender.training.crossing import CrossingRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, InteractionConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork


class AutoIntConfig(InteractionConfig):
    """The attention."""

    blocks: int = Field(
        1,
        ge=1,
        le=16,
        description="Interacting layers. Source: our choice for CPUs, not swept; 3 in Song et al. (2019).",
    )
    heads: int = Field(2, ge=1, le=64, description="Attention heads. Source: Song et al. (2019).")
    head: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Width of a head. Source: our choice for CPUs, not swept; 32 in Song et al. (2019).",
    )


class Interacting(nn.Module):
    """ReLU(heads side by side + W_res e): every field is told by the others what they have in common."""

    def __init__(self, inputs: int, heads: int, head: int) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(inputs, 3 * heads * head, bias=False)
        self.res = nn.Linear(inputs, heads * head, bias=False)

    def looks(self, e: Tensor) -> tuple[Tensor, Tensor]:
        """How strongly each field looks at each other, `[n, heads, fields, fields]`, and what there is to see, `[n, heads, fields, head]`."""
        q, k, v = self.qkv(e).unflatten(2, (3, self.heads, -1)).permute(2, 0, 3, 1, 4)
        return (q @ k.transpose(2, 3)).softmax(dim=-1), v

    def forward(self, e: Tensor) -> Tensor:
        """`[n, fields, inputs]` -> `[n, fields, heads * head]`."""
        weights, v = self.looks(e)
        return F.relu((weights @ v).transpose(1, 2).flatten(2) + self.res(e))


class AutoIntNetwork(InteractionNetwork):
    """Interacting layers, then one weighted sum over all that the fields have become."""

    def __init__(self, n_items: int, config: AutoIntConfig) -> None:
        super().__init__(n_items, config)
        width = config.heads * config.head
        inputs = [config.dim, *[width] * (config.blocks - 1)]
        self.blocks = nn.Sequential(*(Interacting(each, config.heads, config.head) for each in inputs))
        self.read = nn.Linear((PERSON_FIELDS + MOVIE_FIELDS) * width, 1, bias=False)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """All fields in one sentence."""
        return self.read(self.blocks(torch.cat([person, movie], dim=1)).flatten(1))[:, 0]


class AutoInt(CrossingRecommender):
    """ŷ = w_0 + Σ w_f + w · [ẽ_1, ẽ_2, ...], ẽ by multi-head self-attention over the fields."""

    card = ModelCard(
        name="AutoInt",
        family="interaction",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Song, Shi, Xiao, Duan, Xu, Zhang and Tang",
            year=2019,
            title="AutoInt: Automatic Feature Interaction Learning via Self-Attentive Neural Networks",
        ),
        sentence="Lets every fact about you and about a movie look at all the others and decide which of them matter to it.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. First-order weights beside it, no "
        "tower (AutoInt+ has one). Trained by AdamW with drawn movies as a no.",
        parents=("FM", "Transformer"),
        side_information=READS,
    )
    Config = AutoIntConfig
    config: AutoIntConfig
    quick = QUICK
    crossing = "How strongly one field looks at another, the mean over heads and layers; what a field looks at adds up to 1. It says where the model looks, not whether that speaks for the movie."
    signed = False

    def network(self, n_items: int) -> nn.Module:
        """New layers."""
        return AutoIntNetwork(n_items, self.config)

    def meetings(self, network: nn.Module, person: Tensor, movie: Tensor) -> Tensor:
        """Attention, mean over heads and layers."""
        e, seen = torch.cat([person, movie], dim=1), []
        for block in cast(AutoIntNetwork, network).blocks:
            seen.append(cast(Interacting, block).looks(e)[0].mean(dim=1))
            e = block(e)
        return torch.stack(seen).mean(dim=0)
