"""The batches of a pipeline in one root: their order, what each last ran, and their state.

``{root}/{pipeline}/{batch}/_run.json`` says which folders make up the batch's last run.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from curation import manifest, storage
from curation.config import PipelineConfig
from curation.errors import UsageError
from curation.manifest import Manifest

FILE_NAME = "_run.json"


@dataclass(frozen=True)
class EarlierState:
    """What an earlier batch left for a corpus stage."""

    batch_number: int
    folder: str
    manifest: Manifest


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

    def earlier_states(self, stage: str) -> list[str]:
        """The fingerprints of the steps of earlier batches that left state for a stage."""
        return [state.manifest.fingerprint for state in self.find_earlier(stage)]

    def find_earlier(self, stage: str) -> list[EarlierState]:
        """The state that earlier batches left for a stage, in batch order.

        Raises UsageError for a batch whose run has not come as far as that stage.
        """
        found = []
        for name, record in _records(self.pipeline_folder).items():
            if record["number"] < self.number:
                found.append(self._state_of(name, record, stage))
        return sorted(found, key=lambda state: state.batch_number)

    def _state_of(self, name: str, record: Mapping[str, Any], stage: str) -> EarlierState:
        for folder in record["steps"]:
            uri = storage.join(self.pipeline_folder, name, folder)
            done = manifest.load(uri)
            if done and done.stages and done.stages[0]["name"] == stage:
                return EarlierState(record["number"], uri, done)
        raise UsageError(
            f"batch {self.name!r} is judged against batch {name!r}, which has not finished stage "
            f"{stage}: run batch {name!r} to its end first, or delete {self.pipeline_folder}/{name}"
        )


def find_batch(root: str, pipeline: str, name: str) -> Batch:
    """The batch of that name, numbered after those that are there if it is new.

    Raises UsageError for a root that cannot be written to.
    """
    folder = storage.join(root, pipeline)
    probe = storage.join(folder, name, ".writable")
    try:
        storage.write_bytes(probe, b"")
        storage.delete_file(probe)
    except OSError as error:
        raise UsageError(
            f"--root {root}: cannot be written to ({error.strerror or error}); "
            "name another folder or bucket"
        ) from error
    records = _records(folder)
    known = records.get(name)
    number = known["number"] if known else len(records)
    return Batch(folder, name, number)


def read_record(batch_folder: str) -> dict[str, Any] | None:
    """What a batch last ran, or None if it never did."""
    path = storage.join(batch_folder, FILE_NAME)
    if not storage.exists(path):
        return None
    record: dict[str, Any] = storage.read_json(path)
    return record


def write_record(
    batch: Batch, config: PipelineConfig, inputs: Sequence[str], steps: Sequence[str]
) -> None:
    """Say which step folders make up the batch's run, and what it was configured as."""
    storage.write_json(
        storage.join(batch.folder, FILE_NAME),
        {
            "number": batch.number,
            "configuration": flatten(config),
            "inputs": list(inputs),
            "steps": list(steps),
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


def _records(pipeline_folder: str) -> dict[str, dict[str, Any]]:
    names = storage.list_names(pipeline_folder)
    records = {name: read_record(storage.join(pipeline_folder, name)) for name in names}
    return {name: record for name, record in records.items() if record}
