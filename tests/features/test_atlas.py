"""The map: like near to like, the same each time, no place for what nothing is known of, whatever the size of the data."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray

from recommender.data import Catalog, Interactions
from recommender.data.dataset import Dataset
from recommender.features import texts
from recommender.features.atlas import FEWEST, SMALL, Atlas, draw, file_of, lay_out, turned

EACH = 20


def unit(rows: NDArray[np.floating]) -> NDArray[np.float32]:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@pytest.fixture(scope="module")
def two_tastes() -> NDArray[np.float32]:
    """Forty directions about two that are at right angles, and two movies of which nothing is known."""
    rng = np.random.default_rng(0)
    centres = np.repeat(np.eye(8)[:2], EACH, axis=0)
    return np.vstack([unit(centres + 0.1 * rng.normal(size=centres.shape)), np.zeros((2, 8), np.float32)])


@pytest.fixture(scope="module")
def laid(two_tastes: NDArray[np.float32]) -> NDArray[np.float32]:
    return lay_out(two_tastes, 0)


def test_like_lies_near_to_like(laid: NDArray[np.float32]) -> None:
    one, other = laid[:EACH], laid[EACH : 2 * EACH]
    within = max(np.ptp(one, axis=0).max(), np.ptp(other, axis=0).max())
    assert np.linalg.norm(one.mean(axis=0) - other.mean(axis=0)) > within


def test_what_is_not_known_has_no_place(laid: NDArray[np.float32]) -> None:
    assert np.isnan(laid[-2:]).all()
    assert np.isfinite(laid[:-2]).all()


def test_the_same_vectors_and_seed_give_the_same_places(
    two_tastes: NDArray[np.float32], laid: NDArray[np.float32]
) -> None:
    assert np.array_equal(lay_out(two_tastes, 0), laid, equal_nan=True)
    assert not np.array_equal(lay_out(two_tastes, 1), laid, equal_nan=True)


@pytest.mark.parametrize("count", [0, 1, 2, 3, SMALL, SMALL + 1])
def test_few_movies_have_places_too(count: int) -> None:
    vectors = unit(np.random.default_rng(count).normal(size=(count, 4))) if count else np.zeros((0, 4), np.float32)
    places = lay_out(vectors, 0)
    assert places.shape == (count, 2)
    assert np.isfinite(places).all()


def test_all_the_same_have_places_too() -> None:
    places = lay_out(np.tile(np.eye(4, dtype=np.float32)[:1], (30, 1)), 0)
    assert np.isfinite(places).all()


def test_told_from_first_to_last(two_tastes: NDArray[np.float32]) -> None:
    told: list[float] = []
    lay_out(two_tastes, 0, told.append)
    assert told == sorted(told)
    assert len(told) > 10
    assert told[-1] == 1


def test_turned_undoes_a_turn_and_a_mirror() -> None:
    places = np.random.default_rng(0).normal(size=(20, 2)).astype(np.float32)
    places[3] = np.nan
    turn = np.array([[0.0, 1.0], [1.0, 0.0]])  # mirrored on the diagonal
    found = turned((places @ turn + 7).astype(np.float32), places)
    np.testing.assert_allclose(found, places - np.nanmean(places, axis=0), atol=1e-5)


def data(stars: float = 4, title: str = "A") -> Dataset:
    """Twelve movies, of which six have enough ratings."""
    user, item = np.divmod(np.arange(FEWEST * 6), 6)
    frame = pl.DataFrame({"movie_id": range(12), "title": [f"{title} {n % 3} {n}" for n in range(12)]})
    log = Interactions.from_columns(user, item, np.full(len(user), stars), np.arange(len(user)))
    return Dataset("small", Catalog.from_frame(frame), log)


@pytest.fixture
def no_text_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "model_folder", lambda: None)


@pytest.mark.usefixtures("no_text_model")
def test_both_maps_of_a_data_set(tmp_path: Path) -> None:
    told: list[tuple[str, float]] = []
    atlas = draw(data(), watch=lambda doing, share: told.append((doing, share)))
    assert np.isfinite(atlas.text).all()
    assert np.isfinite(atlas.behaviour).all(axis=1).tolist() == [True] * 6 + [False] * 6, "nobody rated the others"
    for places in (atlas.text, atlas.behaviour[:6]):
        assert places.min() >= 0
        assert places.max() <= 1
    shares = [share for _, share in told]
    assert shares == sorted(shares)
    assert shares[-1] <= 1.001
    atlas.save(tmp_path / "new" / "map.safetensors")
    again = Atlas.load(tmp_path / "new" / "map.safetensors")
    assert again is not None
    assert np.array_equal(again.text, atlas.text)
    assert np.array_equal(again.behaviour, atlas.behaviour, equal_nan=True)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["map.safetensors"]


def test_a_damaged_file_is_none(tmp_path: Path) -> None:
    (tmp_path / "map.safetensors").write_bytes(b"\0\1\2")
    assert Atlas.load(tmp_path / "map.safetensors") is None
    assert Atlas.load(tmp_path / "nothing") is None


def test_other_texts_ratings_or_text_model_have_another_map(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = file_of(data(), tmp_path)
    assert known == file_of(data(), tmp_path)
    assert known.parent == tmp_path / "cache" / "maps"
    others = {file_of(data(stars=3), tmp_path), file_of(data(title="B"), tmp_path)}
    monkeypatch.setattr(texts, "model_folder", lambda: None)
    assert len({known, file_of(data(), tmp_path), *others}) == 4
