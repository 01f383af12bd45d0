"""How good models are: protocols, metrics, intervals, comparisons. Start with `evaluate`."""

from recommender.evaluation.protocols import PROTOCOLS, evaluate
from recommender.evaluation.report import Comparison, Metric, Report

__all__ = ["PROTOCOLS", "Comparison", "Metric", "Report", "evaluate"]
