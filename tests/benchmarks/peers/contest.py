"""What every contestant is told and has to hand in. Runs in the peers' environments too, so it needs NumPy alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import numpy as np
from numpy.typing import NDArray

K = 10
LISTED = 20
"""Length of the lists that are handed in."""
Stage = Literal["validation", "test"]
Model = Literal["sasrec", "gru4rec", "multvae", "recvae"]
"""Two that read the order, two that read baskets; length and layers mean nothing to the latter."""
Scores = NDArray[np.float32]


class Told:
    """A dataclass that is handed over as a file."""

    def write(self, path: Path) -> None:
        """As JSON."""
        path.write_text(json.dumps(vars(self)), encoding="utf-8")

    @classmethod
    def read(cls, path: str) -> Self:
        """From JSON."""
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Job(Told):
    """One training: the same numbers for everybody."""

    data: str
    """Path of a `Sequences` file."""
    model: Model
    out: str
    """Path of the file to hand in."""
    dim: int = 64
    layers: int = 2
    length: int = 50
    batch: int = 128
    dropout: float = 0.2
    learning_rate: float = 1e-3
    epochs: int = 3
    patience: int = 3
    """Epochs without a better NDCG@10 on the validation items before it stops."""
    seconds: float = 1e9
    """Of training, validation not counted; the epoch that passes it is the last."""
    ranked: bool = True
    """Whether to validate and to hand in lists; without, all epochs are trained."""
    newest_only: bool = False
    """Ours alone: learn from the newest window of each history, as RecTools does, so that an epoch is the same work."""
    seed: int = 0


@dataclass(frozen=True, eq=False)
class Sequences:
    """Everybody's items in their order: the last is the test, the one before it the validation, the rest is learned from."""

    items: NDArray[np.int64]
    offsets: NDArray[np.int64]
    n_items: int

    def write(self, path: Path) -> None:
        """As npz."""
        np.savez(path, items=self.items, offsets=self.offsets, n_items=self.n_items)

    @classmethod
    def read(cls, path: str) -> Sequences:
        """From npz."""
        with np.load(path) as found:
            return cls(found["items"], found["offsets"], int(found["n_items"]))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def shown(self, stage: Stage) -> list[NDArray[np.int64]]:
        """What is known of each person before the hidden item."""
        end = 2 if stage == "validation" else 1
        return [self.items[a : b - end] for a, b in zip(self.offsets[:-1], self.offsets[1:], strict=True)]

    def hidden(self, stage: Stage) -> NDArray[np.int64]:
        """The item to find, `[people]`."""
        return self.items[self.offsets[1:] - (2 if stage == "validation" else 1)]


def lists_of(scores: Scores, shown: list[NDArray[np.int64]]) -> NDArray[np.int64]:
    """The `LISTED` best unseen items per person; of equal scores the lower index first; `[people, LISTED]`."""
    scores = scores.copy()
    for row, seen in zip(scores, shown, strict=True):
        row[seen] = -np.inf
    return np.argsort(-scores, axis=1, kind="stable")[:, :LISTED]


def ndcg(lists: NDArray[np.int64], hidden: NDArray[np.int64]) -> NDArray[np.float64]:
    """NDCG@10 per person with one item to find: 1 / log2(rank + 1)."""
    found = lists[:, :K] == hidden[:, None]
    rank = 1 + found.argmax(axis=1)
    return np.where(found.any(axis=1), 1 / np.log2(rank + 1), 0.0)


def compete(job: Job, epoch: Callable[[], float], answer: Callable[[Stage], NDArray[np.int64]]) -> None:
    """Train epoch by epoch (`epoch` returns its seconds), stop by validation, hand in the test lists of the best epoch."""
    sequences = Sequences.read(job.data)
    hidden = sequences.hidden("validation")
    seconds: list[float] = []
    gains: list[float] = []
    lists = np.zeros((0, LISTED), np.int64)
    while len(seconds) < job.epochs and sum(seconds) < job.seconds:
        seconds.append(epoch())
        if not job.ranked:
            continue
        gains.append(float(ndcg(answer("validation"), hidden).mean()))
        best = int(np.argmax(gains))
        if best == len(gains) - 1:
            lists = answer("test")
        elif len(gains) - 1 - best >= job.patience:
            break
    hand_in(job, seconds, gains, lists)


def hand_in(job: Job, seconds: list[float], gains: list[float], lists: NDArray[np.int64]) -> None:
    """Write what is asked for: seconds per epoch, validation NDCG@10 per epoch, test lists `[people, LISTED]`."""
    np.savez(job.out, seconds=np.array(seconds), gains=np.array(gains), lists=lists)
