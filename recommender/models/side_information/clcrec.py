"""CLCRec: what a movie is and who watches it are held against each other until the one can stand for the other."""

from __future__ import annotations

from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.described import READS, REDUCED, Described, described
from recommender.features.texts import WIDTH
from recommender.layers.dropout import Dropout
from recommender.layers.standing import ranked, stood
from recommender.losses.batch_softmax import batch_softmax
from recommender.losses.sampled_softmax import sampled_softmax
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.features import FeatureRecommender, FeaturesConfig
from recommender.training.presets import QUICK_BASKETS, BasketsConfig
from recommender.training.recommender import RATINGS


class CLCRecConfig(BasketsConfig, FeaturesConfig):
    """The encoder, and the two contrasts."""

    hidden: int = Field(
        128,
        ge=1,
        le=16_384,
        description="Width of the encoder's layer. Source: our choice for CPUs, not swept; 256 in Wei et al. (2021).",
    )
    temperature: float = Field(
        0.2,
        gt=0,
        le=10,
        description="τ of the contrast between a movie's two vectors. Source: our choice, not swept; Wei et al. (2021) search .1 to 2.",
    )
    contrast: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="Share 1 - λ of that contrast in the loss. Source: our choice, not swept; Wei et al. (2021) search it.",
    )
    exchanged: float = Field(
        0.5,
        ge=0,
        le=1,
        description="ρ, how often a movie is offered by what its features say of it. Source: our choice, not swept; Wei et al. (2021) search it.",
    )
    negatives: int = Field(
        1_024,
        ge=1,
        le=65_536,
        description="Movies drawn per step, shared by its targets. Source: our choice, not swept; 128 for each target in Wei et al. (2021).",
        json_schema_extra={"unit": "movies"},
    )
    targets: int = Field(
        1_024,
        ge=2,
        le=65_536,
        description="Hidden ratings of a batch that are asked for at most. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=65_536,
        description="People per step of the optimiser. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "people"},
    )
    dropout: float = Field(
        0.5,
        ge=0,
        lt=1,
        description="Share of a basket that is hidden in training, and of the features that are. Source: Liang et al. (2018) for baskets; our choice, "
        "not swept, for features.",
    )
    weight_decay: float = Field(
        0.1, ge=0, le=10, description="AdamW's decay. Source: our choice, not swept; Wei et al. (2021) search a ridge."
    )
    learning_rate: float = Field(
        5e-3, gt=0, le=1, description="Step of AdamW. Source: our choice, not swept; .001 in Wei et al. (2021)."
    )
    epochs: int = Field(
        30, ge=1, le=10_000, description="Passes over the people at most. Source: our choice for CPUs, not swept."
    )


class CLCRecNetwork(nn.Module):
    """z_i of who watches movie i, g_i = encoder(features of i), u = A Σ z / √n + a over the n movies that somebody watched."""

    def __init__(self, n_items: int, config: CLCRecConfig) -> None:
        super().__init__()
        d, self.n_items = config.dim, n_items
        self.z = nn.Parameter(torch.zeros(n_items, d))
        nn.init.normal_(self.z, std=d**-0.5)
        self.encoder = nn.Sequential(
            Dropout(config.dropout),
            nn.Linear(WIDTH + REDUCED + 1, config.hidden),
            nn.LeakyReLU(),
            nn.Linear(config.hidden, d),
        )
        self.person = nn.Linear(d, d)
        for name, shape in (
            ("features", (n_items, WIDTH + REDUCED + 1)),
            ("basis", (0, REDUCED)),
            ("g", (n_items, d)),
            ("v", (n_items, d)),
        ):
            self.register_buffer(name, torch.zeros(shape))  # g and v are settled
        self.register_buffer("known", torch.zeros(n_items, dtype=torch.bool))
        self.features: Tensor
        self.basis: Tensor
        self.g: Tensor
        self.v: Tensor
        self.known: Tensor

    def u(self, x: Tensor, v: Tensor) -> Tensor:
        """People who watched x `[batch, n_items]` among movies v `[n_items, dim]`, `[batch, dim]`."""
        return self.person(x @ v / x.sum(dim=1, keepdim=True).clamp(min=1).sqrt())


class CLCRec(FeatureRecommender):
    """λ InfoNCE(people, movies by z or g) + (1 - λ) InfoNCE(z, g): lower bounds of what the one tells of the other."""

    card = ModelCard(
        name="CLCRec",
        family="side_information",
        block=Block.MLP,
        paper=Paper(
            authors="Wei, Wang, Li, Nie, Li, Li and Chua",
            year=2021,
            title="Contrastive Learning for Cold-Start Recommendation",
        ),
        sentence="Learns two portraits of every movie, by its audience and by its features, until each can be told from the other; a new movie has the second.",
        ratings=RATINGS,
        departures="A person has no vector of their own: they are made from the sum of the movies that they watched. The negatives of the "
        "first contrast are movies drawn for the whole batch, those of the second the batch's other targets. Features are the text's vector and the others reduced to "
        "512 numbers. What features say of a movie that nobody rated is brought to the scale of the rated movies' scores, rank by rank, "
        "since a prediction is timid and would never come to the top of a list.",
        parents=("DropoutNet", "TwoTower"),
        side_information=READS,
        scores_cold_items=True,
    )
    Config = CLCRecConfig
    config: CLCRecConfig
    quick = QUICK_BASKETS | {"text": "lsa", "hidden": 32, "epochs": 40}

    def network(self, n_items: int) -> nn.Module:
        """New portraits."""
        return CLCRecNetwork(n_items, self.config)

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """The features, and which movies were rated."""
        network = cast(CLCRecNetwork, network)
        made = Described(catalog, self.texts.numpy(), self.config.seed)
        network.features, network.basis = torch.from_numpy(made.rows), torch.from_numpy(made.basis)
        network.known = torch.from_numpy(np.bincount(histories.items, minlength=len(catalog)) > 0)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Both contrasts, on some of what is hidden of the baskets."""
        network, config = cast(CLCRecNetwork, network), self.config
        x = multi_hot(batch, network.n_items)
        hidden = x * (torch.rand_like(x) < config.dropout)
        at = hidden.nonzero()
        person, target = at[torch.randperm(len(at), device=at.device)[: config.targets]].unbind(dim=1)
        known = network.known.nonzero()[:, 0]
        drawn = known[torch.randint(len(known), (config.negatives,), device=known.device)]
        asked, place = torch.unique(torch.cat([target, drawn]), return_inverse=True)
        z, g = network.z[asked], network.encoder(network.features[asked])  # [asked, dim]
        m = torch.where(torch.rand(len(asked), 1, device=z.device) < config.exchanged, g, z)[place]
        u = network.u(x - hidden, network.z)[person]  # [targets, dim]
        again = target[:, None] == drawn
        negative = (u @ m[len(target) :].T).masked_fill(again, -torch.inf)
        watched = sampled_softmax((u * m[: len(target)]).sum(dim=1), negative, z.new_tensor(-float(np.log(len(known)))))
        mine = torch.unique(place[: len(target)])
        alike = F.normalize(z[mine], dim=1) @ F.normalize(g[mine], dim=1).T / config.temperature
        told = batch_softmax(alike, asked[mine], alike.new_zeros(len(mine)))
        return (1 - config.contrast) * watched + config.contrast * told if len(target) else x.sum() * 0 + z.sum() * 0

    def settle(self, network: nn.Module) -> None:
        """All movies by their features, and by who watches them where anybody did."""
        network = cast(CLCRecNetwork, network).eval()
        network.g.copy_(network.encoder(network.features))
        network.v.copy_(torch.where(network.known[:, None], network.z, network.g))

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """u·v, `[batch, n_items]`."""
        network = cast(CLCRecNetwork, network)
        u, known = network.u(multi_hot(batch, network.n_items), network.v), network.known
        return ranked(u @ network.v.T, u @ network.g.T, known)

    def place(self, histories: Histories, catalog: Catalog, newcomers: Catalog) -> NDArray[np.float32]:
        """u·g of the newcomers, on the scale of `scores`, `[batch, n_newcomers]`."""
        network = cast(CLCRecNetwork, self.net)
        rows = described(
            catalog, newcomers, self.config.text, self.config.seed, network.features.numpy(), network.basis.numpy()
        )
        with torch.inference_mode():
            g = network.encoder(torch.from_numpy(rows))

        def scores(batch: Batch) -> Tensor:
            u, known = network.u(multi_hot(batch, network.n_items), network.v), network.known
            return stood(u @ g.T, (u @ network.g.T)[:, known], (u @ network.v.T)[:, known])

        return self.place_by(histories, len(newcomers), scores)
