"""Settings that models of one kind have in common, beside those that all have."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from recommender.training.config import RankingConfig, TrainingConfig
from recommender.training.sequence import QUICK


class WindowsConfig(RankingConfig):
    """For networks that learn from whole windows of a history at once: many targets per example, so few examples per step."""

    epochs: int = Field(
        20, ge=1, le=10_000, description="Passes over the examples at most. Source: validation on the embedded data."
    )
    patience: int = Field(
        3,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops. Source: validation on the embedded data.",
        json_schema_extra={"unit": "epochs"},
    )
    batch_size: int = Field(
        16,
        ge=1,
        le=65_536,
        description="Windows per step of the optimiser. Source: validation on the embedded data.",
        json_schema_extra={"unit": "examples"},
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: validation on the embedded data; it saves half of the epochs.",
    )


class PrefixesConfig(RankingConfig):
    """For networks that learn from one target per example: short histories, many per step, few epochs."""

    max_length: int = Field(
        20,
        ge=2,
        le=16_384,
        description="The last so many ratings of a history are read. Source: validation on the embedded data.",
        json_schema_extra={"unit": "ratings"},
    )
    epochs: int = Field(
        10, ge=1, le=10_000, description="Passes over the examples at most. Source: validation on the embedded data."
    )
    patience: int = Field(
        2,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 before it stops. Source: validation on the embedded data.",
        json_schema_extra={"unit": "epochs"},
    )
    batch_size: int = Field(
        512,
        ge=1,
        le=65_536,
        description="Prefixes per step of the optimiser. Source: validation on the embedded data.",
        json_schema_extra={"unit": "examples"},
    )
    learning_rate: float = Field(
        3e-3,
        gt=0,
        le=1,
        description="Step of AdamW. Source: validation on the embedded data; it saves half of the epochs.",
    )


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
        description="People per step of the optimiser. Source: validation on the embedded data; 500 in Liang et al. (2018).",
        json_schema_extra={"unit": "people"},
    )


class AttentionConfig(WindowsConfig):
    """For stacks of attention over windows."""

    max_length: int = Field(
        100,
        ge=1,
        le=16_384,
        description="The last so many ratings of a history are read. Source: validation on the embedded data.",
        json_schema_extra={"unit": "ratings"},
    )
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
