"""A checkpoint: all that a killed training needs to go on as if nothing had happened. Safetensors and JSON, never pickle.

Randomness needs no saving: every step seeds its own from (seed, epoch, step), see loop.py.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file
from torch import Tensor, nn

FILE = "checkpoint.safetensors"


@dataclass
class Place:
    """Where a training stands."""

    epoch: int = 0
    """Epochs finished."""
    step: int = 0
    """Steps taken of the epoch that runs."""
    loss: float = 0.0
    """Sum of the epoch's losses so far."""
    best: float = -1.0
    """Best NDCG@10 of validation; -1 before the first."""
    stale: int = 0
    """Epochs since then."""
    parts: int = 1
    """Parts that a batch is worked off in, more than 1 after the memory ran out."""
    log: list[dict[str, float]] = field(default_factory=list)
    """Per finished epoch: epoch, loss, ndcg@10, seconds."""


def write(
    folder: Path, run: str, place: Place, network: nn.Module, optimizer: torch.optim.Optimizer, best: dict[str, Tensor]
) -> None:
    """Write aside, then rename: a checkpoint is whole or not there. `run` tells whose it is."""
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {f"network.{name}": value for name, value in network.state_dict().items()}
    tensors |= {f"best.{name}": value for name, value in best.items()}
    tensors |= {f"optimizer.{index}.{name}": value for index, name, value in _moments(optimizer)}
    aside = folder / f"{FILE}.{os.getpid()}.new"  # of its own, should two processes train the same
    try:
        save_file(
            {name: value.detach().cpu().contiguous().clone() for name, value in tensors.items()},
            aside,
            {"run": run, "place": json.dumps(asdict(place))},
        )
        os.replace(aside, folder / FILE)
    finally:
        aside.unlink(missing_ok=True)


def read(
    folder: Path, run: str, network: nn.Module, optimizer: torch.optim.Optimizer
) -> tuple[Place, dict[str, Tensor]] | None:
    """Put network and optimizer where the checkpoint of this very run left them; where it stood, and its best weights.

    None when there is none, or it is another run's or damaged: training then begins anew.
    """
    try:
        with safe_open(folder / FILE, "pt") as file:
            about = file.metadata()
            if about is None or about["run"] != run:
                return None
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError, KeyError):
        return None
    network.load_state_dict(_below("network.", tensors))
    state: dict[int, dict[str, Tensor]] = {}
    for name, value in _below("optimizer.", tensors).items():
        index, _, moment = name.partition(".")
        state.setdefault(int(index), {})[moment] = value
    optimizer.load_state_dict({"state": state, "param_groups": optimizer.state_dict()["param_groups"]})
    return Place(**json.loads(about["place"])), _below("best.", tensors)


def remove(folder: Path) -> None:
    """Forget the checkpoint, if there is one."""
    (folder / FILE).unlink(missing_ok=True)


def _moments(optimizer: torch.optim.Optimizer) -> Iterator[tuple[int, str, Tensor]]:
    state: dict[int, dict[str, Any]] = optimizer.state_dict()["state"]
    for index, moments in state.items():
        for name, value in moments.items():
            yield index, name, torch.as_tensor(value)


def _below(prefix: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    return {name.removeprefix(prefix): value for name, value in tensors.items() if name.startswith(prefix)}
