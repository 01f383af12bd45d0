"""Settings that models of one kind have in common, beside those that all have."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from recommender.training.config import RankingConfig
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
