"""Everything that is missing, trained now in this process: `python -m app.worker --once`."""

from __future__ import annotations

import time
from threading import Event, Thread

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn

from app import jobs as desk
from app.worker import consumer, stock, work
from app.worker.shop import Shop
from db import DatabaseError, jobs, model_versions
from db.jobs import Job

VERBS = {"train": "Train", "refresh": "Refresh", "evaluate": "Measure"}


def main() -> int:
    """Returns 0 when every model is ready, 2 when one is not; the reasons are printed."""
    console = Console()
    shop, me = Shop.open(), desk.signature()
    desk.mark_lost(shop.database)
    missing = [slug for slug in shop.by_itself if not stock.sound(shop, slug)]
    with shop.database.session() as session:  # whoever asks for everything wants the failed ones tried again, too
        seconds = {slug: row.seconds for (slug, _), row in model_versions.book(session).items()}
        for slug in stock.quickest_first(missing, seconds):
            jobs.enqueue(session, "train", slug)
    over = Event()
    Thread(target=_beat, args=(shop, me, over), daemon=True).start()
    try:
        done = _work(shop, me, console)
    except KeyboardInterrupt:
        with shop.database.session() as session:
            jobs.requeue(session, me)
        console.print("Stopped; what is left is trained when the house opens.")
        return 130
    finally:
        over.set()
    failed = [job for job in done if job.state != "done"]
    for job in failed:
        console.print(f"{_name(job)}: {job.reason or job.state}", markup=False, highlight=False)
    ready = sum(stock.sound(shop, slug) for slug in shop.by_itself)
    console.print(f"{ready} of {len(shop.by_itself)} models are ready.", highlight=False)
    return 2 if failed or ready < len(shop.by_itself) else 0


def _work(shop: Shop, me: str, console: Console) -> list[Job]:
    """Do what waits, and wait for what another worker does. Returns the jobs that were done here, as they ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeElapsedColumn())
    done: list[Job] = []
    with Progress(*columns, console=console) as bars:
        while True:
            with shop.database.session() as session:
                job = jobs.claim(session, me)
            if job is None:
                with shop.database.reading() as session:
                    if not jobs.active(session):
                        return done
                desk.mark_lost(shop.database)
                time.sleep(1)
                continue
            bar = bars.add_task(f"{VERBS[job.kind]} {_name(job)}", total=None)
            work.run(
                shop,
                job,
                me,
                lambda step, total, metrics, bar=bar: bars.update(bar, completed=step, total=total or None),  # type: ignore[misc]
            )
            with shop.database.reading() as session:
                done.append(jobs.get(session, job.id))
            if done[-1].state == "done":
                bars.update(bar, total=1, completed=1)
            bars.stop_task(bar)


def _name(job: Job) -> str:
    return stock.model_class_name(job.model) if job.model else "Every model"


def _beat(shop: Shop, me: str, over: Event) -> None:
    while not over.wait(consumer.BEAT_SECONDS):
        try:
            with shop.database.session() as session:
                for job in jobs.running(session, me):
                    jobs.beat(session, job.id, me)
        except DatabaseError:
            continue
