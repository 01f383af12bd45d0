"""Our own fonts by address, so that nothing is fetched from elsewhere."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

FONTS = {path.name: path for path in (Path(__file__).parents[2] / "assets" / "fonts").glob("*.woff2")}
KEEP = "public, max-age=2592000"
"""Fonts hardly ever change: a month."""


async def font(request: Request) -> Response:
    """One font file."""
    path = FONTS.get(request.path_params["name"])
    if path is None:
        return Response("No such font.", status_code=404, media_type="text/plain")
    return FileResponse(path, media_type="font/woff2", headers={"Cache-Control": KEEP})


routes = [Route("/fonts/{name}", font)]
