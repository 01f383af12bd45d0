"""RecBole's contestant for rows of yes and no; runs in its own environment: `python -m tests.benchmarks.peers.with_recbole_ctr JOB.json`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import torch
from recbole.config import Config
from recbole.data import create_dataset
from recbole.data.interaction import Interaction
from recbole.utils import get_model, get_trainer, init_seed

from tests.benchmarks.peers.ctr import RECBOLE_READS, TRAIN, Entry, Job, Rows

NAMES = {
    "lr": "LR",
    "fm": "FM",
    "ffm": "FFM",
    "nfm": "NFM",
    "afm": "AFM",
    "pnn": "PNN",
    "widedeep": "WideDeep",
    "deepfm": "DeepFM",
    "xdeepfm": "xDeepFM",
    "dcn": "DCN",
    "dcnv2": "DCNV2",
    "autoint": "AutoInt",
    "din": "DIN",
    "dien": "DIEN",
}
SEQUENTIAL = ("din", "dien")
BATCH = 2_048
"""Its default."""
ASKED_AT_ONCE = 4_096


def settings(job: Job, rows: Rows, folder: Path) -> dict[str, Any]:
    """What is not a hyper-parameter; these are its defaults unless the job has others."""
    return {
        "data_path": str(folder),
        "checkpoint_dir": str(folder),
        "USER_ID_FIELD": "user_id",
        "ITEM_ID_FIELD": "item_id",
        "LABEL_FIELD": "label",
        "TIME_FIELD": "timestamp",
        "load_col": {
            "inter": ["user_id", "item_id", "label", "timestamp"],
            "item": ["item_id", *rows.features],
        }
        | ({"user": ["user_id", "person"]} if job.model in SEQUENTIAL else {}),
        "eval_args": {"split": {"RS": [8, 1, 1]}, "order": "TO", "mode": "labeled", "group_by": "none"},
        "metrics": ["AUC"],
        "valid_metric": "AUC",
        "train_neg_sample_args": None,
        "MAX_ITEM_LIST_LENGTH": RECBOLE_READS,
        "seed": job.seed,
        "use_gpu": False,
        "worker": 0,
        "show_progress": False,
        "state": "ERROR",
    } | job.settings


def write(rows: Rows, folder: Path) -> None:
    """Rows and features in RecBole's form. Its sequential models want a feature of people: their number."""
    place = folder / "contest"
    place.mkdir()
    lines = ["user_id:token\titem_id:token\tlabel:float\ttimestamp:float"]
    lines += [
        f"{u}\t{i}\t{int(y)}\t{n}" for n, (u, i, y) in enumerate(zip(rows.user, rows.item, rows.yes, strict=True))
    ]
    (place / "contest.inter").write_text("\n".join(lines) + "\n", encoding="utf-8")
    values = [[[] for _ in rows.features] for _ in range(rows.n_items)]
    for item, feature, value in rows.known:
        values[item][feature].append(str(value))
    lines = ["\t".join(["item_id:token", *(f"{name}:token_seq" for name in rows.features)])]
    lines += ["\t".join([str(item), *(" ".join(each) for each in of)]) for item, of in enumerate(values)]
    (place / "contest.item").write_text("\n".join(lines) + "\n", encoding="utf-8")
    lines = ["user_id:token\tperson:token", *(f"{u}\t{u}" for u in np.unique(rows.user))]
    (place / "contest.user").write_text("\n".join(lines) + "\n", encoding="utf-8")


def watched(rows: Rows) -> tuple[np.ndarray, np.ndarray]:
    """For every row the last liked movies among the training rows before it, `[n, RECBOLE_READS]`, filled up with -1, and how many, `[n]`."""
    items, lengths = np.full((len(rows.user), RECBOLE_READS), -1), np.zeros(len(rows.user), np.int64)
    liked = rows.yes & (rows.part == TRAIN)
    last: list[int] = []
    for n, (user, item) in enumerate(zip(rows.user, rows.item, strict=True)):
        if n and user != rows.user[n - 1]:
            last = []
        lengths[n] = len(last)
        items[n, : len(last)] = last
        if liked[n]:
            last = [*last, int(item)][-RECBOLE_READS:]
    return items, lengths


def main() -> None:
    """Train and hand in."""
    torch.set_num_threads(1)
    job = Job.read(sys.argv[1])
    sys.argv = sys.argv[:1]  # RecBole reads the command line, too
    rows, name, rng = Rows.read(job.data), NAMES[job.model], np.random.default_rng(job.seed)
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(rows, folder)
        config = Config(model=name, dataset="contest", config_dict=settings(job, rows, folder))
        init_seed(job.seed, reproducibility=True)
        dataset = create_dataset(config).build()[0]  # whose rows are not read: it knows the fields
        theirs = {
            field: np.array([int(token) if token != "[PAD]" else -1 for token in dataset.field2id_token[field]])
            for field in ("user_id", "item_id")
        }
        number = {field: np.zeros(of.max() + 2, np.int64) for field, of in theirs.items()}  # the last is its padding
        for field, of in theirs.items():
            number[field][of] = np.arange(len(of))
        columns = {
            "user_id": number["user_id"][rows.user],
            "item_id": number["item_id"][rows.item],
            "label": rows.yes.astype(np.float32),
        }
        if job.model in SEQUENTIAL:
            items, lengths = watched(rows)
            lists = number["item_id"][items]
            others = rng.integers(1, len(theirs["item_id"]), lists.shape)
            columns |= {
                "item_id_list": lists,
                "item_length": lengths.clip(min=1),  # nothing watched is one padding
                "neg_item_id_list": np.where(lists > 0, others, 0),
            }
        model = get_model(name)(config, dataset)
        trainer = get_trainer(config["MODEL_TYPE"], name)(config, model)

        def batch(at: np.ndarray) -> Interaction:
            told = Interaction({field: torch.from_numpy(column[at]) for field, column in columns.items()})
            return told if job.model in SEQUENTIAL else dataset.join(told)

        def batches(part: int) -> Iterator[Interaction]:
            order = rng.permutation(rows.at(part))
            for begin in range(0, len(order), BATCH):
                yield batch(order[begin : begin + BATCH])

        def answer(part: int) -> np.ndarray:
            model.eval()
            at = rows.at(part)
            with torch.inference_mode():
                return np.concatenate(
                    [model.predict(batch(at[a : a + ASKED_AT_ONCE])).numpy() for a in range(0, len(at), ASKED_AT_ONCE)]
                )

        entry = Entry(job, rows)
        while not entry.over:
            trainer._train_epoch(batches(TRAIN), 0)
            entry.epoch(answer)
        entry.hand_in()


if __name__ == "__main__":
    main()
