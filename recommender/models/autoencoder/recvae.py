"""RecVAE: MultVAE with a prior that remembers what the encoder said before, and encoder and decoder learning in turns."""

from __future__ import annotations

import math
from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.layers.dropout import dropout
from recommender.layers.popularity import log_share
from recommender.layers.steps import Steps
from recommender.losses.multinomial import multinomial
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender

SHARES = (3 / 20, 3 / 4, 1 / 10)
"""Of the prior: standard normal, what the encoder said before, nearly flat. Source: Shenbin et al. (2020), their code."""
FLAT = 10.0
"""ln σ² of the nearly flat part. Source: as above."""


class RecVAEConfig(BasketsConfig):
    """The network and the turns."""

    dim: int = Field(200, ge=1, le=4_096, description="Width of z, the taste. Source: Shenbin et al. (2020).")
    hidden: int = Field(
        600, ge=1, le=16_384, description="Width of the encoder's layers. Source: Shenbin et al. (2020)."
    )
    gamma: float = Field(
        0.005,
        ge=0,
        le=10,
        description="Weight of the KL divergence per rating of the person. Source: Shenbin et al. (2020), for MovieLens.",
    )
    spread: float = Field(
        0.01,
        ge=0,
        le=1,
        description="Share of σ by which z strays from μ in training. Source: validation on RecBole's ml-100k, .088 against .084 with 1, which is "
        "the paper's; .01 in RecBole.",
    )
    encoder_turns: int = Field(
        3,
        ge=1,
        le=100,
        description="Epochs of the encoder to one of the decoder. Source: Shenbin et al. (2020).",
        json_schema_extra={"unit": "epochs"},
    )
    epochs: int = Field(
        200, ge=1, le=10_000, description="Turns at most. Source: Shenbin et al. (2020), 50 rounds of four."
    )
    patience: int = Field(
        20,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops: five rounds. Source: our choice, not swept.",
        json_schema_extra={"unit": "epochs"},
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: our choice, not swept; 5e-4 in Shenbin et al. (2020).",
    )


class Encoder(nn.Module):
    """Five layers, each fed by the sum of all before it: h_l = LayerNorm(swish(W_l h_(l-1) + h_1 + ... + h_(l-1)))."""

    def __init__(self, n_items: int, hidden: int, dim: int) -> None:
        super().__init__()
        self.layers = nn.ModuleList([nn.Linear(n_items, hidden), *(nn.Linear(hidden, hidden) for _ in range(4))])
        self.norms = nn.ModuleList(nn.LayerNorm(hidden, eps=0.1) for _ in range(5))
        self.mean, self.log_variance = nn.Linear(hidden, dim), nn.Linear(hidden, dim)

    def forward(self, x: Tensor, hidden_share: float) -> tuple[Tensor, Tensor]:
        """μ and ln σ², `[batch, dim]` each; `hidden_share` is the share of `x` `[batch, n_items]` that is hidden."""
        h, before = dropout(F.normalize(x), hidden_share), torch.zeros(())
        for layer, norm in zip(self.layers, self.norms, strict=True):
            h = norm(F.silu(layer(h) + before.to(h)))
            before = before.to(h) + h
        return self.mean(h), self.log_variance(h)


class RecVAENetwork(nn.Module):
    """Encoder, its former self, and a decoder of one layer."""

    def __init__(self, n_items: int, config: RecVAEConfig) -> None:
        super().__init__()
        self.n_items, self.hidden_share = n_items, config.dropout
        self.encoder = Encoder(n_items, config.hidden, config.dim)
        self.former = Encoder(n_items, config.hidden, config.dim).requires_grad_(False)
        self.decoder = nn.Linear(config.dim, n_items)
        self.steps = Steps()

    def log_prior(self, x: Tensor, z: Tensor) -> Tensor:
        """ln p(z) under the composite prior, every coordinate by itself, `[batch, dim]`."""
        with torch.no_grad():
            mean, log_variance = self.former(x, 0.0)
        zero = torch.zeros((), device=z.device)
        parts = [log_normal(z, zero, zero), log_normal(z, mean, log_variance), log_normal(z, zero, zero + FLAT)]
        weighed = [part + math.log(share) for part, share in zip(parts, SHARES, strict=True)]
        return torch.logsumexp(torch.stack(weighed), dim=0)

    def remember(self) -> None:
        """The encoder of now becomes the former one."""
        self.former.load_state_dict(self.encoder.state_dict())


def log_normal(z: Tensor, mean: Tensor, log_variance: Tensor) -> Tensor:
    """ln N(z; μ, σ²), every coordinate by itself."""
    return -0.5 * (log_variance + math.log(2 * math.pi) + (z - mean) ** 2 / log_variance.exp())


class RecVAE(TorchRecommender):
    """-Σ_i x_i ln softmax(Wz + b)_i + γ |x| (ln q(z|x) - ln p(z)); answers by the logits at z = μ."""

    card = ModelCard(
        name="RecVAE",
        family="autoencoder",
        block=Block.MLP,
        paper=Paper(
            authors="Shenbin, Alekseev, Tutubalina, Malykh and Nikolenko",
            year=2020,
            title="RecVAE: A New Variational Autoencoder for Top-N Recommendations with Implicit Feedback",
        ),
        sentence="Like MultVAE, but the two halves learn in turns, and the reader may not forget what it said a moment ago.",
        ratings=RATINGS,
        departures="All ratings are baskets, not only four stars and more. z strays by a hundredth of σ only. Both halves share one optimiser, which rests the half whose turn it "
        "is not; the bias of the decoder starts from popularity. It trains in one process, since half of the weights get no gradient.",
        parents=("MultVAE",),
    )
    Config = RecVAEConfig
    config: RecVAEConfig
    quick = QUICK_BASKETS | {"hidden": 32, "epochs": 60, "batch_size": 64}

    turn: int
    """Steps in an epoch: the length of a turn."""

    def network(self, n_items: int) -> nn.Module:
        """A new autoencoder."""
        return RecVAENetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """The first bet is popularity, and the former encoder is that of now."""
        network = cast(RecVAENetwork, network)
        network.remember()
        with torch.no_grad():
            network.decoder.bias.copy_(torch.from_numpy(log_share(histories.items, len(catalog))))

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets; a turn is once through them."""
        baskets = Baskets(histories, self.config.max_length, n_items)
        self.turn = max(-(-len(baskets) // self.config.batch_size), 1)
        return baskets

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The negative lower bound, mean over people, for the half whose turn it is."""
        network = cast(RecVAENetwork, network)
        epoch, step = divmod(int(network.steps()), self.turn)
        decoding = epoch % (self.config.encoder_turns + 1) == self.config.encoder_turns
        if decoding and step == 0:
            network.remember()
        x = multi_hot(batch, network.n_items)
        if decoding:
            with torch.no_grad():
                z = self._drawn(*network.encoder(x, 0.0))
            return multinomial(network.decoder(z), x).mean()
        mean, log_variance = network.encoder(x, network.hidden_share)
        z = self._drawn(mean, log_variance)
        logits = F.linear(z, network.decoder.weight.detach(), network.decoder.bias.detach())
        apart = (log_normal(z, mean, log_variance) - network.log_prior(x, z)).sum(dim=1)  # [batch]
        return (multinomial(logits, x) + self.config.gamma * x.sum(dim=1) * apart).mean()

    def _drawn(self, mean: Tensor, log_variance: Tensor) -> Tensor:
        """z = μ + spread · σε."""
        return mean + self.config.spread * torch.randn_like(mean) * (0.5 * log_variance).exp()

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Logits at the middle of the cloud, `[batch, n_items]`."""
        network = cast(RecVAENetwork, network)
        mean, _ = network.encoder(multi_hot(batch, network.n_items), 0.0)
        return network.decoder(mean)
