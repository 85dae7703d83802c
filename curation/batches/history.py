"""What the batches before one left for its corpus stages, and whether it still stands.

The steps that left state for a stage, batch after batch, make a *chain*: a digest that each batch
adds the folder of its step to. A folder's name holds the fingerprint of all that its content
depends on, so equal chains mean equal state. A step's own fingerprint holds the chain that it was
judged against, and the batch's record does: a batch *stands* as long as the chains before it are
those. Once a batch is withdrawn, replaced or deleted by hand, all later ones are *stale*, and
nothing is judged against them until they are run again, in order.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from curation import storage
from curation.batches import merged_state
from curation.batches.merged_state import MergedState
from curation.batches.records import BatchRecord, read_records
from curation.errors import UsageError
from curation.storage import manifest
from curation.storage.manifest import Manifest

NOTHING = ""
"""The chain before the first batch."""

CHAIN_CHARS = 12


def add_link(chain: str, step_folder: str) -> str:
    """The chain after one more batch.

    >>> add_link(NOTHING, "02-identity-aa") == add_link(NOTHING, "02-identity-aa")
    True
    >>> add_link(NOTHING, "02-identity-aa") == add_link("4f0e", "02-identity-aa")
    False
    """
    return hashlib.sha256(f"{chain}/{step_folder}".encode()).hexdigest()[:CHAIN_CHARS]


@dataclass(frozen=True)
class Standing:
    """A batch, whether it is stale, and the chain of each stage with this batch in it."""

    record: BatchRecord
    stale: bool
    chains: Mapping[str, str]


def survey(records: Sequence[BatchRecord]) -> list[Standing]:
    """Which batches stand; ``records`` are in the order of batches."""
    found: list[Standing] = []
    chains: dict[str, str] = {}
    stale = False
    for record in records:
        before = {stage: chains.get(stage, NOTHING) for stage in record.states}
        stale = stale or before != record.judged_against
        for stage, step in record.states.items():
            chains[stage] = add_link(before[stage], step)
        found.append(Standing(record, stale, dict(chains)))
    return found


@dataclass(frozen=True, slots=True)
class StateFile:
    """A file of state; ``batch_number`` is None where its rows name their batches themselves."""

    uri: str
    bytes: int
    batch_number: int | None


@dataclass(frozen=True)
class EarlierState:
    """What all earlier batches left for a stage: the files to read, and the chain they make."""

    chain: str
    batches: int
    files: tuple[StateFile, ...]


@dataclass(frozen=True)
class History:
    """The batches of a pipeline before one of them, in order."""

    pipeline_folder: str
    standings: tuple[Standing, ...]

    @classmethod
    def before(cls, pipeline_folder: str, number: int) -> History:
        """The batches of a smaller number."""
        found = survey(read_records(pipeline_folder))
        return cls(pipeline_folder, tuple(s for s in found if s.record.batch.number < number))

    def earlier_state(self, described: Mapping[str, Any]) -> EarlierState:
        """What the batches left for the stage so described, merged as far as it has been.

        Raises UsageError for a batch that is stale, has not come as far as that stage, or was
        judged by another configuration of it.
        """
        stage = described["name"]
        for standing in self.standings:
            if standing.stale:
                raise _stale(standing)
            if stage not in standing.record.states:
                raise _unfinished(standing, stage)
        chains = [NOTHING, *(standing.chains[stage] for standing in self.standings)]
        start, merged = _furthest(self.pipeline_folder, stage, chains)
        files = []
        if merged:
            _refuse_other(stage, merged.described, described, f"the merged state {merged.folder}")
            files = [
                StateFile(storage.join(merged.folder, file.name), file.bytes, None)
                for file in merged.files
            ]
        for standing in self.standings[start:]:
            files += _own_files(standing, described)
        return EarlierState(chains[-1], len(self.standings), tuple(files))


def finished(standing: Standing, stage: str) -> Manifest | None:
    """The manifest of the step that left a batch's state for a stage, if it is done."""
    step = standing.record.states.get(stage)
    return manifest.load(storage.join(standing.record.batch.folder, step)) if step else None


def _furthest(
    pipeline_folder: str, stage: str, chains: Sequence[str]
) -> tuple[int, MergedState | None]:
    """The merged state that holds most of the batches, and how many."""
    there = merged_state.list_chains(pipeline_folder, stage)
    for number in reversed(range(1, len(chains))):
        if chains[number] in there:
            merged = merged_state.load(pipeline_folder, stage, chains[number])
            if merged:
                return number, merged
    return 0, None


def _own_files(standing: Standing, described: Mapping[str, Any]) -> list[StateFile]:
    stage, batch = described["name"], standing.record.batch
    done = finished(standing, stage)
    if done is None:
        raise _unfinished(standing, stage)
    _refuse_other(stage, done.described(stage), described, f"batch {batch.name!r}")
    folder = storage.join(batch.folder, standing.record.states[stage], "state")
    return [
        StateFile(storage.join(folder, file.name), file.bytes, batch.number) for file in done.state
    ]


def _refuse_other(
    stage: str, theirs: Mapping[str, Any], ours: Mapping[str, Any], where: str
) -> None:
    """Raise UsageError if what was left by one form of a stage would be read by another."""
    ours, theirs = (json.loads(json.dumps(one, default=str)) for one in (ours, theirs))
    for key in ("version", "configuration", "resources"):
        if ours[key] != theirs[key]:
            raise UsageError(
                f"{where} was judged by stage {stage} with another {key}: "
                f"{_difference(theirs[key], ours[key])}; keys of the two cannot be compared: run "
                "the earlier batches again as the configuration now is (--replace), or name "
                "another --root"
            )


def _difference(theirs: Any, ours: Any) -> str:
    if not isinstance(ours, dict) or not isinstance(theirs, dict):
        return f"{theirs} there, {ours} here"
    key = min(k for k in ours.keys() | theirs.keys() if ours.get(k) != theirs.get(k))
    return f"{key} is {theirs.get(key)!r} there, {ours.get(key)!r} here"


def _stale(standing: Standing) -> UsageError:
    name = standing.record.batch.name
    return UsageError(
        f"batch {name!r} is stale: a batch that it was judged against has been withdrawn or run "
        f"again since, and no later batch can be judged against it; `curate run` batch {name!r} "
        "again first (`curate batches` shows all that are stale)"
    )


def _unfinished(standing: Standing, stage: str) -> UsageError:
    name = standing.record.batch.name
    return UsageError(
        f"this batch is judged against batch {name!r}, which has not finished stage {stage}: run "
        f"batch {name!r} to its end first, or `curate withdraw {name}`"
    )
