"""What a worker asks for at its start."""

from __future__ import annotations

import logging
from pathlib import Path

import polars as pl
import pytest

from app.worker import stock
from app.worker.shop import Shop
from db import jobs, model_versions
from recommender.models import registry
from tests.app.worker.conftest import do


def test_stock_is_taken_fastest_first_by_what_is_known(shop: Shop) -> None:
    names = registry.names()
    assert stock.quickest_first(names, {})[0] in ("popularity", "recentpopularity")
    seconds = {slug: float(place) for place, slug in enumerate(reversed(names))}
    assert stock.quickest_first(names, seconds) == list(reversed(names))
    assert stock.quickest_first(["ease", "bpr"], {"bpr": 9.0}) == ["bpr", "ease"], "what is known goes first"


def test_stock_leaves_alone_what_is_sound_failed_or_stopped(shop: Shop) -> None:
    do(shop, "train", "markov")
    with shop.database.session() as session:
        for model, end in (("ease", "failed"), ("bpr", "cancelled")):
            jobs.enqueue(session, "train", model)
            job = jobs.claim(session, "me")
            assert job is not None
            jobs.finish(session, job.id, "me", end)  # type: ignore[arg-type]
    assert set(stock.take(shop)) == set(registry.names()) - {"markov", "ease", "bpr"}


def test_stock_books_what_was_trained_by_the_command_line(shop: Shop) -> None:
    from recommender.serving.training import train

    version = train("markov", shop.dataset, shop.store)
    stock.take(shop)
    with shop.database.reading() as session:
        assert ("markov", version.name) in model_versions.book(session)


def test_a_model_of_another_data_set_is_trained_anew(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    from recommender.data.sources import assemble
    from recommender.data.tables import read_ratings
    from recommender.serving.training import train

    other = assemble("other", read_ratings(Path(shop.settings.data)).with_columns(movie_id=pl.lit(99)), None)
    train("markov", other, shop.store)
    with caplog.at_level(logging.WARNING):
        assert "markov" in stock.take(shop)
    assert "Markov was trained for another data set (other). It is trained anew." in caplog.messages
