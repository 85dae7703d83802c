"""Documents that left, and lines that were cut, by reason, with a few samples of each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

from curation.storage.manifest import Manifest
from curation.summaries.summary import NOTHING, Summary, first_rows
from schemas.verdict import Decision

End = tuple[str, str, str]
"""Decision, stage and reason."""


@dataclass(frozen=True, slots=True)
class CutLine:
    """The start of a line that a stage cut."""

    stage: str
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Sample:
    """One document as the report shows it; ``address`` is its place where it has no URL."""

    address: str
    detail: str
    snippet: str
    lines: tuple[CutLine, ...]


@dataclass(frozen=True, slots=True)
class SampleGroup:
    """Documents that left, or lines that were cut, for one reason: how many, and a few of them."""

    stage: str
    reason: str
    decision: str
    count: int
    samples: Sequence[Sample]


def groups_that_left(
    manifests: Sequence[Manifest], summaries: Sequence[Summary]
) -> list[SampleGroup]:
    """What left, in the order of the stages, the commonest reason first."""
    counts = Counter[End]()
    for one in (reason for done in manifests for reason in done.reasons):
        counts[str(one.decision), one.stage, one.reason] += one.rows
    samples = documents_of(
        first_rows(pa.concat_tables([NOTHING.samples, *(each.samples for each in summaries)]))
    )
    groups = [
        SampleGroup(stage, reason, decision, count, samples.get((decision, stage, reason), []))
        for (decision, stage, reason), count in counts.items()
    ]
    stages = [stage.name for done in manifests for stage in done.stages]
    places = {name: place for place, name in enumerate(stages)}
    return sorted(groups, key=lambda g: (places.get(g.stage, -1), -g.count, g.reason, g.decision))


def groups_of_cuts(summary: Summary) -> list[SampleGroup]:
    """The lines that were cut from documents that were kept, the commonest cause first."""
    samples = _by_end(summary.samples.filter(summary.samples["cut"]))
    columns = summary.cuts.select(["stage", "reason", "lines"]).to_pydict().values()
    groups = [
        SampleGroup(stage, reason, "cut", count, samples.get((Decision.KEEP, stage, reason), []))
        for stage, reason, count in zip(*columns, strict=True)
    ]
    return sorted(groups, key=lambda group: (-group.count, group.stage, group.reason))


def documents_of(samples: pa.Table) -> dict[End, list[Sample]]:
    """The samples of documents by how they ended."""
    return _by_end(samples.filter(pc.invert(samples["cut"])))


def _by_end(samples: pa.Table) -> dict[End, list[Sample]]:
    found: dict[End, list[Sample]] = {}
    for row in samples.to_pylist():
        address = row["url"] or f"{row['source']} at {row['offset']}"
        lines = tuple(CutLine(**line) for line in row["lines"])
        sample = Sample(address, row["detail"], row["snippet"], lines)
        found.setdefault((row["decision"], row["stage"], row["reason"]), []).append(sample)
    return found
