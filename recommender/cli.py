"""The command line: models, train, recommend, evaluate, data build, data features.

Exit 0 on success and 2, with one line on stderr, for a user's mistake. Progress goes to stderr, results to stdout. The heavy
imports stand inside the commands, so that `models --json` and `--help` answer at once.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from recommender.errors import MarqueeError
from recommender.terminal import Bar, Bars, errors, show
from recommender.training.run import Device, speaks

if TYPE_CHECKING:
    from recommender.data.dataset import Dataset
    from recommender.serving.artifacts import Version

app = typer.Typer(help="Train, ask and measure recommender models.", add_completion=False)
data = typer.Typer(help="Data sets.")
app.add_typer(data, name="data")

UsageError: type[Any] = typer.BadParameter.__mro__[1]
"""Newer typers carry a click of their own, older ones use the package: its errors are found through their one public child."""


Data = Annotated[
    str,
    typer.Option(
        "--data",
        metavar="SOURCE",
        help="embedded, a GroupLens name (ml-32m), a folder or zip in GroupLens form, or a CSV or Parquet file of "
        "user_id,movie_id,rating,timestamp, with review if there is one.",
    ),
]


@app.command()
def models(as_json: Annotated[bool, typer.Option("--json", help="A list of objects, for scripts.")] = False) -> None:
    """List every model."""
    from recommender.models import registry

    cards = registry.cards()
    if as_json:
        wanted = {"name", "family", "block", "paper", "parents"}
        rows = [{"slug": card.slug, **card.model_dump(mode="json", include=wanted)} for card in cards]
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.table import Column, Table

    whole = (Column(name, no_wrap=True) for name in ("model", "name", "family", "block"))
    table = Table(*whole, "paper", box=None)
    for card in cards:
        table.add_row(card.slug, card.name, card.family, card.block, f"{card.paper.authors} ({card.paper.year})")
    Console().print(table)


@app.command()
def train(
    source: Data,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help="Each model goes to DIR/MODEL.")],
    models: Annotated[
        list[str] | None, typer.Argument(metavar="MODEL ...", help="Names, as `models` lists them.")
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Train every model.")] = False,
    device: Annotated[Device, typer.Option(help="Where to compute; models that need no GPU ignore it.")] = "auto",
    seed: Annotated[int | None, typer.Option(metavar="N", help="The only source of randomness.")] = None,
    settings: Annotated[
        list[str] | None, typer.Option("--set", metavar="KEY=VALUE ...", help="Change a setting of the models named.")
    ] = None,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, max=64, metavar="N", help="Models at the same time on the CPU; one per core, up to four."),
    ] = None,
) -> None:
    """Train models on all ratings of a data set, and let them serve from DIR. A network whose training was stopped goes on.

    With several GPUs: torchrun --nproc-per-node N -m recommender train ...
    """
    from recommender.models.registry import model_class
    from recommender.serving import training
    from recommender.serving.artifacts import ArtifactStore
    from recommender.serving.several import at_once, train_several

    # After --set several pairs may follow; the parser takes all but the first of them for models.
    words = models or []
    changes = _settings([*(settings or []), *(word for word in words if "=" in word)], seed)
    slugs = _slugs([word for word in words if "=" not in word], every)
    for slug in slugs:
        training.configured(slug, changes)
    _require(device)
    _make_folder(out)
    dataset, store = _load(source), ArtifactStore(out)
    together = at_once(len(slugs), jobs, device)
    if together > 1:
        with Bars() as bars:
            for version in train_several(slugs, dataset, store, changes, together, bars.step, device):
                bars.done(version.slug)
                print(_trained(version))
        return
    for slug in slugs:
        if not speaks():
            training.learn(model_class(slug)(training.configured(slug, changes)), dataset, store, device=device)
            continue
        with Bar(slug) as bar:
            version = training.train(slug, dataset, store, changes, bar.step, device)
        print(_trained(version))


@app.command()
def recommend(
    artifact: Annotated[Path, typer.Option(metavar="DIR/MODEL", help="A trained model.")],
    histories: Annotated[
        Path, typer.Option(metavar="FILE", help="CSV or Parquet of user_id,movie_id,rating,timestamp.")
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="CSV or Parquet, by its suffix.")],
    k: Annotated[int, typer.Option("--k", min=1, metavar="K", help="Movies per person.")] = 10,
) -> None:
    """Write the best K unseen movies of everybody in a file: user_id,rank,movie_id,score."""
    from recommender.serving.batch import recommend as answer
    from recommender.serving.batch import writer

    write = writer(out)
    _make_place(out)
    with Bar("recommend") as bar:
        table, skipped = answer(artifact, histories, k, bar.step)
    if skipped.ratings:
        errors.print(f"warning: {skipped}")
    write(table)
    print(f"{table.height:,} recommendations for {table['user_id'].n_unique():,} people, in {out}")


@app.command()
def evaluate(
    source: Data,
    protocol: Annotated[str, typer.Option(metavar="PROTOCOL", help="leave-last, temporal, cold-user or cold-item.")],
    models: Annotated[str, typer.Option(metavar="A,B|all", help="Names with commas between, or all.")],
    out: Annotated[Path, typer.Option(metavar="FILE", help="The report, JSON.")],
    seed: Annotated[int, typer.Option(metavar="N", help="Of the split, the models and the intervals.")] = 0,
) -> None:
    """Train models on a part of a data set and measure them on the rest, over the whole catalogue."""
    from recommender.evaluation import COLD_ITEM, PROTOCOLS
    from recommender.evaluation import evaluate as measure
    from recommender.models.registry import model_class
    from recommender.serving.training import configured

    if protocol not in PROTOCOLS:
        raise MarqueeError(f"There is no protocol {protocol}; choose from {', '.join(PROTOCOLS)}.")
    named = [name.strip() for name in models.split(",") if name.strip()]
    slugs = _slugs([name for name in named if name != "all"], "all" in named)
    if protocol == COLD_ITEM and "all" in named:
        every, slugs = len(slugs), [slug for slug in slugs if model_class(slug).card.scores_cold_items]
        errors.print(
            f"cold-item: {len(slugs)} of {every} models can place movies that nobody rated: {', '.join(slugs)}."
        )
    makers = {slug: partial(model_class(slug), configured(slug, {"seed": seed})) for slug in slugs}
    _make_place(out)
    dataset = _load(source)
    with Bar(protocol, slugs) as bar:
        report = measure(dataset, protocol, makers, seed=seed, progress=bar.step)
    out.write_text(report.model_dump_json(indent=2), encoding="utf-8")
    show(report)


@data.command()
def build(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the published files lie.")],
    out: Annotated[Path | None, typer.Option(metavar="DIR", help="Instead of the project's assets.")] = None,
) -> None:
    """Make the embedded data set from the files as they were published."""
    from recommender.data.build import build as make
    from recommender.data.embedded import ASSETS

    print(make(folder, out or ASSETS))


@data.command()
def features(source: Data = "embedded") -> None:
    """Say what is known of the movies of a data set: each feature, how many movies have it, and how many values it takes."""
    from recommender.features.items import features as read

    for feature in read(_load(source).catalog):
        print(feature)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run a command and exit: 0, 2 for a user's mistake, 130 when stopped by Ctrl-C."""
    command = typer.main.get_command(app)
    words = None if arguments is None else list(arguments)
    try:
        sys.exit(command.main(args=words, prog_name="python -m recommender", standalone_mode=False) or 0)
    except MarqueeError as error:
        _fail(str(error))
    except UsageError as error:
        context = error.ctx.command_path if error.ctx else "python -m recommender"
        _fail(f"{error.format_message().rstrip('.')}; see {context} --help.")
    except OSError as error:
        _fail(f"{error.filename or 'A file'} cannot be used: {error.strerror or error}.")
    except (KeyboardInterrupt, typer.Abort):
        errors.print(
            "marquee: stopped; what was there before is as it was, and a network's training goes on when you ask for it again."
        )
        sys.exit(130)


def _fail(sentence: str) -> NoReturn:
    errors.print("marquee: " + " ".join(sentence.split()))
    sys.exit(2)


def _trained(version: Version) -> str:
    return f"{version.slug}: trained in {version.manifest().seconds:.1f} s, in {version.folder}"


def _load(source: str) -> Dataset:
    from recommender.data.sources import load

    with Bar(f"reading {source}") as bar:
        return load(source, bar.bytes)


def _slugs(names: Sequence[str], every: bool) -> list[str]:
    """Models by name, each once, all of them checked."""
    from recommender.models import registry

    if every == bool(names):
        raise MarqueeError(
            "Name models or say all, not both." if every else f"Name a model, or all: {', '.join(registry.names())}."
        )
    slugs = registry.names() if every else list(dict.fromkeys(names))
    for slug in slugs:
        registry.model_class(slug)
    return slugs


def _settings(pairs: Sequence[str], seed: int | None) -> dict[str, Any]:
    """KEY=VALUE as a mapping; values stay words, which the model's Config reads as its types."""
    found: dict[str, Any] = {} if seed is None else {"seed": seed}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key:
            raise MarqueeError(f"--set takes KEY=VALUE, not {pair}.")
        found[key] = value
    return found


def _require(device: Device) -> None:
    if device == "cuda":
        import torch

        if not torch.cuda.is_available():
            raise MarqueeError("There is no CUDA GPU here; use --device cpu or --device auto.")


def _make_folder(path: Path) -> None:
    """Find out before the work, not after it, that its result cannot be kept."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        with TemporaryFile(dir=path):
            pass
    except OSError as error:
        raise MarqueeError(f"The folder {path} cannot be written ({error.strerror}); choose another.") from error


def _make_place(file: Path) -> None:
    """The same for one file."""
    _make_folder(file.parent)
    if file.is_dir():
        raise MarqueeError(f"{file} is a folder; name a file.")
