"""MultVAE: a variational autoencoder whose output is one bet over all movies."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.layers.dropout import Dropout
from recommender.layers.steps import Steps
from recommender.losses.multinomial import multinomial
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS, TorchRecommender


class MultVAEConfig(BasketsConfig):
    """The network and the annealing."""

    dim: int = Field(200, ge=1, le=4_096, description="Width of z, the taste. Source: Liang et al. (2018).")
    hidden: int = Field(
        600, ge=1, le=16_384, description="Width of the layer on either side of z. Source: Liang et al. (2018)."
    )
    beta: float = Field(
        0.2, ge=0, le=10, description="Largest weight of the KL divergence. Source: Liang et al. (2018)."
    )
    anneal_steps: int = Field(
        300,
        ge=1,
        le=10_000_000,
        description="Steps in which the weight of the KL divergence grows from 0 to its largest. Source: our choice, "
        "not swept; 200,000 in Liang et al. (2018), for 116,677 people.",
        json_schema_extra={"unit": "steps"},
    )


class MultVAENetwork(nn.Module):
    """x -> (μ, ln σ²) -> z -> logits over all movies."""

    def __init__(self, n_items: int, config: MultVAEConfig) -> None:
        super().__init__()
        self.n_items, self.beta, self.anneal_steps = n_items, config.beta, config.anneal_steps
        self.dropout = Dropout(config.dropout)
        self.read = nn.Linear(n_items, config.hidden)
        self.encode = nn.Linear(config.hidden, 2 * config.dim)
        self.decode = nn.Linear(config.dim, config.hidden)
        self.write = nn.Linear(config.hidden, n_items)
        self.steps = Steps()

    def encoded(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """μ and ln σ² of q(z|x), `[batch, dim]` each; x `[batch, n_items]`."""
        h = self.read(self.dropout(F.normalize(x))).tanh()
        mean, log_variance = self.encode(h).chunk(2, dim=1)
        return mean, log_variance

    def decoded(self, z: Tensor) -> Tensor:
        """Logits of the bet, `[batch, n_items]`."""
        return self.write(self.decode(z).tanh())

    def annealed(self) -> Tensor:
        """β of this step, `[1]`."""
        return self.beta * (self.steps() / self.anneal_steps).clamp(max=1)


def divergence(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL(N(μ, σ²) ‖ N(0, 1)) = ½ Σ (σ² + μ² - 1 - ln σ²), `[batch, dim]` -> `[batch]`."""
    return 0.5 * (log_variance.exp() + mean**2 - 1 - log_variance).sum(dim=1)


class MultVAE(TorchRecommender):
    """-Σ_i x_i ln softmax(f(z))_i + β KL(q(z|x) ‖ N(0, 1)), z = μ + σε; answers by the logits at z = μ."""

    card = ModelCard(
        name="MultVAE",
        family="autoencoder",
        block=Block.MLP,
        paper=Paper(
            authors="Liang, Krishnan, Hoffman and Jebara",
            year=2018,
            title="Variational Autoencoders for Collaborative Filtering",
        ),
        sentence="Squeezes all that you watched into a small cloud of taste and paints the whole programme back from it.",
        ratings=RATINGS,
        departures="All ratings are baskets, not only four stars and more; the annealing is as short as the training, since a demo "
        "has hundreds of people and not a hundred thousand.",
        parents=("AutoRec", "CDAE", "VAE"),
    )
    Config = MultVAEConfig
    config: MultVAEConfig
    quick = QUICK_BASKETS | {"hidden": 32}

    def network(self, n_items: int) -> nn.Module:
        """A new autoencoder."""
        return MultVAENetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Nothing is known yet: small weights, no movie preferred. Source: the paper's code."""
        for layer in network.modules():
            if isinstance(layer, nn.Linear):
                nn.init.xavier_normal_(layer.weight)
                nn.init.zeros_(layer.bias)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """The negative lower bound, mean over people."""
        network = cast(MultVAENetwork, network)
        x = multi_hot(batch, network.n_items)
        mean, log_variance = network.encoded(x)
        z = mean + torch.randn_like(mean) * (0.5 * log_variance).exp()
        return (multinomial(network.decoded(z), x) + network.annealed() * divergence(mean, log_variance)).mean()

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Logits at the middle of the cloud, `[batch, n_items]`."""
        network = cast(MultVAENetwork, network)
        mean, _ = network.encoded(multi_hot(batch, network.n_items))
        return network.decoded(mean)
