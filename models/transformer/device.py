"""Which device a process runs its networks on: the GPU that it was given, or the CPU.

Whoever gives a task its GPU (Spark, by ``curation.spark.gpus``) says so by ``assign``. Nothing here
knows Spark, and PyTorch is imported where a device is asked for.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from models.base import DeviceError

if TYPE_CHECKING:
    import torch

FAILED_DEVICE = ("CUDA error", "CUBLAS_STATUS", "CUDNN_STATUS", "NCCL")
"""What the messages of a device that failed begin with or have in them."""

_assigned: list[str] = []


def is_of_device(error: RuntimeError) -> bool:
    """Whether an error of PyTorch is the device's, and not that of what was computed."""
    return any(sign in str(error) for sign in FAILED_DEVICE)


def assign(address: str | None) -> None:
    """Take the GPU of this address from now on, as the cluster names it; None: nobody said which.

    Networks that are loaded already follow when they are next asked.
    """
    _assigned[:] = [] if address is None else [address]


def current_device() -> torch.device:
    """The GPU that was assigned; else one of those there are, by process; else the CPU.

    Raises DeviceError if a GPU was assigned that PyTorch does not see.
    """
    import torch

    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if not _assigned:
        return torch.device("cuda", os.getpid() % count) if count else torch.device("cpu")
    index = index_of(_assigned[0], os.environ.get("CUDA_VISIBLE_DEVICES", ""))
    if index >= count:
        raise DeviceError(
            f"GPU {_assigned[0]} was assigned, but PyTorch sees {count}: install a build of it "
            "for that GPU, or take gpus out of [step.resources]"
        )
    return torch.device("cuda", index)


def index_of(address: str, visible: str) -> int:
    """PyTorch's number of the GPU that the cluster calls by this address.

    Where CUDA_VISIBLE_DEVICES names GPUs, PyTorch counts those alone, in that order. Raises
    DeviceError for an address that is neither a number nor among them.

    >>> index_of("1", ""), index_of("3", "2,3"), index_of("GPU-8a", "GPU-11,GPU-8a")
    (1, 1, 1)
    """
    names = [name.strip() for name in visible.split(",") if name.strip()]
    if address in names:
        return names.index(address)
    if address.isdecimal():
        return int(address)
    raise DeviceError(
        f"GPU {address!r} was assigned: its address must be a number, or one of those in "
        f"CUDA_VISIBLE_DEVICES ({visible!r})"
    )
