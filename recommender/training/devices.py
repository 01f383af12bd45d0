"""Where a training runs. Lightning Fabric knows devices, precisions and processes; it keeps no state of its own between two trainings."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING

import torch

from recommender.errors import MarqueeError
from recommender.training.run import Device

if TYPE_CHECKING:
    from lightning_fabric import Fabric


def fabric_for(device: Device, precision: str) -> Fabric:
    """One device; under torchrun, all that it was started for. Raises MarqueeError when there is no such device."""
    from lightning_fabric import Fabric  # costs a second, which only those who train should pay

    logging.getLogger("lightning.fabric").setLevel(logging.ERROR)
    logging.getLogger("lightning_fabric").setLevel(logging.ERROR)
    if device == "cuda" and not torch.cuda.is_available():
        raise MarqueeError("There is no CUDA device here; choose --device cpu or auto.")
    bfloat16 = precision == "bfloat16" or (precision == "auto" and device != "cpu" and torch.cuda.is_available())
    processes = int(os.environ.get("WORLD_SIZE", 1))
    here = int(os.environ.get("LOCAL_WORLD_SIZE", 1))
    fabric = Fabric(
        accelerator=device,
        devices=here,
        num_nodes=processes // here,
        strategy="ddp_find_unused_parameters_true" if processes > 1 else "auto",  # not every loss reads every weight
        precision="bf16-mixed" if bfloat16 else "32-true",
    )
    fabric.launch()
    return fabric
