"""The lineage of batches: what those before one left for its corpus stages, and if it still holds.

The steps that left state for a stage, batch after batch, have a *lineage*: a digest that each batch
extends by the folder of its step. A folder's name holds the fingerprint of all that its content
depends on, so equal lineages mean equal state. A step's own fingerprint holds the lineage that it
was judged against, and so does the batch's record: once a batch is withdrawn, replaced or deleted
by hand, the recorded lineages of all later ones are no longer those of the batches before them.
They are *stale*, and nothing is judged against them until they are run again, in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from curation import storage
from curation.batches import merged_state
from curation.batches.merged_state import MergedState
from curation.batches.records import BatchRecord, read_records
from curation.errors import UsageError
from curation.storage import StoredFile, manifest
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription

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
        folder = storage.join(self._folder_of(stage) or "", "state")
        number = self.record.batch.number
        return [StateFile(storage.join(folder, file.name), file.bytes, number) for file in files]

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
            lineages[stage] = extend(before[stage], step)
        traced.append(TracedBatch(record, stale, dict(lineages)))
    return traced


@dataclass(frozen=True, slots=True)
class StateFile:
    """A file of state; ``batch_number`` is None where its rows name their batches themselves."""

    uri: str
    bytes: int
    batch_number: int | None


@dataclass(frozen=True)
class EarlierState:
    """What all earlier batches left for a stage: the files to read, and their lineage."""

    lineage: str
    batches: int
    files: tuple[StateFile, ...]


@dataclass(frozen=True)
class EarlierBatches:
    """The batches of a pipeline before one of them, in order."""

    pipeline_folder: str
    batches: tuple[TracedBatch, ...]

    @classmethod
    def before(cls, pipeline_folder: str, number: int) -> EarlierBatches:
        """The batches of a smaller number."""
        traced = trace(read_records(pipeline_folder))
        return cls(pipeline_folder, tuple(b for b in traced if b.record.batch.number < number))

    def state(self, description: StageDescription) -> EarlierState:
        """What the batches left for the stage so described, merged as far as it has been.

        Raises UsageError for a batch that is stale, has not come as far as that stage, or was
        judged by another configuration of it.
        """
        stage = description.name
        for batch in self.batches:
            if batch.stale:
                raise _stale(batch)
            if stage not in batch.record.run.states:
                raise _unfinished(batch, stage)
        lineages = [NO_LINEAGE, *(batch.lineages[stage] for batch in self.batches)]
        held, merged = self._furthest_merged(stage, lineages)
        files: list[StateFile] = []
        if merged:
            folder = merged_state.folder_of(self.pipeline_folder, stage, lineages[held])
            _refuse_other(merged.stage, description, f"the merged state {folder}")
            files = [StateFile(storage.join(folder, f.name), f.bytes, None) for f in merged.files]
        for batch in self.batches[held:]:
            files += _own_files(batch, description)
        return EarlierState(lineages[-1], len(self.batches), tuple(files))

    def _furthest_merged(
        self, stage: str, lineages: Sequence[str]
    ) -> tuple[int, MergedState | None]:
        """How many batches the merged state that holds most of them has, and that state."""
        there = merged_state.list_lineages(self.pipeline_folder, stage)
        for number in reversed(range(1, len(lineages))):
            if lineages[number] in there:
                merged = merged_state.load(self.pipeline_folder, stage, lineages[number])
                if merged:
                    return number, merged
        return 0, None


def _own_files(batch: TracedBatch, description: StageDescription) -> list[StateFile]:
    done = batch.manifest_of(description.name)
    if done is None:
        raise _unfinished(batch, description.name)
    _refuse_other(done.description(description.name), description, f"batch {batch.name!r}")
    return batch.state_files(description.name, done.state)


def _refuse_other(theirs: StageDescription, ours: StageDescription, where: str) -> None:
    """Raise UsageError if what was left by one form of a stage would be read by another."""
    difference = (
        _differing("version", {"version": theirs.version}, {"version": ours.version})
        or _differing("configuration", theirs.configuration, ours.configuration)
        or _differing("resources", theirs.resources, ours.resources)
    )
    if difference:
        raise UsageError(
            f"{where} was judged by stage {ours.name} with another {difference}; keys of the two "
            "cannot be compared: run the earlier batches again as the configuration now is "
            "(--replace), or name another --root"
        )


def _differing(
    what: str, theirs: Mapping[str, JsonValue], ours: Mapping[str, JsonValue]
) -> str | None:
    """The first difference of two tables in words, if there is one."""
    for key in sorted(ours.keys() | theirs.keys()):
        if ours.get(key) != theirs.get(key):
            return f"{what}: {key} is {theirs.get(key)!r} there, {ours.get(key)!r} here"
    return None


def _stale(batch: TracedBatch) -> UsageError:
    return UsageError(
        f"batch {batch.name!r} is stale: a batch that it was judged against has been withdrawn or "
        f"run again since, and no later batch can be judged against it; `curate run` batch "
        f"{batch.name!r} again first (`curate batches` shows all that are stale)"
    )


def _unfinished(batch: TracedBatch, stage: str) -> UsageError:
    return UsageError(
        f"this batch is judged against batch {batch.name!r}, which has not finished stage {stage}: "
        f"run batch {batch.name!r} to its end first, or `curate withdraw {batch.name}`"
    )
