"""DeepFM: a factorisation machine and a deep network over the same vectors, added up."""

from __future__ import annotations

from torch import Tensor, nn

from recommender.layers.pairwise import every_meeting, meetings
from recommender.layers.split_tower import SplitTower
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.interaction import InteractionRecommender
from recommender.training.interaction_config import QUICK, RATINGS, READS, DeepConfig
from recommender.training.interaction_network import MOVIE_FIELDS, PERSON_FIELDS, InteractionNetwork, People


class DeepFMNetwork(InteractionNetwork):
    """Σ_(f<g) v_f · v_g + tower([v_1, v_2, ...])."""

    def __init__(self, n_items: int, config: DeepConfig) -> None:
        super().__init__(n_items, config)
        d = config.dim
        widths = PERSON_FIELDS * d, MOVIE_FIELDS * d
        self.tower = SplitTower(*widths, config.tower, config.layers, config.tower_dropout)

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Both halves."""
        return meetings(person, movie) + self.tower(person.flatten(1), movie.flatten(1))

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """FM in one product of matrices, the tower's first layer once for each side."""
        return every_meeting(people.fields, movies) + self.tower.every(people.fields.flatten(1), movies.flatten(1))


class DeepFM(InteractionRecommender):
    """ŷ = w_0 + Σ w_f + Σ_(f<g) v_f · v_g + tower([v_1, v_2, ...])."""

    card = ModelCard(
        name="DeepFM",
        family="interaction",
        block=Block.MLP,
        paper=Paper(
            authors="Guo, Tang, Ye, Li and He",
            year=2017,
            title="DeepFM: A Factorization-Machine based Neural Network for CTR Prediction",
        ),
        sentence="Lets a factorisation machine and a deep network read the same facts, and adds up what they say.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. The tower is small, "
        "for CPUs. Trained by AdamW with drawn movies as a no.",
        parents=("FM", "Wide & Deep"),
        side_information=READS,
    )
    Config = DeepConfig
    config: DeepConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New halves."""
        return DeepFMNetwork(n_items, self.config)
