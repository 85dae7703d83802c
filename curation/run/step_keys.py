"""Where the keys of a step come from: the step before it, or a pass of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from curation import storage
from curation.parts.keys import KeysOfPart
from curation.parts.process import KeysAhead, StepWork, write_keys
from curation.parts.reader import Part, StepFiles
from curation.run.plan import PlannedStep
from curation.spark.tasks import run_tasks
from curation.storage import StoredFile

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

KEYS_FOLDER = "keys"


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
