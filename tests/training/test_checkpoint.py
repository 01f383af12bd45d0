"""Checkpoints: a training that was killed goes on as if nothing had been; one that belongs elsewhere is left alone."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file

from recommender.models.base import Progress
from recommender.training import checkpoint, log
from recommender.training.run import running
from tests.training.worlds import LastItem, config, epochs, weights, world

ROOT = Path(__file__).parents[2]


def start(folder: Path, out: Path, *, linger: bool) -> subprocess.Popen[str]:
    """A training in a process of its own."""
    command = [sys.executable, "-m", "tests.training.worker", str(folder), str(out), "1" if linger else "0"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}
    return subprocess.Popen(command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE)


@pytest.mark.parametrize("kills", [1, 2])
def test_a_killed_training_goes_on_and_ends_with_the_same_numbers(kills: int, tmp_path: Path) -> None:
    whole = start(tmp_path / "whole", tmp_path / "whole.safetensors", linger=False)
    whole.communicate()
    assert whole.returncode == 0

    folder, out = tmp_path / "killed", tmp_path / "killed.safetensors"
    seen = 0
    for _ in range(kills):
        killed = start(folder, out, linger=True)
        assert killed.stdout is not None
        began = None
        for line in killed.stdout:
            step = int(line)
            began = step if began is None else began
            if step >= began + 6:  # in the middle of an epoch of five steps, not at its end
                break
        killed.send_signal(signal.SIGKILL)
        killed.wait()
        killed.stdout.close()
        assert began is not None
        assert began >= seen, "it went on where it was"
        seen = began + 5
        assert (folder / checkpoint.FILE).is_file()
        assert not out.exists()
    resumed = start(folder, out, linger=False)
    lines, _ = resumed.communicate()
    assert resumed.returncode == 0
    assert int(lines.split()[0]) >= seen
    expected, got = load_file(tmp_path / "whole.safetensors"), load_file(out)
    assert expected.keys() == got.keys()
    for name in expected:
        assert np.array_equal(expected[name], got[name]), name
    assert not (folder / checkpoint.FILE).exists()
    assert [row["epoch"] for row in epochs(folder)] == [f"{n}.0" for n in range(1, len(epochs(folder)) + 1)]


def lights_out(after: int) -> Progress:
    """Lets a training die, without having been cancelled, once it has come so far."""

    def stop(step: int, total: int, metrics: Mapping[str, float]) -> None:
        if step > after:
            raise RuntimeError("the lights went out")

    return stop


@pytest.mark.parametrize("difference", ["config", "data"])
def test_a_checkpoint_of_another_run_is_not_taken_up(difference: str, tmp_path: Path) -> None:
    with running(folder=tmp_path), pytest.raises(RuntimeError):
        LastItem(config(epochs=3)).fit(*world(), lights_out(after=7))
    assert (tmp_path / checkpoint.FILE).is_file()
    changed = config(epochs=3, dropout=0.3) if difference == "config" else config(epochs=3)
    data = world(seed=1) if difference == "data" else world()
    with running(folder=tmp_path):
        resumed = weights(LastItem(changed).fit(*data))
    fresh = weights(LastItem(changed).fit(*data))
    assert all(torch.equal(resumed[name], fresh[name]) for name in fresh)


def test_a_damaged_checkpoint_is_not_taken_up(tmp_path: Path) -> None:
    (tmp_path / checkpoint.FILE).write_bytes(b"half a file")
    with running(folder=tmp_path):
        damaged = weights(LastItem(config(epochs=2)).fit(*world()))
    fresh = weights(LastItem(config(epochs=2)).fit(*world()))
    assert all(torch.equal(damaged[name], fresh[name]) for name in fresh)


def test_a_checkpoint_of_other_code_is_not_taken_up(tmp_path: Path) -> None:
    class Revised(LastItem):
        """What became of the model in the next release: it begins elsewhere."""

        def network(self, n_items):
            network = super().network(n_items)
            torch.nn.init.zeros_(network.turn.bias)
            return network

    with running(folder=tmp_path), pytest.raises(RuntimeError):
        LastItem(config(epochs=3)).fit(*world(), lights_out(after=7))
    with running(folder=tmp_path):
        resumed = weights(Revised(config(epochs=3)).fit(*world()))
    fresh = weights(Revised(config(epochs=3)).fit(*world()))
    assert all(torch.equal(resumed[name], fresh[name]) for name in fresh)


def test_the_log_of_another_training_does_not_stay(tmp_path: Path) -> None:
    with running(folder=tmp_path):
        LastItem(config(epochs=2)).fit(*world())
    assert (tmp_path / log.FILE).is_file()
    with running(folder=tmp_path), pytest.raises(RuntimeError):
        LastItem(config(epochs=3)).fit(*world(), lights_out(after=-1))
    assert not (tmp_path / log.FILE).exists()


@pytest.mark.parametrize("broken", ["save_file", "write"])
def test_a_full_disk_costs_the_checkpoint_and_nothing_else(
    broken: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint if broken == "save_file" else log, broken, full)
    with running(folder=tmp_path), caplog.at_level(logging.WARNING, "marquee"):
        kept = weights(LastItem(config(epochs=2)).fit(*world()))
    assert "Last Item goes on without a checkpoint" in caplog.text
    assert "No space left" in caplog.text
    fresh = weights(LastItem(config(epochs=2)).fit(*world()))
    assert all(torch.equal(kept[name], fresh[name]) for name in fresh)
    assert not list(tmp_path.glob("checkpoint*")), "not half of one either"
