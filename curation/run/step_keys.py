"""Where the keys of a step come from: the step before it, or a pass of their own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from curation import storage
from curation.parts.keys import KeysOfPart, WrittenKeys
from curation.parts.process import KeysAhead, StepWork, write_keys
from curation.parts.reader import Part, StepFiles
from curation.run.plan import PlannedStep
from curation.spark.gpus import take_own_gpu
from curation.spark.tasks import run_tasks, was_tried_before
from stages.base import CorpusStage, Stage

if TYPE_CHECKING:
    from pyspark.resource import ResourceProfile
    from pyspark.sql import SparkSession

KEYS_FOLDER = "keys"


def keys_ahead(step: PlannedStep, following: PlannedStep | None) -> KeysAhead | None:
    """What a step should make of the keys of the ``following`` one, where that begins with them.

    Nor are they made here, where they need GPUs that this step's tasks have not. What a crashed try
    left in the folder of the following step is deleted.
    """
    if following is None:
        return None
    stage = following.corpus_stage
    if stage is None or following.stages[0] is not stage:
        return None
    if following.gpus > step.gpus and need_gpus([stage]):
        return None
    storage.delete_folder(following.folder)
    return KeysAhead(following.fingerprint, stage, storage.join(following.folder, KEYS_FOLDER))


def find_keys(
    spark: SparkSession,
    step: PlannedStep,
    work: StepWork,
    parts: Sequence[Part],
    ahead: Mapping[int, WrittenKeys],
    profile: ResourceProfile | None = None,
) -> list[KeysOfPart]:
    """The keys of a step's parts, if it compares any: those made ``ahead``, or written now.

    They are written by tasks that have what the ``profile`` asks for, where they need it.
    """
    folder = storage.join(step.folder, KEYS_FOLDER)
    if step.corpus_stage is None:
        return []
    if ahead:
        return [
            _together(part.number, folder, [ahead[file.part] for file in part.content.files])
            for part in parts
            if isinstance(part.content, StepFiles)
        ]
    before = step.stages[: step.stages.index(step.corpus_stage) + 1]
    write = partial(_write_keys, work, step.corpus_stage, folder)
    written = run_tasks(spark, parts, write, profile if need_gpus(before) else None)
    return [
        _together(part.number, folder, [keys]) for part, keys in zip(parts, written, strict=True)
    ]


def without_keys(parts: Iterable[Part], keys: Iterable[KeysOfPart]) -> list[Part]:
    """The parts, each told of which of its documents there are no keys."""
    missing = {of_part.part: of_part.missing for of_part in keys}
    return [replace(part, unkeyed=missing.get(part.number, {})) for part in parts]


def _together(part: int, folder: str, written: Sequence[WrittenKeys]) -> KeysOfPart:
    missing = {position: why for keys in written for position, why in keys.missing.items()}
    return KeysOfPart(part, folder, tuple(keys.file for keys in written), missing)


def need_gpus(stages: Iterable[Stage]) -> bool:
    """Whether some of the stages may open what holds a GPU."""
    return not all(stage.opens_before_fork for stage in stages)


def _write_keys(work: StepWork, stage: CorpusStage, folder: str, part: Part) -> WrittenKeys:
    take_own_gpu()
    return write_keys(work, stage, folder, part, tried_before=was_tried_before())
