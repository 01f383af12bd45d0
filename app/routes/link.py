"""A one-time link makes this device the same person as the one that the link was made on."""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from app.identity import give_cookie, is_secure
from app.resources import house
from db import people
from db.errors import DatabaseError

ASK = """<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Marquee</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="dark light"></head>
<body style="font: 1.1rem/1.5 system-ui; max-width: 30rem; margin: 4rem auto; padding: 0 1rem">
<h1>One you, two devices</h1><p>This device will show the same ratings as the one that the link was made on.</p>
<form method="post"><button style="font: inherit; padding: .7rem 1.4rem; min-height: 44px">Continue here</button></form>
</body></html>"""
"""Redeeming waits for a press: programs that preview links only look, and a look must not use the link up."""


def redeem(code: str) -> str | None:
    """The token for this device, or None when the link was used, is too old or never existed."""
    with house().database.session() as session:
        try:
            return people.redeem_link(session, code)
        except DatabaseError:
            return None


async def link(request: Request) -> Response:
    """Ask on GET; on POST set the cookie and go to the ratings; that page says whether the link worked."""
    if request.method != "POST":
        return HTMLResponse(ASK)
    token = await run_in_threadpool(redeem, request.path_params["code"])
    if token is None:
        return RedirectResponse("/my_ratings?link=used", status_code=303)
    response = RedirectResponse("/my_ratings?link=done", status_code=303)
    give_cookie(response, token, secure=is_secure(request))
    return response


routes = [Route("/link/{code}", link, methods=["GET", "POST"])]
