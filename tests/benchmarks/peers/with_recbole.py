"""RecBole's contestant; runs in its own environment: `python -m tests.benchmarks.peers.with_recbole JOB.json`."""

from __future__ import annotations

import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from recbole.config import Config
from recbole.data import create_dataset, data_preparation
from recbole.data.interaction import Interaction
from recbole.utils import get_model, get_trainer, init_seed

from tests.benchmarks.peers.contest import Job, Sequences, Stage, compete, lists_of

AT_ONCE = 256


def settings(job: Job, folder: Path) -> dict[str, Any]:
    """RecBole's names for the numbers of the job. It makes an example of every prefix, so a batch is of prefixes."""
    return {
        "data_path": str(folder),
        "checkpoint_dir": str(folder),
        "USER_ID_FIELD": "user_id",
        "ITEM_ID_FIELD": "item_id",
        "TIME_FIELD": "timestamp",
        "load_col": {"inter": ["user_id", "item_id", "timestamp"]},
        "eval_args": {"split": {"LS": "valid_and_test"}, "order": "TO", "mode": "full", "group_by": "user"},
        "train_neg_sample_args": None,
        "loss_type": "CE",
        "MAX_ITEM_LIST_LENGTH": job.length,
        "latent_dimension": 2 * job.dim
        if job.model == "multvae"
        else job.dim,  # its MultiVAE halves it for mean and variance
        "total_anneal_steps": 300,
        "n_layers": job.layers,
        "num_layers": job.layers,
        "n_heads": 1,
        "hidden_size": job.dim,
        "embedding_size": job.dim,
        "inner_size": job.dim,
        "hidden_act": "relu",
        "hidden_dropout_prob": job.dropout,
        "attn_dropout_prob": job.dropout,
        "dropout_prob": job.dropout,
        "train_batch_size": job.batch,
        "learning_rate": job.learning_rate,
        "epochs": job.epochs,
        "seed": job.seed,
        "use_gpu": False,
        "worker": 0,
        "show_progress": False,
        "state": "ERROR",
    }


def write(sequences: Sequences, folder: Path) -> None:
    """The ratings in RecBole's form; the place in the sequence is the time."""
    (folder / "contest").mkdir()
    rows = ["user_id:token\titem_id:token\ttimestamp:float"]
    for person, (a, b) in enumerate(zip(sequences.offsets[:-1], sequences.offsets[1:], strict=True)):
        rows += [f"{person}\t{item}\t{place}" for place, item in enumerate(sequences.items[a:b])]
    (folder / "contest" / "contest.inter").write_text("\n".join(rows) + "\n", encoding="utf-8")


def main() -> None:
    """Train and hand in."""
    torch.set_num_threads(1)
    job = Job.read(sys.argv[1])
    sys.argv = sys.argv[:1]  # RecBole reads the command line, too
    sequences = Sequences.read(job.data)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(sequences, folder)
        name = {"sasrec": "SASRec", "gru4rec": "GRU4Rec", "multvae": "MultiVAE", "recvae": "RecVAE"}[job.model]
        config = Config(model=name, dataset="contest", config_dict=settings(job, folder))
        init_seed(job.seed, reproducibility=True)
        dataset = create_dataset(config)
        train_data, _, _ = data_preparation(config, dataset)
        model = get_model(name)(config, train_data.dataset)
        trainer = get_trainer(config["MODEL_TYPE"], name)(config, model)
        token = dataset.field2id_token["item_id"][1:].astype(int)  # our item of RecBole's 1, 2, ...
        theirs = np.zeros(sequences.n_items, np.int64)
        theirs[token] = np.arange(1, len(token) + 1)
        number = iter(range(job.epochs))

        def epoch() -> float:
            began = time.process_time()
            model.train()
            trainer._train_epoch(train_data, next(number))
            return time.process_time() - began

        def read_in_order(shown: list[np.ndarray]) -> torch.Tensor:
            last = [theirs[items[-job.length :]] for items in shown]
            read = np.stack([np.pad(items, (0, job.length - len(items))) for items in last])
            asked = {
                "item_id_list": torch.from_numpy(read),
                "item_length": torch.tensor([len(items) for items in last]),
            }
            return model.full_sort_predict(Interaction(asked))

        def read_as_basket(shown: list[np.ndarray]) -> torch.Tensor:
            baskets = torch.zeros(len(shown), sequences.n_items + 1)
            for basket, items in zip(baskets, shown, strict=True):
                basket[theirs[items]] = 1
            return model(baskets)[0] if job.model == "multvae" else model(baskets, 0)[0]

        read = read_as_basket if job.model in ("multvae", "recvae") else read_in_order

        def answer(stage: Stage) -> np.ndarray:
            model.eval()
            shown = sequences.shown(stage)
            scores = np.full((len(shown), sequences.n_items), -np.inf, np.float32)
            for begin in range(0, len(shown), AT_ONCE):
                with torch.inference_mode():
                    found = read(shown[begin : begin + AT_ONCE]).numpy()
                scores[begin : begin + AT_ONCE, token] = found[:, 1:]
            return lists_of(scores, shown)

        compete(job, epoch, answer)


if __name__ == "__main__":
    main()
