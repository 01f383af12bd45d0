"""DIEN: interests come and go; for every movie on offer it follows the one that leads there."""

from __future__ import annotations

from typing import cast

import torch
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Histories
from recommender.layers.augru import AUGRU
from recommender.layers.recent import latest
from recommender.layers.tower import Tower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, READS, DeepConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People
from recommender.training.prefixes import Prefixes

LOOKED_AT = 2
"""Fields of a movie that make an input: its own name and its genres, as goods and category in the paper."""
TOGETHER = 2048
"""Movies that are looked at together: enough that a step of the network is more than its call, and few enough for the processor's cache."""


class DIENConfig(DeepConfig):
    """The interests. Nothing is hidden in training, so `dropout`, `targets` and `newcomers` have no say."""

    dim: int = Field(
        8,
        ge=1,
        le=1_024,
        description="Width of a field's vector; a state is twice as wide. Source: our choice for CPUs, not swept; 18 in code for Zhou et al. (2019).",
    )
    max_length: int = Field(
        20,
        ge=2,
        le=1_024,
        description="The last so many ratings are read. Source: our choice for CPUs, not swept; 50 and more in Zhou et al. (2019).",
        json_schema_extra={"unit": "ratings"},
    )
    batch_size: int = Field(
        512,
        ge=1,
        le=65_536,
        description="Ratings per step of the optimiser, each with what came before it. Source: our choice for CPUs, not swept; 128 in code for Zhou et al. (2019).",
        json_schema_extra={"unit": "ratings"},
    )
    negatives: int = Field(
        2,
        ge=0,
        le=1_000,
        description="Movies drawn per rating that count as a no. Source: our choice for CPUs, not swept; each costs a recurrent network of its own.",
        json_schema_extra={"unit": "movies"},
    )
    auxiliary: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the auxiliary loss. Source: 1 in code for Zhou et al. (2019).",
    )


class DIENNetwork(InteractionNetwork):
    """tower([v_1, v_2, ..., h'_T]): interests h_t = GRU(e_t, h_(t-1)), a_t = softmax_t(h_t W c), h' = AUGRU(h, a)."""

    def __init__(self, n_items: int, config: DIENConfig) -> None:
        super().__init__(n_items, config)
        d, self.longest = LOOKED_AT * config.dim, config.max_length
        self.extractor = nn.GRU(d, d, batch_first=True)
        self.W = nn.Linear(d, d, bias=False)
        self.evolution = AUGRU(d)
        inputs = (PERSON_FIELDS + MOVIE_FIELDS) * config.dim + d
        self.tower = Tower(inputs, config.tower, config.layers, config.tower_dropout)

    def watched(self, people: People, offered: Tensor) -> tuple[Tensor, Tensor]:
        """The last movies that are read, oldest first, e `[batch, longest, d]`, and which places are filled `[batch, longest]`."""
        at, filled = latest(people.read, self.longest)
        said = self.table.liking(people.batch, people.read).gather(1, at)
        items = people.batch.items.gather(1, at).clamp(max=len(offered) - 1)
        return F.embedding(items, offered) * said[..., None], filled

    def attention(self, h: Tensor, filled: Tensor, c: Tensor) -> Tensor:
        """a = softmax_t(h_t W c) over filled places, 0 elsewhere, `[n, longest]`; `h` `[n or 1, longest, d]`, `c` `[n, d]`."""
        loud = (h @ self.W(c)[..., None])[..., 0] if len(h) == len(c) else self.W(c) @ h[0].T
        return loud.masked_fill(~filled, -1e9).softmax(dim=1) * filled

    def judged(self, person: Tensor, movies: Tensor, evolved: Tensor) -> Tensor:
        """The tower, `[n]`."""
        return self.tower(torch.cat([person.flatten(1), movies.flatten(1), evolved], dim=1))

    def pairs(self, people: People, movies: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Pair by pair."""
        offered = movies[:, :LOOKED_AT].flatten(1)
        e, filled = self.watched(people, offered)
        h, _ = self.extractor(e)
        a = self.attention(h.index_select(0, who), filled[who], offered.index_select(0, which))
        evolved = self.evolution(self.evolution.read(h).index_select(0, who), a)
        return self.judged(people.fields.index_select(0, who), movies.index_select(0, which), evolved)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """Person by person, the catalogue in parts."""
        e, filled = self.watched(people, movies[:, :LOOKED_AT].flatten(1))
        h, _ = self.extractor(e)
        read, rows = self.evolution.read(h), []
        for b, fields in enumerate(people.fields):
            row, length = [], max(int(filled[b].sum()), 1)
            for part in torch.split(movies, TOGETHER):
                a = self.attention(h[b : b + 1, :length], filled[b, :length], part[:, :LOOKED_AT].flatten(1))
                evolved = self.evolution(read[b : b + 1, :length], a)
                row.append(self.judged(fields.expand(len(part), *fields.shape), part, evolved))
            rows.append(torch.cat(row))
        return torch.stack(rows)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """What the tower says to fields of somebody who watched nothing."""
        return self.judged(person, movie, person.new_zeros(len(person), self.W.in_features))

    def auxiliary_loss(self, people: People, movies: Tensor) -> Tensor:
        """-mean(ln σ(h_t · e_(t+1)) + ln(1 - σ(h_t · ê_(t+1)))) over filled places, ê a movie drawn at random."""
        offered = movies[:, :LOOKED_AT].flatten(1)
        e, filled = self.watched(people, offered)
        h, _ = self.extractor(e)
        drawn = offered[torch.randint(len(offered), filled.shape, device=e.device)]
        return auxiliary(h, e, drawn, filled)


def auxiliary(h: Tensor, e: Tensor, drawn: Tensor, filled: Tensor) -> Tensor:
    """Of states `h` and what was watched `e` and drawn, each `[n, length, d]`, at `filled` places `[n, length]`; 0 where nothing follows."""
    follows = filled[:, 1:]
    right, wrong = ((h[:, :-1] * each[:, 1:]).sum(dim=-1)[follows] for each in (e, drawn))
    return -(F.logsigmoid(right) + F.logsigmoid(-wrong)).sum() / follows.sum().clamp(min=1)


class DIEN(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + tower([v_1, v_2, ..., h'_T])."""

    card = ModelCard(
        name="DIEN",
        family="interaction",
        block=Block.RNN,
        paper=Paper(
            authors="Zhou, Mou, Fan, Pi, Bian, Zhou, Zhu and Gai",
            year=2019,
            title="Deep Interest Evolution Network for Click-Through Rate Prediction",
        ),
        sentence="Follows how your interests change from movie to movie, and for each movie on offer remembers only the steps that lead there.",
        ratings="Movies below two and a half stars are not read, and in training they are a no, as are movies drawn at random; all others are a yes. "
        "It is asked for a movie by what was rated before it.",
        departures="A person has no vector of their own: their fields are the means of their last movies' fields, in the same tables. "
        "The auxiliary loss takes the product of a state and a movie's vector. First-order weights beside the tower. Trained by AdamW with drawn movies as a no. "
        "Each movie on offer costs a recurrent network of its own, so where a cascade gives it the best of retrieval it looks at those alone.",
        parents=("DIN", "GRU4Rec"),
        side_information=READS,
        uses_order=True,
    )
    Config = DIENConfig
    config: DIENConfig
    quick = QUICK | {"batch_size": 96, "negatives": 2, "max_length": 6}

    def network(self, n_items: int) -> nn.Module:
        """A new network."""
        return DIENNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Every rating by what was rated before it."""
        return Prefixes(histories, self.config.max_length, n_items)

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean cross-entropy of what was rated next and of drawn movies, and the auxiliary loss."""
        network = cast(DIENNetwork, network)
        who, which, yes = self.next_and_drawn(batch, len(network.movies))
        movies = network.table()
        people, alone = network.people(batch, self.reads(batch), movies)
        guessed = F.binary_cross_entropy_with_logits(network.guess(people, alone, movies, who, which), yes)
        return guessed + self.config.auxiliary * network.auxiliary_loss(people, movies[..., :-1])

    def next_and_drawn(self, batch: Batch, n_items: int) -> tuple[Tensor, Tensor, Tensor]:
        """Who, which movie, and 1 for a yes, `[n]` each: what each rated next, and drawn movies that they had not rated, each a no."""
        assert batch.targets is not None
        assert batch.target_ratings is not None
        person = torch.arange(len(batch.targets), device=batch.targets.device)
        asked = person.repeat_interleave(self.config.negatives)
        drawn = torch.randint(n_items, asked.shape, device=asked.device)
        fresh = (batch.items[asked] != drawn[:, None]).all(dim=1) & (drawn != batch.targets[asked])
        yes = (batch.target_ratings >= self.config.liked_from).float()
        return (
            torch.cat([person, asked[fresh]]),
            torch.cat([batch.targets, drawn[fresh]]),
            torch.cat([yes, yes.new_zeros(int(fresh.sum()))]),
        )
