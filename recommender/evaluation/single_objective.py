"""A model of several objectives that learns one of them only: what its sharing is measured against."""

from __future__ import annotations

from typing import Any, ClassVar, cast

from torch import Tensor, nn
from torch.nn import functional as F

from recommender.errors import MarqueeError
from recommender.models import registry
from recommender.training.objectives import OBJECTIVES, WATCH, ObjectivesNetwork, ObjectivesRecommender


def able() -> list[str]:
    """Slugs of the models of several objectives."""
    return [slug for slug in registry.names() if issubclass(registry.model_class(slug), ObjectivesRecommender)]


class Alone(ObjectivesRecommender):
    """A model whose network learns one objective only; all else is as in the model. `alone` makes one."""

    only: ClassVar[int]

    def network(self, n_items: int) -> nn.Module:
        """The model's own network, with one objective's loss."""
        network = cast(ObjectivesNetwork, super().network(n_items))  # type: ignore[safe-super]

        def loss(logits: Tensor, yes: Tensor) -> Tensor:
            return one_loss(network.together(logits), yes, self.only)

        vars(network)["objective_loss"] = loss
        return network


def alone(slug: str, objective: str) -> type[ObjectivesRecommender]:
    """The class of a model that learns one of its objectives only. Raises MarqueeError for what is none of them."""
    model = registry.model_class(slug)
    if not issubclass(model, ObjectivesRecommender):
        raise MarqueeError(f"{slug} has one objective only, so it shares nothing; choose from {', '.join(able())}.")
    if objective not in OBJECTIVES:
        raise MarqueeError(f"There is no objective {objective}; choose from {', '.join(OBJECTIVES)}.")
    made: Any = type(f"{model.__name__}Alone", (Alone, model), {"only": OBJECTIVES.index(objective)})
    return cast(type[ObjectivesRecommender], made)


def one_loss(log_p: Tensor, yes: Tensor, objective: int) -> Tensor:
    """Cross-entropy of one objective: of watching over all that was offered, of any other, given that it was watched, over what was.

    `log_p` `[n, objectives]` as `together` gives it.
    """
    watched = yes[:, WATCH] > 0
    if objective == WATCH:
        chances, truth = log_p[:, WATCH], yes[:, WATCH]
    elif watched.any():
        chances, truth = (log_p[:, objective] - log_p[:, WATCH])[watched], yes[watched, objective]
    else:
        return log_p.sum() * 0
    return F.binary_cross_entropy(chances.exp().clamp(max=1), truth)
