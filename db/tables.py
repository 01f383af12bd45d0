"""All tables, by importing every module that declares one: for migrations, which compare them with the database."""

from db import impressions, jobs, meta, model_versions, movies, people, ratings, releases, skips, tags
from db.base import Base

__all__ = [
    "Base",
    "impressions",
    "jobs",
    "meta",
    "model_versions",
    "movies",
    "people",
    "ratings",
    "releases",
    "skips",
    "tags",
]
