"""How long every model takes to learn the embedded data, with its defaults, one after the other, as on a first start."""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from recommender.data.sources import load
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.training import train
from tests.benchmarks import report
from tests.benchmarks.models import measured


def main() -> None:
    """Train, publish, and write the section."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--keep", type=Path, metavar="DIR", help="where the trained models go; else they are thrown away"
    )
    keep: Path | None = parser.parse_args().keep
    busy = f"Load average of the machine before: {os.getloadavg()[0]:.1f}."
    dataset = load("embedded")
    with tempfile.TemporaryDirectory() as folder:
        store = ArtifactStore(keep or Path(folder))
        seconds, sizes = {}, {}
        for card in (registry.model_class(slug).card for slug in measured()):
            version = train(card.slug, dataset, store)
            seconds[card], sizes[card] = (
                version.manifest().seconds,
                sum(f.stat().st_size for f in version.folder.iterdir()),
            )
    rows = [
        (card.name, f"{taken:.2f}", f"{sizes[card] / 1e6:.1f}")
        for card, taken in sorted(seconds.items(), key=lambda each: each[1])
    ]
    total = sum(seconds.values())
    body = (
        report.table(["model", "training, seconds", "on disk, MB"], [*rows, ("**all**", f"**{total:.2f}**", "")])
        + f"\n\n{len(dataset.interactions):,} ratings, {len(dataset.catalog):,} movies. The goal for the classic models is 60 s in all. {busy}"
    )
    report.write("training", "Training", body, command="python -m tests.benchmarks.bench_training", seed=0)
    print(body)


if __name__ == "__main__":
    main()
