"""Compare the documents of a step: keys, the table that is fitted to them, flags, and the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.batches.state_files import read_state
from curation.parts.process import StepWork, keys_schema, write_keys
from curation.parts.reader import Part
from curation.run.plan import PlannedStep
from curation.spark.frames import read_frame, write_frame
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from curation.storage.manifest import FITTED_FOLDER, STATE_FOLDER
from stages.base import CorpusStage, FittedCorpusStage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KEYS_FOLDER = "keys"


@dataclass(frozen=True)
class Comparison:
    """What a corpus stage said, and the files of what it leaves for later batches."""

    flags: DataFrame | None = None
    state: tuple[StoredFile, ...] = ()
    fitted: tuple[StoredFile, ...] = ()


def compare(
    spark: SparkSession, step: PlannedStep, work: StepWork, parts: Sequence[Part]
) -> Comparison:
    """Compare the documents of a step by its corpus stage, if it has one.

    Keys are written once; they and the flags are held, since each is used more than once.
    """
    stage = step.corpus_stage
    if stage is None:
        return Comparison()
    from pyspark import StorageLevel

    folder = storage.join(step.folder, KEYS_FOLDER)
    written = run_tasks(spark, parts, partial(write_keys, work, stage, folder))
    keys = _read(spark, folder, written, keys_schema(stage)).persist(StorageLevel.DISK_ONLY)
    earlier = _earlier_state(spark, step, stage)
    if isinstance(stage, FittedCorpusStage):
        documents = sum(file.rows for file in written) + (step.earlier.rows if step.earlier else 0)
        table, fitted = _fit(spark, step, stage, keys, earlier, documents)
        flags = stage.flag(keys, earlier, table)
    else:
        fitted, flags = (), stage.flag(keys, earlier)
    flags = flags.persist(StorageLevel.DISK_ONLY)
    if stage.state_columns is None:
        return Comparison(flags, fitted=fitted)
    left = stage.state(keys, flags, earlier)
    state = _write(left, storage.join(step.folder, STATE_FOLDER), stage.state_columns)
    return Comparison(flags, state, fitted)


def _earlier_state(spark: SparkSession, step: PlannedStep, stage: CorpusStage) -> DataFrame | None:
    if stage.state_columns is None or step.earlier is None or not step.earlier.batches:
        return None
    return read_state(spark, step.earlier.files, stage.state_columns)


def _fit(
    spark: SparkSession,
    step: PlannedStep,
    stage: FittedCorpusStage,
    keys: DataFrame,
    earlier: DataFrame | None,
    documents: int,
) -> tuple[DataFrame | None, tuple[StoredFile, ...]]:
    """The table that serves the step, and its files if this step made it.

    It is read back from its files, so no task that is retried can see another one.
    """
    schema = pa.schema([*stage.fitted_columns.items()])
    earlier_files = step.earlier.fitted if step.earlier else ()
    serving = read_frame(spark, earlier_files, schema) if earlier_files else None
    made = stage.fit(keys, earlier, serving, documents)
    if made is None:
        return serving, ()
    folder = storage.join(step.folder, FITTED_FOLDER)
    files = _write(made, folder, stage.fitted_columns)
    return _read(spark, folder, files, schema), files


def _read(
    spark: SparkSession, folder: str, files: Sequence[StoredFile], schema: pa.Schema
) -> DataFrame:
    return read_frame(spark, [storage.join(folder, file.name) for file in files], schema)


def _write(
    frame: DataFrame, folder: str, columns: Mapping[str, pa.DataType]
) -> tuple[StoredFile, ...]:
    return tuple(write_frame(frame, folder, pa.schema([*columns.items()])))
