"""LightFM's contestant for new movies; runs in its own environment: `python -m tests.benchmarks.peers.with_lightfm JOB.json`."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from lightfm import LightFM

DIM = 64


def main() -> None:
    """Fit, and hand in everybody's scores."""
    place = Path(sys.argv[1]).parent
    job = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    data = np.load(place / "data.npz")
    n_users, n_items = data["shape"]
    watched = sp.coo_matrix(
        (np.ones(len(data["user"]), np.float32), (data["user"], data["item"])), shape=(n_users, n_items)
    )
    values = sp.csr_matrix(
        (data["values_data"], data["values_indices"], data["values_indptr"]), shape=tuple(data["values_shape"])
    )
    own = sp.identity(n_items, format="csr", dtype=np.float32)
    # Each movie's features weigh one together, as LightFM's own helper has it.
    known = sp.hstack([own, values]).tocsr()
    known = sp.diags(1 / np.asarray(known.sum(axis=1)).ravel()) @ known
    model = LightFM(no_components=DIM, loss="warp", random_state=job["seed"])
    model.fit(watched, item_features=sp.csr_matrix(known, dtype=np.float32), num_threads=1, **job["settings"])
    item_bias, items = model.get_item_representations(sp.csr_matrix(known, dtype=np.float32))
    _, people = model.get_user_representations()
    np.save(place / "scores.npy", (people @ items.T + item_bias).astype(np.float32))


if __name__ == "__main__":
    main()
