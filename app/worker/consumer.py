"""The worker's own process: woken by the queue, it starts the bench and watches over it. It imports no NumPy and no torch."""

from __future__ import annotations

import logging
import multiprocessing
import time
from multiprocessing.context import SpawnProcess
from threading import Event, Lock, Thread

from app import jobs as desk
from app.settings import Settings
from app.worker import bench, environment
from db import Database, DatabaseError, connect, jobs, refreshes
from recommender.serving import unfinished

log = logging.getLogger("marquee")

LOOK_SECONDS = 0.25
"""Between two looks at the bench."""
BEAT_SECONDS = 2.0
"""Between two signs of life of a job."""
GRACE_SECONDS = 1.0
"""How long a job may take to stop by itself once it is cancelled."""
POLL_SECONDS = 5.0
"""Between two looks for jobs that nobody told of, and for jobs that lost their worker."""
REST_SECONDS = 60.0
"""Before the next try, after a bench that ended without having done anything."""


class Watch:
    """One worker: at most one bench at a time."""

    def __init__(self, settings: Settings, database: Database) -> None:
        self.settings, self.database = settings, database
        self.name = desk.signature()
        self.stop = Event()
        self.exit_code = 0
        self._first = True
        self._rest = 0.0
        self._busy = Lock()

    def run(self) -> int:
        """Work until SIGINT or SIGTERM. Returns the exit code: 2 when data or database cannot be opened."""
        desk.mark_lost(self.database)
        huey = desk.queue(self.settings)
        desk.bell(huey, self.drain)
        consumer = huey.create_consumer(workers=1, periodic=False, max_delay=0.5)
        self.stop = consumer.stop_flag
        Thread(target=self._poll, daemon=True).start()
        consumer.run()
        self.stop.set()
        with self._busy:  # the bench is put away
            return self.exit_code

    def _poll(self) -> None:
        while not self.stop.is_set():
            self.drain()
            self.stop.wait(POLL_SECONDS)

    def drain(self) -> None:
        """Do what waits. Returns when nothing does, or when another thread is at it already."""
        if not self._busy.acquire(blocking=False):
            return
        try:
            desk.mark_lost(self.database)
            self._ask_for_refresh()
            while not self.stop.is_set() and time.monotonic() > self._rest and (self._first or self._waits()):
                if not self._bench():
                    self._rest = time.monotonic() + REST_SECONDS
        except DatabaseError as error:
            log.warning("%s", error)
        except Exception:  # whatever it was, the next look may find it gone
            log.exception("The bench could not be kept")
        finally:
            self._busy.release()

    def _ask_for_refresh(self) -> None:
        with self.database.reading() as session:
            due = refreshes.due(session, self.settings.refresh_after)
        if due:
            with self.database.session() as session:
                refreshes.ask(session)

    def _waits(self) -> bool:
        with self.database.reading() as session:
            return jobs.waits(session)

    def _bench(self) -> bool:
        """Start a bench and stay with it to its end. False when it ended without having done what it is for."""
        context = multiprocessing.get_context("spawn")
        process = context.Process(target=bench.main, args=(self.name, self._first), name="bench", daemon=True)
        process.start()
        stopped = self._attend(process)
        process.join()
        if self.stop.is_set():
            with self.database.session() as session:
                jobs.requeue(session, self.name)
            return False
        if process.exitcode == bench.USER_ERROR and self._first:
            self.exit_code = bench.USER_ERROR
            self.stop.set()
            return False
        done = self._clear(process.exitcode or 0) or stopped or process.exitcode == 0
        self._first = self._first and not done
        return done

    def _attend(self, process: SpawnProcess) -> bool:
        """Give signs of life for the bench's job; stop a bench that does not stop when told to. True when it had to be stopped."""
        beaten, asked = time.monotonic(), None
        while process.is_alive():
            process.join(LOOK_SECONDS)
            if self.stop.is_set():
                process.kill()
                return True
            try:
                with self.database.reading() as session:
                    job = next(iter(jobs.running(session, self.name)), None)
                if job is None:
                    asked = None
                elif job.cancel_requested:
                    asked = asked or time.monotonic()
                    if time.monotonic() - asked > GRACE_SECONDS:
                        process.kill()
                        process.join()
                        if job.kind == "train" and job.model:
                            unfinished.forget(self.settings.models, job.model)
                        with self.database.session() as session:
                            jobs.finish(session, job.id, self.name, "cancelled")
                        return True
                elif time.monotonic() - beaten > BEAT_SECONDS:
                    asked, beaten = None, time.monotonic()
                    with self.database.session() as session:
                        jobs.beat(session, job.id, self.name)
                else:
                    asked = None
            except DatabaseError as error:
                log.warning("%s", error)
        return False

    def _clear(self, code: int) -> bool:
        """Mark what the bench left unfinished as failed. True when there was anything."""
        with self.database.session() as session:
            left = jobs.running(session, self.name)
            for job in left:
                jobs.finish(session, job.id, self.name, "failed", _why(code))
        return bool(left)


def _why(code: int) -> str:
    if code == -9:
        return "The system stopped it, most likely for want of memory; choose smaller settings or a larger machine."
    return f"It ended without a word (exit code {code}); the worker's log has the details."


def main() -> int:
    """Open the database and work. Raises DatabaseError when it cannot be opened."""
    environment.prepare()
    settings = Settings()
    database = connect(settings.database_url)
    database.migrate()
    return Watch(settings, database).run()
