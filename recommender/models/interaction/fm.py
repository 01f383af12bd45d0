"""FM: any two fields meet in the product of their vectors."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.pairwise import every_meeting, meetings
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.crossing import CrossingRecommender, apart
from recommender.training.interaction_config import QUICK, RATINGS, READS
from recommender.training.interaction_network import InteractionNetwork, People


class FMNetwork(InteractionNetwork):
    """Σ_(f<g) v_f · v_g over the fields of a person and a movie."""

    def interact(self, person: Tensor, movie: Tensor) -> Tensor:
        """Within the person, within the movie, and across."""
        return meetings(person, movie)

    def catalogue(self, people: People, movies: Tensor) -> Tensor:
        """The same in one product of matrices."""
        return every_meeting(people.fields, movies)


class FM(CrossingRecommender):
    """ŷ = w_0 + Σ w_f + Σ_(f<g) v_f · v_g."""

    card = ModelCard(
        name="FM",
        family="interaction",
        block=Block.LINEAR,
        paper=Paper(authors="Rendle", year=2010, title="Factorization Machines"),
        sentence="Gives every fact about you and about a movie a vector, and lets each two facts say how well they go together.",
        ratings=RATINGS,
        departures="A person has no vector of their own: their fields are the means of their movies' fields, in the same tables. Trained by "
        "AdamW with drawn movies as a no.",
        parents=("LR", "MF"),
        side_information=READS,
    )
    quick = QUICK
    crossing = "The product of two fields' vectors. All pairs and what each field says alone add up to the score."

    def network(self, n_items: int) -> nn.Module:
        """A new machine."""
        return FMNetwork(n_items, self.config)

    def meetings(self, network: nn.Module, person: Tensor, movie: Tensor) -> Tensor:
        """v_f · v_g."""
        fields = torch.cat([person, movie], dim=1)
        return apart(fields @ fields.transpose(1, 2))
