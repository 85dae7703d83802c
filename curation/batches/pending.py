"""A takedown that is under way in a pipeline, or was broken off: nothing may be written till then.

``{root}/{pipeline}/_takedown/pending.json`` stands there from before the first file is changed
until all batches are done and have been verified.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from curation import storage
from curation.errors import UsageError
from curation.storage.records import write_record

FOLDER = "_takedown"
FILE_NAME = "pending.json"


@dataclass(frozen=True, slots=True)
class PendingTakedown:
    """What is being taken down: the list's name and its digest."""

    format_version: ClassVar[int] = 1

    name: str
    digest: str


def begin(pipeline_folder: str, takedown: PendingTakedown) -> None:
    """Say that a takedown is under way."""
    write_record(_path(pipeline_folder), takedown)


def end(pipeline_folder: str) -> None:
    """Say that it is done."""
    storage.delete_folder(storage.join(pipeline_folder, FOLDER))


def is_pending(pipeline_folder: str) -> bool:
    """Whether one is under way, or was broken off."""
    return storage.exists(_path(pipeline_folder))


def refuse_pending(pipeline_folder: str) -> None:
    """Raise UsageError where a takedown was broken off."""
    if is_pending(pipeline_folder):
        raise UsageError(
            f"{pipeline_folder}: a takedown was broken off, and some of its files may still hold "
            "what was to go: `curate takedown` the list again, which finishes it"
        )


def _path(pipeline_folder: str) -> str:
    return storage.join(pipeline_folder, FOLDER, FILE_NAME)
