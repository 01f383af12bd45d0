"""Asking the worker for work. The job table is the truth; the queue only wakes the worker, so a lost wake-up loses nothing."""

from __future__ import annotations

import logging
import os
import socket
import sqlite3
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from huey import Huey, RedisHuey, SqliteHuey
from redis import ConnectionPool

from app.settings import Settings
from db import Database, jobs
from db.base import now
from db.jobs import Job, Kind
from recommender.errors import MarqueeError

log = logging.getLogger("marquee")

PATIENCE_SECONDS = 30.0
"""A running job tells of itself every second or two; one that has been silent for so long has lost its worker."""
REDIS_SECONDS = 2.0
"""How long to wait for Redis before giving up on waking anybody."""
LOST = "The worker that ran this was stopped in the middle; the version from before still serves. Try again."


def queue(settings: Settings) -> Huey:
    """The queue of this data set: in Redis with REDIS_URL, else a file in the room.

    Raises MarqueeError for an address that is none, and for a room that cannot be written.
    """
    name = f"marquee-{settings.room.name}"
    try:
        return _open(settings, name)
    except ValueError as error:
        raise MarqueeError(f"REDIS_URL is no address of a Redis server ({error}); use redis://host:6379/0.") from error
    except (OSError, sqlite3.Error) as error:
        raise MarqueeError(
            f"The folder {settings.room} cannot be written ({error}); free space or set MARQUEE_HOME to another one."
        ) from error


def _open(settings: Settings, name: str) -> Huey:
    if settings.redis:
        pool = ConnectionPool.from_url(
            settings.redis, socket_connect_timeout=REDIS_SECONDS, socket_timeout=REDIS_SECONDS
        )
        return RedisHuey(name, connection_pool=pool, results=False)
    settings.room.mkdir(parents=True, exist_ok=True)
    return SqliteHuey(name, filename=str(settings.room / "queue.db"), results=False)


def bell(huey: Huey, answer: Callable[[], object] = lambda: None) -> Callable[[], object]:
    """The one task on the queue, which carries nothing. Called, it wakes the worker; `answer` is what a worker does then."""

    def wake() -> None:
        answer()

    return huey.task(name="wake")(wake)


def ring(settings: Settings) -> None:
    """Wake the worker. Never raises: without a queue the worker finds the job a few seconds later by looking."""
    try:
        bell(queue(settings))()
    except Exception as error:  # Redis, SQLite and the disk each have their own
        log.warning("The worker could not be woken (%s); it will find the job by itself.", error)


def ask(database: Database, settings: Settings, kind: Kind, wanted: Mapping[str, Mapping[str, Any]]) -> list[Job]:
    """Ask for models to be trained, or for their serving versions to be measured: slug -> settings that differ from the default."""
    with database.session() as session:
        asked = [jobs.enqueue(session, kind, model, changes) for model, changes in wanted.items()]
    ring(settings)
    return asked


def retry(database: Database, settings: Settings, job_id: int) -> Job:
    """Ask for the same work again. Raises DatabaseError while it is still going on."""
    with database.session() as session:
        job = jobs.retry(session, job_id)
    ring(settings)
    return job


@cache
def signature() -> str:
    """The name of this process as a worker: no other process has or had it."""
    return f"{socket.gethostname()[:40]}:{os.getpid()}:{os.urandom(4).hex()}"


def lost(job: Job) -> bool:
    """Whether a running job has no worker any more: its process is gone, or has been silent for too long."""
    if job.worker is not None and job.worker.count(":") == 2:
        host, pid, _ = job.worker.split(":")
        here = host == socket.gethostname()[:40]
        reused = int(pid) == os.getpid() and job.worker != signature()  # as in a container that was started again
        if here and (reused or not _lives(int(pid))):
            return True
    return job.heartbeat is None or now() - job.heartbeat > PATIENCE_SECONDS


def mark_lost(database: Database) -> list[int]:
    """Mark the jobs whose worker is gone as failed. Returns their ids. Writes only when there are any."""
    with database.reading() as session:
        found = [job for job in jobs.running(session) if lost(job)]
    if not found:
        return []
    with database.session() as session:
        return [job.id for job in found if jobs.finish(session, job.id, job.worker, "failed", LOST)]


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
