"""The front page under its own name: Streamlit shows the first view at `/` alone, but people write what they see of the others."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.navigation import VIEWS


def front(request: Request) -> Response:
    """To `/`, with whatever the address asks for."""
    return RedirectResponse(f"/?{request.url.query}" if request.url.query else "/", status_code=307)


routes = [Route(f"/{VIEWS[0].name}", front)]
