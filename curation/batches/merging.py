"""Merge what the batches of a pipeline left for a stage, so that the next one reads it as one."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

import pyarrow as pa

from conf.references import ClassReferenceError
from curation import storage
from curation.batches import merged_state
from curation.batches.earlier import EarlierBatches, EarlierState
from curation.batches.lineage import TracedBatch, trace
from curation.batches.merged_state import MergedState
from curation.batches.records import histories, read_records
from curation.batches.state_files import read_state, state_schema
from curation.errors import UsageError
from curation.spark.frames import read_frame, write_frame
from curation.storage import StoredFile, manifest
from curation.storage.stage_description import StageDescription
from stages.base import CorpusStage, FittedCorpusStage, Stage

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Merge:
    """The state of one stage that can be merged, of a phase if it has one. ``done``: it is."""

    phase: str
    stage: type[CorpusStage]
    description: StageDescription
    batches: tuple[str, ...]
    state: EarlierState
    folder: str
    done: bool

    @property
    def label(self) -> str:
        """What it is called."""
        return f"{self.stage.name} of phase {self.phase}" if self.phase else self.stage.name


def plan_merges(pipeline_folder: str) -> list[Merge]:
    """One merge for each stage that two batches or more have left state for, in each phase too.

    It takes all batches up to the first that is stale or has not finished the stage.
    """
    merges = (
        _plan_merge(pipeline_folder, phase, name, traced)
        for phase, records in histories(read_records(pipeline_folder)).items()
        for traced in [trace(records)]
        for name in dict.fromkeys(stage for batch in traced for stage in batch.record.run.states)
    )
    return [merge for merge in merges if merge]


def _plan_merge(
    pipeline_folder: str, phase: str, name: str, traced: list[TracedBatch]
) -> Merge | None:
    whole = list(takewhile(lambda batch: not batch.stale and batch.manifest_of(name), traced))
    first = whole[0].manifest_of(name) if len(whole) > 1 else None
    if first is None:
        return None
    description = first.description(name)
    stage = _class_of(description)
    if stage is None or not issubclass(stage, CorpusStage):
        return None
    if description.version != stage.version:
        return None  # left by another version of the stage, whose state has other columns
    before = EarlierBatches(pipeline_folder, tuple(whole))
    state = before.state(description, stage.state_settings)
    folder = merged_state.folder_of(pipeline_folder, name, state.lineage)
    done = merged_state.load(pipeline_folder, name, state.lineage) is not None
    names = tuple(batch.name for batch in whole)
    return Merge(phase, stage, description, names, state, folder, done)


def _class_of(description: StageDescription) -> type[Stage] | None:
    """The class of a stage that has run; None for one that this project no longer has.

    Raises UsageError for one from outside the project that is not to be found.
    """
    # Takes 1 s, for what most pipelines never have.
    from stages.registry import KNOWN_STAGES

    try:
        return KNOWN_STAGES.find(description.reference)
    except ClassReferenceError as error:
        if description.reference == description.name:
            return None
        raise UsageError(f"stage {description.reference}: {error}") from error


def merge(spark: SparkSession, plan: Merge) -> MergedState:
    """Write the merged state, its manifest last; what a crashed try left is deleted first."""
    storage.delete_folder(plan.folder)
    columns = plan.stage.state_columns or {}
    merged = plan.stage.merge(read_state(spark, plan.state.files, columns))
    files = write_frame(merged, plan.folder, state_schema(columns))
    fitted = _copy_fitted(spark, plan)
    listed = {file.name for file in files}
    listed |= {storage.join(manifest.FITTED_FOLDER, file.name) for file in fitted}
    for name in storage.list_files(plan.folder):
        if name not in listed:  # of a try that Spark gave up
            storage.delete_file(storage.join(plan.folder, name))
    made = MergedState(plan.description, plan.batches, tuple(files), tuple(fitted))
    made.save(plan.folder)
    return made


def _copy_fitted(spark: SparkSession, plan: Merge) -> list[StoredFile]:
    """Write the table that the last batch was judged by, if it was by one, beside the state."""
    if not plan.state.fitted or not issubclass(plan.stage, FittedCorpusStage):
        return []
    schema = pa.schema([*plan.stage.fitted_columns.items()])
    table = read_frame(spark, plan.state.fitted, schema)
    return write_frame(table, storage.join(plan.folder, manifest.FITTED_FOLDER), schema)
