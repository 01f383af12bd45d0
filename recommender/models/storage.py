"""A model on disk: its arrays in one safetensors file, mapped back without reading them, and its config beside it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError
from safetensors.numpy import save_file

from recommender.errors import MarqueeError

if TYPE_CHECKING:
    from recommender.models.base import Recommender

ARRAYS, CONFIG = "arrays.safetensors", "config.json"
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}

Model = TypeVar("Model", bound="Recommender")


def write_arrays(arrays: dict[str, NDArray[Any]], path: Path) -> None:
    """Write named arrays to a safetensors file."""
    save_file({name: np.ascontiguousarray(array) for name, array in arrays.items()}, path)


def map_arrays(path: Path) -> dict[str, NDArray[Any]]:
    """The arrays of a safetensors file as read-only memory maps; nothing is read until it is used.

    The library's own loader copies every array, which costs a start-up and, for several app processes, the memory too.
    Raises MarqueeError when the file is missing or damaged.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            header_bytes = int.from_bytes(file.read(8), "little")
            if 8 + header_bytes > size:
                raise ValueError("cut short")
            header = json.loads(file.read(header_bytes))
        data = np.memmap(path, np.uint8, mode="r", offset=8 + header_bytes) if size > 8 + header_bytes else b""
        arrays = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            begin, end = entry["data_offsets"]
            if end > len(data):
                raise ValueError("cut short")
            arrays[name] = np.frombuffer(data[begin:end], DTYPES[entry["dtype"]]).reshape(entry["shape"])
        return arrays
    except (OSError, ValueError, KeyError, TypeError, AttributeError, MemoryError) as error:
        raise MarqueeError(f"The artifact {path} is missing or damaged ({error}); train the model again.") from error


def write_model(model: Recommender, folder: Path) -> None:
    """Write a fitted model's arrays and config to `folder`, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    write_arrays(model.state(), folder / ARRAYS)
    (folder / CONFIG).write_text(model.config.model_dump_json(indent=2), encoding="utf-8")


def read_model(cls: type[Model], folder: Path) -> Model:
    """Read back what `write_model` wrote. Raises MarqueeError when it is missing, damaged, or of another model."""
    try:
        config = cls.Config.model_validate_json((folder / CONFIG).read_bytes())
    except (OSError, ValidationError) as error:
        raise MarqueeError(
            f"The artifact {folder} has no sound {CONFIG} for {cls.card.name}; train the model again."
        ) from error
    model = cls(config)
    try:
        model.restore(map_arrays(folder / ARRAYS))
    except (KeyError, ValueError) as error:
        raise MarqueeError(f"The artifact {folder} does not hold a {cls.card.name}; train the model again.") from error
    return model
