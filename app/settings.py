"""Settings: a handful of environment variables, each with a default that needs nothing."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from recommender.errors import MarqueeError


class Settings(BaseSettings):
    """Read once at the start of a process."""

    model_config = SettingsConfigDict(frozen=True, env_ignore_empty=True)

    data: str = Field("embedded", validation_alias="MARQUEE_DATA")
    """The data set: `embedded`, a GroupLens name, a folder, a zip or a file."""
    home: Path = Field(Path("var"), validation_alias="MARQUEE_HOME")
    """Holds what changes: database, artifacts, queue, downloads."""
    database: str | None = Field(None, validation_alias="DATABASE_URL")
    redis: str | None = Field(None, validation_alias="REDIS_URL")
    by_itself: str | None = Field(None, validation_alias="MARQUEE_MODELS")
    """Models and families, separated by commas, that are trained without being asked for; all of them unless set."""
    refresh_after: int = Field(100, ge=0, validation_alias="MARQUEE_REFRESH_AFTER")
    """After so many new ratings the worker refreshes the models; 0: never."""
    tmdb_key: str | None = Field(None, validation_alias="MARQUEE_TMDB_KEY")
    """With a key of The Movie Database real posters are shown."""

    @field_validator("refresh_after", mode="before")
    @classmethod
    def _a_number(cls, value: object) -> object:
        if isinstance(value, str) and not value.strip().isdecimal():
            raise MarqueeError(f"MARQUEE_REFRESH_AFTER is no number of ratings ({value!r}); use 100, or 0 for never.")
        return value

    @property
    def room(self) -> Path:
        """The folder below home that belongs to this data set: its ratings and models fit no other."""
        name = Path(self.data).expanduser().resolve().stem if re.search(r"[/~]", self.data) else self.data
        return self.home / (re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip(".") or "data")

    @property
    def database_url(self) -> str:
        """SQLite in the room, unless told otherwise."""
        return self.database or f"sqlite:///{self.room / 'marquee.db'}"

    @property
    def models(self) -> Path:
        """Where artifacts live."""
        return self.room / "models"
