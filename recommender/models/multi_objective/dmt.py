"""DMT: a transformer for each thing that you do (watch, like, love), each asked by the movie on offer, under a panel of experts."""

from __future__ import annotations

from typing import Self, cast

import torch
from pydantic import Field, model_validator
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Histories
from recommender.layers.experts import Towers, panel
from recommender.layers.exposure import BiasTower, moments
from recommender.layers.interest import InterestTransformer
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.baskets import Baskets, multi_hot
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.interaction_config import QUICK, READS
from recommender.training.interaction_network import People
from recommender.training.objectives import (
    LIKED,
    LOVED,
    OBJECTIVES,
    RATINGS,
    SOON_SECONDS,
    ObjectivesConfig,
    ObjectivesNetwork,
    ObjectivesRecommender,
    happened,
)

BEHAVIOURS = (0.0, LIKED, LOVED)
"""Stars from which a rating belongs to a behaviour: watched, liked, loved."""
LOOKED_AT = 2
"""Fields of a movie that stand in a sequence and ask it: its own name and its genres."""
WHOLE = 16_384
"""Ratings of a history that are learned from; of those before each, `max_length` are read."""
BIAS_WIDTH = 8
TOGETHER = 4096
"""Movies that ask together: enough that a step of the network is more than its call."""

Encoded = list[tuple[Tensor, Tensor]]
"""Of each behaviour what `InterestTransformer.encode` gives."""


class DMTConfig(ObjectivesConfig):
    """The transformers and the panel. Nothing is hidden in training: each rating is guessed from those before it."""

    max_length: int = Field(
        100,
        ge=1,
        le=WHOLE,
        description="The last so many ratings make a person's fields and sequences. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    longest: int = Field(
        20,
        ge=1,
        le=1_024,
        description="The last so many ratings of each behaviour are read in order. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    epochs: int = Field(
        8,
        ge=1,
        le=10_000,
        description="Passes over the people at most, in each of which they are asked for some of their ratings. Source: our choice for CPUs, not swept.",
    )
    dropout: float = Field(
        0.1, ge=0, lt=1, description="Dropout in the encoders. Source: Vaswani et al. (2017), not swept."
    )
    targets: int = Field(
        512,
        ge=1,
        le=65_536,
        description="Ratings to be guessed per step at most, each from those before it. Source: our choice for CPUs, not swept.",
        json_schema_extra={"unit": "ratings"},
    )
    blocks: int = Field(1, ge=1, le=16, description="Blocks of each encoder. Source: our choice for CPUs, not swept.")
    heads: int = Field(
        2,
        ge=1,
        le=64,
        description="Attention heads; they share twice dim evenly. Source: our choice for CPUs, not swept.",
    )
    experts: int = Field(4, ge=1, le=64, description="Experts. Source: as MMOE's, our choice for CPUs, not swept.")

    @model_validator(mode="after")
    def _heads_share_dim(self) -> Self:
        if LOOKED_AT * self.dim % self.heads:
            raise ValueError(f"{self.heads} heads cannot share a width of {LOOKED_AT * self.dim}, twice dim")
        return self


class DMTNetwork(ObjectivesNetwork):
    """MMOE over [person, movie, interest_watched, interest_liked, interest_loved], W [..] worked out part by part."""

    def __init__(self, n_items: int, config: DMTConfig) -> None:
        self.experts, self.width, self.longest = config.experts, config.hidden, config.longest
        joint, d = config.experts * (config.hidden + len(OBJECTIVES)), LOOKED_AT * config.dim
        super().__init__(n_items, config, joint)
        self.behaviours = nn.ModuleList(
            InterestTransformer(d, config.heads, config.blocks, config.longest, config.dropout) for _ in BEHAVIOURS
        )
        self.of_interests = nn.Linear(len(BEHAVIOURS) * d, joint, bias=False)
        self.towers = Towers(len(OBJECTIVES), config.hidden, config.hidden, config.tower_dropout)
        self.bias_tower = BiasTower(BIAS_WIDTH, len(OBJECTIVES))

    def heads(self, joint: Tensor) -> Tensor:
        """The experts' opinions, mixed for each objective."""
        return self.towers(panel(joint, self.experts, self.width))

    def encode(self, people: People, offered: Tensor) -> Encoded:
        """Every behaviour's last movies, read once; `offered` `[n_items, d]`."""
        encoded = []
        for stars, behaviour in zip(BEHAVIOURS, self.behaviours, strict=True):
            read = people.read & (people.batch.ratings >= stars)
            place = torch.arange(1, read.shape[1] + 1, device=read.device) * read
            last, at = place.topk(min(self.longest, place.shape[1]), dim=1)
            items = people.batch.items.gather(1, at).clamp(max=len(offered) - 1)
            encoded.append(cast(InterestTransformer, behaviour).encode(F.embedding(items, offered), last > 0))
        return encoded

    def interests(self, encoded: Encoded, c: Tensor) -> Tensor:
        """Of all behaviours in movies `c` `[batch, n, d]`, `[batch, n, behaviours * d]`."""
        return torch.cat([ask(c, *read) for ask, read in zip(self.behaviours, encoded, strict=True)], dim=2)

    def meet(self, encoded: Encoded, person: Tensor, offered: Tensor, halves: Tensor) -> Tensor:
        """Logits of people with movies of each one's own, `[batch, n, objectives]`.

        `person` `[batch, joint]` is their half; `offered` `[batch, n, d]` and `halves` `[batch, n, joint]` are the movies'.
        """
        joint = self.of_interests(self.interests(encoded, offered)) + person[:, None] + halves
        return self.heads(joint.flatten(0, 1)).view(*joint.shape[:2], -1)

    def asked(self, batch: Batch, read: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Logits of pairs, one by one, `[n, objectives]`."""
        movies = self.table()[..., :-1]
        people, _ = self.people(batch, read, self.table())
        offered = movies[:, :LOOKED_AT].flatten(1)
        encoded = [(h.index_select(0, who), filled[who]) for h, filled in self.encode(people, offered)]
        halves = self.of_movie(movies.flatten(1)).index_select(0, which)
        person, offered = self.person_half(people).index_select(0, who), offered.index_select(0, which)
        return self.meet(encoded, person, offered[:, None], halves[:, None])[:, 0]

    def groups(self, batch: Batch, read: Tensor, which: Tensor) -> Tensor:
        """Logits in training of everybody with movies of their own `which` `[batch, n]`, `[batch, n, objectives]`."""
        movies = self.table()
        people, _ = self.people(batch, read, movies)
        offered = movies[:, :LOOKED_AT, :-1].flatten(1)
        halves = self.of_movie(movies[..., :-1].flatten(1))
        return self.meet(
            self.encode(people, offered),
            self.person_half(people),
            F.embedding(which, offered),
            F.embedding(which, halves),
        )

    def judged(self, batch: Batch) -> Tensor:
        """Logits of everybody with every movie, when answering, `[batch, n_items, objectives]`."""
        return self.chosen(batch, torch.arange(len(self.movies), device=self.movies.device))

    def some(self, batch: Batch, items: Tensor) -> Tensor:
        """Utility of some movies, `[batch, n]`."""
        return self.utility(self.chosen(batch, items))

    def chosen(self, batch: Batch, items: Tensor) -> Tensor:
        """Logits of everybody with the same movies, when answering, `[batch, n, objectives]`: a person is read once, the movies ask in parts."""
        people, _ = self.people(batch, batch.mask, self.movies)
        offered = self.movies[:, :LOOKED_AT, :-1].flatten(1)
        encoded, halves, rows = self.encode(people, offered), self.person_half(people), []
        for b in range(len(halves)):
            one = [(h[b : b + 1], filled[b : b + 1]) for h, filled in encoded]
            parts = [
                self.meet(one, halves[b : b + 1], offered[part][None], self.halves[part][None])[0]
                for part in torch.split(items, TOGETHER)
            ]
            rows.append(torch.cat(parts))
        return torch.stack(rows)


class DMT(ObjectivesRecommender):
    """ŷ_t = tower_t(Σ_k g_t,k e_k([person, movie, interests])) + bias_t(moment) while learning, without the bias when answering."""

    card = ModelCard(
        name="DMT",
        family="multi_objective",
        block=Block.ATTENTION,
        paper=Paper(
            authors="Gu, Ding, Wang, Zou, Liu and Yin",
            year=2020,
            title="Deep Multifaceted Transformers for Multi-objective Ranking in Large-Scale E-commerce Recommender Systems",
        ),
        sentence="Reads what you watched, what you liked and what you loved as three stories, and lets the movie on offer question each of them.",
        ratings=RATINGS + " It is asked for a movie by what was rated before it.",
        departures="Watched, liked and loved instead of clicked, put into the cart and ordered; each is a part of the one before. Ratings have no "
        "place on a page, so the bias tower reads instead how many ratings of the sitting came before and how many seconds passed since the last one. "
        "Movies drawn as a no have no moment of their own and take that of the rating they stand beside, so the tower can explain liking, loving and what "
        "comes soon, hardly watching; there is no tower for neighbours. It has a logit for each objective, less its mean. A person has no vector of their "
        "own: their fields are the means of their last movies' fields, in the same tables. Norms stand before the blocks, a vector of nothing at the "
        "beginning of every sequence. Experts are one layer wide. Objectives other than watching are learnt from what was watched alone.",
        parents=("MMOE", "Transformer", "DIN"),
        side_information=READS,
        uses_order=True,
    )
    Config = DMTConfig
    config: DMTConfig
    quick = QUICK | {
        "epochs": 80,
        "learning_rate": 0.005,
        "targets": 160,
        "negatives": 2,
        "longest": 6,
        "max_length": 10,
        "dropout": 0.0,
        "tower_dropout": 0.0,
    }

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return DMTNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Whole histories, of which each step guesses some ratings."""
        return Baskets(histories, WHOLE, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Of ratings, each guessed from those before it, and of drawn movies, with what their moments explain."""
        network = cast(DMTNetwork, network)
        n_items, read = len(network.movies), self.reads(batch)
        at = (batch.mask & (read.cumsum(dim=1) > read.long())).nonzero()  # something was read before
        person, place = at[torch.randperm(len(at), device=at.device)[: self.config.targets]].unbind(dim=1)
        if not len(person):
            return network.bias * 0
        drawn = torch.randint(n_items, (len(person), self.config.negatives), device=at.device)
        fresh = multi_hot(batch, n_items)[person[:, None], drawn] == 0
        which = torch.cat([batch.items[person, place][:, None], drawn], dim=1)
        before = prefixes(batch, read, person, place, self.config.max_length, n_items)
        explained = network.bias_tower(moments(batch, SOON_SECONDS)[person, place])
        logits = network.groups(before, before.mask, which) + explained[:, None]
        yes = happened(batch, person, place)
        return network.objective_loss(
            torch.cat([logits[:, 0], logits[:, 1:][fresh]]),
            torch.cat([yes, yes.new_zeros(int(fresh.sum()), len(OBJECTIVES))]),
        )


def prefixes(batch: Batch, read: Tensor, person: Tensor, place: Tensor, most: int, n_items: int) -> Batch:
    """The last up to `most` ratings that `read` `[batch, length]` is true of before each of the ratings `[n]`, as a batch of `n`."""
    order = torch.argsort((~read).to(torch.int8), dim=1, stable=True)
    count = (read.cumsum(dim=1) - read.long())[person, place]
    lengths = count.clamp(max=most)
    step = torch.arange(int(lengths.max()), device=read.device)
    filled = step < lengths[:, None]
    at = order[person[:, None], torch.where(filled, (count - lengths)[:, None] + step, 0)]
    row = person[:, None]
    return Batch(
        items=batch.items[row, at].where(filled, n_items),
        ratings=batch.ratings[row, at] * filled,
        timestamps=batch.timestamps[row, at] * filled,
        lengths=lengths,
    )
