"""The makers of batches, by hand."""

from __future__ import annotations

import numpy as np
import torch

from recommender.training.batch import NOTHING, Batch
from recommender.training.examples import epoch_batches, shared_out, windows
from recommender.training.masked_items import MaskedItems, with_mask
from recommender.training.next_items import NextItems
from recommender.training.prefixes import Prefixes
from tests.training.worlds import histories, person

RNG = np.random.default_rng(0)
PAD = 12


def test_next_items_are_shifted_by_one_and_filled_up_on_the_right() -> None:
    examples = NextItems(histories(person([1, 2, 3], [5.0, 1.0, 3.0]), person([4, 5])), 10, PAD)
    batch = examples.batch(np.array([0, 1]), RNG)
    assert batch.items.tolist() == [[1, 2], [4, PAD]]
    assert batch.ratings.tolist() == [[5.0, 1.0], [4.0, 0.0]]
    assert batch.timestamps.tolist() == [[0, 60], [0, 0]]
    assert batch.lengths.tolist() == [2, 1]
    assert batch.mask.tolist() == [[True, True], [True, False]]
    assert batch.targets is not None
    assert batch.targets.tolist() == [[2, 3], [5, NOTHING]]
    assert batch.target_ratings is not None
    assert batch.target_ratings.tolist() == [[1.0, 3.0], [4.0, 0.0]]
    assert batch.target_timestamps is not None
    assert batch.target_timestamps.tolist() == [[60, 120], [60, 0]]


def test_long_histories_are_cut_from_their_end_and_every_rating_is_once_a_target() -> None:
    examples = NextItems(histories(person(list(range(8))), person([9]), person([])), 3, PAD)
    batch = examples.batch(np.arange(len(examples)), RNG)
    assert batch.items.tolist() == [[4, 5, 6], [1, 2, 3], [0, PAD, PAD]]
    assert batch.targets is not None
    assert sorted(batch.targets[batch.targets != NOTHING].tolist()) == [1, 2, 3, 4, 5, 6, 7]


def test_the_newest_window_alone() -> None:
    examples = NextItems(histories(person(list(range(8)))), 3, PAD, last_only=True)
    assert examples.batch(np.arange(len(examples)), RNG).items.tolist() == [[4, 5, 6]]


def test_prefixes_ask_for_every_rating_but_the_first() -> None:
    examples = Prefixes(histories(person([1, 2, 3, 4]), person([5])), 2, PAD)
    batch = examples.batch(np.arange(len(examples)), RNG)
    assert batch.items.tolist() == [[1, PAD], [1, 2], [2, 3]]
    assert batch.targets is not None
    assert batch.targets.tolist() == [2, 3, 4]


def test_masked_items_hide_what_they_ask_for() -> None:
    people = histories(*(person(list(range(10))) for _ in range(200)))
    examples = MaskedItems(people, 10, PAD, share=0.3)
    batch = examples.batch(np.arange(200), np.random.default_rng(3))
    hidden = batch.items == PAD + 1
    assert batch.targets is not None
    assert ((batch.targets != NOTHING) == hidden).all()
    assert (torch.where(hidden, batch.targets, batch.items) == torch.arange(10)).all()
    assert (batch.ratings[hidden] == 0).all()
    assert hidden.any(dim=1).all(), "at least one in every history"
    last_alone = (hidden.sum(dim=1) == 1) & hidden[:, -1]
    assert 0.15 < last_alone.float().mean() < 0.4
    assert 0.17 < hidden[~last_alone].float().mean() < 0.4


def test_a_mask_is_appended_behind_each_history() -> None:
    examples = NextItems(histories(person([1, 2, 3]), person([4, 5])), 10, PAD)
    longer = with_mask(examples.batch(np.array([0, 1]), RNG), PAD)
    assert longer.items.tolist() == [[1, 2, PAD + 1], [4, PAD + 1, PAD]]
    assert longer.timestamps.tolist() == [[0, 60, 60], [0, 0, 0]]
    assert longer.lengths.tolist() == [3, 2]
    assert longer.targets is None


def test_windows() -> None:
    begins, lengths = windows(np.array([0, 10, 20]), np.array([7, 10, 22]), 3)
    assert begins.tolist() == [4, 1, 0, 20]
    assert lengths.tolist() == [3, 3, 1, 2]


def test_an_epoch_has_every_example_once_and_little_is_filled_up() -> None:
    lengths = np.random.default_rng(0).integers(1, 200, 3_000)
    batches = epoch_batches(lengths, 32, np.random.default_rng(1))
    assert sorted(np.concatenate(batches).tolist()) == list(range(3_000))
    assert max(len(batch) for batch in batches) == 32
    filled = sum(len(batch) * lengths[batch].max() for batch in batches) / lengths.sum()
    assert filled < 1.05
    again, other = (epoch_batches(lengths, 32, np.random.default_rng(seed)) for seed in (1, 2))
    assert all(np.array_equal(a, b) for a, b in zip(batches, again, strict=True))
    assert not all(np.array_equal(a, b) for a, b in zip(batches, other, strict=False))


def test_the_state_at_the_last_rating() -> None:
    batch = NextItems(histories(person([1, 2, 3]), person([4, 5])), 10, PAD).batch(np.array([0, 1]), RNG)
    states = torch.arange(4.0).reshape(2, 2, 1)
    assert batch.last(states).tolist() == [[1.0], [2.0]]


def test_parts_hold_the_whole() -> None:
    batch = NextItems(histories(*(person([1, 2, 3]) for _ in range(5))), 10, PAD).batch(np.arange(5), RNG)
    parts = list(batch.parts(2))
    assert [len(part.items) for part in parts] == [3, 2]
    assert [part.weight for part in parts] == [6, 4]
    assert sum(part.weight for part in parts) == batch.weight
    assert isinstance(parts[0], Batch)


def test_every_process_gets_as_many_batches_and_none_is_left_out() -> None:
    for count in (1, 2, 5, 8):
        batches = [np.array([number]) for number in range(count)]
        shares = [shared_out(batches, rank, 4) for rank in range(4)]
        assert len({len(share) for share in shares}) == 1, "else the others wait for ever"
        assert {int(rows[0]) for share in shares for rows in share} == set(range(count))
    assert shared_out([], 0, 2) == []
