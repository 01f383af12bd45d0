"""Open Bandit Pipeline's estimates; runs in its own environment: `python -m tests.benchmarks.peers.with_obp LOG.npz`.

Reads a log (`reward`, `action` and `pscore` `[n]`, `action_dist` and `q` `[n, actions]`), writes OUT, LOG's name with .json.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
from obp.ope import DoublyRobust, InverseProbabilityWeighting, SelfNormalizedInverseProbabilityWeighting


def main() -> None:
    """Estimate and hand in."""
    path = Path(sys.argv[1])
    with np.load(path) as log:
        told = {
            "reward": log["reward"],
            "action": log["action"],
            "pscore": log["pscore"],
            "action_dist": log["action_dist"][:, :, None],
            "position": np.zeros(len(log["reward"]), int),
        }
        q = log["q"][:, :, None]
    found = {
        "IPS": InverseProbabilityWeighting().estimate_policy_value(**told),
        "SNIPS": SelfNormalizedInverseProbabilityWeighting().estimate_policy_value(**told),
        "DR": DoublyRobust().estimate_policy_value(**told, estimated_rewards_by_reg_model=q),
    }
    path.with_suffix(".json").write_text(json.dumps({name: float(value) for name, value in found.items()}))


if __name__ == "__main__":
    main()
