"""Settings that models of one kind have in common, beside those that all have."""

from __future__ import annotations

from typing import Any, Self

from pydantic import Field, model_validator

from recommender.training.config import RankingConfig, TrainingConfig
from recommender.training.sequence import QUICK


def _at_most(epochs: int) -> Any:
    words = "Passes over the examples at most; validation may end it earlier. Source: our choice for CPUs, not swept."
    return Field(epochs, ge=1, le=10_000, description=words)


def _patience(epochs: int) -> Any:
    words = "Epochs without a better NDCG@10 before it stops. Source: our choice for CPUs, not swept."
    return Field(epochs, ge=1, le=1_000, description=words, json_schema_extra={"unit": "epochs"})


def _per_step(examples: int, what: str) -> Any:
    words = f"{what} per step of the optimiser. Source: our choice for CPUs, not swept."
    return Field(examples, ge=1, le=65_536, description=words, json_schema_extra={"unit": "examples"})


def _read(ratings: int, least: int = 1) -> Any:
    words = "The last so many ratings of a history are read. Source: our choice for CPUs, not swept."
    return Field(ratings, ge=least, le=16_384, description=words, json_schema_extra={"unit": "ratings"})


class ShortConfig(RankingConfig):
    """For trainings of few epochs with a long step, as CPUs like them."""

    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: our choice, not swept; .001 in Kang and McAuley (2018), with more epochs.",
    )


class WindowsConfig(ShortConfig):
    """For networks that learn from whole windows of a history at once: many targets per example, so few examples per step."""

    epochs: int = _at_most(20)
    patience: int = _patience(3)
    batch_size: int = _per_step(16, "Windows")


class PrefixesConfig(ShortConfig):
    """For networks that learn from one target per example: short histories, many per step, few epochs."""

    max_length: int = _read(20, least=2)
    epochs: int = _at_most(10)
    patience: int = _patience(2)
    batch_size: int = _per_step(512, "Prefixes")


class BasketsConfig(TrainingConfig):
    """For networks that learn from whole baskets: one example per person, so few per step and many epochs."""

    max_length: int = Field(
        16_384,
        ge=1,
        le=16_384,
        description="The last so many ratings of a history are read: in practice, all. Source: none needed, a set has no end.",
        json_schema_extra={"unit": "ratings"},
    )
    dropout: float = Field(
        0.5, ge=0, lt=1, description="Share of a basket that is hidden in training. Source: Liang et al. (2018)."
    )
    batch_size: int = Field(
        64,
        ge=1,
        le=65_536,
        description="People per step of the optimiser. Source: our choice, not swept; 500 in Liang et al. (2018).",
        json_schema_extra={"unit": "people"},
    )


class AttentionConfig(WindowsConfig):
    """For stacks of attention over windows."""

    max_length: int = _read(100)
    blocks: int = Field(2, ge=1, le=64, description="Blocks. Source: Kang and McAuley (2018), and their successors.")
    heads: int = Field(
        1, ge=1, le=64, description="Attention heads; they share dim evenly. Source: Kang and McAuley (2018)."
    )

    @model_validator(mode="after")
    def _heads_share_dim(self) -> Self:
        if self.dim % self.heads:
            raise ValueError(f"{self.heads} heads cannot share a dim of {self.dim}")
        return self


QUICK_PREFIXES = QUICK | {"batch_size": 128, "epochs": 15}
"""As `QUICK`, for networks that learn from prefixes, of which there are many more than windows."""
QUICK_BASKETS = {"dim": 8, "epochs": 60, "batch_size": 32, "learning_rate": 0.01, "validation_people": 0}
"""As `QUICK`, for networks that learn from baskets."""
