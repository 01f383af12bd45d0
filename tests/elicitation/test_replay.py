"""The replay: nobody's hidden ratings are asked about, learned from or told; what is seen is never listed."""

from __future__ import annotations

import numpy as np
import pytest

from recommender.data import Catalog, Histories
from recommender.data.dataset import Dataset
from recommender.data.sources import load
from recommender.elicitation.crowd import Crowd, Interview
from recommender.elicitation.gain import Score
from recommender.elicitation.replay import AFTER, CASTINGS, Asker, replay
from recommender.errors import MarqueeError
from recommender.models.base import Cancelled
from tests.evaluation.models import Given

ORDER = list(range(9_066))


@pytest.fixture(scope="module")
def embedded() -> Dataset:
    return load("embedded")


def test_every_strategy_is_measured_on_the_same_people(embedded: Dataset) -> None:
    model, told = Given(ORDER), []
    found = replay(embedded, model, most_people=5, progress=lambda step, total, metrics: told.append((step, total)))
    assert found.people == 5
    assert set(found.figures) == set(CASTINGS)
    for name, moments in found.figures.items():
        assert list(moments) == [*(f"{count} questions" for count in AFTER), "5 answers"]
        for figure in moments.values():
            assert figure.quality.n == 5
            assert figure.quality.value == found.start.value, "a model that listens to nobody learns nothing"
            assert (figure.lead is None) == (name == "popularity")
            assert figure.lead is None or figure.lead.value == 0
    assert told[-1] == (20, 20)
    assert model.learned is not None
    assert embedded.interactions.n_users - len(np.unique(model.learned.user)) == 5, "they were held out whole"


def test_a_hidden_movie_is_neither_asked_about_nor_told(embedded: Dataset) -> None:
    model, interviews = Given(ORDER), []

    def by_everything(score: Score, crowd: Crowd, catalog: Catalog) -> Asker:
        def ask(interview: Interview) -> list[int]:
            interviews.append(interview)
            return ORDER

        return ask

    replay(embedded, model, {"popularity": by_everything}, most_people=1)
    log = embedded.interactions
    assert model.learned is not None
    (person,) = set(log.user.tolist()) - set(model.learned.user.tolist())
    own = log.item[log.user == person]
    last = interviews[-1]
    assert len(set(last.asked.tolist())) == len(last.asked) == AFTER[-1] - 1
    assert set(last.items.tolist()) <= set(own.tolist())
    assert not set(last.unseen.tolist()) & set(own.tolist()), (
        "what they have rated is answered, or hidden and not asked"
    )


def test_whatever_can_be_told_is_left_out_of_every_list(embedded: Dataset) -> None:
    """So the person who is asked in vain is shown no worse a list than the one who is asked well."""

    class Oracle(Given):
        def score(self, histories: Histories) -> np.ndarray:
            return np.tile(np.bincount(own, minlength=len(ORDER)).astype(np.float32), (len(histories), 1))

    log = embedded.interactions
    able = np.flatnonzero(np.diff(log.offsets) >= 40)
    person = int(np.random.default_rng(0).permutation(able)[0])
    own = log.item[log.user == person]
    found = replay(embedded, Oracle(ORDER), {"popularity": CASTINGS["popularity"]}, most_people=1)
    assert found.start.value == pytest.approx(1), "all that is left of what they rated is hidden"


def test_it_can_be_stopped_and_says_when_there_is_nobody(embedded: Dataset) -> None:
    def stop(step: int, total: int, metrics: object) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        replay(embedded, Given(ORDER), most_people=2, progress=stop)
    few = Dataset("few", embedded.catalog, embedded.interactions.select(np.arange(30)))
    with pytest.raises(MarqueeError, match="Nobody can be asked"):
        replay(few, Given(ORDER))


def test_the_same_seed_gives_the_same_figures(embedded: Dataset) -> None:
    one, other = (replay(embedded, Given(ORDER), most_people=3, seed=4) for _ in range(2))
    assert one.figures == other.figures
