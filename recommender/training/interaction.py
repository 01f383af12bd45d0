"""InteractionRecommender: models that look at one person and one movie at a time, field by field, and say yes or no."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Catalog, Histories
from recommender.features.items import COLUMNS, features
from recommender.features.items import READS as READS  # what the cards of the family name
from recommender.layers.field_table import FieldTable
from recommender.layers.preference import NEUTRAL
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.presets import BasketsConfig
from recommender.training.recommender import TorchRecommender

FEWEST = 2
"""Movies that must share a value for it to have a vector: a value of one movie alone says nothing of any other."""
MOVIE_FIELDS, PERSON_FIELDS = 1 + len(COLUMNS), 2 + len(COLUMNS)
"""A movie's own name and its features; the same of what a person watched, and how much that is."""
AT_ONCE = 1024
"""Pairs that are looked at together when a whole catalogue is."""

RATINGS = "Movies below two and a half stars are not read, and in training they are a no, as are movies drawn at random; all others are a yes."
"""The card's sentence on stars; the setting liked_from moves the border of yes and no."""


class InteractionConfig(BasketsConfig):
    """What is a yes, and what a no."""

    dim: int = Field(
        16, ge=1, le=1_024, description="Width of a field's vector. Source: 10 in Guo et al. (2017), 16 in BARS."
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=65_536,
        description="People per step of the optimiser. Source: our choice, tried on the embedded data's validation ratings.",
        json_schema_extra={"unit": "people"},
    )
    learning_rate: float = Field(
        5e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: our choice, tried on the embedded data's validation ratings: .02 is worse.",
    )
    epochs: int = Field(
        15,
        ge=1,
        le=10_000,
        description="Passes over the people at most. Source: our choice for CPUs, not swept; FM is best after 11.",
    )
    patience: int = Field(
        4,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops. Source: our choice, not swept.",
        json_schema_extra={"unit": "epochs"},
    )
    validation_people: int = Field(
        200,
        ge=0,
        le=1_000_000,
        description="So many people, drawn by the seed, give their last rating to validation; 0: train all epochs, keep the last weights. "
        "Source: our choice for CPUs: to look at each movie by itself takes most of an epoch.",
        json_schema_extra={"unit": "people"},
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
    reads_stars: bool = Field(
        False,
        description="Whether it reads how many stars a movie got, disliked ones too, and how generous somebody is. Source: needed to tell what is liked "
        "among what is watched; lists of what is watched next have not been tried with it.",
    )
    newcomers: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of people of whom nothing at all is read in a step, so that it learns what a movie is worth to somebody unknown. Source: our "
        "choice, since popularity answers who has rated nothing; 0.15 where a model must answer them itself, as in the CTR table by time.",
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


@dataclass(frozen=True, eq=False)
class People:
    """Everybody of a batch, as a network reads them."""

    fields: Tensor
    """`[batch, person_fields, width]`."""
    batch: Batch
    read: Tensor
    """Which ratings of the batch are read, `[batch, length]`."""


class InteractionNetwork(nn.Module):
    """Fields in, one logit out. A model gives `interact`; where its algebra looks at a whole catalogue faster, `catalogue`, too.

    A model that reads more of a person than their fields overrides `pairs` and `catalogue` instead. What is picked row by row is picked
    by `index_select` or `embedding`: with several threads the gradient of `x[rows]` adds up in another order each time.
    """

    def __init__(self, n_items: int, config: InteractionConfig, width: int | None = None) -> None:
        """`width` of a field's vector, if it is not the config's `dim`."""
        super().__init__()
        self.table = FieldTable(
            n_items, len(COLUMNS), (width or config.dim) + 1, config.reads_stars
        )  # the last column is the first-order weight
        self.bias = nn.Parameter(torch.zeros(()))
        self.register_buffer("movies", torch.zeros(n_items, MOVIE_FIELDS, self.table.width))  # settled
        self.movies: Tensor

    @abstractmethod
    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """What the fields say together, beyond what each says alone, `[n]`.

        `person` `[n, person_fields, width]` and `movie` `[n, movie_fields, width]`, pair by pair.
        """

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The same for everybody and every movie `[n_items, movie_fields, width]`, `[batch, n_items]`."""
        rows = []
        for person in people.fields:
            parts = torch.split(movies, AT_ONCE)
            rows.append(torch.cat([self.interact(person.expand(len(part), *person.shape), part) for part in parts]))
        return torch.stack(rows)

    def pairs(self, people: People, movies: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """The same for pairs, `[n]`: `who` among the people with `which` of the movies."""
        return self.interact(people.fields.index_select(0, who), movies.index_select(0, which))

    def people(self, batch: Batch, read: Tensor, movies: Tensor) -> tuple[People, Tensor]:
        """Everybody as those ratings show them that `read` `[batch, length]` is true of, and the sum of their first-order weights `[batch]`."""
        fields = self.table.people(batch, read, movies)
        return People(fields[..., :-1], batch, read), fields[..., -1].sum(dim=1)

    def logits(self, batch: Batch, read: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Of pairs, in training, `[n]`."""
        movies = self.table()
        return self.guess(*self.people(batch, read, movies), movies, who, which)

    def guess(self, people: People, alone: Tensor, movies: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """The same of `people` with the sum `alone` of their first-order weights."""
        first_order = alone.index_select(0, who) + movies[..., -1].sum(dim=1).index_select(0, which) + self.bias
        return first_order + self.pairs(people, movies[..., :-1], who, which)

    def every(self, batch: Batch) -> Tensor:
        """Logits of everybody with every movie, when answering, `[batch, n_items]`."""
        people, alone = self.people(batch, batch.mask, self.movies)
        first_order = alone[:, None] + self.movies[..., -1].sum(dim=1) + self.bias
        return first_order + self.catalogue(people, self.movies[..., :-1])

    def some(self, batch: Batch, items: Tensor) -> Tensor:
        """Logits of everybody with some movies `[n]`, when answering, `[batch, n]`."""
        people, alone = self.people(batch, batch.mask, self.movies)
        who = torch.arange(len(alone), device=items.device).repeat_interleave(len(items))
        pairs = zip(torch.split(who, AT_ONCE), torch.split(items.repeat(len(alone)), AT_ONCE), strict=True)
        together = torch.cat([self.pairs(people, self.movies[..., :-1], *some) for some in pairs])
        first_order = alone[:, None] + self.movies[items, :, -1].sum(dim=1) + self.bias
        return first_order + together.view(len(alone), len(items))


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
            for vectors in network.table.vectors:
                vectors[:, -1] = 0

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole baskets, of which a part is hidden in each step."""
        return Baskets(histories, self.config.max_length, n_items, mixed=self.config.reads_stars)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean cross-entropy of the hidden ratings and of drawn movies."""
        network = cast(InteractionNetwork, network)
        hidden = (torch.rand(batch.items.shape, device=batch.items.device) < self.config.dropout) & batch.mask
        who, which, yes = self.pairs(batch, hidden, len(network.movies))
        logits = network.logits(batch, self.left_to_read(batch, hidden), who, which)
        return F.binary_cross_entropy_with_logits(logits, yes) if len(yes) else logits.sum()

    def reads(self, batch: Batch) -> Tensor:
        """Which ratings of a training batch a network reads unless they are hidden, `[batch, length]`."""
        return batch.mask & (self.config.reads_stars | (batch.ratings >= NEUTRAL))

    def left_to_read(self, batch: Batch, hidden: Tensor) -> Tensor:
        """Which ratings are read in this step, `[batch, length]`: of some people none."""
        read = self.reads(batch) & ~hidden
        if self.config.newcomers:
            read &= torch.rand(len(read), 1, device=read.device) >= self.config.newcomers
        return read

    def left_out(self, histories: Histories) -> NDArray[np.bool_]:
        """Dislikes, unless stars are read, and movies never met in training, one per row of `histories`."""
        return ~self.known[histories.items] if self.config.reads_stars else super().left_out(histories)

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
        return cast(InteractionNetwork, network).every(batch)

    def score_candidates(self, histories: Histories, items: NDArray[np.integer]) -> NDArray[np.float32]:
        """Logits of some movies `[n]` alone, pair by pair, `[batch, n]`."""
        network, which = cast(InteractionNetwork, self.net), torch.from_numpy(np.asarray(items, np.int64))
        return self._each(
            histories,
            lambda batch: network.some(batch, which),
            self.popular[items],
            self.known[items],
            torch.device("cpu"),
        )


QUICK = {"dim": 8, "epochs": 60, "batch_size": 32, "learning_rate": 0.03, "validation_people": 0, "targets": 512}
"""Settings with which a small network learns the planted world of the contract test in about a second."""
