"""InteractionNetwork: the fields of a person and of a movie in, one logit out."""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from recommender.features.items import COLUMNS
from recommender.layers.field_table import FieldTable
from recommender.training.batch import Batch
from recommender.training.interaction_config import InteractionConfig

MOVIE_FIELDS, PERSON_FIELDS = 1 + len(COLUMNS), 2 + len(COLUMNS)
"""A movie's own name and its features; the same of what a person watched, and how much that is."""
AT_ONCE = 1024
"""Pairs that are looked at together when a whole catalogue is."""


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
