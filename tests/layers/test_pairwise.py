"""All pairs at once are all pairs one by one."""

from __future__ import annotations

from itertools import combinations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.layers.pairwise import every_meeting, meetings, pairwise
from recommender.layers.split_tower import SplitTower


@settings(deadline=None)
@given(st.integers(0, 5), st.integers(1, 4), st.integers(0, 2**31))
def test_pairwise_is_the_sum_over_all_pairs(fields: int, dim: int, seed: int) -> None:
    vectors = torch.randn(3, fields, dim, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    naive = sum(
        (vectors[:, f] * vectors[:, g] for f, g in combinations(range(fields), 2)), torch.zeros(3, dim).double()
    )
    torch.testing.assert_close(pairwise(vectors), naive)


@settings(deadline=None)
@given(st.integers(1, 3), st.integers(1, 4), st.integers(0, 2**31))
def test_a_person_and_a_movie_meet_in_all_their_fields(persons: int, movies: int, seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    person, movie = (torch.randn(n, n + 1, 2, generator=generator, dtype=torch.float64) for n in (persons, movies))
    every = every_meeting(person, movie)
    for p, row in zip(person, every, strict=True):
        for m, found in zip(movie, row, strict=True):
            torch.testing.assert_close(found, pairwise(torch.cat([p, m])).sum())
            torch.testing.assert_close(found, meetings(p[None], m[None])[0])


def test_a_tower_split_in_two_is_the_tower_on_both_side_by_side() -> None:
    torch.manual_seed(0)
    tower = SplitTower(4, 3, width=5, layers=2, dropout=0.5).eval()
    person, movie = torch.randn(2, 4), torch.randn(6, 3)
    whole = torch.nn.Linear(7, 5)
    with torch.no_grad():
        whole.weight.copy_(torch.cat([tower.of_person.weight, tower.of_movie.weight], dim=1))
        whole.bias.copy_(tower.of_person.bias)
        by_hand = torch.stack([tower.upper(whole(torch.cat([p.expand(6, 4), movie], dim=1)))[:, 0] for p in person])
        torch.testing.assert_close(tower.every(person, movie), by_hand)
        torch.testing.assert_close(tower(person, movie[:2]), by_hand[[0, 1], [0, 1]])
