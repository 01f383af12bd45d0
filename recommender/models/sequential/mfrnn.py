"""MF-RNN: a lasting taste by matrix factorisation, and a passing one by a recurrent network."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from recommender.layers.dropout import Dropout
from recommender.layers.item_bias import ItemBias
from recommender.layers.running import running_mean
from recommender.models.base import Block, ModelCard, Paper
from recommender.training.batch import Batch
from recommender.training.presets import WindowsConfig
from recommender.training.sequence import QUICK, SequenceNetwork, SequenceRecommender


class MFRNNNetwork(SequenceNetwork):
    """[u ; u_t] against [m ; m']: stationary factors, and factors that an LSTM moves with every rating."""

    def __init__(self, n_items: int, config: WindowsConfig) -> None:
        super().__init__(n_items, config.dim)
        d = config.dim
        self.u = nn.Embedding(n_items + 1, d, padding_idx=n_items)  # a movie's part in a lasting taste
        self.m = nn.Embedding(n_items, d)
        self.lstm = nn.LSTM(d + 2, d, batch_first=True)
        self.dropout = Dropout(config.dropout)
        self.item_bias = ItemBias(n_items)
        for table in (self.items.weight[:n_items], self.u.weight[:n_items], self.m.weight):
            nn.init.normal_(table, std=d**-0.5)

    def forward(self, batch: Batch) -> Tensor:
        """[u ; u_t] at every rating, `[batch, length, 2 dim]`."""
        gaps = batch.timestamps.diff(dim=1, prepend=batch.timestamps[:, :1]).clamp(min=0)  # seconds
        tau = (gaps.float() / 3_600).log1p() / 10
        opinion = (batch.ratings - 2.5) / 2.5
        x = self.items(batch.items)
        y = torch.cat([self.dropout(x), opinion[:, :, None].to(x), tau[:, :, None].to(x)], dim=-1)
        u_t, _ = self.lstm(y)
        return self.dropout(torch.cat([running_mean(self.u(batch.items)), u_t], dim=-1))

    def table(self) -> Tensor:
        """[m ; m'], m' being what the LSTM reads, `[n_items, 2 dim]`."""
        return torch.cat([self.m.weight, self.items.weight[: self.n_items]], dim=1)

    def bias(self) -> Tensor:
        """What everybody watches, `[n_items]`."""
        return self.item_bias(self.counts)


class MFRNN(SequenceRecommender):
    """s_ui,t = u · m_i + u_t · m'_i + b_i: matrix factorisation and a recurrent network, joined as in Recurrent Recommender Networks."""

    card = ModelCard(
        name="MF-RNN",
        family="sequential",
        block=Block.RNN,
        paper=Paper(authors="Wu, Ahmed, Beutel, Smola and Jing", year=2017, title="Recurrent Recommender Networks"),
        sentence="Knows your lasting taste and your mood of the moment, and adds the two up.",
        ratings="The network reads how many stars each movie got, and how long after the last one. Movies that you rated below two and a half "
        "stars are left out of what it reads, so that they pull nothing up. In training every rating counts as having watched.",
        departures="The paper predicts stars; this ranks, by softmax over the whole catalogue. Movies have no recurrent network of their own, since "
        "few are rated in every month. A person's lasting factors are the mean of vectors of what they rated, so that a newcomer has "
        "some. The bias starts from popularity.",
        parents=("iALS", "GRU4Rec"),
        uses_order=True,
    )
    Config = WindowsConfig
    config: WindowsConfig
    quick = QUICK

    def network(self, n_items: int) -> nn.Module:
        """New factors and a new LSTM."""
        return MFRNNNetwork(n_items, self.config)
