"""TorchRecommender: what a trained network needs beside its network to be a Recommender. docs/training.md tells how to write one."""

from __future__ import annotations

import copy
import hashlib
import warnings
from abc import abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, ClassVar, Self, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from recommender.data import Catalog, Histories, Interactions
from recommender.layers.popularity import backed_off, popularity
from recommender.layers.preference import NEUTRAL
from recommender.models.base import Progress, Recommender, silent
from recommender.training import loop
from recommender.training.batch import Batch, gathered
from recommender.training.config import TrainingConfig
from recommender.training.examples import Examples
from recommender.training.next_items import NextItems
from recommender.training.run import current
from recommender.training.validation import hold_out, without

AT_ONCE = 256
"""Histories that are scored together."""
REFRESHED_EPOCHS = 3
"""Of a refresh: enough to take in some hundred new ratings, too few to forget the others."""
RATINGS = (
    "Movies that you rated below two and a half stars are left out of what the network reads, so that they pull nothing up. "
    "In training every rating counts as having watched."
)
"""The card's sentence on stars for networks that do not read them."""


class TorchRecommender(Recommender):
    """Fit, score, state and restore for every network. A model gives `network`, `loss`, `scores`, and its examples if they are others.

    The rules that all follow: disliked movies (below 2.5 stars) and movies never met in training are left out of what the network
    reads; a person of whom nothing is left gets popularity; movies never met in training stand at the end of every list.
    """

    Config: ClassVar[type[TrainingConfig]] = TrainingConfig
    config: TrainingConfig

    reads_dislikes: ClassVar[bool] = False
    """True for networks that read the stars, and so may be shown what was disliked."""

    popular: NDArray[np.float32]
    """`[n_items]`, 0..1."""
    known: NDArray[np.bool_]
    """Items met in training, `[n_items]`."""
    net: nn.Module
    """The trained network, on the CPU, in inference mode."""

    @abstractmethod
    def network(self, n_items: int) -> nn.Module:
        """A new network, from the config and the number of items alone; `restore` builds it so, too."""

    def prepare(self, network: nn.Module, histories: Histories, catalog: Catalog) -> None:
        """Before training: put into the network what only the data know (first vectors from texts, a graph, counts).

        What lands in buffers is saved with the weights; a buffer may have another shape than `network` gave it.
        """

    def examples(self, histories: Histories, n_items: int) -> Examples:
        """What it learns from; the next item at every rating, if nothing else is said."""
        return NextItems(histories, self.config.max_length, n_items)

    @abstractmethod
    def loss(self, network: nn.Module, batch: Batch) -> Tensor:
        """Mean loss of a batch of examples, `[]`."""

    def settle(self, network: nn.Module) -> None:
        """After an epoch, before scores are asked for: work out tables that all scores share, into buffers."""

    @abstractmethod
    def scores(self, network: nn.Module, batch: Batch) -> Tensor:
        """A score of every item, `[batch, n_items]`; `batch` has no targets, and no empty history."""

    def fit(self, interactions: Interactions, catalog: Catalog, progress: Progress = silent) -> Self:
        """Hold out, train, keep the best weights. See `recommender.training.run` for device and checkpoints."""
        trainee = copy.copy(self)  # so that a cancelled training leaves self as it was
        trainee._fit(interactions, catalog, progress)
        vars(self).update(vars(trainee))
        return self

    def refresh(
        self, before: Recommender, interactions: Interactions, catalog: Catalog, progress: Progress = silent
    ) -> Self:
        """`fit` that begins with what a version `before` learned, for a few epochs without validation.

        What has another shape now, such as vectors of people, begins anew.
        """
        trainee = copy.copy(self)
        trainee._fit(interactions, catalog, progress, cast(TorchRecommender, before))
        vars(self).update(vars(trainee))
        return self

    def _fit(
        self,
        interactions: Interactions,
        catalog: Catalog,
        progress: Progress,
        before: TorchRecommender | None = None,
    ) -> None:
        config = self.config
        if before is not None:  # nobody is held out: its weights have met everybody
            epochs = min(REFRESHED_EPOCHS, config.epochs)
            config = config.model_copy(update={"epochs": epochs, "validation_people": 0})
        n_items, seed = len(catalog), config.seed
        learned, held = hold_out(Histories.from_interactions(interactions), config.validation_people, seed)
        self.popular = popularity(interactions, n_items)
        self.known = np.bincount(learned.items, minlength=n_items) > 0
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            network = self.network(n_items)
            self.prepare(network, learned, catalog)
        if before is not None:
            _begin_with(network, before.net)

        def validate(network: nn.Module, tick: Callable[[], None]) -> float:
            assert held is not None
            device = next(network.parameters()).device
            with torch.inference_mode():
                self.settle(network)
            return held.ndcg(lambda histories: self._answer(network, histories, device), tick)

        examples = self.examples(learned, n_items)
        if not len(examples):
            self.known = np.zeros(
                n_items, bool
            )  # nobody rated twice, so there is nothing to learn: everybody gets popularity
        task = loop.Task(
            name=self.card.name,
            run=self._run_digest(interactions, network),
            config=config,
            network=network,
            loss=self.loss,
            examples=examples,
            validate=validate if held else None,
        )
        self.net = loop.train(task, current(), progress)
        with torch.inference_mode():
            self.settle(self.net)

    def score(self, histories: Histories) -> NDArray[np.float32]:
        """Scores of all items, `[batch, n_items]`, on the CPU."""
        return self._answer(self.net, histories, torch.device("cpu"))

    def place_by(self, histories: Histories, n: int, scores: Callable[[Batch], Tensor]) -> NDArray[np.float32]:
        """For `place`: what `scores` `[batch, n]` gives to people of whom something can be read, 0 for the others, `[batch, n]`.

        0 is what somebody without a history scores a movie that nobody rated.
        """
        return self._each(histories, scores, np.zeros(n, np.float32), np.ones(n, bool), torch.device("cpu"))

    def _answer(self, network: nn.Module, histories: Histories, device: torch.device) -> NDArray[np.float32]:
        return self._each(histories, lambda batch: self.scores(network, batch), self.popular, self.known, device)

    def _each(
        self,
        histories: Histories,
        scores: Callable[[Batch], Tensor],
        popular: NDArray[np.float32],
        known: NDArray[np.bool_],
        device: torch.device,
    ) -> NDArray[np.float32]:
        """`scores` `[batch, n]` of those of whom something can be read, `popular` `[n]` for the others; last come movies that are not `known` `[n]`."""
        n_items = len(self.popular)
        read = self.readable(histories)
        lengths = np.minimum(read.lengths, self.config.max_length)
        begins = read.offsets[1:] - lengths
        answered = np.zeros((len(read), len(popular)), np.float32)
        someone = np.flatnonzero(lengths)
        someone = someone[np.argsort(lengths[someone], kind="stable")]  # those of like length together
        with torch.inference_mode():
            for begin in range(0, len(someone), AT_ONCE):
                people = someone[begin : begin + AT_ONCE]
                batch = gathered(read, begins[people], lengths[people], n_items).to(device)
                answered[people] = scores(batch).float().cpu().numpy()
        if not self.card.scores_cold_items and not known.all():
            answered[:, ~known] = answered.min(axis=1, keepdims=True) - 1
        return backed_off(answered, popular, lengths > 0)

    def readable(self, histories: Histories) -> Histories:
        """What the network may read: without dislikes and, unless it can place them, without items never met in training."""
        left_out = self.left_out(histories)
        return without(histories, left_out) if left_out.any() else histories

    def left_out(self, histories: Histories) -> NDArray[np.bool_]:
        """True where the network may not read, one per row of `histories`."""
        left_out = np.zeros(len(histories.items), bool)
        if not self.reads_dislikes:
            left_out |= histories.ratings < NEUTRAL
        if not self.card.scores_cold_items:
            left_out |= ~self.known[histories.items]
        return left_out

    def state(self) -> dict[str, NDArray[Any]]:
        """Weights and buffers of the network, popularity, and which items were met."""
        weights = {f"net.{name}": value.numpy() for name, value in self.net.state_dict().items()}
        return {**weights, "popular": self.popular, "known": self.known}

    def restore(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Build the network around the arrays, which are neither copied nor written to."""
        self.popular, self.known = state["popular"], state["known"]
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "The given NumPy array is not writable")
            arrays = {name[4:]: torch.from_numpy(array) for name, array in state.items() if name.startswith("net.")}
        with torch.device("meta"):
            network = self.network(len(self.popular))
        for name, _ in list(network.named_buffers()):  # a buffer may have got its shape from the data
            owner, _, attribute = name.rpartition(".")
            setattr(network.get_submodule(owner), attribute, arrays.get(name))
        try:
            network.load_state_dict(arrays, assign=True)
        except RuntimeError as error:
            raise ValueError(f"weights of another network: {error}") from error
        self.net = network.eval().requires_grad_(False)

    def _run_digest(self, interactions: Interactions, network: nn.Module) -> str:
        """Tells this training from any other: model, config, ratings, and where it begins, in which the catalogue's texts and the code show."""
        digest = hashlib.sha256(f"{self.card.slug} {self.config.model_dump_json()}".encode())
        for column in (interactions.user, interactions.item, interactions.rating, interactions.timestamp):
            digest.update(np.ascontiguousarray(column).data)
        for name, value in network.state_dict().items():
            digest.update(f"{name} {tuple(value.shape)} {value.dtype}".encode())
            digest.update(value.detach().cpu().numpy().tobytes())
        return digest.hexdigest()


def _begin_with(network: nn.Module, before: nn.Module) -> None:
    """Take over every weight that has the same shape in both."""
    known = dict(before.named_parameters())
    with torch.no_grad():
        for name, weights in network.named_parameters():
            if name in known and known[name].shape == weights.shape:
                weights.copy_(known[name])
