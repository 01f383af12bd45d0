"""The training loop: out of memory, not a number, cancelled, stopped early, told about, on several processes."""

from __future__ import annotations

import logging
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from safetensors.numpy import load_file

from recommender.data import Histories
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled
from recommender.training import checkpoint, loop, validation
from recommender.training.run import current, running
from tests.training.worlds import LastItem, config, epochs, histories, person, weights, world

ROOT = Path(__file__).parents[2]


def test_out_of_memory_halves_the_batch_and_says_so(caplog: pytest.LogCaptureFixture) -> None:
    class Small(LastItem):
        """A device that holds five examples."""

        def loss(self, network, batch):
            if len(batch.items) > 5:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().loss(network, batch)

    settings = config(validation_people=0)
    with caplog.at_level(logging.WARNING, "marquee"):
        small = Small(settings).fit(*world())
    assert "Last Item: out of memory; going on with batches of 4" in caplog.messages
    assert len(caplog.messages) == 2, "halved twice, and remembered"
    assert small.score(histories(person([3]))).argmax() == 4, "and it learned"


def test_in_parts_a_batch_gives_the_same_gradients() -> None:
    """Without dropout the parts' weighted mean is the batch's mean; parts have different numbers of targets."""

    class Exact(LastItem):
        splits = 1

        def network(self, n_items):
            network = super().network(n_items)
            network.dropout.p = 0.0
            return network

        def loss(self, network, batch):
            if self.splits > 1 and len(batch.items) > 16 // self.splits:
                raise torch.OutOfMemoryError("CUDA out of memory")
            return super().loss(network, batch)

    ratings, movies = world()
    rows = np.ones(len(ratings), bool)
    rows[::7] = False  # histories of different lengths
    whole = Exact(config(epochs=2)).fit(ratings.select(rows), movies)
    Exact.splits = 4
    parts = Exact(config(epochs=2)).fit(ratings.select(rows), movies)
    for name, value in weights(whole).items():
        torch.testing.assert_close(weights(parts)[name], value, rtol=1e-3, atol=1e-4)


def test_out_of_memory_with_a_single_example_is_one_sentence() -> None:
    class Tiny(LastItem):
        def loss(self, network, batch):
            raise torch.OutOfMemoryError("CUDA out of memory")

    with pytest.raises(MarqueeError, match="Last Item does not fit into the device's memory; lower dim or max_length"):
        Tiny(config()).fit(*world())


def test_not_a_number_stops_with_one_sentence_and_leaves_the_old_one() -> None:
    class Diverges(LastItem):
        broken = False

        def loss(self, network, batch):
            return super().loss(network, batch) * (float("nan") if self.broken else 1.0)

    model = Diverges(config(epochs=2)).fit(*world())
    before = weights(model)
    Diverges.broken = True
    with pytest.raises(MarqueeError, match=r"the loss became nan in epoch 1, .*; lower learning_rate \(it was 0.02\)"):
        model.fit(*world())
    assert all(torch.equal(before[name], value) for name, value in weights(model).items())


def test_weights_spoilt_by_the_very_last_step_are_not_kept(tmp_path: Path) -> None:
    """No further loss would tell, and validation would call every rank the first."""

    class SpoiltAtTheEnd(LastItem):
        steps = 0

        def loss(self, network, batch):
            type(self).steps += 1
            spoil = (network.turn.bias * 0).sum().sqrt() if self.steps == 5 else 0  # 0, and its slope is no number
            return super().loss(network, batch) + spoil

    with running(folder=tmp_path), pytest.raises(MarqueeError, match="the largest weight became nan in epoch 1"):
        SpoiltAtTheEnd(config(epochs=1)).fit(*world())
    assert SpoiltAtTheEnd.steps == 5
    assert not list(tmp_path.glob("checkpoint*")), "who goes on from it ends there again"


def test_cancelling_is_heard_within_validation(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "TICK_SECONDS", 0.0)
    monkeypatch.setattr(validation, "AT_ONCE", 1)
    asked: list[int] = []

    class Slow(LastItem):
        """Answers are counted; each of forty people is asked about alone."""

        def scores(self, network, batch):
            asked.append(len(batch.items))
            return super().scores(network, batch)

    def cancel(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if len(asked) == 3:
            raise Cancelled

    with pytest.raises(Cancelled):
        Slow(config()).fit(*world(), cancel)
    assert asked == [1, 1, 1]


def test_a_score_that_is_no_number_finds_nothing() -> None:
    held = validation.Held(histories(person([1, 2]), person([3])), np.array([4, 5], np.int32))

    def scores(people: Histories) -> NDArray[np.float32]:
        found = np.zeros((len(people), 12), np.float32)
        found[0, 4], found[1] = 1.0, np.nan
        return found

    assert held.ndcg(scores, lambda: None) == 0.5


def test_progress_tells_epoch_loss_ndcg_and_time_left() -> None:
    calls: list[tuple[int, int, dict[str, float]]] = []
    LastItem(config(epochs=3, patience=3)).fit(
        *world(), lambda step, total, metrics: calls.append((step, total, dict(metrics)))
    )
    steps = [step for step, _, _ in calls]
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert calls[-1][:2] == (15, 15)
    last = calls[-2][2]
    assert last["epoch"] == 3
    assert last["loss"] > 0
    assert 0 <= last["ndcg@10"] <= 1
    assert last["seconds left"] == 0


def test_progress_is_heard_within_an_epoch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loop, "TICK_SECONDS", 0.0)
    seen: list[int] = []

    def cancel(step: int, total: int, metrics: Mapping[str, float]) -> None:
        seen.append(step)
        if step == 2:
            raise Cancelled

    with pytest.raises(Cancelled):
        LastItem(config()).fit(*world(), cancel)
    assert seen == [0, 1, 2]


def test_a_cancelled_training_removes_its_checkpoint(tmp_path: Path) -> None:
    def cancel(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if step > 7:
            raise Cancelled

    with running(folder=tmp_path), pytest.raises(Cancelled):
        LastItem(config()).fit(*world(), cancel)
    assert not list(tmp_path.glob("checkpoint*"))


def test_it_stops_when_validation_no_longer_gets_better_and_keeps_the_best(tmp_path: Path) -> None:
    class Judged(LastItem):
        """The third epoch is the best by decree."""

        judgements = iter([0.1, 0.2, 0.9, 0.3, 0.3, 0.3])
        kept: dict[str, torch.Tensor]

    model = Judged(config(patience=2))
    states: list[dict[str, torch.Tensor]] = []

    def judge(self: object, score: object, tick: object) -> float:
        return next(Judged.judgements)

    original = checkpoint.write

    def spy(folder, run, place, network, optimizer, best):
        states.append({name: value.clone() for name, value in network.state_dict().items()})
        original(folder, run, place, network, optimizer, best)

    with pytest.MonkeyPatch.context() as patch, running(folder=tmp_path):
        patch.setattr("recommender.training.validation.Held.ndcg", judge)
        patch.setattr(checkpoint, "write", spy)
        model.fit(*world())
    assert [row["ndcg@10"] for row in epochs(tmp_path)] == ["0.1", "0.2", "0.9", "0.3", "0.3"]
    assert all(torch.equal(states[2][name], value) for name, value in weights(model).items())


def test_without_validation_all_epochs_are_run(tmp_path: Path) -> None:
    with running(folder=tmp_path):
        LastItem(config(epochs=4, validation_people=0)).fit(*world())
    assert len(epochs(tmp_path)) == 4
    assert "ndcg@10" not in epochs(tmp_path)[0]


def test_a_device_that_is_not_there_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with running(device="cuda"), pytest.raises(MarqueeError, match="no CUDA device here; choose --device cpu or auto"):
        LastItem(config()).fit(*world())


def test_surroundings_hold_inside_the_block_only(tmp_path: Path) -> None:
    with running(device="cpu", folder=tmp_path):
        assert (current().device, current().folder) == ("cpu", tmp_path)
    assert (current().device, current().folder) == ("auto", None)


def test_bfloat16_learns_too() -> None:
    model = LastItem(config(precision="bfloat16")).fit(*world())
    assert {value.dtype for value in weights(model).values() if value.is_floating_point()} == {torch.float32}


def test_two_processes_end_with_the_same_network(tmp_path: Path) -> None:
    """By torchrun, on CPUs: gradients are shared, so both hold the same weights."""
    outs = [tmp_path / "0.safetensors", tmp_path / "1.safetensors"]
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2"]
    command += ["-m", "tests.training.worker", str(tmp_path / "run"), str(tmp_path / "{rank}.safetensors"), "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=240, check=False)
    assert done.returncode == 0, done.stderr[-2_000:]
    one, two = (load_file(out) for out in outs)
    assert all(np.array_equal(one[name], two[name]) for name in one)
