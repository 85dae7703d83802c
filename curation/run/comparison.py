"""Compare the keys of a step: the table that is fitted to them, flags, and the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.batches.state_files import read_state
from curation.parts.keys import KeysOfPart, read_keys
from curation.run.plan import PlannedStep
from curation.spark.frames import read_frame, write_frame
from curation.spark.sizing import fit_one_task
from curation.storage import StoredFile
from curation.storage.manifest import FITTED_FOLDER, STATE_FOLDER
from stages.base import CorpusStage, FittedCorpusStage, Reach

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession


SMALL_STATE_BYTES = 4 << 20
"""State that is compared as it is: to say what meets it is a job of its own."""


@dataclass(frozen=True)
class Comparison:
    """What a corpus stage said, and the files of what it leaves for later batches."""

    flags: DataFrame | None = None
    state: tuple[StoredFile, ...] = ()
    fitted: tuple[StoredFile, ...] = ()


def bytes_to_compare(step: PlannedStep, keys: Sequence[KeysOfPart]) -> int:
    """How many bytes of keys and earlier state are compared, as they lie on disk.

    Where the state is narrowed, no more of it than there are keys.
    """
    mine, before = _bytes_of(step, keys)
    return mine + (min(mine, before) if is_narrowed(step, keys) else before)


def is_narrowed(step: PlannedStep, keys: Sequence[KeysOfPart]) -> bool:
    """Whether the step reads of the earlier state only what its documents can meet."""
    mine, before = _bytes_of(step, keys)
    limit = step.corpus_stage.reach_bytes if step.corpus_stage else 0
    return mine <= min(before, limit) and before > SMALL_STATE_BYTES


def _bytes_of(step: PlannedStep, keys: Sequence[KeysOfPart]) -> tuple[int, int]:
    earlier = step.earlier.files if step.earlier else ()
    return sum(of_part.bytes for of_part in keys), sum(file.bytes for file in earlier)


def compare(
    spark: SparkSession, step: PlannedStep, keys: Sequence[KeysOfPart], deciding_bytes: int
) -> Comparison:
    """Compare the documents of a step by the keys of its corpus stage, if it has one.

    By one task, where ``deciding_bytes`` are few enough.

    Keys are held, and flags where a state is made of them too: they are used more than once.
    """
    stage = step.corpus_stage
    if stage is None:
        return Comparison()
    from pyspark import StorageLevel

    tasks = 1 if fit_one_task(deciding_bytes) else None
    frame = read_keys(spark, stage, keys, tasks).persist(StorageLevel.DISK_ONLY)
    narrowed = is_narrowed(step, keys)
    earlier = read_earlier(spark, step, stage, None if narrowed else tasks)
    fitted: tuple[StoredFile, ...] = ()
    reach, flag = stage.reach, stage.flag
    if isinstance(stage, FittedCorpusStage):
        documents = sum(one.rows for one in keys) + (step.earlier.rows if step.earlier else 0)
        table, fitted = _fit(spark, step, stage, frame, earlier, documents)
        reach, flag = partial(stage.reach, fitted=table), partial(stage.flag, fitted=table)
    if narrowed:
        met = reach(read_keys(spark, stage, keys, 1))
        earlier = read_earlier(spark, step, stage, tasks, met)
    flags = flag(frame, earlier)
    if stage.state_columns is None:
        return Comparison(flags, fitted=fitted)
    flags = flags.persist(StorageLevel.DISK_ONLY)
    left = stage.state(frame, flags, earlier)
    state = _write(left, storage.join(step.folder, STATE_FOLDER), stage.state_columns)
    return Comparison(flags, state, fitted)


def read_earlier(
    spark: SparkSession,
    step: PlannedStep,
    stage: CorpusStage,
    tasks: int | None,
    reach: Reach | None = None,
) -> DataFrame | None:
    """What earlier batches left for the stage of a step, if it looks at them and there are any.

    What is within ``reach`` is little: all cores look for it, and it is held, so that they do once.
    """
    from pyspark import StorageLevel

    if stage.state_columns is None or step.earlier is None or not step.earlier.batches:
        return None
    if reach is None:
        return read_state(spark, step.earlier.files, stage.state_columns, tasks)
    met = read_state(spark, step.earlier.files, stage.state_columns, reach=reach)
    return (met.repartition(tasks) if tasks else met).persist(StorageLevel.DISK_ONLY)


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
