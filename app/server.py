"""The ASGI application: the Streamlit app, plain routes beside it, and the middleware that gives a visitor their cookie.

`uvicorn app.server:app` and `streamlit run app/server.py` both start it.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent.parent))  # streamlit run knows only this file's own folder

from starlette.middleware import Middleware
from streamlit.starlette import App

from app import failures
from app.first_paint import FirstPaint
from app.identity import VisitorCookie
from app.routes import lifespan, routes

app = App(
    Path(__file__).with_name("main.py"),
    routes=routes,
    middleware=[Middleware(VisitorCookie), Middleware(FirstPaint)],
    lifespan=lifespan,
    on_script_error=failures.show,
)
