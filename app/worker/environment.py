"""What must stand in the environment before NumPy and torch are imported."""

from __future__ import annotations

import os

NICE = 10
"""Added to the priority number of training, so that pages stay quick beside it."""
ENVIRONMENT = {
    # implicit runs threads of its own, and two pools of threads fight for the same cores.
    "OPENBLAS_NUM_THREADS": "1",
    # torch's threads wait for one another busily; where pages want the cores too, that is most of an epoch.
    "GOMP_SPINCOUNT": "20000",
    # A bench that is stopped in mid-training leaves a progress bar's lock behind; Python's tracker clears it away, and says so.
    "PYTHONWARNINGS": "ignore:resource_tracker",
}


def prepare() -> None:
    """Set it for this process and its children; what the operator has set stays."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def step_back() -> None:
    """Lower the priority of this process."""
    os.nice(NICE)
