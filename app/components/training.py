"""Models that are being trained right now, as one slim line each; a model that is ready joins the page by itself."""

from __future__ import annotations

import streamlit as st

from app.components.text import plain
from app.resources import house
from db import jobs

EVERY_SECONDS = 1.0


def active() -> list[jobs.Job]:
    """Jobs that wait or run."""
    with house().database.session() as rows:
        return list(jobs.active(rows))


def progress() -> None:
    """Show what is being trained; costs nothing, and asks for nothing, when nothing is."""
    if active():
        watch()


@st.fragment(run_every=EVERY_SECONDS)
def watch() -> None:
    """Redraw the lines every second; the whole page once a model has arrived or the last job has ended."""
    running = active()
    if house().engine.refresh() or not running:
        st.rerun(scope="app")
    for job in running:
        share = job.step / job.total if job.total else 0.0
        what = "waits" if job.started is None else f"is training, {share:.0%}"
        st.progress(min(share, 1.0), text=f"{plain(job.model)} {what}")
