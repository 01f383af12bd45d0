"""The experiment: the naive ranker learns the positions, corrected ones come as far as the truth, on a planted world and on real people."""

from __future__ import annotations

import numpy as np
import polars as pl
import pytest

from recommender.data import Catalog, Interactions
from recommender.data.sources import load
from recommender.errors import MarqueeError
from recommender.unbiased.clicks import Cascade, PositionBased
from recommender.unbiased.experiment import NAIVE, TITLES, TRUTH, Experiment, agreement, ndcg, run
from recommender.unbiased.losses import Naive
from recommender.unbiased.ranker import scores, train
from recommender.unbiased.world import LEAST, World, world_of
from tests.unbiased.worlds import MOVIES, planted

CORRECTED = ("ips_swap", "ips_em", "dla", "tower")


@pytest.fixture(scope="module")
def found() -> Experiment:
    return run(planted(), PositionBased(1.5), sessions=15_000, places=10, epochs=15, seeds=2)


def test_naive_learns_the_positions_and_corrected_ones_come_within_the_interval_of_the_truth(found: Experiment) -> None:
    assert not found.within(NAIVE)
    assert found.trained[NAIVE].behind.low > 0
    assert found.trained[NAIVE].agreement.low > found.trained[TRUTH].agreement.high
    for way in CORRECTED:
        assert found.within(way), (way, found.trained[way], found.trained[TRUTH])
        assert found.trained[way].agreement.high < found.trained[NAIVE].agreement.low


def test_it_tells_what_it_rests_on(found: Experiment) -> None:
    assert set(found.trained) == set(TITLES)
    assert (found.lists, found.seeds, found.judges) == (30_000, 2, 20)
    assert 0 < found.clicks < 30_000 * 10
    assert set(found.curves) == {"truth", "swap", "em", "dla", "tower"}
    for curve in found.curves.values():
        assert curve[0].value == pytest.approx(1)
    assert Experiment.model_validate_json(found.model_dump_json()) == found


def test_places_that_are_clipped_are_counted() -> None:
    found = run(planted(), PositionBased(2.0), sessions=4_000, places=10, epochs=1, floor=0.3)
    assert found.clipped["ips_em"] >= 7  # 1/9 and all below
    assert found.floor == 0.3


def test_a_cascade_too_and_the_share_of_the_work_is_told() -> None:
    shares: list[float] = []
    found = run(planted(), Cascade(0.5), sessions=15_000, places=10, epochs=15, told=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
    assert not found.within(NAIVE)
    assert found.within("dla")


def test_same_seed_same_answer() -> None:
    first, second = (run(planted(), PositionBased(), sessions=1_000, places=8, epochs=1) for _ in range(2))
    assert first == second


def test_ndcg_by_hand() -> None:
    """Grades 4, 0, 2 in this order: gains 15, 0, 3."""
    world = World(
        features=np.zeros((6, 1), np.float32),
        grades=np.array([4, 0, 2, 0, 0, 0]),
        offsets=np.array([0, 3, 6]),
        liked=np.zeros(6),
        newness=np.zeros(6),
        learners=np.array([], np.int64),
        judges=np.array([0, 1]),
    )
    answer = np.array([3.0, 2.0, 1.0, 1.0, 2.0, 3.0])
    third, second = 1 / np.log2(4), 1 / np.log2(3)
    got = ndcg(world, answer)
    assert got[0] == pytest.approx((15 + 3 * third) / (15 + 3 * second))
    assert np.isnan(got[1])
    assert ndcg(world, answer, k=1)[0] == 1
    assert agreement(world, answer, answer)[0] == pytest.approx(1)
    assert agreement(world, -answer, answer)[0] == pytest.approx(-1)


def test_the_ranker_finds_what_is_good() -> None:
    world = planted()
    rows = np.arange(len(world.grades)).reshape(-1, MOVIES)
    ranker = train(Naive(), world.features, rows, world.grades[rows] == 4, epochs=100)
    answer = scores(ranker, world.features)
    assert np.corrcoef(answer, world.grades)[0, 1] > 0.75


def test_real_people_are_cut_in_time_and_judges_never_click() -> None:
    dataset = load("embedded")
    world = world_of(dataset.interactions, dataset.catalog)
    assert (np.diff(world.offsets) >= LEAST).all()
    assert world.offsets[-1] == len(world.grades) == len(world.features)
    assert world.grades.min() == 0
    assert world.grades.max() == 4
    assert np.isfinite(world.features).all()
    everybody = np.sort(np.concatenate([world.learners, world.judges]))
    assert (everybody == np.arange(len(world.offsets) - 1)).all()


def test_features_know_nothing_of_the_second_halves() -> None:
    """Other stars there, same features."""
    rng = np.random.default_rng(0)
    user, item = np.repeat(np.arange(6), 12), np.concatenate([rng.permutation(20)[:12] for _ in range(6)])
    time, stars = np.tile(np.arange(12), 6), rng.integers(1, 6, 72).astype(float)
    catalog = Catalog.from_frame(_movies(20))
    worlds = [
        world_of(Interactions.from_columns(user, item, rated, time), catalog, least=6)
        for rated in (stars, np.where(time >= 6, 6 - stars, stars))
    ]
    assert (worlds[0].features == worlds[1].features).all()
    assert (worlds[0].grades == 4 - worlds[1].grades).all()


def test_too_few_people_are_refused() -> None:
    few = Interactions.from_columns([1, 1, 2], [0, 1, 0], [3, 4, 5], [1, 2, 3])
    with pytest.raises(MarqueeError, match="there must be four"):
        world_of(few, Catalog.from_frame(_movies(2)))


def _movies(count: int):

    return pl.DataFrame(
        {
            "movie_id": range(count),
            "title": [f"Movie {n}" for n in range(count)],
            "year": [1980 + n if n % 3 else None for n in range(count)],
            "genres": [["Drama"] if n % 2 else None for n in range(count)],
        }
    )
