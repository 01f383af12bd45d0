"""The one training loop. Every network goes through it; what differs stands in the model's file.

Every step seeds its randomness from (seed, epoch, step, process), so a training that was killed and taken up again, or
whose step was tried twice for want of memory, makes the very same numbers as one that ran through.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from torch import Tensor, nn

from recommender.errors import MarqueeError
from recommender.models.base import Cancelled, Progress
from recommender.training import checkpoint
from recommender.training import log as epochs
from recommender.training.batch import Batch
from recommender.training.config import TrainingConfig
from recommender.training.devices import fabric_for
from recommender.training.examples import Examples, epoch_batches, shared_out
from recommender.training.memory import keep_freed
from recommender.training.run import Run
from recommender.training.validation import largest_weight

if TYPE_CHECKING:
    from lightning_fabric import Fabric

log = logging.getLogger("marquee")

TICK_SECONDS = 0.25
"""Between two calls of progress within an epoch."""
CHECKPOINT_SECONDS = 30.0
"""Between two checkpoints within an epoch; one is written after every epoch besides."""

Validate = Callable[[nn.Module, Callable[[], None]], float]
"""NDCG@10 of a network; it calls its second argument now and then."""


@dataclass(frozen=True)
class Task:
    """What is to be trained."""

    name: str
    """The card's, for messages."""
    run: str
    """Tells this model, config and data from any other; a checkpoint of another run is not taken up."""
    config: TrainingConfig
    network: nn.Module
    loss: Callable[[nn.Module, Batch], Tensor]
    examples: Examples
    validate: Validate | None


class _Step(nn.Module):
    """Network and loss as one module, so that precision and several processes see all of it."""

    def __init__(self, network: nn.Module, loss: Callable[[nn.Module, Batch], Tensor]) -> None:
        super().__init__()
        self.network, self._loss = network, loss

    def forward(self, batch: Batch) -> Tensor:
        return self._loss(self.network, batch)


def train(task: Task, run: Run, progress: Progress) -> nn.Module:
    """The network with its best weights, on the CPU, ready to answer. Raises Cancelled, or MarqueeError when it cannot go on."""
    keep_freed()
    with torch.random.fork_rng():
        try:
            network = _Training(task, run, progress).network_at_its_best()
        except torch.OutOfMemoryError as error:
            raise MarqueeError(
                f"{task.name} does not fit into the device's memory; lower dim or max_length."
            ) from error
        except (Cancelled, MarqueeError):  # who goes on from a loss that is no number ends there again
            if run.folder:
                checkpoint.remove(run.folder)
            raise
    if run.folder:
        checkpoint.remove(run.folder)
    return network


class _Training:
    """One training from its first step, or from its checkpoint, to its end."""

    def __init__(self, task: Task, run: Run, progress: Progress) -> None:
        self._task, self._config, self._run, self._progress = task, task.config, run, progress
        self._fabric: Fabric = fabric_for(run.device, task.config.precision)
        # On one device `foreach` and `fused` give the same numbers; fused is one pass over the memory.
        optimizer = torch.optim.AdamW(
            task.network.parameters(), task.config.learning_rate, weight_decay=task.config.weight_decay, fused=True
        )
        step, self._optimizer = self._fabric.setup(_Step(task.network, task.loss), optimizer)
        self._step: nn.Module = step
        self._network = task.network
        self._steps = len(self._batches(0))
        self._place = checkpoint.Place()
        self._best: dict[str, Tensor] = {}
        self._taken = 0  # steps since this process began, for the time left
        self._began = self._ticked = self._saved = time.monotonic()
        self._run_name = f"{task.run} {self._fabric.world_size}"  # more processes take other steps
        if run.folder and (found := checkpoint.read(run.folder, self._run_name, task.network, optimizer)):
            self._place, self._best = found
            log.info("%s goes on from epoch %d, step %d", task.name, self._place.epoch + 1, self._place.step)
        elif run.folder and self._fabric.is_global_zero:
            epochs.remove(run.folder)

    def network_at_its_best(self) -> nn.Module:
        """Train until validation no longer gets better, or all epochs; then take the best weights."""
        place = self._place
        self._report(force=True)
        while (
            self._steps
            and place.epoch < self._config.epochs
            and (not self._task.validate or place.stale < self._config.patience)
        ):
            self._epoch()
        if self._best:
            self._network.load_state_dict(self._best)
        if self._fabric.is_global_zero:
            total = self._config.epochs * self._steps
            self._progress(total, total, self._metrics())
        return self._network.cpu().eval().requires_grad_(False)

    def _epoch(self) -> None:
        place, began = self._place, time.monotonic()
        self._network.train()
        batches = self._batches(place.epoch)
        since: list[Tensor] = []
        for number in range(place.step, self._steps):
            since.append(self._take(batches[number], number))
            place.step, self._taken = number + 1, self._taken + 1
            if number + 1 == self._steps or time.monotonic() - self._ticked >= TICK_SECONDS:
                place.loss, since = math.fsum([place.loss, *torch.stack(since).tolist()]), []
                self._demand_finite(place.loss)
                self._report()
                self._keep(after=CHECKPOINT_SECONDS)
        self._finish_epoch(time.monotonic() - began)

    def _batches(self, epoch: int) -> list[NDArray[np.int64]]:
        """This process's batches of an epoch: rows of the examples. Every process gets as many, if need be some twice."""
        rng = np.random.default_rng([self._config.seed, epoch])
        batches = epoch_batches(self._task.examples.lengths, self._config.batch_size, rng)
        return shared_out(batches, self._fabric.global_rank, self._fabric.world_size)

    def _take(self, rows: NDArray[np.int64], number: int) -> Tensor:
        """One step of the optimiser; the loss `[]`. When the memory runs out, once more in twice as many parts."""
        seed = [self._config.seed, self._place.epoch, number, self._fabric.global_rank]
        while True:
            torch.manual_seed(int(np.random.SeedSequence(seed).generate_state(1)[0]))
            batch = self._task.examples.batch(rows, np.random.default_rng(seed)).to(self._fabric.device)
            try:
                loss = self._backward(batch)
            except torch.OutOfMemoryError:
                if self._place.parts >= len(rows) or self._fabric.world_size > 1:
                    raise
                self._place.parts *= 2
                size = -(-len(rows) // self._place.parts)
                log.warning("%s: out of memory; going on with batches of %d", self._task.name, size)
            else:
                self._fabric.clip_gradients(
                    self._step, self._optimizer, max_norm=self._config.clip_norm, error_if_nonfinite=False
                )
                self._optimizer.step()
                return loss
            torch.cuda.empty_cache()  # here, where the exception no longer holds on to the activations

    def _backward(self, batch: Batch) -> Tensor:
        """Gradients of the batch's mean loss, gathered over its parts; the loss `[]`."""
        self._optimizer.zero_grad(set_to_none=True)
        parts = list(batch.parts(self._place.parts))
        weights = [part.weight for part in parts] if len(parts) > 1 else [1]
        losses = []
        for part, weight in zip(parts, weights, strict=True):
            loss = self._step(part) * (weight / max(sum(weights), 1))
            self._fabric.backward(loss)
            losses.append(loss.detach())
        return torch.stack(losses).sum()

    def _finish_epoch(self, seconds: float) -> None:
        """Validate, remember the best weights, write it all down."""
        place = self._place
        row = {"epoch": place.epoch + 1.0, "loss": place.loss / self._steps, "seconds": round(seconds, 3)}
        # The last step may have spoilt the weights, and no further loss would tell.
        self._demand_finite(largest_weight(self._network), "largest weight")
        if self._task.validate:
            self._network.eval()
            # GPUs differ in the last bits; if each process went by its own figure, one could stop and the others wait for it.
            ndcg = row["ndcg@10"] = self._fabric.broadcast(self._task.validate(self._network, self._report))
            if ndcg > place.best:
                place.best, place.stale = ndcg, 0
                self._best = {name: value.detach().clone() for name, value in self._network.state_dict().items()}
            else:
                place.stale += 1
        place.log.append(row)
        place.epoch, place.step, place.loss = place.epoch + 1, 0, 0.0
        self._keep(after=0)
        self._report(force=True)

    def _demand_finite(self, loss: float, what: str = "loss") -> None:
        if not math.isfinite(loss):
            raise MarqueeError(
                f"{self._task.name}: the {what} became {loss} in epoch {self._place.epoch + 1}, so training stopped and nothing "
                f"was changed; lower learning_rate (it was {self._config.learning_rate:g})."
            )

    def _keep(self, after: float) -> None:
        """Write a checkpoint and the log when there is a folder for them and the last one is `after` seconds old."""
        folder, place = self._run.folder, self._place
        if folder is None or not self._fabric.is_global_zero or time.monotonic() - self._saved < after:
            return
        self._saved = time.monotonic()
        try:
            if place.log:
                epochs.write(folder, place.log)
            checkpoint.write(folder, self._run_name, place, self._network, self._optimizer.optimizer, self._best)
        except (OSError, SafetensorError) as error:  # a full disk must not cost what was learned so far
            log.warning("%s goes on without a checkpoint; %s cannot be written (%s)", self._task.name, folder, error)

    def _report(self, force: bool = False) -> None:
        """Tell progress how far it is, at most every TICK_SECONDS unless forced; it may raise Cancelled."""
        if force or time.monotonic() - self._ticked >= TICK_SECONDS:
            self._ticked = time.monotonic()
            if self._fabric.is_global_zero:
                done = self._place.epoch * self._steps + self._place.step
                self._progress(done, self._config.epochs * self._steps, self._metrics())

    def _metrics(self) -> dict[str, float]:
        place = self._place
        metrics = {"epoch": float(min(place.epoch + 1, self._config.epochs))}
        if place.step:
            metrics["loss"] = place.loss / place.step
        elif place.log:
            metrics["loss"] = place.log[-1]["loss"]
        if place.log and "ndcg@10" in place.log[-1]:
            metrics["ndcg@10"] = place.log[-1]["ndcg@10"]
        if self._taken:
            left = (self._config.epochs - place.epoch) * self._steps - place.step
            metrics["seconds left"] = (time.monotonic() - self._began) / self._taken * left
        return metrics
