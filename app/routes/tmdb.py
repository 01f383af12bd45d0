"""The Movie Database: the address of a movie's real poster, for houses that have a key. Offline there is none."""

from __future__ import annotations

import asyncio
import logging

import httpx
from cachetools import TTLCache

log = logging.getLogger("marquee")
logging.getLogger("httpx").setLevel(logging.WARNING)  # below that it logs addresses, and ours carry the key

API = "https://api.themoviedb.org/3/find/"
PICTURES = "https://image.tmdb.org/t/p/w342"
ATTRIBUTION = "This product uses the TMDB API but is not endorsed or certified by TMDB."
"""The sentence that TMDB's terms ask for wherever its pictures are shown."""
PATIENCE_SECONDS = 2.0
PAUSE_SECONDS = 60.0
"""After a failure nobody is asked for this long, so that an offline hall waits once and not for every poster."""
DAY_SECONDS = 86_400.0


class Tmdb:
    """Asks at most once a day per movie, and for a few movies at a time."""

    def __init__(self, key: str, client: httpx.AsyncClient | None = None) -> None:
        self._key = key
        self._client = client or httpx.AsyncClient(timeout=PATIENCE_SECONDS)
        self._known: TTLCache[str, str | None] = TTLCache(20_000, DAY_SECONDS)
        self._resting: TTLCache[str, bool] = TTLCache(1, PAUSE_SECONDS)
        self._few = asyncio.Semaphore(8)

    async def poster(self, imdb_id: str) -> str | None:
        """Where the poster is; None where there is none or nobody can be asked just now."""
        async with self._few:
            if imdb_id not in self._known and "rest" not in self._resting:
                try:
                    self._known[imdb_id] = await self._ask(imdb_id)
                except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
                    # Only the kind of error: its text would carry the address, and with it the key.
                    log.warning("No posters from TMDB for %.0f seconds: %s", PAUSE_SECONDS, type(error).__name__)
                    self._resting["rest"] = True
            return self._known.get(imdb_id)

    async def _ask(self, imdb_id: str) -> str | None:
        query = {"external_source": "imdb_id", "api_key": self._key}
        answer = await self._client.get(API + imdb_id, params=query)
        answer.raise_for_status()
        path = next((found["poster_path"] for found in answer.json()["movie_results"]), None)
        return PICTURES + path if path else None
