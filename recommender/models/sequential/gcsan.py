"""GC-SAN: the graph of a session first, then self-attention over its movies."""

from __future__ import annotations

from pydantic import Field
from torch import Tensor, nn

from recommender.data import Histories
from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.session_graph import GatedGraph, session_graph
from recommender.layers.transformer import TransformerBlock
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.examples import Examples
from recommender.training.looking import Attentive
from recommender.training.prefixes import Prefixes
from recommender.training.presets import QUICK_PREFIXES, PrefixesConfig
from recommender.training.recommender import RATINGS
from recommender.training.sequence import SequenceNetwork, SequenceRecommender


class GCSANConfig(PrefixesConfig):
    """Depth, and how graph and attention share the answer."""

    max_length: int = Field(
        12,
        ge=2,
        le=512,
        description="The last so many ratings are the session. Source: as for SR-GNN.",
        json_schema_extra={"unit": "ratings"},
    )
    rounds: int = Field(1, ge=1, le=8, description="Rounds along the edges. Source: Wu et al. (2019), code.")
    blocks: int = Field(1, ge=1, le=16, description="Attention blocks. Source: Xu et al. (2019).")
    omega: float = Field(
        0.6,
        ge=0,
        le=1,
        description="ω, attention's share of the answer; the rest is the last movie's node. Source: Xu et al. (2019).",
    )


class GCSANNetwork(SequenceNetwork):
    """H = GGNN(session graph), E = attention blocks (H), answer ω E_n + (1 - ω) H_n."""

    def __init__(self, n_items: int, config: GCSANConfig) -> None:
        super().__init__(n_items, config.dim)
        d, self.omega = config.dim, config.omega
        self.graph = GatedGraph(d, config.rounds)
        self.blocks = nn.ModuleList(
            TransformerBlock(d, 1, 2, config.dropout, causal=False) for _ in range(config.blocks)
        )
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        nn.init.normal_(self.items.weight[:n_items], std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """The session's vector, `[batch, dim]`."""
        node, outgoing, incoming = session_graph(batch.items, batch.mask)
        H = self.graph(self.dropout(self.items(batch.items)), outgoing, incoming)  # [batch, length, dim]
        H = E = H.gather(1, node[:, :, None].expand_as(H))  # the node of each rating
        for block in self.blocks:
            E = block(E, batch.mask)
        return self.dropout(self.omega * batch.last(E) + (1 - self.omega) * batch.last(H))

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class GCSAN(Attentive, SequenceRecommender):
    """P(next = i) ∝ exp((ω E_n + (1 - ω) H_n) · v_i + b_i), H by a gated graph network, E by self-attention over H."""

    card = ModelCard(
        name="GC-SAN",
        family="sequential",
        block=Block.GNN,
        paper=Paper(
            authors="Xu, Zhao, Liu, Sheng, Xu, Zhuang, Fang and Zhou",
            year=2019,
            title="Graph Contextualized Self-Attention Network for Session-based Recommendation",
        ),
        sentence="Draws your last movies as a graph, as SR-GNN does, then lets each of them look at all the others.",
        ratings=RATINGS,
        departures="A session is the last max_length ratings, since a history has no breaks. The attention block has its norms first and GELU. The "
        "bias per movie starts from popularity, and dropout is added, for few people.",
        parents=("SR-GNN", "SASRec"),
        uses_order=True,
    )
    Config = GCSANConfig
    config: GCSANConfig
    quick = QUICK_PREFIXES
    weights_are = (
        "The attention of all blocks multiplied together, with half of every block passing by unchanged (attention rollout, Abnar and "
        "Zuidema 2020), and the last movie's direct share 1 - ω added. Neighbours in the graph are mixed before."
    )

    def gaze(self, seen: list[Tensor], batch: Batch) -> Tensor:
        """ω of the rollout, and 1 - ω for the last node itself."""
        weights = self.config.omega * super().gaze(seen, batch)
        weights[-1] += 1 - self.config.omega
        return weights

    def network(self, n_items: int) -> nn.Module:
        """A new graph network with attention."""
        return GCSANNetwork(n_items, self.config)

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """Prefixes, one target each."""
        return Prefixes(histories, self.config.max_length, n_items)
