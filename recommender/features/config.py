"""The setting that all models have that read texts."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from recommender.models.base import Config

Encoder = Literal["auto", "minilm", "lsa"]


class TextConfig(Config):
    """How texts become vectors."""

    text: Encoder = Field(
        "auto",
        description="What turns a movie's text into a vector: minilm, a sentence transformer; lsa, latent semantic analysis of the "
        "catalogue's own words; auto, the first if it is installed. Source: Reimers and Gurevych (2019).",
    )
