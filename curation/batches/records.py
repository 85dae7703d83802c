"""The batches of a pipeline in one root: their order, and what each last ran.

``{root}/{pipeline}/{batch}/_run.json`` says which folders make up the batch's last run. A folder
without one is no batch.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from typing import Any

from curation import storage
from curation.config import PipelineConfig
from curation.errors import UsageError

FILE_NAME = "_run.json"
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


@dataclass(frozen=True)
class BatchRecord:
    """What a batch last ran.

    ``states`` maps each corpus stage that leaves state to the folder of its step,
    ``judged_against`` to the chain of the steps before it that did (see
    ``curation.batches.history``).
    """

    batch: Batch
    steps: tuple[str, ...]
    states: Mapping[str, str]
    judged_against: Mapping[str, str]


def find_batch(root: str, pipeline: str, name: str) -> Batch:
    """The batch of that name, numbered after those that are there if it is new. Writes nothing.

    Raises UsageError for a name that cannot be a folder's.
    """
    if not name or name.startswith(("_", ".")) or "/" in name:
        raise UsageError(f"--batch {name!r}: is no name: it may not start with _ or . or hold a /")
    folder = storage.join(root, pipeline)
    batches = [record.batch for record in read_records(folder)]
    known = [batch for batch in batches if batch.name == name]
    after = max((batch.number for batch in batches), default=-1) + 1
    return known[0] if known else Batch(folder, name, after)


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


def read_record(batch_folder: str) -> dict[str, Any] | None:
    """What a batch last ran, or None if it never did."""
    path = storage.join(batch_folder, FILE_NAME)
    if not storage.exists(path):
        return None
    record: dict[str, Any] = storage.read_json(path)
    return record


def read_records(pipeline_folder: str) -> list[BatchRecord]:
    """What every batch of a pipeline last ran, in the order of batches."""
    names = storage.list_names(pipeline_folder)
    folders = [storage.join(pipeline_folder, name) for name in names]
    with ThreadPoolExecutor(READERS) as pool:
        read = list(pool.map(read_record, folders))
    records = [
        BatchRecord(
            Batch(pipeline_folder, name, record["number"]),
            tuple(record["steps"]),
            record["states"],
            record["judged_against"],
        )
        for name, record in zip(names, read, strict=True)
        if record
    ]
    return sorted(records, key=lambda record: record.batch.number)


def write_record(record: BatchRecord, config: PipelineConfig, inputs: Sequence[str]) -> None:
    """Say which step folders make up the batch's run, and what it was configured as."""
    storage.write_json(
        storage.join(record.batch.folder, FILE_NAME),
        {
            "number": record.batch.number,
            "configuration": flatten(config),
            "inputs": list(inputs),
            "steps": list(record.steps),
            "states": dict(record.states),
            "judged_against": dict(record.judged_against),
        },
    )


def flatten(config: PipelineConfig) -> dict[str, str]:
    """Every setting that a result depends on, by its dotted key."""
    values = asdict(config)
    del values["spark"]
    flat: dict[str, str] = {}
    _flatten("", values, flat)
    return flat


def _flatten(key: str, value: Any, into: dict[str, str]) -> None:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _flatten(f"{key}.{name}" if key else name, inner, into)
    else:
        into[key] = repr(value)


def refuse_other_run(batch: Batch, config: PipelineConfig, inputs: Sequence[str]) -> None:
    """Raise UsageError if the batch holds a run of another configuration or other inputs."""
    record = read_record(batch.folder)
    if record is None:
        return
    ours, theirs = flatten(config), record["configuration"]
    differing = sorted(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
    advice = "add --replace to redo what differs, or name another --root or --batch"
    if differing:
        key = differing[0]
        more = f" (and {len(differing) - 1} more)" if len(differing) > 1 else ""
        raise UsageError(
            f"{batch.folder} holds a run of another configuration: {key} was "
            f"{theirs.get(key, 'not set')}, is {ours.get(key, 'not set')}{more}; {advice}"
        )
    if record["inputs"] != list(inputs):
        raise UsageError(f"{batch.folder} holds a run of other inputs; {advice}")
