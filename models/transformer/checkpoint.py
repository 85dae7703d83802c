"""A checkpoint of the Hugging Face form: where its files lie, its labels and a hash of them.

Nothing here loads weights: a driver without PyTorch can check and digest what workers will load.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

WANTED = ["*.json", "*.txt", "*.model", "*.safetensors", "pytorch_model*.bin"]
"""Weights, configuration and vocabulary; no code is fetched."""


@dataclass(frozen=True)
class Checkpoint:
    """A checkpoint by the ``name`` that it was asked by; its files lie in ``folder``."""

    name: str
    folder: Path

    @cached_property
    def digest(self) -> str:
        """A hash over the names and contents of its files."""
        found = hashlib.blake2b(digest_size=16)
        for path in sorted(path for path in self.folder.rglob("*") if path.is_file()):
            with path.open("rb") as content:
                inner = hashlib.file_digest(content, "blake2b").digest()
            found.update(path.relative_to(self.folder).as_posix().encode() + b"\0" + inner)
        return found.hexdigest()

    @cached_property
    def labels(self) -> tuple[str, ...]:
        """The names that ``id2label`` of its config.json gives, in their order; () without any."""
        path = self.folder / "config.json"
        try:
            names = json.loads(path.read_text(encoding="utf-8")).get("id2label") or {}
            return tuple(str(names[number]) for number in sorted(names, key=int))
        except (OSError, ValueError, AttributeError) as error:
            raise not_loadable(self.name, error) from error

    def label_among(self, known: Sequence[str]) -> str:
        """The first of ``known`` that is one of its labels. Raises ValueError if none is."""
        for label in known:
            if label in self.labels:
                return label
        raise ValueError(
            f"model {self.name!r} has labels {sorted(self.labels)}: one of {list(known)} must be "
            "among them (id2label in its config.json)"
        )


def find_checkpoint(name: str) -> Checkpoint:
    """The checkpoint in a folder, or the hub's of that name, fetched once into the local cache.

    Raises ValueError if it is neither, ImportError if the hub is needed and cannot be asked.
    """
    folder = Path(name)
    if folder.is_dir():
        return Checkpoint(name, folder)
    try:
        from huggingface_hub import snapshot_download
    except ImportError as error:
        raise without_extra(name) from error
    try:
        fetched = snapshot_download(name, allow_patterns=WANTED, ignore_patterns=["onnx/*"])
    except (OSError, ValueError) as error:
        raise not_loadable(name, error) from error
    return Checkpoint(name, Path(fetched))


def without_extra(name: str) -> ImportError:
    """The error of a model that needs packages which are not installed."""
    return ImportError(
        f"model {name!r} needs PyTorch and transformers: install the models extra, "
        "pip install 'curation[models]'"
    )


def not_loadable(name: str, error: Exception) -> ValueError:
    """The error of a name that no checkpoint can be loaded by, with the first line of the cause."""
    cause = str(error).strip().partition("\n")[0]
    return ValueError(
        f"model {name!r} is not a checkpoint that can be loaded: it must be a folder or a name of "
        f"the Hugging Face hub ({cause})"
    )
