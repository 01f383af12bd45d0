"""Movies and what people did with them, as columns."""

from recommender.data.catalog import Catalog
from recommender.data.histories import Histories
from recommender.data.interactions import Interactions

__all__ = ["Catalog", "Histories", "Interactions"]
