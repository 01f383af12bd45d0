"""epochs.csv: how a training went, for those who like to plot."""

from __future__ import annotations

import csv
from pathlib import Path

FILE = "epochs.csv"


def write(folder: Path, rows: list[dict[str, float]]) -> None:
    """The epochs so far: epoch, loss, seconds, and ndcg@10 where there is a validation."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / FILE).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[-1]))
        writer.writeheader()
        writer.writerows(rows)


def remove(folder: Path) -> None:
    """Forget what another training wrote."""
    (folder / FILE).unlink(missing_ok=True)
