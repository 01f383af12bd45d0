"""SR-GNN: your last movies as a small graph."""

from __future__ import annotations

import torch
from pydantic import Field
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.session_graph import GatedGraph, session_graph
from recommender.layers.watching import offer
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.looking import Attentive
from recommender.training.prefixes import Prefixes
from recommender.training.presets import QUICK_PREFIXES, PrefixesConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import SequenceNetwork, SequenceRecommender


class SRGNNConfig(PrefixesConfig):
    """The graph's size and depth."""

    max_length: int = Field(
        12,
        ge=1,
        le=512,
        description="The last so many ratings are the session. Source: sessions in Wu et al. (2019) have 5 to 6 on average.",
        json_schema_extra={"unit": "ratings"},
    )
    dropout: float = Field(
        0.3, ge=0, lt=1, description="Share of activations put to zero. Source: our choice for CPUs, not swept."
    )
    rounds: int = Field(1, ge=1, le=8, description="Rounds along the edges. Source: Wu et al. (2019), code.")


class SRGNNNetwork(SequenceNetwork):
    """Gated graph, soft attention to the last movie, then a hybrid of the session's whole and its end."""

    def __init__(self, n_items: int, config: SRGNNConfig) -> None:
        super().__init__(n_items, config.dim)
        d = config.dim
        self.graph = GatedGraph(d, config.rounds)
        self.W_1, self.W_2 = nn.Linear(d, d, bias=False), nn.Linear(d, d)  # W_2's bias is the paper's c
        self.q = nn.Linear(d, 1, bias=False)
        self.W_3 = nn.Linear(2 * d, d, bias=False)
        self.item_bias = ItemBias(n_items)
        self.dropout = Dropout(config.dropout)
        nn.init.normal_(self.items.weight[:n_items], std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """s_h, `[batch, dim]`."""
        node, outgoing, incoming = session_graph(batch.items, batch.mask)
        v = self.graph(self.dropout(self.items(batch.items)), outgoing, incoming)  # [batch, length, dim]
        v = v.gather(1, node[:, :, None].expand_as(v))  # the node of each rating
        s_l = batch.last(v)  # [batch, dim]
        alpha = self.q((self.W_1(s_l)[:, None] + self.W_2(v)).sigmoid())  # [batch, length, 1]
        offer(lambda: alpha.transpose(1, 2)[:, None])
        s_g = (alpha * v * batch.mask[:, :, None]).sum(dim=1)  # [batch, dim]
        return self.dropout(self.W_3(torch.cat([s_l, s_g], dim=1)))

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class SRGNN(Attentive, SequenceRecommender):
    """P(next = i) ∝ exp(s_h · v_i + b_i); s_h = W_3 [s_l ; s_g], the last node and attention over all nodes of the session graph."""

    card = ModelCard(
        name="SR-GNN",
        family="sequential",
        block=Block.GNN,
        paper=Paper(
            authors="Wu, Tang, Zhu, Wang, Xie and Tan",
            year=2019,
            title="Session-based Recommendation with Graph Neural Networks",
        ),
        sentence="Draws your last movies as a graph with an arrow from each to the next, and lets neighbours in it talk to each other.",
        ratings=RATINGS,
        departures="A session is the last max_length ratings, since a history has no breaks; movies are rated once, so the graph is mostly a "
        "path. Edges count how often a step occurred, as the paper says and its code does not. A bias per movie starts from "
        "popularity, and dropout is added, for few people.",
        parents=("NARM", "GGNN"),
        uses_order=True,
    )
    Config = SRGNNConfig
    config: SRGNNConfig
    quick = QUICK_PREFIXES
    weights_are = (
        "SR-GNN's own weights α on the movies of the graph. Each is weighed by itself, without a softmax: they do not add up to "
        "100 %, and can be negative. The last movie also enters the answer directly, past these weights."
    )
    looks_share = False

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """α of every rating's node, against the last one."""
        return seen[0][0, 0, 0]

    def network(self, n_items: int) -> nn.Module:
        """A new graph network."""
        return SRGNNNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Prefixes, one target each."""
        return Prefixes(histories, self.config.max_length, n_items)
