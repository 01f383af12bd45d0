"""The work of a network's answer, in floating-point operations, and what share of a GPU's peak it comes to there."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable
from dataclasses import dataclass

import torch

from recommender.models.base import Recommender
from recommender.serving.answers import Person
from recommender.training.recommender import TorchRecommender

GPU = "cuda"
RUNS = 20
SIDE = 8_192
"""Rows of the square matrices whose product says what a GPU can do at best."""


def operations(model: Recommender, person: Person) -> int | None:
    """Additions and multiplications in all matrix products of one answer; None for a model that is no network.

    What is done number by number (norms, activations, sums) is not counted: it is little beside them.
    """
    from torch.utils.flop_counter import FlopCounterMode  # brings Triton along, which only those who ask should pay

    if not isinstance(model, TorchRecommender):
        return None
    with FlopCounterMode(display=False) as counter:
        model.score(person.histories())
    return int(counter.get_total_flops())


@dataclass(frozen=True)
class OnGPU:
    """One answer on the machine's GPU."""

    device: str
    milliseconds: float
    """Median of some runs."""
    share: float
    """Of what the GPU does in one large product of float32 matrices, 0..1."""


def on_gpu(model: Recommender, person: Person, flops: int) -> OnGPU | None:
    """The same answer on the GPU; None where there is none."""
    if not torch.cuda.is_available() or not isinstance(model, TorchRecommender):
        return None
    device, histories = torch.device(GPU), person.histories()
    network = copy.deepcopy(model.net).to(device)
    square = torch.randn(SIDE, SIDE, device=device)
    answer = _seconds(lambda: model._answer(network, histories, device))
    peak = 2 * SIDE**3 / _seconds(lambda: square @ square)
    return OnGPU(torch.cuda.get_device_name(device), 1000 * answer, flops / answer / peak)


def _seconds(work: Callable[[], object]) -> float:
    """Median of some runs, after one that warms up."""
    taken = []
    for _ in range(RUNS + 1):
        torch.cuda.synchronize()
        began = time.perf_counter()
        work()
        torch.cuda.synchronize()
        taken.append(time.perf_counter() - began)
    return sorted(taken[1:])[RUNS // 2]
