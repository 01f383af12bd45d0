"""A version is there whole or not at all; whatever happens while it is written, the one before it serves."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors import SafetensorError

from recommender.data.dataset import Dataset
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled
from recommender.serving import artifacts
from recommender.serving.artifacts import ABANDONED_SECONDS, KEPT, ArtifactStore, Version, current_of
from recommender.serving.training import train
from tests.models.planted import Planted
from tests.serving.conftest import Train


def files(root: Path) -> set[str]:
    """Every file below a folder."""
    return {str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()}


def test_a_published_version_serves(publish: Train, store: ArtifactStore, planted: Planted) -> None:
    version = publish("ease", regularization=7.0)
    assert store.current("ease") == version == current_of(store.root / "ease")
    model = version.load()
    assert model.config.model_dump()["regularization"] == 7
    assert np.array_equal(version.movie_ids(), planted.catalog.movie_ids)
    assert np.isfinite(model.score(planted.histories())).all()


def test_the_manifest_says_what_it_was_made_from(publish: Train, dataset: Dataset) -> None:
    version = publish("ease", regularization=7.0)
    manifest = version.manifest()
    assert (manifest.model, manifest.dataset, manifest.fingerprint) == ("EASE", "planted", dataset.fingerprint)
    assert (manifest.interactions, manifest.people) == (len(dataset.interactions), dataset.interactions.n_users)
    assert manifest.config["regularization"] == 7
    assert manifest.seconds >= 0
    assert "numpy" in manifest.built_with
    assert set(manifest.sha256) == {path.name for path in version.folder.iterdir()} - {artifacts.MANIFEST}


def test_rolling_back_is_the_same_switch(publish: Train, store: ArtifactStore) -> None:
    first, second = publish("markov"), publish("markov")
    assert store.current("markov") == second
    store.activate("markov", first.name)
    assert store.current("markov") == first
    with pytest.raises(MarqueeError, match="no version tomorrow of markov"):
        store.activate("markov", "tomorrow")
    assert store.current("markov") == first


def test_the_newest_versions_are_kept(publish: Train, store: ArtifactStore) -> None:
    published = [publish("popularity") for _ in range(KEPT + 2)]
    assert store.versions("popularity") == published[::-1][:KEPT]
    assert store.current("popularity") == published[-1]


def test_going_back_to_an_old_version_keeps_it(publish: Train, store: ArtifactStore) -> None:
    oldest, *_ = [publish("popularity") for _ in range(KEPT)]
    store.activate("popularity", oldest.name)
    assert store.versions("popularity")[-1] == store.current("popularity") == oldest


def test_nothing_was_ever_published(store: ArtifactStore) -> None:
    assert store.current("ease") is None
    assert store.versions("ease") == []


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), SafetensorError("I/O error")])
def test_a_full_disk_leaves_the_old_version_and_no_scraps(
    publish: Train, store: ArtifactStore, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    old = publish("markov")
    before = files(store.root)

    def full(*_: Any) -> None:
        raise error

    monkeypatch.setattr(artifacts, "write_arrays", full)
    with pytest.raises(MarqueeError, match=r"^The folder .* cannot be written \(.*\); free space or choose another\.$"):
        publish("markov")
    assert store.current("markov") == old
    assert files(store.root) == before


def test_a_folder_that_cannot_be_made_is_one_sentence(dataset: Dataset, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(MarqueeError, match="cannot be written"):
        train("popularity", dataset, ArtifactStore(tmp_path / "file" / "artifacts"))


def test_cancelling_publishes_nothing(dataset: Dataset, store: ArtifactStore) -> None:
    def cancel(*_: Any) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        train("ease", dataset, store, progress=cancel)
    assert not files(store.root)


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"lambda": 3}, r"^ease has no setting lambda; it has .*regularization"),
        ({"regularization": -3}, r"^ease: regularization = -3 does not do: .*greater than 0"),
        ({"regularization": "much"}, r"^ease: regularization = 'much' does not do"),
    ],
)
def test_settings_that_do_not_do(dataset: Dataset, store: ArtifactStore, settings: dict, sentence: str) -> None:
    with pytest.raises(MarqueeError, match=sentence):
        train("ease", dataset, store, settings)


KILLED_WHILE = """
import os, sys
from pathlib import Path
from recommender.data.dataset import Dataset
from recommender.serving import artifacts
from recommender.serving.training import train
from tests.models.planted import plant

renames, replace = 0, os.replace
def stop_before(*paths):
    global renames
    renames += 1
    if renames == int(sys.argv[2]):
        print("now", flush=True)
        sys.stdin.read()
    replace(*paths)

artifacts.os.replace = stop_before
world = plant()
train("ease", Dataset("planted", world.catalog, world.interactions), artifacts.ArtifactStore(Path(sys.argv[1])))
"""


@pytest.mark.parametrize("rename", [1, 2], ids=["before the version has its name", "before it serves"])
def test_killed_while_publishing_the_old_version_serves(publish: Train, store: ArtifactStore, rename: int) -> None:
    old = publish("ease")
    trainer = subprocess.Popen(
        [sys.executable, "-c", KILLED_WHILE, str(store.root), str(rename)],
        cwd=Path(__file__).parents[2],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with trainer:
        assert trainer.stdout is not None
        assert trainer.stdout.readline() == "now\n"
        trainer.send_signal(signal.SIGKILL)
        trainer.communicate()
    assert trainer.returncode == -signal.SIGKILL
    assert store.current("ease") == old
    old.load()

    scraps = list((store.root / "ease" / "staging").iterdir())
    assert len(scraps) == 1
    os.utime(scraps[0], (0, ABANDONED_SECONDS))
    new = publish("ease")
    assert store.current("ease") == new
    assert not list((store.root / "ease" / "staging").iterdir()), "what the dead process left is swept up"


def cut(file: Path) -> None:
    """Lose the second half."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def flip(file: Path) -> None:
    """Change the last bytes, as a failing disk does."""
    content = file.read_bytes()
    file.write_bytes(content[:-4] + b"\xff\xff\xff\xff")


def garbage(file: Path) -> None:
    """Something else altogether."""
    file.write_bytes(b"\xff" * 100)


DAMAGES = [
    pytest.param(harm, name, id=f"{harm.__name__} {name}")
    for harm in (cut, flip, garbage, Path.unlink)
    for name in ("arrays.safetensors", "config.json", "movies.safetensors", "manifest.json")
]


@pytest.mark.parametrize(("harm", "name"), DAMAGES)
def test_a_damaged_version_is_one_sentence(publish: Train, harm: Callable[[Path], None], name: str) -> None:
    version = publish("itemknn")
    harm(version.folder / name)
    with pytest.raises(MarqueeError, match=r"^The artifact .*train the model again\.$"):
        version.load()


@pytest.mark.parametrize("harm", [cut, garbage, Path.unlink])
def test_without_checksums_damage_is_still_one_sentence(publish: Train, harm: Callable[[Path], None]) -> None:
    version = publish("itemknn")
    manifest = json.loads((version.folder / "manifest.json").read_text())
    (version.folder / "manifest.json").write_text(json.dumps(manifest | {"sha256": {}}))
    harm(version.folder / "arrays.safetensors")
    with pytest.raises(MarqueeError, match=r"^The artifact .*train the model again\.$"):
        version.load()


def test_the_arrays_of_another_model_are_refused(publish: Train) -> None:
    ease, markov = publish("ease"), publish("markov")
    (ease.folder / "arrays.safetensors").write_bytes((markov.folder / "arrays.safetensors").read_bytes())
    with pytest.raises(MarqueeError):
        Version("ease", ease.name, ease.folder).load()
