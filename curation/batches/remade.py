"""Steps that are made again after a takedown, with other state than it had left.

A takedown takes keys out of the state of a step, and leaves the rest as it was: a twin that had
left stays out. A step that is made again (it was damaged, or deleted) has never seen what was taken
down, so the twin is kept and its keys are there. The folder is called the same, for a fingerprint
does not know the lists; but what later batches were judged against is gone. So a takedown writes
down which state it left, and a run, or a repair, that finds another one in the step's place gives
it a name of its own in the lineage: later batches are stale from then on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import replace

from curation.batches.run_record import RunRecord
from curation.storage.manifest import Manifest

_DIGEST_CHARS = 12


def digest_of(made: Manifest) -> str:
    """What tells the state, and the fitted table, that a step left from any others."""
    files = sorted(f"{file.name} {file.sha256}" for file in (*made.state, *made.fitted))
    return hashlib.sha256("\n".join(files).encode()).hexdigest()[:_DIGEST_CHARS]


def after_takedown(record: RunRecord, made: Mapping[str, Manifest]) -> RunRecord:
    """The record with the state that a takedown has left, by the folders of steps."""
    left = {stage: digest_of(made[step]) for stage, step in record.states.items() if step in made}
    return replace(record, taken_down={**record.taken_down, **left})


def going_on(record: RunRecord, former: RunRecord | None) -> RunRecord:
    """The record of a run with what the former one said of the steps that it has, too."""
    if former is None:
        return record
    same = {stage for stage, step in record.states.items() if former.states.get(stage) == step}
    return replace(
        record,
        taken_down={stage: one for stage, one in former.taken_down.items() if stage in same},
        remade={stage: one for stage, one in former.remade.items() if stage in same},
    )


def with_remade(record: RunRecord, made: Iterable[Manifest]) -> RunRecord:
    """The record once steps are done: what has other state than a takedown left was made again."""
    now = {stage.name: digest_of(one) for one in made for stage in one.stages}
    others = {
        stage: now[stage]
        for stage, left in record.taken_down.items()
        if now.get(stage, left) != left
    }
    return replace(
        record, taken_down={**record.taken_down, **others}, remade={**record.remade, **others}
    )
