"""All codes of the catalogue as a tree, so that a model that writes codes can write only real ones."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

Logits = Callable[[int, Tensor, Tensor, Tensor], Tensor]
"""(level, an item of each family `[families]`, family and token of each edge `[edges]`) -> scores `[batch, edges]`."""


class CodeTrie(nn.Module):
    """A node per beginning of a code, an edge per token that goes on from it, a family per node with several ways on.

    Only edges that have siblings are kept: where there is but one way on, its probability is 1.
    """

    def __init__(self, n_items: int, levels: int) -> None:
        super().__init__()
        self.levels = levels
        for level in range(levels):
            for name in ("parent", "example", "family", "token", "child"):
                self.register_buffer(f"{name}{level}", torch.zeros(0, dtype=torch.long))
            self.register_buffer(f"node{level}", torch.zeros(n_items, dtype=torch.long))

    def grow(self, codes: NDArray[np.int64]) -> None:
        """Build it from all codes, `[n_items, levels]`, no two alike."""
        before, size = np.zeros(len(codes), np.int64), int(codes.max()) + 1
        for level in range(self.levels):
            edges, first, node = np.unique(before * size + codes[:, level], return_index=True, return_inverse=True)
            parent, token = np.divmod(edges, size)  # sorted by parent, so siblings lie side by side
            child = np.flatnonzero(np.bincount(parent)[parent] > 1)
            parents, begin, family = np.unique(parent[child], return_index=True, return_inverse=True)
            columns = {
                "parent": parents,  # of each family, a node of the level before
                "example": first[child][begin],  # of each family, an item whose code begins so
                "family": family,  # of each edge
                "token": token[child],  # of each edge
                "child": child,  # of each edge, the node it leads to
                "node": node,  # of each item, after this level
            }
            for name, column in columns.items():
                setattr(self, f"{name}{level}", torch.from_numpy(column.astype(np.int64)))
            before = node

    def log_probabilities(self, logits: Logits, batch: int) -> list[Tensor]:
        """ln P of the beginning of every item's code, up to and with each level: per level `[batch, n_items]`."""
        node = self._get("node", 0)
        total, levels = torch.zeros(batch, len(node), device=node.device), []
        for level in range(self.levels):
            total = total + self._step(level, logits, None, batch)[:, self._get("node", level)]
            levels.append(total)
        return levels

    def beam(self, logits: Logits, width: int) -> Tensor:
        """Items found for one person by keeping the `width` most probable beginnings at each level, best first, `[<= width]`.

        Only beginnings of real codes are ever kept, so only real movies come out.
        """
        before = torch.zeros_like(self._get("node", 0))
        alive = torch.arange(len(before), device=before.device)  # items whose code still may be written
        total = torch.zeros(len(before), device=before.device)
        for level in range(self.levels):
            node = self._get("node", level)
            families = torch.isin(self._get("parent", level), before[alive]).nonzero()[:, 0]
            total = total + self._step(level, logits, families, 1)[0, node]
            best = total.new_full((self._nodes(level),), -torch.inf)
            best = best.scatter_reduce(0, node[alive], total[alive], "amax")
            kept = best.topk(min(width, int(best.isfinite().sum()))).indices
            alive, before = alive[torch.isin(node[alive], kept)], node
        return alive[total[alive].argsort(descending=True, stable=True)]

    def _step(self, level: int, logits: Logits, only: Tensor | None, batch: int) -> Tensor:
        """ln P(token | beginning) into every node after `level`, `[batch, nodes]`; for families that are not in `only` (ascending): 0."""
        example, family = self._get("example", level), self._get("family", level)
        token, child = self._get("token", level), self._get("child", level)
        if only is not None:
            edges = torch.isin(family, only)
            example, family = example[only], torch.searchsorted(only, family[edges])
            token, child = token[edges], child[edges]
        step = torch.zeros(batch, self._nodes(level), device=token.device)
        if len(token):
            scores = logits(level, example, family, token).float()  # [batch, edges]
            kin = family.expand_as(scores)
            top = scores.new_full((batch, len(example)), -torch.inf).scatter_reduce(1, kin, scores, "amax")
            scores = scores - top.gather(1, kin)
            mass = torch.zeros_like(top).scatter_add(1, kin, scores.exp())
            step.scatter_(1, child.expand_as(scores), scores - mass.log().gather(1, kin))
        return step

    def _nodes(self, level: int) -> int:
        return int(self._get("node", level).max()) + 1

    def _get(self, name: str, level: int) -> Tensor:
        column: Tensor = getattr(self, f"{name}{level}")
        return column
