"""What a step's corpus stage says: keys, flags, and the state that it leaves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import pyarrow as pa

from curation import storage
from curation.batches.state_files import read_state
from curation.parts.keys import KeysOfPart, read_keys
from curation.parts.process import KeysAhead, StepWork, write_keys
from curation.parts.reader import Part, StepFiles
from curation.run.plan import PlannedStep
from curation.spark.frames import write_frame
from curation.spark.sizing import fit_one_task
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile
from stages.base import CorpusStage

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

KEYS_FOLDER = "keys"


@dataclass(frozen=True)
class Comparison:
    """What a corpus stage said, and the files of what it leaves for later batches."""

    flags: DataFrame | None = None
    state: tuple[StoredFile, ...] = ()


def keys_ahead(following: PlannedStep | None) -> KeysAhead | None:
    """What a step should make of the keys of the ``following`` one, where that begins with them.

    What a crashed try left in the folder of the following step is deleted.
    """
    if following is None:
        return None
    stage = following.corpus_stage
    if stage is None or following.stages[0] is not stage:
        return None
    storage.delete_folder(following.folder)
    return KeysAhead(following.fingerprint, stage, storage.join(following.folder, KEYS_FOLDER))


def find_keys(
    spark: SparkSession,
    step: PlannedStep,
    work: StepWork,
    parts: Sequence[Part],
    ahead: Mapping[int, StoredFile],
) -> list[KeysOfPart]:
    """The keys of a step's parts, if it compares any: those made ``ahead``, or written now."""
    folder = storage.join(step.folder, KEYS_FOLDER)
    if step.corpus_stage is None:
        return []
    if ahead:
        return [
            KeysOfPart(part.number, folder, tuple(ahead[file.part] for file in part.content.files))
            for part in parts
            if isinstance(part.content, StepFiles)
        ]
    written = run_tasks(spark, parts, partial(write_keys, work, step.corpus_stage, folder))
    return [
        KeysOfPart(part.number, folder, (file,)) for part, file in zip(parts, written, strict=True)
    ]


def bytes_to_compare(step: PlannedStep, keys: Sequence[KeysOfPart]) -> int:
    """How many bytes of keys and earlier state are compared, as they lie on disk."""
    earlier = step.earlier.files if step.earlier else ()
    return sum(of_part.bytes for of_part in keys) + sum(file.bytes for file in earlier)


def compare(spark: SparkSession, step: PlannedStep, keys: Sequence[KeysOfPart]) -> Comparison:
    """Compare the documents of a step by their keys, if it has a corpus stage.

    Keys and flags are held where they are used twice.
    """
    stage = step.corpus_stage
    if stage is None:
        return Comparison()
    from pyspark import StorageLevel

    tasks = 1 if fit_one_task(bytes_to_compare(step, keys)) else None
    frame = read_keys(spark, stage, keys, tasks).persist(StorageLevel.DISK_ONLY)
    earlier = _earlier_state(spark, step, stage, tasks)
    flags = stage.flag(frame, earlier)
    if stage.state_columns is None:
        return Comparison(flags)
    flags = flags.persist(StorageLevel.DISK_ONLY)
    state = stage.state(frame, flags, earlier)
    target = storage.join(step.folder, "state")
    files = write_frame(state, target, pa.schema([*stage.state_columns.items()]))
    return Comparison(flags, tuple(files))


def _earlier_state(
    spark: SparkSession, step: PlannedStep, stage: CorpusStage, tasks: int | None
) -> DataFrame | None:
    if stage.state_columns is None or step.earlier is None or not step.earlier.batches:
        return None
    return read_state(spark, step.earlier.files, stage.state_columns, tasks)
