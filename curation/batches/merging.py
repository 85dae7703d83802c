"""Merge what the batches of a pipeline left for a stage, so that the next one reads it as one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from curation import storage
from curation.batches import merged_state
from curation.batches.history import EarlierState, History, finished, survey
from curation.batches.merged_state import MergedState
from curation.batches.records import read_records
from curation.batches.state_files import read_state, state_schema
from curation.spark.frames import write_frame
from stages.base import CorpusStage
from stages.registry import STAGES

if TYPE_CHECKING:
    from pyspark.sql import SparkSession


@dataclass(frozen=True)
class Merge:
    """The state of one stage that can be merged. ``done`` says that it is."""

    stage: type[CorpusStage]
    described: Mapping[str, Any]
    batches: tuple[str, ...]
    state: EarlierState
    folder: str
    done: bool


def plan_merges(pipeline_folder: str) -> list[Merge]:
    """One merge for each stage that two batches or more have left state for.

    It takes all batches up to the first that is stale or has not finished the stage.
    """
    standings = survey(read_records(pipeline_folder))
    names = dict.fromkeys(stage for s in standings for stage in s.record.states)
    merges = []
    for name in names:
        stage = STAGES.get(name)
        whole = list(takewhile(lambda s: not s.stale and finished(s, name), standings))  # noqa: B023
        first = finished(whole[0], name) if whole else None
        if stage is None or not issubclass(stage, CorpusStage) or first is None or len(whole) == 1:
            continue
        described = first.described(name)
        if described["version"] != stage.version:
            continue  # left by another version of the stage, whose state has other columns
        state = History(pipeline_folder, tuple(whole)).earlier_state(described)
        folder = merged_state.folder_of(pipeline_folder, name, state.chain)
        done = merged_state.load(pipeline_folder, name, state.chain) is not None
        batches = tuple(s.record.batch.name for s in whole)
        merges.append(Merge(stage, described, batches, state, folder, done))
    return merges


def merge(spark: SparkSession, plan: Merge) -> MergedState:
    """Write the merged state, its manifest last; what a crashed try left is deleted first."""
    storage.delete_folder(plan.folder)
    columns = plan.stage.state_columns or {}
    merged = plan.stage.merge(read_state(spark, plan.state.files, columns))
    files = write_frame(merged, plan.folder, state_schema(columns))
    listed = {file.name for file in files}
    for name in storage.list_files(plan.folder):
        if name not in listed:  # of a try that Spark gave up
            storage.delete_file(storage.join(plan.folder, name))
    made = MergedState(plan.folder, plan.described, plan.batches, tuple(files))
    made.save()
    return made
