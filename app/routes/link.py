"""A one-time link makes this device the same person as the one that the link was made on."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from app.identity import give_cookie, is_secure
from app.resources import house
from db import people
from db.errors import DatabaseError


def redeem(code: str) -> str | None:
    """The token for this device, or None when the link was used, is too old or never existed."""
    with house().database.session() as session:
        try:
            return people.redeem_link(session, code)
        except DatabaseError:
            return None


async def link(request: Request) -> Response:
    """Set the cookie and go to the front page; a link that no longer works says so there."""
    token = await run_in_threadpool(redeem, request.path_params["code"])
    if token is None:
        return RedirectResponse("/?link=used", status_code=303)
    response = RedirectResponse("/", status_code=303)
    give_cookie(response, token, secure=is_secure(request))
    return response


routes = [Route("/link/{code}", link)]
