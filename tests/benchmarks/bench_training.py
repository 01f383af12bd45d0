"""How long every model takes to learn the embedded data, with its defaults, as `python -m recommender train --all` does it."""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from recommender.data.sources import load
from recommender.models import registry
from recommender.serving.artifacts import ArtifactStore
from recommender.serving.several import at_once, train_several
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
    slugs = measured()
    jobs = at_once(len(slugs), None, "auto")
    seconds, sizes = {}, {}
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        for version in train_several(slugs, dataset, ArtifactStore(keep or Path(folder)), {}, jobs, lambda *_: None):
            card = registry.model_class(version.slug).card
            seconds[card] = version.manifest().seconds
            sizes[card] = sum(f.stat().st_size for f in version.folder.iterdir())
        total = time.perf_counter() - began
    rows = [
        (card.name, f"{taken:.2f}", f"{sizes[card] / 1e6:.1f}")
        for card, taken in sorted(seconds.items(), key=lambda each: each[1])
    ]
    body = (
        f"{len(dataset.interactions):,} ratings, {len(dataset.catalog):,} movies; {jobs} models at a time, with one thread each where there are as many "
        f"cores. All {len(rows)} are ready after **{total / 60:.1f} minutes**; the classic ones take "
        f"{sum(taken for card, taken in seconds.items() if card.family == 'classic'):.1f} s of that. "
        f"The goal for all is 45 minutes on two cores. The first model that reads texts works out their vectors for all that follow. {busy}\n\n"
        + report.table(["model", "training, seconds", "on disk, MB"], rows)
    )
    report.write("training", "Training", body, command="python -m tests.benchmarks.bench_training", seed=0)
    print(body)


if __name__ == "__main__":
    main()
