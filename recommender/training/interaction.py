"""InteractionRecommender: models that look at one person and one movie at a time, field by field, and say yes or no."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.items import COLUMNS, features
from recommender.layers.field_table import FieldTable
from recommender.layers.preference import NEUTRAL
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import BasketsConfig
from recommender.training.recommender import TorchRecommender

FEWEST = 2
"""Movies that must share a value for it to have a vector: a value of one movie alone says nothing of any other."""
AT_ONCE = 4_096
"""Pairs that are looked at together when a whole catalogue is."""

RATINGS = "Movies below two and a half stars are not read, and in training they are a no, as are movies drawn at random; all others are a yes."
"""The card's sentence on stars; the setting liked_from moves the border of yes and no."""

READS = ("genres", "year", "directors", "writers", "cast", "countries", "certificate", "runtime_minutes", "tags")
"""Columns of the catalogue that every model of the family reads."""


class InteractionConfig(BasketsConfig):
    """What is a yes, and what a no."""

    dim: int = Field(
        16, ge=1, le=1_024, description="Width of a field's vector. Source: 10 in Guo et al. (2017), 16 in BARS."
    )
    liked_from: float = Field(
        2.5,
        ge=0.5,
        le=5,
        description="Stars from which a rating is a yes; below it is a no. Source: our choice, not swept; 4 is usual where clicks are imitated.",
        json_schema_extra={"unit": "stars"},
    )
    negatives: int = Field(
        8,
        ge=0,
        le=1_000,
        description="Movies drawn per rating that count as a no: without them the model learns what is liked among what is watched, "
        "not what is watched. Source: our choice, not swept; 0 in papers on clicks.",
        json_schema_extra={"unit": "movies"},
    )
    targets: int = Field(
        1_024,
        ge=1,
        le=65_536,
        description="Ratings to be guessed per step at most. Source: our choice, not swept.",
        json_schema_extra={"unit": "ratings"},
    )


class DeepConfig(InteractionConfig):
    """With a tower."""

    tower: int = Field(
        64,
        ge=1,
        le=4_096,
        description="Width of the tower's layers. Source: our choice for CPUs, not swept; 400 in Guo et al. (2017).",
    )
    layers: int = Field(
        2,
        ge=1,
        le=16,
        description="Layers of the tower. Source: our choice for CPUs, not swept; 3 in Guo et al. (2017).",
    )
    tower_dropout: float = Field(
        0.1, ge=0, lt=1, description="Dropout in the tower. Source: our choice, not swept; 0.5 in Guo et al. (2017)."
    )


class InteractionNetwork(nn.Module):
    """Fields in, one logit out. A model gives `interact`; where its algebra allows to look at a whole catalogue faster, `catalogue`, too."""

    vectors_per_field: ClassVar[int] = 1
    """Vectors of `dim` that a field has."""

    def __init__(self, n_items: int, config: InteractionConfig) -> None:
        super().__init__()
        self.dim = config.dim
        self.table = FieldTable(n_items, len(COLUMNS), self.vectors_per_field * config.dim + 1)
        self.bias = nn.Parameter(torch.zeros(()))
        self.register_buffer("movies", torch.zeros(n_items, self.table.of_movie, self.table.width))  # settled
        self.movies: Tensor

    @property
    def n_fields(self) -> int:
        """Of a person and a movie together."""
        return self.table.of_person + self.table.of_movie

    @abstractmethod
    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """What the fields say together, beyond what each says alone, `[n]`.

        `person` `[n, person_fields, width]` and `movie` `[n, movie_fields, width]`, pair by pair.
        """

    def catalogue(self, person: Tensor, movie: Tensor) -> Tensor:
        """The same for everybody `[batch, ...]` and every movie `[n_items, ...]`: `[batch, n_items]`."""
        rows = []
        for one in person:
            parts = torch.split(movie, AT_ONCE)
            rows.append(torch.cat([self.interact(one.expand(len(part), *one.shape), part) for part in parts]))
        return torch.stack(rows)

    def forward(self, person: Tensor, movie: Tensor) -> Tensor:
        """Logits of pairs `[n]`, from fields with the first-order weight in their last column."""
        alone = person[..., -1].sum(dim=1) + movie[..., -1].sum(dim=1) + self.bias
        return alone + self.interact(person[..., :-1], movie[..., :-1])

    def every(self, person: Tensor, movie: Tensor) -> Tensor:
        """Logits of everybody with every movie, `[batch, n_items]`."""
        alone = person[..., -1].sum(dim=1)[:, None] + movie[..., -1].sum(dim=1) + self.bias
        return alone + self.catalogue(person[..., :-1], movie[..., :-1])


class InteractionRecommender(TorchRecommender):
    """P(yes | person, movie) = σ(b + Σ w_f + what the fields say together). A part of each history is hidden and guessed from the rest."""

    Config: ClassVar[type[InteractionConfig]] = InteractionConfig
    config: InteractionConfig

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Declare the fields: the features of the catalogue, as the app shows them."""
        network = cast(InteractionNetwork, network)
        shared = [
            feature.matrix.tocsc()[:, feature.matrix.sum(axis=0) >= FEWEST].tocsr() for feature in features(catalog)
        ]
        network.table.describe(shared, std=self.config.dim**-0.5 / 4)
        with torch.no_grad():
            for vectors in (network.table.own, network.table.E, network.table.activity.weight):
                vectors[:, -1] = 0

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step."""
        return Baskets(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean cross-entropy of the hidden ratings and of drawn movies."""
        network = cast(InteractionNetwork, network)
        movies = network.table()
        hidden = (torch.rand(batch.items.shape, device=batch.items.device) < self.config.dropout) & batch.mask
        person, movie, yes = self.pairs(batch, hidden, len(movies))
        read = batch.mask & ~hidden & (batch.ratings >= NEUTRAL)
        logits = network(network.table.people(batch, read, movies)[person], movies[movie])
        return F.binary_cross_entropy_with_logits(logits, yes) if len(yes) else logits.sum()

    def pairs(self, batch: Batch, hidden: Tensor, n_items: int) -> tuple[Tensor, Tensor, Tensor]:
        """Who, which movie, and 1 for a yes, `[n]` each: some of the hidden ratings, and drawn movies that they have not rated, each a no."""
        at = hidden.nonzero()
        person, place = at[torch.randperm(len(at), device=at.device)[: self.config.targets]].unbind(dim=1)
        yes = (batch.ratings[person, place] >= self.config.liked_from).float()
        asked = person.repeat_interleave(self.config.negatives)
        drawn = torch.randint(n_items, asked.shape, device=at.device)
        fresh = multi_hot(batch, n_items)[asked, drawn] == 0
        return (
            torch.cat([person, asked[fresh]]),
            torch.cat([batch.items[person, place], drawn[fresh]]),
            torch.cat([yes, yes.new_zeros(int(fresh.sum()))]),
        )

    def settle(self, network: nn.Module) -> None:
        """The movies' fields."""
        network = cast(InteractionNetwork, network)
        network.movies.copy_(network.table())

    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """Logits, `[batch, n_items]`."""
        network = cast(InteractionNetwork, network)
        return network.every(network.table.people(batch, batch.mask, network.movies), network.movies)


QUICK = {"dim": 8, "epochs": 60, "batch_size": 32, "learning_rate": 0.03, "validation_people": 0, "targets": 512}
"""Settings with which a small network learns the planted world of the contract test in about a second."""
