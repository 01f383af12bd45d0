"""The map of all movies by address, so that browsers keep it: another map has another address."""

from __future__ import annotations

from functools import lru_cache

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from app import atlas
from app.genre_groups import group_of
from app.resources import House, house

KEEP = "public, max-age=31536000, immutable"


@lru_cache(maxsize=2)
def _page(rooms: House, name: str) -> bytes | None:
    """Zipped JSON; None when this house has no such map. `name` tells one map from another."""
    drawn = atlas.atlas() if atlas.file().stem == name else None
    if drawn is None:
        return None
    genres = rooms.dataset.catalog.frame["genres"].to_list()
    return atlas.page(rooms, drawn, [group_of(names or ()) for names in genres])


async def show(request: Request) -> Response:
    """Titles, genres, places: see `atlas.page`."""
    name = request.path_params["name"]
    found = await run_in_threadpool(lambda: _page(house(), name))
    if found is None:
        return Response("No such map.", status_code=404, media_type="text/plain", headers={"Cache-Control": "no-store"})
    return Response(found, media_type="application/json", headers={"Content-Encoding": "gzip", "Cache-Control": KEEP})


routes = [Route("/map/{name}.json", show)]
