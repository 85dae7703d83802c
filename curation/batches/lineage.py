"""The lineage of batches: by which state each was judged, and if that is still what it was.

The steps that left state for a stage, batch after batch, have a *lineage*: a digest that each batch
extends by the folder of its step. A folder's name holds the fingerprint of all that its content
depends on, so equal lineages mean equal state. A step's own fingerprint holds the lineage that it
was judged against, and so does the batch's record: once a batch is withdrawn, replaced or deleted
by hand, the recorded lineages of all later ones are no longer those of the batches before them.
A step that was made again after a takedown, with other state, is another one in a lineage
(``curation.batches.remade``). They are *stale*, and nothing is judged against them until they are
run again, in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from curation import storage
from curation.batches.records import BatchRecord
from curation.batches.state_files import StateFile
from curation.storage import StoredFile, manifest
from curation.storage.manifest import Manifest

NO_LINEAGE = ""
"""That of the first batch."""

DIGEST_CHARS = 12


def extend(lineage: str, step_folder: str) -> str:
    """The lineage after one more batch.

    >>> extend(NO_LINEAGE, "02-identity-aa") == extend(NO_LINEAGE, "02-identity-aa")
    True
    >>> extend(NO_LINEAGE, "02-identity-aa") == extend("4f0e", "02-identity-aa")
    False
    """
    return hashlib.sha256(f"{lineage}/{step_folder}".encode()).hexdigest()[:DIGEST_CHARS]


@dataclass(frozen=True)
class TracedBatch:
    """A batch, whether it is stale, and the lineage of each stage with this batch in it."""

    record: BatchRecord
    stale: bool
    lineages: Mapping[str, str]

    @property
    def name(self) -> str:
        """The batch's."""
        return self.record.batch.name

    def manifest_of(self, stage: str) -> Manifest | None:
        """The manifest of the step that left this batch's state for a stage, if it is done."""
        folder = self._folder_of(stage)
        return manifest.load(folder) if folder else None

    def state_files(self, stage: str, files: Sequence[StoredFile]) -> list[StateFile]:
        """The files of state that the step lists, where they lie."""
        folder = storage.join(self._folder_of(stage) or "", manifest.STATE_FOLDER)
        number = self.record.batch.number
        return [StateFile.of(file, folder, number) for file in files]

    def fitted_files(self, stage: str, files: Sequence[StoredFile]) -> tuple[str, ...]:
        """The files of the table that the step lists, where they lie."""
        folder = storage.join(self._folder_of(stage) or "", manifest.FITTED_FOLDER)
        return tuple(storage.join(folder, file.name) for file in files)

    def _folder_of(self, stage: str) -> str | None:
        step = self.record.run.states.get(stage)
        return storage.join(self.record.batch.folder, step) if step else None


def trace(records: Sequence[BatchRecord]) -> list[TracedBatch]:
    """The batches with their lineages; ``records`` are in the order of batches."""
    traced: list[TracedBatch] = []
    lineages: dict[str, str] = {}
    stale = False
    for record in records:
        before = {stage: lineages.get(stage, NO_LINEAGE) for stage in record.run.states}
        stale = stale or before != record.run.judged_against
        for stage, step in record.run.states.items():
            remade = record.run.remade.get(stage)
            lineages[stage] = extend(before[stage], f"{step}-{remade}" if remade else step)
        traced.append(TracedBatch(record, stale, dict(lineages)))
    return traced
