"""Cornac's contestants, for new movies and for stars; they run in their own environment: `python -m tests.benchmarks.peers.with_cornac JOB.json`."""

from __future__ import annotations

import json
import sys
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from cornac.data import Dataset, TextModality
from cornac.data.text import BaseTokenizer
from cornac.models import CDL, MF

VOCABULARY = 8_000


class WithNew(Dataset):
    """Movies without a rating take part, too: Cornac passes over them, and they would keep the numbers that they were born with."""

    def item_iter(self, batch_size: int = 1, shuffle: bool = False) -> Iterator[np.ndarray]:
        """Places of all movies."""
        yield from self.idx_iter(self.num_items, batch_size, shuffle)


def main() -> None:
    """Fit what the job asks for, and hand in everybody's scores."""
    place = Path(sys.argv[1]).parent
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data = np.load(place / "data.npz")
    n_users, n_items = (int(n) for n in data["shape"])
    maps = [OrderedDict((n, n) for n in range(count)) for count in (n_users, n_items)]
    values = np.ones(len(data["user"])) if "texts" in job else data["rating"].astype(np.float64)
    rows = (data["user"].astype(int), data["item"].astype(int), values)
    train = WithNew(n_users, n_items, *maps, rows, seed=job["seed"])
    if "texts" in job:
        scores = new_movies(train, job["texts"], job["seed"], job["settings"])
    else:
        model = MF(use_bias=True, seed=job["seed"], num_threads=1, **job["settings"]).fit(train)
        scores = np.stack([model.score(user) for user in range(n_users)])
    np.save(place / "scores.npy", np.asarray(scores, np.float32))


def new_movies(train: WithNew, texts: list[str], seed: int, settings: dict[str, Any]) -> np.ndarray:
    """By CDL, over the words of the texts."""
    words = TextModality(
        corpus=[text or "nothing" for text in texts],
        ids=list(range(len(texts))),
        tokenizer=BaseTokenizer(stop_words="english"),
        max_vocab=VOCABULARY,
        max_doc_freq=0.5,
    ).build(id_map=train.iid_map)
    train.add_modalities(item_text=words)
    vocabulary = min(VOCABULARY, words.vocab.size)
    model = CDL(autoencoder_structure=[200], vocab_size=vocabulary, seed=seed, verbose=False, **settings).fit(train)
    return model.U @ model.V.T


if __name__ == "__main__":
    main()
