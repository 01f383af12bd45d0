"""Preference elicitation: which movie to ask a new person about next. Start with `Crowd`, then `STRATEGIES` and `expected_gain`."""

from recommender.elicitation.crowd import Crowd, Interview, Verdict
from recommender.elicitation.gain import Gains, expected_gain, first_questions
from recommender.elicitation.strategies import STRATEGIES, Strategy, mixed

__all__ = [
    "STRATEGIES",
    "Crowd",
    "Gains",
    "Interview",
    "Strategy",
    "Verdict",
    "expected_gain",
    "first_questions",
    "mixed",
]
