"""What all batches before one left for its corpus stages: the files to read, and their lineage."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from curation.batches import merged_state
from curation.batches.lineage import NO_LINEAGE, TracedBatch, trace
from curation.batches.merged_state import MergedState
from curation.batches.records import of_phase, read_records
from curation.batches.state_files import StateFile
from curation.errors import UsageError
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription


@dataclass(frozen=True)
class EarlierState:
    """What all earlier batches left for a stage: the files to read, and their lineage.

    ``fitted`` has the files of the table that the last of them was judged by, if it was by one.
    """

    lineage: str
    batches: int
    files: tuple[StateFile, ...]
    fitted: tuple[str, ...] = ()

    @property
    def rows(self) -> int:
        """The rows of state in all files."""
        return sum(file.rows for file in self.files)


@dataclass(frozen=True)
class EarlierBatches:
    """The batches of a pipeline before one of them, in order."""

    pipeline_folder: str
    batches: tuple[TracedBatch, ...]

    @classmethod
    def before(cls, pipeline_folder: str, number: int, phase: str = "") -> EarlierBatches:
        """The batches of a smaller number, as they last ran or ran a phase. Raises UsageError."""
        records = [one for one in read_records(pipeline_folder) if one.batch.number < number]
        if phase:
            records = [of_phase(record, phase) for record in records]
        return cls(pipeline_folder, tuple(trace(records)))

    def state(
        self, description: StageDescription, settings: Collection[str] | None = None
    ) -> EarlierState:
        """What the batches left for the stage so described, merged as far as it has been.

        ``settings`` are those of the stage that its state hangs on, None for all. Raises UsageError
        for a batch that is stale, has not come as far as that stage, or was judged by another
        configuration of those.
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
        fitted: tuple[str, ...] = ()
        if merged:
            folder = merged_state.folder_of(self.pipeline_folder, stage, lineages[held])
            _refuse_other(merged.stage, description, settings, f"the merged state {folder}")
            files = [StateFile.of(file, folder, None) for file in merged.files]
            fitted = merged.fitted_files(folder)
        for batch in self.batches[held:]:
            done = _finished(batch, description, settings)
            files += batch.state_files(stage, done.state)
            fitted = batch.fitted_files(stage, done.fitted) or fitted
        return EarlierState(lineages[-1], len(self.batches), tuple(files), fitted)

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


def _finished(
    batch: TracedBatch, description: StageDescription, settings: Collection[str] | None
) -> Manifest:
    """The manifest of the step that judged a batch by the stage so described."""
    done = batch.manifest_of(description.name)
    if done is None:
        raise _unfinished(batch, description.name)
    theirs = done.description(description.name)
    _refuse_other(theirs, description, settings, f"batch {batch.name!r}")
    return done


def _refuse_other(
    theirs: StageDescription,
    ours: StageDescription,
    settings: Collection[str] | None,
    where: str,
) -> None:
    """Raise UsageError if what was left by one form of a stage would be read by another."""
    if difference := ours.only(settings).difference_from(theirs.only(settings)):
        raise UsageError(
            f"{where} was judged by stage {ours.name} with another {difference}; keys of the two "
            "cannot be compared: run the earlier batches again as the configuration now is "
            "(--replace), or name another --root"
        )


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
