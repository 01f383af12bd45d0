"""How good models are: protocols, metrics, intervals, comparisons. Start with `evaluate`."""

from recommender.evaluation.protocols import COLD_ITEM, PROTOCOLS, evaluate
from recommender.evaluation.report import Comparison, Metric, Report

__all__ = ["COLD_ITEM", "PROTOCOLS", "Comparison", "Metric", "Report", "evaluate"]
