"""Hyper-parameters that every trained network has, and those of models that rank the whole catalogue."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recommender.models.base import Config


class TrainingConfig(Config):
    """Size and training of a network. A model's own Config extends this and changes the defaults that its paper changes."""

    dim: int = Field(
        64,
        ge=1,
        le=4_096,
        description="Width of the item vectors and of the network. Source: the benchmarks of RecBole and RecTools.",
    )
    max_length: int = Field(
        200,
        ge=1,
        le=16_384,
        description="The last so many ratings of a history are read. Source: Kang and McAuley (2018), for MovieLens.",
        json_schema_extra={"unit": "ratings"},
    )
    dropout: float = Field(
        0.2, ge=0, lt=1, description="Share of activations put to zero in training. Source: Kang and McAuley (2018)."
    )
    epochs: int = Field(
        100,
        ge=1,
        le=10_000,
        description="Passes over the training examples at most; it stops earlier when validation no longer gets better. "
        "Source: our choice, not swept.",
    )
    patience: int = Field(
        5,
        ge=1,
        le=1_000,
        description="Epochs without a better NDCG@10 in validation before it stops. Source: our choice, not swept.",
        json_schema_extra={"unit": "epochs"},
    )
    validation_people: int = Field(
        1_000,
        ge=0,
        le=1_000_000,
        description="So many people, drawn by the seed, give their last rating to validation; 0: train all epochs, keep the "
        "last weights. Source: NDCG@10 is then known to about .012 (95 %), by the intervals of docs/benchmarks.md.",
        json_schema_extra={"unit": "people"},
    )
    batch_size: int = Field(
        128,
        ge=1,
        le=65_536,
        description="Examples per step of the optimiser. Source: Kang and McAuley (2018).",
        json_schema_extra={"unit": "examples"},
    )
    learning_rate: float = Field(
        1e-3, gt=0, le=1, description="Step of AdamW. Source: Kang and McAuley (2018), who use Adam."
    )
    weight_decay: float = Field(0.0, ge=0, le=10, description="AdamW's decay. Source: Kang and McAuley (2018): none.")
    clip_norm: float = Field(
        5.0,
        gt=0,
        le=1e6,
        description="The gradient's norm is cut to this. Source: Pascanu, Mikolov and Bengio (2013), for recurrent networks.",
    )
    precision: Literal["auto", "float32", "bfloat16"] = Field(
        "auto",
        description="Arithmetic of training; auto: bfloat16 on a GPU, float32 on a CPU. Source: our choice, not swept; "
        "not every CPU computes in bfloat16.",
    )


class RankingConfig(TrainingConfig):
    """How a model that turns a history into a vector is held against the catalogue."""

    loss: Literal["softmax", "sampled_softmax", "bce", "gbce", "bpr", "bpr_max", "top1_max"] = Field(
        "softmax",
        description="softmax: against the whole catalogue; the others: against drawn items. Source: Klenitskiy and Vasilev (2023) "
        "for softmax.",
    )
    label_smoothing: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the target's probability that softmax spreads over the catalogue. Source: Szegedy (2016).",
    )
    negatives: int = Field(
        256,
        ge=1,
        le=65_536,
        description="Items drawn per step, shared by its targets; for all losses but softmax. Source: Petrov and Macdonald (2023).",
        json_schema_extra={"unit": "items"},
    )
    popularity_power: float = Field(
        0.0,
        ge=0,
        le=1,
        description="Items are drawn by their number of ratings to this power; 0: all alike. Source: Hidasi and Karatzoglou (2018) "
        "try 0 to 1.",
    )
    calibration: float = Field(
        0.75,
        ge=0,
        le=1,
        description="t of gBCE: 0 is plain BCE, 1 undoes the bias of drawing few negatives. Source: Petrov and Macdonald (2023).",
    )
    score_penalty: float = Field(
        1.0,
        ge=0,
        le=100,
        description="Weight of the squared scores of drawn items in BPR-max and TOP1-max. Source: Hidasi and Karatzoglou (2018).",
    )
    chain: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="Share of the first-order chain in the answer, P = (1 - chain) softmax + chain Markov; the network is trained "
        "without it. Source: 0 is the papers'; other defaults by validation on the embedded data.",
    )
