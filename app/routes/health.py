"""Is it alive, is it ready, how is it doing."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, Gauge, generate_latest
from sqlalchemy import text
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from app import failures
from app.resources import house
from app.warm import warm
from db import DatabaseError, jobs
from recommender.errors import MarqueeError

log = logging.getLogger("marquee")

JOBS = Gauge("marquee_jobs", "Trainings and evaluations by what became of them", ["state"])


@asynccontextmanager
async def lifespan(app: Any) -> AsyncGenerator[None, None]:
    """Open the house in the background, so that the first visitor need not wait for it."""

    async def open_house() -> None:
        try:
            await run_in_threadpool(warm)
        except Exception as error:
            known = isinstance(error, MarqueeError | DatabaseError)
            log.error("The house did not open: %s", failures.sentence(error), exc_info=None if known else error)

    opening = asyncio.create_task(open_house())
    yield
    opening.cancel()


async def health(request: Request) -> JSONResponse:
    """200 as long as the process answers."""
    return JSONResponse({"status": "ok"})


def check() -> dict[str, Any]:
    """Touch what a page needs; raises when it cannot be reached."""
    rooms = house()
    rooms.engine.refresh()
    with rooms.database.reading() as session:
        session.execute(text("select 1"))
    return {
        "status": "ready",
        "data": rooms.dataset.name,
        "movies": len(rooms.dataset.catalog),
        "models": [model.card.slug for model in rooms.engine.served()],
    }


async def ready(request: Request) -> JSONResponse:
    """200 when database and engine answer, else 503 and one sentence."""
    try:
        return JSONResponse(await run_in_threadpool(check))
    except Exception as error:
        return JSONResponse({"status": "not ready", "reason": failures.sentence(error)}, status_code=503)


def count_jobs() -> None:
    """Bring the figures about jobs up to date."""
    with house().database.reading() as session:
        for state, number in jobs.counts(session).items():
            JOBS.labels(state).set(number)


async def metrics(request: Request) -> Response:
    """Figures in the text form of Prometheus; those about jobs as of when the database was last reached."""
    try:
        await run_in_threadpool(count_jobs)
    except (MarqueeError, DatabaseError) as error:
        log.warning("%s", error)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


routes = [Route("/health", health), Route("/ready", ready), Route("/metrics", metrics)]
