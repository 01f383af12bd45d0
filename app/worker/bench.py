"""The bench: a process that does the waiting jobs one after the other, and ends when nothing waits.

A process of its own, so that memory goes back to the system, a job that does not listen can be stopped, and a model that is
killed for want of memory takes nothing else along.
"""

from __future__ import annotations

import logging
import os
import signal
import sys
from multiprocessing import parent_process
from multiprocessing.connection import wait
from threading import Thread

from app.worker import environment

FAILED, USER_ERROR = 1, 2


def main(worker: str, first: bool) -> None:
    """Run as the target of a process. `first` is the first bench of a worker, which looks at what is missing before."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the worker too, which decides what becomes of us
    Thread(target=_end_with_parent, daemon=True).start()
    environment.step_back()
    logging.basicConfig(level=logging.WARNING, format="%(message)s")

    from app.worker import stock, work
    from app.worker.shop import Shop
    from db import DatabaseError, jobs
    from recommender.errors import MarqueeError

    try:
        shop = Shop.open()
        if first:
            stock.take(shop)
        while True:
            with shop.database.session() as session:
                job = jobs.claim(session, worker)
            if job is None:
                return
            work.run(shop, job, worker)
    except (MarqueeError, DatabaseError) as error:
        print(error, file=sys.stderr)
        sys.exit(USER_ERROR)


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(FAILED)
