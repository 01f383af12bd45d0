"""What Marquee remembers: people, ratings, impressions, model versions, jobs. Knows neither the app nor the models."""

from db.database import Database, connect
from db.errors import DatabaseError

__all__ = ["Database", "DatabaseError", "connect"]
