"""What models of one person and one movie at a time have in common on their cards: what is a yes, what a no, what is read."""

from __future__ import annotations

from pydantic import Field

from recommender.features.items import READS as READS  # what the cards of the family name
from recommender.training.presets import BasketsConfig

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


QUICK = {"dim": 8, "epochs": 60, "batch_size": 32, "learning_rate": 0.03, "validation_people": 0, "targets": 512}
"""Settings with which a small network learns the planted world of the contract test in about a second."""
