"""What is missing on the shelf, and the jobs for it: at the first start everything, later what is damaged or new in the house."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from app.worker.booking import enter
from app.worker.shop import Shop
from db import jobs, model_versions
from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.models.base import Block, ModelCard
from recommender.serving.artifacts import Version
from recommender.serving.manifest import digest

log = logging.getLogger("marquee")

EFFORT = list(Block)
"""Blocks by how long they usually train, quickest first."""


def take(shop: Shop) -> list[str]:
    """Ask for the training of every model that is trained by itself and has no sound version, fastest first. Returns their slugs.

    A model whose last training failed or was cancelled is left to whoever looks at the Models page: trying again at every
    start could end the same way each time.
    """
    missing = {slug: shop.store.current(slug) for slug in shop.by_itself if not sound(shop, slug)}
    with shop.database.session() as session:
        book = model_versions.book(session)
        latest = jobs.latest(session)
        for slug in registry.names():
            version = shop.store.current(slug)
            if slug not in missing and version is not None and (slug, version.name) not in book:
                enter(session, version)
        seconds = {slug: row.seconds for (slug, _), row in book.items()}
        wanted = []
        for slug in quickest_first(missing, seconds):
            last = latest.get(("train", slug))
            replaced = shop.store.current(slug) != missing[slug]  # by another worker, while we looked
            if not replaced and (last is None or last.state not in ("failed", "cancelled")):
                jobs.enqueue(session, "train", slug)
                wanted.append(slug)
    return wanted


def sound(shop: Shop, slug: str) -> bool:
    """Whether the version that should serve can: whole, and trained for these movies. Says in one sentence why not."""
    version = shop.store.current(slug)
    if version is None:
        return False
    try:
        check(version, shop)
    except MarqueeError as error:
        log.warning("%s It is trained anew.", error)
        return False
    return True


def check(version: Version, shop: Shop) -> None:
    """Raises MarqueeError, with what is wrong, for a version that cannot serve this data set."""
    name = model_class_name(version.slug)
    manifest = version.manifest()
    if manifest.dataset != shop.dataset.name or manifest.movies_digest != digest(shop.dataset.catalog.movie_ids):
        raise MarqueeError(f"{name} was trained for another data set ({manifest.dataset}).")
    try:
        version.load()
    except MarqueeError:
        raise
    except Exception as error:
        raise MarqueeError(f"The artifact of {name} cannot be loaded ({type(error).__name__}).") from error


def model_class_name(slug: str) -> str:
    """The card's name."""
    return registry.model_class(slug).card.name


def quickest_first(slugs: Iterable[str], seconds: dict[str, float]) -> list[str]:
    """By the seconds of the last training where they are known, else by what the card says of the effort: classic models first."""

    def effort(slug: str) -> tuple[bool, float, bool, bool, int, int, str]:
        card: ModelCard = registry.model_class(slug).card
        known = slug in seconds
        network = card.family != "classic"
        return (
            not known,
            seconds.get(slug, 0.0),
            network,
            card.personal,
            EFFORT.index(card.block),
            card.paper.year,
            slug,
        )

    return sorted(slugs, key=effort)
