"""ObjectivesRecommender: models that guess several things at once of a person and a movie: watched, liked, loved, and what comes after."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar, cast

import numpy as np
import torch
from numpy.typing import NDArray
from pydantic import Field
from torch import Tensor, nn
from torch.nn import functional as F

from recommender.data import Histories
from recommender.training.baskets import multi_hot
from recommender.training.batch import Batch
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import DeepConfig
from recommender.training.interaction_network import AT_ONCE, MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People

OBJECTIVES = ("watch", "like", "love", "soon")
"""Is it rated at all; with four stars or more; with five; does the person rate something else within `SOON_SECONDS` after it."""
WATCH, LIKE, LOVE, SOON = range(len(OBJECTIVES))
LIKED, LOVED = 4.0, 5.0
"""Stars."""
SOON_SECONDS = 3_600
"""An hour: the length of a sitting. The last rating of a history has nothing after it."""
RATINGS = (
    "Movies below two and a half stars are not read. In training every rating is a watch, four stars and more a like, five a love; movies drawn at "
    "random were not watched."
)
"""The card's sentence on stars."""


class ObjectivesConfig(DeepConfig):
    """What the answer is made of."""

    like_weight: float = Field(
        0.5,
        ge=0,
        le=10,
        description="Power of P(like | watch) beside P(watch) in the model's own list. Source: our choice, not swept; the page lets anybody turn it.",
    )
    hidden: int = Field(
        32, ge=1, le=4_096, description="Width of an expert, or of the bottom. Source: our choice for CPUs, not swept."
    )


class ObjectivesNetwork(InteractionNetwork):
    """Fields in, one logit per objective out: of watching, and of the others given that it is watched.

    W [person, movie] = W_p person + W_m movie, `joint`, is all that a network reads: for a catalogue both halves are worked out once.
    """

    def __init__(self, n_items: int, config: ObjectivesConfig, joint: int) -> None:
        """`joint` is how many numbers the network reads of a pair."""
        super().__init__(n_items, config)
        self.like_weight = config.like_weight
        self.of_person = nn.Linear(PERSON_FIELDS * config.dim, joint)
        self.of_movie = nn.Linear(MOVIE_FIELDS * config.dim, joint, bias=False)
        self.register_buffer("halves", torch.zeros(n_items, joint))  # W_m movie, settled
        self.halves: Tensor

    @abstractmethod
    def heads(self, joint: Tensor) -> Tensor:
        """Logits, `[n, joint]` -> `[n, objectives]`."""

    def together(self, logits: Tensor) -> Tensor:
        """ln P of every objective of a movie that is only offered, `[n, objectives]`: P(watch) P(objective | watch)."""
        given = F.logsigmoid(logits)
        watched = given[..., WATCH : WATCH + 1]
        return torch.cat([watched, watched + given[..., WATCH + 1 :]], dim=-1)

    def objective_loss(self, logits: Tensor, yes: Tensor) -> Tensor:
        """Σ over objectives of the mean cross-entropy; `yes` `[n, objectives]`. Only what was watched can be liked, loved or followed."""
        watched = yes[:, WATCH] > 0
        loss = F.binary_cross_entropy_with_logits(logits[:, WATCH], yes[:, WATCH])
        if not watched.any():
            return loss
        given = F.binary_cross_entropy_with_logits(
            logits[watched, WATCH + 1 :], yes[watched, WATCH + 1 :], reduction="none"
        )
        return loss + given.mean(dim=0).sum()

    def utility(self, logits: Tensor) -> Tensor:
        """ln P(watch) + like_weight ln P(like | watch), `[n, objectives]` -> `[n]`."""
        known = self.together(logits)
        return known[..., WATCH] + self.like_weight * (known[..., LIKE] - known[..., WATCH])

    def person_half(self, people: People) -> Tensor:
        """W_p person, `[batch, joint]`."""
        return self.of_person(people.fields.flatten(1))

    def judged(self, batch: Batch) -> Tensor:
        """Logits of everybody with every movie, when answering, `[batch, n_items, objectives]`."""
        people, _ = self.people(batch, batch.mask, self.movies)
        parts = torch.split(self.halves, AT_ONCE)
        return torch.stack([torch.cat([self.heads(one + part) for part in parts]) for one in self.person_half(people)])

    def asked(self, batch: Batch, read: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Logits of pairs, in training, `[n, objectives]`."""
        movies = self.table()
        people, _ = self.people(batch, read, movies)
        return self.heads(
            self.person_half(people).index_select(0, who)
            + self.of_movie(movies[..., :-1].flatten(1)).index_select(0, which)
        )

    def logits(self, batch: Batch, read: Tensor, who: Tensor, which: Tensor) -> Tensor:
        """Utility of pairs, `[n]`."""
        return self.utility(self.asked(batch, read, who, which))

    def every(self, batch: Batch) -> Tensor:
        """Utility of everything, `[batch, n_items]`."""
        return self.utility(self.judged(batch))

    def some(self, batch: Batch, items: Tensor) -> Tensor:
        """Utility of some movies, `[batch, n]`."""
        people, _ = self.people(batch, batch.mask, self.movies)
        return torch.stack([self.utility(self.heads(one + self.halves[items])) for one in self.person_half(people)])

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Utility of fields, pair by pair."""
        return self.utility(self.heads(self.of_person(person.flatten(1)) + self.of_movie(movie.flatten(1))))


class ObjectivesRecommender(InteractionRecommender):
    """P(watch), P(like | watch), P(love | watch), P(soon | watch) by one network. A part of each history is hidden and guessed from the rest."""

    Config: ClassVar[type[ObjectivesConfig]] = ObjectivesConfig
    config: ObjectivesConfig
    objectives = OBJECTIVES

    @property
    def own_weights(self) -> dict[str, float]:
        """Of `utility`: ln P(watch) + like_weight (ln P(like) - ln P(watch))."""
        return {"watch": 1 - self.config.like_weight, "like": self.config.like_weight}

    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Of hidden ratings, and of drawn movies, which nobody watched."""
        network = cast(ObjectivesNetwork, network)
        hidden = (torch.rand(batch.items.shape, device=batch.items.device) < self.config.dropout) & batch.mask
        who, which, yes = self.labelled(batch, hidden, len(network.movies))
        logits = network.asked(batch, self.left_to_read(batch, hidden), who, which)
        return network.objective_loss(logits, yes) if len(yes) else logits.sum()

    def labelled(self, batch: Batch, hidden: Tensor, n_items: int) -> tuple[Tensor, Tensor, Tensor]:
        """Who and which movie, `[n]` each, and what happened, `[n, objectives]`: some of the hidden ratings, and drawn movies they have not rated."""
        at = hidden.nonzero()
        person, place = at[torch.randperm(len(at), device=at.device)[: self.config.targets]].unbind(dim=1)
        yes = happened(batch, person, place)
        asked = person.repeat_interleave(self.config.negatives)
        drawn = torch.randint(n_items, asked.shape, device=at.device)
        fresh = multi_hot(batch, n_items)[asked, drawn] == 0
        return (
            torch.cat([person, asked[fresh]]),
            torch.cat([batch.items[person, place], drawn[fresh]]),
            torch.cat([yes, yes.new_zeros(int(fresh.sum()), len(OBJECTIVES))]),
        )

    def settle(self, network: nn.Module) -> None:
        """The movies' fields, and their half of what is read of a pair."""
        network = cast(ObjectivesNetwork, network)
        super().settle(network)
        network.halves.copy_(network.of_movie(network.movies[..., :-1].flatten(1)))

    def judge(self, histories: Histories) -> NDArray[np.float32]:
        """P of every objective, of movies that are only offered, `[objectives, batch, n_items]`.

        Popularity for people of whom nothing can be read; 0 for movies that nobody rated in training.
        """
        network, n = cast(ObjectivesNetwork, self.net), len(OBJECTIVES)
        popular = np.log(np.repeat(self.popular, n).clip(min=np.finfo(np.float32).tiny))
        logarithms = self._each(
            histories,
            lambda batch: network.together(network.judged(batch)).flatten(1),
            popular,
            np.ones(len(popular), bool),
            torch.device("cpu"),
        )
        found = np.exp(logarithms.clip(max=0)).reshape(len(histories), -1, n)
        found[:, ~self.known] = 0
        return np.ascontiguousarray(found.transpose(2, 0, 1))


def happened(batch: Batch, person: Tensor, place: Tensor) -> Tensor:
    """1 for every objective that came true of ratings `[n]`, `[n, objectives]`."""
    stars = batch.ratings[person, place]
    parts = (torch.ones_like(stars), stars >= LIKED, stars >= LOVED, soon(batch)[person, place])
    return torch.stack([part.to(stars) for part in parts], dim=1)


def soon(batch: Batch) -> Tensor:
    """Whether something else was rated within `SOON_SECONDS` after each rating, `[batch, length]`."""
    after = torch.zeros_like(batch.mask)
    gap = batch.timestamps[:, 1:] - batch.timestamps[:, :-1]
    after[:, :-1] = batch.mask[:, 1:] & (gap <= SOON_SECONDS)
    return after
