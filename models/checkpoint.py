"""Where the files of a checkpoint lie, and a hash of them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def find_checkpoint(name: str) -> Path:
    """The folder of a checkpoint: a folder of that path, or the hub's copy in the local cache.

    Weights, configuration and vocabulary only; no code is fetched. Raises OSError if it is neither.
    """
    folder = Path(name)
    if folder.is_dir():
        return folder
    from huggingface_hub import snapshot_download

    wanted = ["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model*.bin"]
    return Path(snapshot_download(name, allow_patterns=wanted, ignore_patterns=["onnx/*"]))


def digest_checkpoint(folder: Path) -> str:
    """A hash over the names and contents of a checkpoint's files."""
    found = hashlib.blake2b(digest_size=16)
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as content:
            inner = hashlib.file_digest(content, "blake2b").digest()
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + inner)
    return found.hexdigest()
