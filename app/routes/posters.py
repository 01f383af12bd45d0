"""Posters by address, so that browsers keep them: drawn by us, or the real ones when there is a TMDB key."""

from __future__ import annotations

from functools import cache, lru_cache
from hashlib import sha256

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app import movies, releases
from app.movies import Movie
from app.posters import poster
from app.resources import house
from app.routes.tmdb import Tmdb

KEEP = "public, max-age=86400, stale-while-revalidate=604800"
"""A drawing changes only with a new edition of the program or of the data: a day, then ask by ETag."""


@cache
def tmdb() -> Tmdb | None:
    """Who knows the real posters, when the house has a key."""
    key = house().settings.tmdb_key
    return Tmdb(key) if key else None


def imdb_id(movie_id: int) -> str | None:
    """The movie's name at IMDb, by which others know it too."""
    movie = movies.from_address(str(movie_id))
    return None if movie is None else movie.imdb_id


def drawing(movie_id: int) -> tuple[bytes, str] | None:
    """SVG and its ETag, or None for a movie that nobody has."""
    movie = movies.from_address(str(movie_id))
    if movie is None:
        releases.refresh()  # another process may have released it since
        movie = movies.from_address(str(movie_id))
    return None if movie is None else _drawn(movie)


@lru_cache(maxsize=2048)
def _drawn(movie: Movie) -> tuple[bytes, str]:
    """SVG and its ETag."""
    svg = poster(movie.movie_id, movie.title, movie.year, movie.genres, movie.stamp).encode()
    return svg, f'"{sha256(svg).hexdigest()[:20]}"'


async def show(request: Request) -> Response:
    """The poster of one movie; 304 when the browser has it already. A movie that we do not have is a 404 with a picture
    all the same, since browsers show it: no page ever has a broken image."""
    movie_id = request.path_params["movie_id"]
    drawn = await run_in_threadpool(drawing, movie_id)
    if drawn is None:
        neutral = poster(movie_id, "No such movie", None, ())
        return Response(neutral, status_code=404, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})
    real = await photograph(movie_id)
    if real is not None:
        return RedirectResponse(real, headers={"Cache-Control": KEEP})
    svg, etag = drawn
    headers = {"ETag": etag, "Cache-Control": KEEP}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(svg, media_type="image/svg+xml", headers=headers)


async def photograph(movie_id: int) -> str | None:
    """Address of the real poster; None without a key, offline, and for a movie that nobody there knows."""
    source = await run_in_threadpool(tmdb)
    known = imdb_id(movie_id) if source is not None else None
    return await source.poster(known) if source is not None and known is not None else None


routes = [Route("/poster/{movie_id:int}.svg", show)]
