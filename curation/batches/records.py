"""The batches of a pipeline in one root, in their order. A folder without a run is no batch."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from pydantic import JsonValue

from conf.names import folder_name
from curation import storage
from curation.batches.run_record import (
    FILE_NAME,
    RunRecord,
    load_run_record,
    phases_in,
    settings_of,
)
from curation.errors import UsageError

if TYPE_CHECKING:
    from curation.config import PipelineConfig

READERS = 16  # a record is a request of some milliseconds to an object store


@dataclass(frozen=True)
class Batch:
    """One batch of a pipeline. ``number`` orders batches by when they were first run."""

    pipeline_folder: str
    name: str
    number: int

    @property
    def folder(self) -> str:
        """Where the steps of the batch lie."""
        return storage.join(self.pipeline_folder, self.name)

    @property
    def root(self) -> str:
        """The folder of its pipeline, and of others."""
        return self.pipeline_folder.rpartition("/")[0]


@dataclass(frozen=True)
class BatchRecord:
    """A batch and what it last ran."""

    batch: Batch
    run: RunRecord


def find_batch(root: str, pipeline: str, name: str) -> Batch:
    """The batch of that name, numbered after those that are there if it is new. Writes nothing.

    Raises UsageError for a name that cannot be a folder's.
    """
    try:
        folder_name(name)
    except ValueError as error:
        raise UsageError(f"--batch {name!r}: {error}") from error
    folder = storage.join(root, pipeline)
    batches = [record.batch for record in read_records(folder)]
    known = [batch for batch in batches if batch.name == name]
    after = max((batch.number for batch in batches), default=-1) + 1
    return known[0] if known else Batch(folder, name, after)


def read_records(pipeline_folder: str) -> list[BatchRecord]:
    """What every batch of a pipeline last ran, in the order of batches."""
    names = storage.list_names(pipeline_folder)
    folders = [storage.join(pipeline_folder, name) for name in names]
    with ThreadPoolExecutor(READERS) as pool:
        runs = list(pool.map(load_run_record, folders))
    records = [
        BatchRecord(Batch(pipeline_folder, name, run.number), run)
        for name, run in zip(names, runs, strict=True)
        if run
    ]
    return sorted(records, key=lambda record: record.batch.number)


def holds_batches(pipeline_folder: str) -> bool:
    """Whether a folder is that of a pipeline: a batch lies in it that has run."""
    names = storage.list_names(pipeline_folder)
    return any(storage.exists(storage.join(pipeline_folder, name, FILE_NAME)) for name in names)


def of_phase(record: BatchRecord, phase: str) -> BatchRecord:
    """A batch with what it last ran of a phase.

    Raises UsageError if it has not since it last ran: a phase goes on from the steps of its batch.
    """
    found = _find_phase(record, phase)
    if found is None:
        raise UsageError(
            f"batch {record.batch.name!r} has not run phase {phase} since it last ran, and this "
            f"batch is judged against it: `curate balance` batch {record.batch.name!r} first"
        )
    return found


def histories(records: Sequence[BatchRecord]) -> Mapping[str, list[BatchRecord]]:
    """The batches as they last ran, by "", and as they ran each of their phases, by its name.

    Those of a phase end before the first batch that has not run it since it last ran.
    """
    phases = sorted({name for record in records for name in phases_in(record.batch.folder)})
    found: dict[str, list[BatchRecord]] = {"": [*records]}
    for phase in phases:
        runs = (_find_phase(record, phase) for record in records)
        found[phase] = [run for run in takewhile(bool, runs) if run]
    return found


def _find_phase(record: BatchRecord, phase: str) -> BatchRecord | None:
    run = load_run_record(record.batch.folder, phase)
    return BatchRecord(record.batch, run) if run and _goes_on_from(run, record.run) else None


def _goes_on_from(phase: RunRecord, run: RunRecord) -> bool:
    """Whether the steps before those that left state are steps of the run."""
    firsts = [phase.steps.index(step) for step in phase.states.values()]
    shared = min(firsts, default=0)
    return phase.steps[:shared] == run.steps[:shared]


def refuse_unwritable(batch: Batch) -> None:
    """Raise UsageError if nothing can be written where the steps of a batch lie."""
    probe = storage.join(batch.folder, ".writable")
    try:
        storage.write_bytes(probe, b"")
        storage.delete_file(probe)
    except OSError as error:
        raise UsageError(
            f"--root: {batch.folder} cannot be written to ({error.strerror or error}); "
            "name another folder or bucket"
        ) from error


def refuse_other_run(batch: Batch, config: PipelineConfig, inputs: Sequence[str]) -> None:
    """Raise UsageError if the batch holds a run of another configuration or other inputs."""
    run = load_run_record(batch.folder)
    if run is None:
        return
    ours, theirs = settings_of(config), run.configuration
    # What was not made was recorded as null before outputs came from a registry.
    differing = sorted(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
    advice = "add --replace to redo what differs, or name another --root or --batch"
    if differing:
        key = differing[0]
        was, now = (_shown(one.get(key)) for one in (theirs, ours))
        more = f" (and {len(differing) - 1} more)" if len(differing) > 1 else ""
        raise UsageError(
            f"{batch.folder} holds a run of another configuration: {key} was {was}, is {now}"
            f"{more}; {advice}"
        )
    if run.inputs != tuple(inputs):
        raise UsageError(f"{batch.folder} holds a run of other inputs; {advice}")


def _shown(value: JsonValue) -> str:
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)
