"""The files of a checkpoint, looked at without PyTorch and without reading a weight.

Raises ValueError, in words for the user, for what cannot be loaded or must not be: it is asked
before a session starts.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

MAX_HEADER_BYTES = 100 << 20
"""What the format itself allows."""

PICKLES = ("*.bin", "*.pt", "*.pth", "*.ckpt", "*.pkl")
EMBEDDINGS = ("embed_tokens.weight", "word_embeddings.weight", "wte.weight")
"""What the tensor of the word embeddings is called, by architecture."""


@dataclass(frozen=True, slots=True)
class TensorShape:
    """What the header of a safetensors file says of one tensor."""

    kind: str
    shape: tuple[int, ...]


def read_header(path: Path) -> dict[str, TensorShape]:
    """The tensors of a safetensors file by name. Raises ValueError for one that is not whole."""
    size = path.stat().st_size
    with path.open("rb") as content:
        start = content.read(8)
        length = struct.unpack("<Q", start)[0] if len(start) == 8 else 0  # noqa: PLR2004
        if not 0 < length <= min(MAX_HEADER_BYTES, size - 8):
            raise damaged(path, "its header does not fit into it")
        raw = content.read(length)
    try:
        listed = json.loads(raw)
        listed.pop("__metadata__", None)
        ends = [int(one["data_offsets"][1]) for one in listed.values()]
        found = {
            name: TensorShape(str(one["dtype"]), tuple(map(int, one["shape"])))
            for name, one in listed.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        raise damaged(path, f"its header is not readable ({error})") from error
    if max(ends, default=0) != size - 8 - length:
        raise damaged(path, f"its tensors take {max(ends, default=0):,} bytes, not what it has")
    return found


def damaged(path: Path, fault: str) -> ValueError:
    """The error of a safetensors file that cannot be read."""
    return ValueError(f"{path.name} is not a whole safetensors file: {fault}; copy it again")


def read_weights(folder: Path) -> dict[str, TensorShape]:
    """The tensors of all weight files of a checkpoint. Raises ValueError for pickles, or none."""
    files = sorted(folder.glob("*.safetensors"))
    if not files:
        pickles = sorted(path.name for kind in PICKLES for path in folder.glob(kind))
        if pickles:
            raise ValueError(
                f"{pickles[0]} is a pickle, which may run code when it is loaded: only safetensors "
                "are; docs/gpu.md shows how to write a checkpoint anew"
            )
        raise ValueError("it has no weights: there must be a file *.safetensors")
    _refuse_missing_shards(folder)
    return {name: shape for path in files for name, shape in read_header(path).items()}


def _refuse_missing_shards(folder: Path) -> None:
    for index in folder.glob("*.safetensors.index.json"):
        listed = read_json(index).get("weight_map")
        shards = set(listed.values() if isinstance(listed, dict) else ())
        missing = sorted(shard for shard in shards if not (folder / str(shard)).is_file())
        if missing:
            raise ValueError(f"{missing[0]} is missing, which {index.name} lists")


def read_json(path: Path) -> dict[str, object]:
    """A JSON object. Raises ValueError for what is none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ValueError(f"{path.name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise ValueError(f"{path.name} must be a JSON object")  # noqa: TRY004 - of a file
    return found


def embedding_rows(weights: Mapping[str, TensorShape]) -> int | None:
    """How many tokens the word embeddings have a row for; None if they go by no known name."""
    rows = [
        one.shape[0] for name, one in weights.items() if name.endswith(EMBEDDINGS) and one.shape
    ]
    return rows[0] if rows else None
