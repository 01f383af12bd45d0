"""What is asked about a model beside its last ratings, and what is kept of the answer."""

from __future__ import annotations

import pytest

from app.worker import measuring
from app.worker.shop import Shop
from db import jobs, model_versions
from recommender.evaluation import Report
from tests.app.worker.conftest import do


def test_a_quick_model_is_asked_about_newcomers_by_itself(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    do(shop, "train", "markov")
    assert do(shop, "evaluate", "markov").state == "done"
    with shop.database.reading() as session:
        (waiting,) = jobs.active(session)
    assert (waiting.kind, waiting.model, waiting.settings) == ("evaluate", "markov", {"protocol": "cold-user"})
    assert do(shop, "evaluate", "markov", protocol="cold-user").state == "done"
    version = shop.store.current("markov")
    assert version is not None
    with shop.database.reading() as session:
        kept = model_versions.book(session)[("markov", version.name)].metrics
        assert jobs.active(session) == [], "and then all is known"
    assert kept["ndcg@10"]["n"] == 2, "beside what leave-last found"
    level = kept["cold-user"]["levels"]["0"]
    assert {"hr@10", "ndcg@10", "lead", "baseline"} == set(level)
    monkeypatch.setattr(measuring, "QUICK_SECONDS", -1)
    do(shop, "evaluate", "markov")
    with shop.database.reading() as session:
        assert jobs.active(session) == [], "a slow one is measured when somebody asks"


def test_a_lead_over_popularity_has_its_sign_and_its_interval(shop: Shop) -> None:
    first = {"value": 0.3, "low": 0.2, "high": 0.4, "n": 9}
    trial = {"label": "3", "people": 9, "unanswerable": 0}
    trial["models"] = {slug: {"ndcg@10": first, "hr@10": first} for slug in ("popularity", "ease")}
    worse = {"metric": "ndcg@10", "difference": -0.05, "low": -0.08, "high": -0.01, "p": 0.01, "p_adjusted": 0.01}
    about = {"protocol": "cold-user", "sentence": "", "dataset": "", "fingerprint": "", "movies": 1, "ratings": 1}
    about |= {"training_ratings": 1, "training_people": 1, "seed": 0, "models": {}, "seconds": 1}

    def lead(model: str, against: str) -> dict[str, object]:
        pair = worse | {"model": model, "against": against}
        report = Report.model_validate(about | {"trials": [trial | {"comparisons": [pair]}]})
        return measuring.newcomers(report, "ease")["levels"]["3"]["lead"]

    assert lead("ease", "popularity") == {"value": -0.05, "low": -0.08, "high": -0.01, "n": 9}
    assert lead("popularity", "ease") == {"value": 0.05, "low": 0.01, "high": 0.08, "n": 9}


def test_asking_is_measured_when_somebody_wants_to_know(shop: Shop) -> None:
    do(shop, "train", "markov")
    assert do(shop, "evaluate", "markov", protocol="elicitation").reason == (
        "Nobody can be asked: too few people have 40 ratings or more; add ratings."
    )
    assert "There is no measuring by magic" in (do(shop, "evaluate", "markov", protocol="magic").reason or "")
