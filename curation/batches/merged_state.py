"""The states that many batches left for one stage, merged into one folder.

``{root}/{pipeline}/_state/{stage}-{chain}/``: files of rows that name their batches, and a
manifest, written last. The chain in the name says exactly which steps of which batches are in it:
where the batches are no longer those, nobody asks for that name. What the batches left stays where
it is, so a merged state may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curation import storage
from curation.storage import StoredFile, manifest

FOLDER = "_state"


@dataclass(frozen=True)
class MergedState:
    """What a merged folder holds. ``described`` is the stage that left it, ``batches`` names it."""

    folder: str
    described: Mapping[str, Any]
    batches: tuple[str, ...]
    files: tuple[StoredFile, ...]

    def save(self) -> None:
        """Write the manifest; the folder counts from now on."""
        value = asdict(self)
        del value["folder"]
        storage.write_json(storage.join(self.folder, manifest.FILE_NAME), value)


def folder_of(pipeline_folder: str, stage: str, chain: str) -> str:
    """Where the merged state of a chain lies."""
    return storage.join(pipeline_folder, FOLDER, f"{stage}-{chain}")


def list_chains(pipeline_folder: str, stage: str) -> frozenset[str]:
    """The chains of a stage that have a folder, whether it is finished or not."""
    names = storage.list_names(storage.join(pipeline_folder, FOLDER))
    return frozenset(n.removeprefix(f"{stage}-") for n in names if n.startswith(f"{stage}-"))


def load(pipeline_folder: str, stage: str, chain: str) -> MergedState | None:
    """The merged state of a chain, or None if it is not there or was never finished."""
    folder = folder_of(pipeline_folder, stage, chain)
    path = storage.join(folder, manifest.FILE_NAME)
    if not storage.exists(path):
        return None
    value = storage.read_json(path)
    files = tuple(StoredFile(**file) for file in value["files"])
    return MergedState(folder, value["described"], tuple(value["batches"]), files)


def delete_others(pipeline_folder: str, keep: Sequence[str]) -> None:
    """Delete every merged folder but those named in ``keep``, its manifest first."""
    for name in storage.list_names(storage.join(pipeline_folder, FOLDER)):
        folder = storage.join(pipeline_folder, FOLDER, name)
        if folder not in keep:
            manifest.delete(folder)
            storage.delete_folder(folder)
