"""What makes DMT: a movie that asks each story, a catalogue that is one product, and moments that teach without answering."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import exp

import numpy as np
import pytest
import torch

from recommender.data import Histories, Interactions
from recommender.layers.exposure import PACES, BiasTower, moments
from recommender.layers.interest import InterestTransformer
from recommender.models.base import Recommender
from recommender.models.multi_objective.dmt import DMT, DMTConfig, DMTNetwork, prefixes
from recommender.training.batch import Batch
from recommender.training.objectives import LOVE, OBJECTIVES, SOON_SECONDS
from tests.models.planted import Planted, history


def rated(stars: list[float], seconds: list[int]) -> Batch:
    """One person's ratings of the movies 0, 1, 2, ..."""
    n = len(stars)
    return Batch(torch.arange(n)[None], torch.tensor([stars]), torch.tensor([seconds]), torch.tensor([n]))


def fitted_dmt(fitted: Callable[[str], Recommender]) -> DMT:
    model = fitted("dmt")
    assert isinstance(model, DMT)
    return model


def test_a_movie_asks_the_sequence_by_hand() -> None:
    """LayerNorm makes of c = (3, 1) the question (1, -1); identities elsewhere, an FFN of zero. The third place is not filled."""
    decoder = InterestTransformer(dim=2, heads=1, blocks=0, longest=2, dropout=0).eval()
    with torch.no_grad():
        for linear in (decoder.attention.query, decoder.attention.key, decoder.attention.value, decoder.attention.out):
            linear.weight.copy_(torch.eye(2))
            linear.bias.zero_()
        for parameter in decoder.feed_forward.parameters():
            parameter.zero_()
        h = torch.tensor([[[2.0, 0.0], [0.0, 1.0], [9.0, 9.0]]])
        found = decoder(torch.tensor([[[3.0, 1.0]]]), h, torch.tensor([[True, True, False]]))[0, 0].tolist()
    loud = [exp((1 * 2 - 1 * 0) / 2**0.5), exp((1 * 0 - 1 * 1) / 2**0.5)]
    first, second = (each / sum(loud) for each in loud)
    assert found == pytest.approx([3 * 2**0.5 + 2 * first, 2**0.5 + second], abs=1e-4)


def test_an_empty_sequence_can_be_asked() -> None:
    behaviour = InterestTransformer(dim=4, heads=2, blocks=1, longest=3, dropout=0).eval()
    x, c = torch.randn(1, 3, 4), torch.randn(1, 2, 4)
    found = [behaviour(c, *behaviour.encode(scale * x, torch.zeros(1, 3, dtype=torch.bool))) for scale in (1, 5)]
    assert found[0].isfinite().all()
    torch.testing.assert_close(found[0], found[1])


def test_every_behaviour_reads_its_own_movies_newest_first() -> None:
    network = DMTNetwork(5, DMTConfig(dim=1, heads=1, longest=3))
    seen: list[tuple[list[float], list[bool]]] = []
    for behaviour in network.behaviours:
        assert isinstance(behaviour, InterestTransformer)

        def note(x: torch.Tensor, filled: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            seen.append((x[0, :, 0].tolist(), filled[0].tolist()))
            return x, filled

        behaviour.encode = note  # type: ignore[method-assign]
    batch = rated([5.0, 3.0, 4.0, 4.5, 5.0], [0, 1, 2, 3, 4])
    people = type("Some", (), {"batch": batch, "read": batch.mask})
    network.encode(people, torch.arange(5.0)[:, None].expand(5, 2))  # type: ignore[arg-type]
    named = [[int(x) for x, there in zip(*one, strict=True) if there] for one in seen]
    assert named == [[4, 3, 2], [4, 3, 2], [4, 0]]


def test_the_catalogue_is_the_pairs(fitted: Callable[[str], Recommender], planted: Planted) -> None:
    network, n = fitted_dmt(fitted).net, len(planted.catalog)
    assert isinstance(network, DMTNetwork)
    batch = rated([5.0, 3.0, 4.0], [0, 60, 9_999])
    with torch.inference_mode():
        catalogue = network.judged(batch)[0]
        pairs = network.asked(batch, batch.mask, torch.zeros(n, dtype=torch.long), torch.arange(n))
        groups = network.groups(batch, batch.mask, torch.arange(n)[None])[0]
        some = network.some(batch, torch.tensor([4, 1]))[0]
    torch.testing.assert_close(catalogue, pairs, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(catalogue, groups, rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(network.utility(catalogue)[[4, 1]], some, rtol=1e-4, atol=1e-4)


def test_what_is_asked_about_a_rating_is_what_was_read_before_it() -> None:
    batch = rated([5.0, 1.0, 4.0, 3.0, 2.5], [0, 1, 2, 3, 4])
    read = batch.ratings >= 2.5
    before = prefixes(batch, read, torch.tensor([0, 0]), torch.tensor([4, 1]), most=2, n_items=9)
    assert before.items.tolist() == [[2, 3], [0, 9]]
    assert before.ratings.tolist() == [[4.0, 3.0], [5.0, 0.0]]
    assert before.lengths.tolist() == [2, 1]


def test_a_moment_is_its_place_in_the_sitting_and_the_seconds_before_it() -> None:
    seconds = [0, 2, 2 + SOON_SECONDS, 3 + 2 * SOON_SECONDS, 3 + 2 * SOON_SECONDS]
    found = moments(rated([4.0] * 5, seconds), SOON_SECONDS)[0].tolist()
    assert [place for place, _ in found] == [0, 1, 1, 0, 1]  # of 0, 1, 2, 0, 1 ratings before
    assert [pace for _, pace in found] == [PACES - 1, 1, 11, 11, 0]


def test_the_bias_tower_tells_moments_apart_and_leaves_the_mean_alone() -> None:
    found = BiasTower(4, 3)(torch.tensor([[0, 1], [5, 2], [5, 2]]))
    torch.testing.assert_close(found.mean(dim=0), torch.zeros(3), atol=1e-6, rtol=0)
    torch.testing.assert_close(found[1], found[2])
    assert (found[0] != found[1]).any()


def test_the_bias_tower_changes_the_loss_and_never_an_answer(
    fitted: Callable[[str], Recommender], planted: Planted
) -> None:
    original = fitted_dmt(fitted)
    model = DMT(original.config)
    model.restore({name: array.copy() for name, array in original.state().items()})
    network, scores, judged = model.net, model.score(planted.histories()), model.judge(planted.histories())
    assert isinstance(network, DMTNetwork)
    batch = rated([5.0, 4.0, 3.0, 5.0], [0, 1, 99_999, 100_000])

    def loss() -> float:
        torch.manual_seed(3)
        with torch.inference_mode():
            return model.loss(network, batch).item()

    before = loss()
    with torch.no_grad():
        for weights in network.bias_tower.parameters():
            weights.mul_(3)
    assert loss() != pytest.approx(before, rel=1e-4)
    assert np.array_equal(model.score(planted.histories()), scores)
    assert np.array_equal(model.judge(planted.histories()), judged)


def test_when_somebody_asks_does_not_matter(fitted: Callable[[str], Recommender], planted: Planted) -> None:
    """The moments of what was rated teach; they are not read when answering."""
    items, stars, times = planted.walks[0]
    at_once = (items, stars, [times[0]] * len(times))
    one, other = fitted_dmt(fitted).score(Histories.of([planted.walks[0], at_once]))
    np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("case", ["nobody loves anything", "one user", "all alike", "nobody comes back soon"])
def test_it_learns_from_one_sided_ratings(case: str, planted: Planted) -> None:
    known: Interactions = planted.interactions
    told = {
        "nobody loves anything": replace(known, rating=known.rating.clip(max=4.5)),
        "one user": known.select(known.user == 0),
        "all alike": replace(known, rating=np.full_like(known.rating, 3.0)),
        "nobody comes back soon": replace(known, timestamp=known.timestamp * 3),
    }[case]
    model = DMT(DMTConfig(**{**DMT.quick, "epochs": 3})).fit(told, planted.catalog)
    judged = model.judge(Histories.of([planted.walks[0], history([])]))
    assert judged.shape[0] == len(OBJECTIVES)
    assert np.isfinite(judged).all()
    assert ((judged >= 0) & (judged <= 1)).all()
    if case == "nobody loves anything":
        assert judged[LOVE, 0].mean() < judged[0, 0].mean()


def test_heads_that_cannot_share_the_width_are_named() -> None:
    with pytest.raises(ValueError, match="3 heads cannot share a width of 16, twice dim"):
        DMTConfig(dim=8, heads=3)
