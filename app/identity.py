"""Who is at the door: a visitor is a random 128-bit token in a cookie that no script can read."""

from __future__ import annotations

import re
import secrets

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "marquee"
YEAR_SECONDS = 365 * 24 * 3600
TOKEN = re.compile(r"[0-9a-f]{32}")


def new_token() -> str:
    """128 random bits as 32 hexadecimal digits."""
    return secrets.token_hex(16)


def is_token(value: str | None) -> bool:
    """Whether `value` could be one of our tokens."""
    return value is not None and TOKEN.fullmatch(value) is not None


def give_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Let the browser keep `token` for a year."""
    response.set_cookie(COOKIE, token, max_age=YEAR_SECONDS, httponly=True, samesite="lax", secure=secure)


def is_secure(connection: HTTPConnection) -> bool:
    """Whether the visitor came by https, directly or through a proxy in front."""
    return "https" in (connection.url.scheme, connection.headers.get("x-forwarded-proto"))


class VisitorCookie:
    """Middleware: a browser that asks for a page and has no token is given one with the answer.

    Only pages: a poster must stay cacheable, and a program that asks for /health is no visitor. The token costs nothing;
    the person enters the database with their first rating.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass everything on; add the cookie to the answers that are pages."""
        if scope["type"] != "http" or is_token((connection := HTTPConnection(scope)).cookies.get(COOKIE)):
            await self.app(scope, receive, send)
            return

        async def send_with_cookie(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html") and COOKIE not in headers.get(
                    "set-cookie", ""
                ):
                    carrier = Response()
                    give_cookie(carrier, new_token(), secure=is_secure(connection))
                    headers.append("set-cookie", carrier.headers["set-cookie"])
            await send(message)

        await self.app(scope, receive, send_with_cookie)
