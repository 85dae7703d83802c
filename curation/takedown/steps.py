"""A step that judged, without some documents: its parts, its summary and the state that it left.

A part that holds none of them stays as it is. The others are written again, by what writes parts:
in a step that read the crawl a document that is taken down is removed, as that step would remove it
now; in later ones it never came. Data files are named by their bytes, so old and new ones lie side
by side until the manifest, which is replaced in one act, names the new ones.
"""

from __future__ import annotations

import heapq
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from curation import storage
from curation.parts.reader import batched, taken_down
from curation.parts.writer import PartWriter
from curation.run.step_summary import summarise_step
from curation.sources.takedown.lists import StoredLists, Takedowns
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile, manifest
from curation.storage.ledger import add_sums
from curation.storage.manifest import Manifest, PartResult
from curation.storage.parquet import open_parquet, parquet_writer
from curation.takedown.finding import is_loss, parts_with
from curation.takedown.folders import StepFolder
from schemas.verdict import VERDICT_FIELDS, Decision
from stages.chain import Document

_READ_ROWS = 64
_VERDICT_NAMES = frozenset(field.name for field in VERDICT_FIELDS)


@dataclass(frozen=True)
class PartWork:
    """What a worker needs to know to write a part of a step without some documents."""

    folder: str
    made: Manifest
    is_first: bool
    leaving: frozenset[str]
    lists: StoredLists


def take_out(
    run: RunTasks, step: StepFolder, leaving: frozenset[str], lists: StoredLists
) -> Manifest:
    """Write what changes of a step, then its manifest, and delete what that does not name."""
    made = step.made
    affected = parts_with(run, step.folder, made.parts, leaving)
    work = PartWork(step.folder, replace(made, parts=()), step.is_first, leaving, lists)
    chosen = [part for part in made.parts if part.part in affected]
    rewritten = {part.part: part for part in run(chosen, partial(rewrite_part, work))}
    parts = tuple(rewritten.get(part.part, part) for part in made.parts)
    state = tuple(
        file for file in run(made.state, partial(_without_keys, step.folder, leaving)) if file
    )
    if (parts, state) != (made.parts, made.state):
        summary = summarise_step(run, step.folder, parts) if made.summary else None
        made = _account(made, parts, state, summary)
        made.save(step.folder)
    manifest.delete_strays(step.folder, made)
    return made


def rewrite_part(work: PartWork, part: PartResult) -> PartResult:
    """A part without some documents; in a step that read the crawl they are removed."""
    takedowns = work.lists.open()
    documents = (_now(work, takedowns, one) for one in read_part(work.folder, part))
    with PartWriter(
        _columns(work.folder, part),
        work.folder,
        part.part,
        sys.maxsize,  # what was removed has been cut already
        is_crawled=part.lookup is not None,
        limits=work.made.limits,
    ) as writer:
        rows_in = 0
        for some in batched(one for one in documents if one):
            writer.write(some)
            rows_in += len(some)
        made = writer.finish(part.skipped)
    sums = made.identities or {}
    return replace(
        made,
        rows_in=rows_in,
        records=part.records,
        identities_in=None if part.identities_in is None else add_sums(sums.values()),
        identities=None if part.identities is None else sums,
    )


def read_part(folder: str, part: PartResult) -> Iterator[Document]:
    """Every document of a part as it was judged, in crawl order."""
    files = [_read(folder, decision, file) for decision, file in part.files.items()]
    return heapq.merge(*files, key=lambda document: document.columns["position"])


def _read(folder: str, decision: Decision, file: StoredFile) -> Iterator[Document]:
    with open_parquet(storage.join(folder, file.name)) as parquet:
        for batch in parquet.iter_batches(_READ_ROWS):
            for row in batch.to_pylist():
                columns = {name: row[name] for name in row if name not in _VERDICT_NAMES}
                yield Document(
                    columns, decision, row["stage"], row["reason"], row["detail"], row["edits"]
                )


def _now(work: PartWork, takedowns: Takedowns, document: Document) -> Document | None:
    columns = document.columns
    if columns["doc_id"] not in work.leaving or is_loss(document.decision, document.stage):
        return document
    taken = takedowns.find(columns["url"], columns["doc_id"])
    if not work.is_first:
        return None
    return taken_down(columns, taken) if taken else document


def _columns(folder: str, part: PartResult) -> Mapping[str, pa.DataType]:
    """The columns of a part's documents with their types."""
    file = next(iter(part.files.values()))
    with open_parquet(storage.join(folder, file.name)) as parquet:
        schema: pa.Schema = parquet.schema_arrow
    return {field.name: field.type for field in schema if field.name not in _VERDICT_NAMES}


def _without_keys(folder: str, leaving: frozenset[str], file: StoredFile) -> StoredFile | None:
    """A file of state without what some documents left; None if there is nothing else in it.

    State that does not name documents counts lines or sites, and stays.
    """
    home = storage.join(folder, manifest.STATE_FOLDER)
    with open_parquet(storage.join(home, file.name)) as parquet:
        if "doc_id" not in parquet.schema_arrow.names:
            return file
        table = parquet.read()
    stays = pc.invert(pc.is_in(table["doc_id"], pa.array(sorted(leaving), pa.string())))
    left = table.filter(stays)
    if left.num_rows == table.num_rows:
        return file
    return _publish(left, home, file.name) if left.num_rows else None


def _publish(table: pa.Table, home: str, name: str) -> StoredFile:
    stem = name.rpartition("-")[0]
    with storage.scratch_file(storage.join(home, stem)) as path:
        with parquet_writer(path, table.schema) as writer:
            writer.write_table(table)
        rows = pq.read_metadata(path).num_rows
        return storage.publish_named(path, home, stem, ".parquet", rows)


def _account(
    made: Manifest,
    parts: tuple[PartResult, ...],
    state: tuple[StoredFile, ...],
    summary: StoredFile | None,
) -> Manifest:
    totals = manifest.add_up(parts)
    return replace(
        made,
        rows_in=totals.rows_in,
        keep=totals.rows.get(Decision.KEEP, 0),
        remove=totals.rows.get(Decision.REMOVE, 0),
        quarantine=totals.rows.get(Decision.QUARANTINE, 0),
        reasons=totals.reasons,
        parts=parts,
        state=state,
        summary=summary,
    )
