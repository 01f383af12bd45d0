"""DCN-V2: crosses by matrices of low rank, several of them, and a gate that says which to believe."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.layers.split_tower import SplitTower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.crossing import CrossingRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork


class DCNV2Config(DeepConfig):
    """The crosses."""

    crosses: int = Field(
        2,
        ge=1,
        le=16,
        description="Cross layers. Source: our choice for CPUs, not swept; 2 or 3 in Wang et al. (2021).",
    )
    experts: int = Field(
        2,
        ge=1,
        le=16,
        description="Experts per layer. Source: our choice for CPUs, not swept; 4 in Wang et al. (2021).",
    )
    rank: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Rank of each expert's matrix. Source: our choice for CPUs, not swept; 64 or more in Wang et al. (2021).",
    )


class MixedCross(nn.Module):
    """x_(l+1) = Σ_i G_i(x_l) x_0 ⊙ (U_i g(C_i g(V_iᵀ x_l)) + b) + x_l, g = tanh, G a softmax."""

    def __init__(self, width: int, experts: int, rank: int) -> None:
        super().__init__()
        self.V = nn.Parameter(torch.randn(width, experts, rank) * width**-0.5)
        self.C = nn.Parameter(torch.randn(experts, rank, rank) * rank**-0.5)
        self.U = nn.Parameter(torch.randn(experts, rank, width) * rank**-0.5)
        self.b = nn.Parameter(torch.zeros(width))
        self.gate = nn.Linear(width, experts, bias=False)

    def forward(self, x_0: Tensor, x: Tensor) -> Tensor:
        """The next x, `[n, width]`. The gates add up to 1, so they may weigh the experts before U."""
        small = torch.einsum("nw,wer->ner", x, self.V).tanh()
        small = torch.einsum("ner,ers->nes", small, self.C).tanh() * self.gate(x).softmax(dim=-1)[..., None]
        return x_0 * (small.flatten(1) @ self.U.flatten(0, 1) + self.b) + x

    def by_field(self, fields: Tensor, read: Tensor) -> Tensor:
        """What the weights `read` `[width]` make of each two fields' cross in a first layer, of `fields` `[n, fields, dim]`.

        `[n, fields, fields]`: row f, column g is Σ_(d in f) read_d x_d (W_fg x_g)_d with W = Σ_i G_i U_i S'_i C_i S_i V_iᵀ. S z = tanh z
        holds exactly for S = diag(tanh z / z), so all rows and columns add up to read · (x_0 ⊙ Σ_i G_i U_i g(C_i g(V_iᵀ x_0))).
        """
        x, (n_fields, dim) = fields.flatten(1), fields.shape[1:]
        V = self.V.view(n_fields, dim, *self.V.shape[1:])
        U = self.U.view(*self.U.shape[:2], n_fields, dim)
        begin = torch.einsum("nw,wer->ner", x, self.V)
        middle = torch.einsum("ner,ers->nes", begin.tanh(), self.C)
        part = torch.einsum("ngd,gder->nger", fields, V) * slope(begin)[:, None]
        part = torch.einsum("nger,ers->nges", part, self.C) * slope(middle)[:, None]
        part = part * self.gate(x).softmax(dim=-1)[:, None, :, None]
        return torch.einsum("nfd,fd,nges,esfd->nfg", fields, read.view(n_fields, dim), part, U)


def slope(z: Tensor) -> Tensor:
    """tanh z / z, 1 at 0."""
    return torch.where(z == 0, 1, z.tanh() / z)


class DCNV2Network(InteractionNetwork):
    """Cross layers and a tower side by side."""

    def __init__(self, n_items: int, config: DCNV2Config) -> None:
        super().__init__(n_items, config)
        d = config.dim
        widths = PERSON_FIELDS * d, MOVIE_FIELDS * d
        self.crosses = nn.ModuleList(
            MixedCross(sum(widths), config.experts, config.rank) for _ in range(config.crosses)
        )
        self.read = nn.Linear(sum(widths), 1, bias=False)
        self.tower = SplitTower(*widths, config.tower, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Crosses and tower."""
        p, m = person.flatten(1), movie.flatten(1)
        x_0 = x = torch.cat([p, m], dim=1)
        for cross in self.crosses:
            x = cross(x_0, x)
        return self.read(x)[:, 0] + self.tower(p, m)


class DCNV2(CrossingRecommender):
    """ŷ = w_0 + Σ w_f + w · x_L + tower(x_0)."""

    card = ModelCard(
        name="DCN-V2",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="Wang, Shivanna, Cheng, Jain, Lin, Hong and Chi",
            year=2021,
            title="DCN V2: Improved Deep & Cross Network and Practical Lessons for Web-scale Learning to Rank Systems",
        ),
        sentence="Crosses facts through several small matrices, and a gate decides for each case which of them to believe.",
        ratings=RATINGS,
        departures="The mixture of low rank (DCN-Mix), parallel to the tower. A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. "
        "First-order weights beside it. Trained by AdamW with drawn movies as a no.",
        parents=("DCN",),
        side_information=READS,
    )
    Config = DCNV2Config
    config: DCNV2Config
    quick = QUICK
    crossing = "What the first cross layer adds to the score when one field is multiplied by what is made of another. Higher crosses and the tower are not counted in."

    def network(self, n_items: int) -> nn.Module:
        """New crosses and a new tower."""
        return DCNV2Network(n_items, self.config)

    def meetings(self, network: nn.Module, person: Tensor, movie: Tensor) -> Tensor:
        """w_f · (x_f ⊙ W_fg x_g) of the first layer, for this case."""
        known = cast(DCNV2Network, network)
        return cast(MixedCross, known.crosses[0]).by_field(torch.cat([person, movie], dim=1), known.read.weight[0])
