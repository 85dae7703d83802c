"""The story of one page: what every stage of a run said of it, and what it measured."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from curation import storage
from curation.errors import UsageError
from curation.inspect.lookup.captures import BatchPages, Capture, Visit
from curation.inspect.printable import printable
from curation.inspect.run_files import find_runs
from curation.inspect.verdicts import (
    cuts_by,
    how_it_left,
    judged_stages,
    measures_of,
    values_of,
)
from curation.sources.takedown.lists import stored_lists
from schemas.verdict import Decision
from stages.base import Row

_MAX_CUTS = 5
_MAX_TWINS = 10  # a chain of twins that leads on is one of fuzzy_dedup's, and short


@dataclass(frozen=True)
class Story:
    """One capture, the twins for which it and they left, and its rows in the outputs."""

    capture: Capture
    twins: Sequence[Capture | str]
    exported: Sequence[tuple[str, int]]

    @property
    def identity(self) -> Row:
        """The page as it was crawled."""
        return self.capture.visits[0].placed.row


def tell(batch_folders: str | Sequence[str], query: str) -> list[Story]:
    """The stories of every capture with that URL or doc_id, batch by batch.

    Raises UsageError if none of the batches has one: it names other batches of the root that do,
    and pages that are spelled nearly so.
    """
    folders = [batch_folders] if isinstance(batch_folders, str) else list(batch_folders)
    batches = [BatchPages(folder) for folder in folders]
    found = [(batch, capture) for batch in batches for capture in batch.captures(query)]
    if not found:
        raise UsageError("\n".join(_not_found(batches, query)))
    others = _OtherBatches(batches)
    return [
        Story(capture, tuple(_twins(capture, others)), tuple(batch.exported(capture)))
        for batch, capture in found
    ]


class _OtherBatches:
    """The batches of a root, those that were asked about first; opened when they are needed."""

    def __init__(self, batches: Sequence[BatchPages]) -> None:
        self._batches = list(batches)
        self._folders = [one for one in _neighbours(batches[0].folder) if not self._has(one)]

    def _has(self, folder: str) -> bool:
        return any(folder == batch.folder for batch in self._batches)

    def find(self, doc_id: str) -> Capture | None:
        """The first capture of a document in any of them."""
        for batch in self:
            for capture in batch.captures(doc_id):
                return capture
        return None

    def __iter__(self) -> Iterator[BatchPages]:
        yield from self._batches
        while self._folders:
            self._batches.append(BatchPages(self._folders.pop(0)))
            yield self._batches[-1]


def _root_of(batch_folder: str) -> str:
    return batch_folder.rstrip("/").rsplit("/", 2)[0]


def _neighbours(batch_folder: str) -> list[str]:
    """The batches of the same pipeline."""
    pipeline = batch_folder.rstrip("/").rsplit("/", 2)[1]
    return [one for one in find_runs(_root_of(batch_folder)) if one.split("/")[-2] == pipeline]


def _twins(capture: Capture, batches: _OtherBatches) -> Iterator[Capture | str]:
    """The document for which it left, and the one for which that left, to the one that stayed."""
    seen = {capture.row["doc_id"]}
    while (twin := capture.row.get("twin")) and capture.decision is Decision.REMOVE:
        if twin in seen or len(seen) > _MAX_TWINS:
            return
        seen.add(twin)
        found = batches.find(twin)
        yield found or twin
        if found is None:
            return
        capture = found


def _not_found(batches: Sequence[BatchPages], query: str) -> Iterator[str]:
    where = ", ".join(batch.folder for batch in batches)
    yield f"{query}: no page with this URL or doc_id in {where}"
    known = {batch.folder for batch in batches}
    for folder in _neighbours(batches[0].folder):
        for capture in BatchPages(folder).captures(query) if folder not in known else ():
            name = folder.split("/")[-1]
            yield f"  batch {name} has it: {capture.ending} (--batch {name})"
    shown = set[str]()
    for batch in batches:
        for hit in batch.near(query):
            row = batch.capture_at(hit.position).row
            shown.add(f"  did you mean {row['url'] or '(no URL)'} ({row['doc_id']})?")
    yield from sorted(shown)
    if taken := stored_lists(_root_of(batches[0].folder)).open().find(query, query.lower()):
        yield f"  it is to be kept out wherever it comes: {taken}"
    yield from _left_behind(batches[0].folder)


def _left_behind(batch_folder: str) -> Iterator[str]:
    """Batches that are gone but for what a withdrawal that was broken off has left."""
    pipeline = storage.join(batch_folder.rstrip("/").rpartition("/")[0])
    whole = {folder.split("/")[-1] for folder in _neighbours(batch_folder)}
    for name in storage.list_names(pipeline):
        if name not in whole and not name.startswith("_"):
            yield f"  batch {name} was withdrawn, or has no run"


def lines(story: Story) -> Iterator[str]:
    """The story as lines for a terminal, each on one line and without control characters."""
    return map(printable, _lines(story))


def _lines(story: Story) -> Iterator[str]:
    capture, first = story.capture, story.identity
    yield f"{first['url'] or '(no URL)'}"
    yield f"  doc_id {first['doc_id']}  captured {first['date'] or 'at an unknown time'}"
    yield f"  {first['source']} at {first['offset']:,}"
    yield f"  batch {capture.batch}: {capture.ending}"
    before: Row = {}
    for visit in capture.visits:
        yield from _step_lines(visit, before)
        before = visit.placed.row
    if not capture.is_whole:
        yield "  the step after that lacks it, or is not done: `curate verify` looks"
    for twin in story.twins:
        yield from _twin_lines(twin)
    if "copies" in capture.row and capture.decision is Decision.KEEP:
        yield f"  written {capture.row['copies']} times"
    for shard, number in story.exported:
        yield f"  exported: row {number:,} of {shard}"


def _twin_lines(twin: Capture | str) -> Iterator[str]:
    if isinstance(twin, str):
        yield f"  its twin {twin} is in no batch of this pipeline: withdrawn, or replaced since"
        return
    yield f"  its twin {twin.row['doc_id']} {twin.row['url'] or '(no URL)'}"
    yield f"      batch {twin.batch}: {twin.ending}"


def _step_lines(visit: Visit, before: Row) -> Iterator[str]:
    """A line for each stage that judged the page, and below it what it measured and cut."""
    row, decision = visit.placed.row, visit.placed.decision
    manifest = visit.step.manifest
    made = (row["edits"] or [])[len(before.get("edits") or []) :]
    for stage in judged_stages(manifest, row):
        if row["stage"] == stage and decision is not Decision.KEEP:
            yield f"  {manifest.step}: {how_it_left(decision, row)}: {row['detail']}"
        else:
            yield f"  {manifest.step}: kept by {stage}"
        for comparison in measures_of(manifest, stage, row):
            yield f"      {comparison}"
        cuts = cuts_by(made, stage)
        for cut in cuts[:_MAX_CUTS]:
            yield f"      cut ({cut['reason']}): {cut['text'][:100]}"
        if len(cuts) > _MAX_CUTS:
            yield f"      … and {len(cuts) - _MAX_CUTS:,} more lines"
    for name, value in values_of(manifest, row, before):
        yield f"      {name} = {value}"
