"""The states that many batches left for one stage, merged into one folder.

``{root}/{pipeline}/_state/{stage}-{lineage}/``: files of rows that name their batches, and a
manifest, written last. The lineage in the name says exactly which steps of which batches are in it:
where the batches are no longer those, nobody asks for that name. What the batches left stays where
it is, so a merged state may be deleted at any time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import ClassVar

from curation import storage
from curation.errors import RecordError
from curation.storage import StoredFile, manifest
from curation.storage.integrity import find_damage
from curation.storage.manifest import FITTED_FOLDER
from curation.storage.records import Former, read_record, write_record
from curation.storage.stage_description import StageDescription

FOLDER = "_state"


@dataclass(frozen=True, slots=True)
class MergedState:
    """What a merged folder holds: the stage that left it, its batches by name, and the files.

    ``fitted`` are those of the table that the last of the batches was judged by, in the folder
    of that name; before format 3 there were none.
    """

    format_version: ClassVar[int] = 4
    remedy: ClassVar[str] = "delete its folder: `curate compact` makes it again"

    stage: StageDescription
    batches: tuple[str, ...]
    files: tuple[StoredFile, ...]
    fitted: tuple[StoredFile, ...] = ()

    def fitted_files(self, folder: str) -> tuple[str, ...]:
        """The files of the table, where they lie."""
        return tuple(storage.join(folder, FITTED_FOLDER, file.name) for file in self.fitted)

    def all_files(self) -> list[StoredFile]:
        """Every file by its name in the merged folder."""
        fitted = [replace(f, name=storage.join(FITTED_FOLDER, f.name)) for f in self.fitted]
        return [*self.files, *fitted]

    def save(self, folder: str) -> None:
        """Write the manifest; the folder counts from now on."""
        write_record(storage.join(folder, manifest.FILE_NAME), self)


@dataclass(frozen=True, slots=True)
class FirstMergedState:
    """The manifest as it was before it had a ``format_version``."""

    described: StageDescription
    batches: tuple[str, ...]
    files: tuple[StoredFile, ...]


def folder_of(pipeline_folder: str, stage: str, lineage: str) -> str:
    """Where the merged state of a lineage lies."""
    return storage.join(pipeline_folder, FOLDER, f"{stage}-{lineage}")


def list_lineages(pipeline_folder: str, stage: str) -> frozenset[str]:
    """The lineages of a stage that have a folder, whether it is finished or not."""
    names = storage.list_names(storage.join(pipeline_folder, FOLDER))
    return frozenset(n.removeprefix(f"{stage}-") for n in names if n.startswith(f"{stage}-"))


def load(pipeline_folder: str, stage: str, lineage: str) -> MergedState | None:
    """The merged state of a lineage, or None if it is not there or was never finished.

    Raises RecordError for a manifest that is damaged or newer.
    """
    return _read(folder_of(pipeline_folder, stage, lineage))


def _read(folder: str) -> MergedState | None:
    formers = {1: Former(FirstMergedState, _upgrade)}
    return read_record(storage.join(folder, manifest.FILE_NAME), MergedState, formers)


def _upgrade(first: FirstMergedState) -> MergedState:
    return MergedState(first.described, first.batches, first.files)


def delete_damaged(pipeline_folder: str) -> None:
    """Delete every merged folder whose manifest or files are not as they were written."""
    for name in storage.list_names(storage.join(pipeline_folder, FOLDER)):
        folder = storage.join(pipeline_folder, FOLDER, name)
        try:
            made = _read(folder)
            damaged = made and any(find_damage(folder, made.all_files(), deep=True))
        except RecordError:
            damaged = True
        if damaged:
            manifest.delete(folder)
            storage.delete_folder(folder)


def delete_others(pipeline_folder: str, keep: Sequence[str]) -> None:
    """Delete every merged folder but those named in ``keep``, its manifest first."""
    for name in storage.list_names(storage.join(pipeline_folder, FOLDER)):
        folder = storage.join(pipeline_folder, FOLDER, name)
        if folder not in keep:
            manifest.delete(folder)
            storage.delete_folder(folder)
