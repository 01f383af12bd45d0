"""Coverage: how much of the catalogue is ever shown."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def coverage(shown: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of the items that are in anybody's list, 0..1; `shown` `[..., n_items]` counts the lists that each is in."""
    return (shown > 0).mean(axis=-1)
