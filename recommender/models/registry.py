"""Finds every model by its file. Nothing is listed by hand, and nothing is imported before it is asked for."""

from __future__ import annotations

import pkgutil
from difflib import get_close_matches
from functools import cache
from importlib import import_module

import recommender.models as package
from recommender.errors import MarqueeError
from recommender.models.base import ModelCard, Recommender


@cache
def _modules() -> dict[str, str]:
    """Module path by slug: every file in a family's folder is one model."""
    found = {}
    for family in pkgutil.iter_modules(package.__path__):
        if family.ispkg:
            folder = import_module(f"{package.__name__}.{family.name}")
            for module in pkgutil.iter_modules(folder.__path__):
                found[module.name] = f"{folder.__name__}.{module.name}"
    return found


def names() -> list[str]:
    """Slugs of all models, in alphabetical order."""
    return sorted(_modules())


@cache
def model_class(slug: str) -> type[Recommender]:
    """The class of a model. Raises MarqueeError, with the nearest names, when there is no such model."""
    path = _modules().get(slug)
    if path is None:
        near = get_close_matches(slug, names(), n=3, cutoff=0.5)
        hint = f"did you mean {' or '.join(near)}?" if near else f"choose from {', '.join(names())}."
        raise MarqueeError(f"There is no model called {slug}; {hint}")
    module = import_module(path)
    return next(
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Recommender) and value.__module__ == path
    )


def matching(wanted: str) -> list[str]:
    """Slugs of the models and families in a list with commas ("classic,sasrec"). Raises MarqueeError for an unknown word."""
    found = []
    for word in filter(None, map(str.strip, wanted.split(","))):
        family = [slug for slug, path in _modules().items() if path.split(".")[-2] == word]
        if not family:
            model_class(word)
        found += family or [word]
    return sorted(set(found))


def cards() -> list[ModelCard]:
    """The card of every model, by slug."""
    return [model_class(slug).card for slug in names()]
