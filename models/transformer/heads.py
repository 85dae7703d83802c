"""Several heads on one base: what ``heads.json`` says of them.

A folder has the base (``AutoModel``), ``heads/TASK.safetensors`` with ``weight`` (labels, hidden)
and ``bias`` (labels), float32, and ``heads.json``: by task its ``labels``, what it ``reads`` (a
``text`` at its last separator, or ``lines``, each at its own), and a ``threshold`` that its trainer
found. A head goes by the name ``FOLDER#TASK``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from models.transformer.files import read_header, read_json

INDEX = "heads.json"
TASK = re.compile(r"\w+")
TEXT, LINES = "text", "lines"


@dataclass(frozen=True, slots=True)
class HeadDescription:
    """One head: its labels in the order of its outputs, and what it reads."""

    task: str
    labels: tuple[str, ...]
    reads: str

    @property
    def file(self) -> str:
        """Where its weights lie in the folder."""
        return f"heads/{self.task}.safetensors"


def read_heads(folder: Path) -> Mapping[str, HeadDescription]:
    """The heads of a folder by their tasks; none where there is no ``heads.json``.

    Raises ValueError for one that is not described as it must be.
    """
    path = folder / INDEX
    if not path.is_file():
        return {}
    return {task: _describe(task, content) for task, content in read_json(path).items()}


def _describe(task: str, content: object) -> HeadDescription:
    table = content if isinstance(content, dict) else {}
    labels, reads = table.get("labels"), table.get("reads")
    if not TASK.fullmatch(task):
        raise ValueError(f"{INDEX}: {task!r} must be a word, the name of a task")
    if not isinstance(labels, list) or not labels or not all(isinstance(n, str) for n in labels):
        raise ValueError(f"{INDEX}: {task}.labels = {labels!r}: must be a list of names")
    if reads not in (TEXT, LINES):
        raise ValueError(f'{INDEX}: {task}.reads = {reads!r}: must be "{TEXT}" or "{LINES}"')
    return HeadDescription(task, tuple(labels), reads)


def refuse_foreign_weights(folder: Path, head: HeadDescription, hidden: int | None) -> None:
    """Raise ValueError if a head's file is missing, damaged, or of another shape."""
    path = folder / head.file
    if not path.is_file():
        raise ValueError(f"{head.file} is missing, which {INDEX} lists")
    found = {name: (one.kind, one.shape) for name, one in read_header(path).items()}
    weight, bias = found.get("weight"), found.get("bias")
    labels = len(head.labels)
    matrix = weight is not None and weight[0] == "F32" and len(weight[1]) == 2  # noqa: PLR2004
    if weight is None or not matrix or bias != ("F32", (labels,)):
        raise ValueError(
            f"{head.file} has {found}: it must have weight [{labels}, hidden] and bias [{labels}], "
            f"float32, for the labels that {INDEX} lists"
        )
    wide = weight[1][1] if hidden is None else hidden
    if weight[1] != (labels, wide):
        raise ValueError(
            f"{head.file} has a weight of {list(weight[1])}: it must be {[labels, wide]}, the "
            "labels by the hidden size of this base"
        )
