"""Exploration: showing something out of curiosity, knowing how likely that was, and what it taught. Start with `situation`.

`POLICIES` are those that a visitor can choose; `off_policy` judges models by what was shown; `regret` plays policies against the truth.
"""

from recommender.exploration.epsilon_greedy import EpsilonGreedy
from recommender.exploration.lin_ucb import LinUCB
from recommender.exploration.situation import Policy, Situation, Slate, mix, pick
from recommender.exploration.thompson import Thompson

POLICIES: dict[str, Policy] = {"thompson": Thompson(), "linucb": LinUCB(), "epsilon": EpsilonGreedy()}
"""By the name that stands in addresses and in the log."""

__all__ = ["POLICIES", "EpsilonGreedy", "LinUCB", "Policy", "Situation", "Slate", "Thompson", "mix", "pick"]
