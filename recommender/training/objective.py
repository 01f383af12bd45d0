"""How a model's vectors are held against the catalogue: the loss that the config names, with drawn items where it needs them."""

from __future__ import annotations

import torch
from torch import Tensor

from recommender.losses.bce import bce
from recommender.losses.bpr import bpr
from recommender.losses.bpr_max import bpr_max
from recommender.losses.gbce import gbce
from recommender.losses.sampled_softmax import sampled_softmax
from recommender.losses.softmax import catalogue_softmax
from recommender.losses.top1_max import top1_max
from recommender.training.config import RankingConfig

NEVER = -1e4
"""The score of a drawn item that is the target itself; finite, since BPR-max squares it with weight 0."""


def catalogue_loss(
    config: RankingConfig,
    states: Tensor,
    targets: Tensor,
    table: Tensor,
    bias: Tensor | None = None,
    counts: Tensor | None = None,
) -> Tensor:
    """Mean loss of scores states·table + bias, `[]`.

    `states` `[n, dim]`, `targets` int64 `[n]`, `table` `[n_items, dim]`, `bias` `[n_items]`; `counts` `[n_items]`, ratings
    per item, by which items are drawn when `popularity_power` is not 0.
    """
    if config.loss == "softmax":
        return catalogue_softmax(states, table, targets, bias, config.label_smoothing)

    drawn, log_q = draw(config, len(table), counts, states.device)  # [k], [k]
    positive = (states * table[targets]).sum(dim=-1).float()  # [n]
    negative = (states @ table[drawn].T).float()  # [n, k]
    if bias is not None:
        positive, negative = positive + bias[targets], negative + bias[drawn]
    negative = negative.masked_fill(drawn == targets[:, None], NEVER)
    match config.loss:
        case "sampled_softmax":
            return sampled_softmax(positive, negative, log_q)
        case "bce":
            return bce(positive, negative)
        case "gbce":
            return gbce(positive, negative, len(table), config.calibration)
        case "bpr":
            return bpr(positive, negative)
        case "bpr_max":
            return bpr_max(positive, negative, config.score_penalty)
        case "top1_max":
            return top1_max(positive, negative, config.score_penalty)


def draw(config: RankingConfig, n_items: int, counts: Tensor | None, device: torch.device) -> tuple[Tensor, Tensor]:
    """`negatives` items with repetition, and the logarithm of each one's probability, both `[k]`."""
    if counts is None or config.popularity_power == 0:
        q = torch.ones(n_items, device=device)
    else:
        q = counts.to(device, torch.float32).clamp(min=0) ** config.popularity_power
        q = torch.where(counts.to(device) > 0, q, 0)
    q = q / q.sum()
    drawn = torch.multinomial(q, config.negatives, replacement=True)
    return drawn, q[drawn].log()
