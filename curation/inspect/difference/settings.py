"""What two runs were made with, where it differs: settings, versions, models, inputs."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from pydantic import JsonValue

from curation.batches.run_record import RunRecord
from curation.storage.manifest import Manifest
from curation.storage.stage_description import StageDescription


def differing_settings(
    records: Sequence[RunRecord | None], manifests: Sequence[Sequence[Manifest]]
) -> list[str]:
    """A line for each difference; none where the runs were made alike."""
    found: list[str] = []
    one, other = records
    if one and other:
        found += _mappings("", one.configuration, other.configuration)
        if one.inputs != other.inputs:
            found.append(f"inputs: {_inputs(one)} | {_inputs(other)}")
        if one.judged_against != other.judged_against:
            found.append("earlier batches: the runs were judged against others")
    found += _stages(*manifests)
    return found


def _inputs(record: RunRecord) -> str:
    shown = ", ".join(record.inputs[:2])
    more = len(record.inputs) - len(record.inputs[:2])
    return shown + (f" and {more:,} more" if more else "")


def _stages(ours: Sequence[Manifest], theirs: Sequence[Manifest]) -> Iterator[str]:
    one, other = (_described(manifests) for manifests in (ours, theirs))
    for name in [*one, *(name for name in other if name not in one)]:
        if name not in one or name not in other:
            continue  # the steps of the configuration say so
        if one[name].version != other[name].version:
            yield f"{name}: version {one[name].version} | {other[name].version}"
        yield from _mappings(f"{name}: ", one[name].resources, other[name].resources)


def _described(manifests: Sequence[Manifest]) -> dict[str, StageDescription]:
    return {stage.name: stage for manifest in manifests for stage in manifest.stages}


def _mappings(
    start: str, one: Mapping[str, JsonValue], other: Mapping[str, JsonValue]
) -> Iterator[str]:
    for key in sorted(one.keys() | other.keys()):
        if one.get(key) != other.get(key):
            yield f"{start}{key}: {_shown(one.get(key))} | {_shown(other.get(key))}"


def _shown(value: JsonValue) -> str:
    return "not set" if value is None else json.dumps(value, ensure_ascii=False)
