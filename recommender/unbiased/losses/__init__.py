"""What a ranker can learn from clicks, one idea per file; all sum the same list-wise loss, so that they differ in the correction alone.

naive   every click counts the same; of true relevance instead of clicks, this is learning from the truth
ips     a click counts for all those that nobody saw there
dla     the correction is learned along with the ranker, each from the other
tower   the place explains what it can, and is left out when answering
"""

from recommender.unbiased.losses.dla import DLA
from recommender.unbiased.losses.ips import IPS
from recommender.unbiased.losses.listwise import Correction
from recommender.unbiased.losses.naive import Naive
from recommender.unbiased.losses.tower import Tower

__all__ = ["DLA", "IPS", "Correction", "Naive", "Tower"]
