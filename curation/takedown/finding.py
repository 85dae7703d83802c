"""Which documents of a batch lists take down: found in the steps that read the crawl, by URL."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc
import zstandard

from curation import storage
from curation.outputs.jsonl import JsonlLayout
from curation.outputs.mds import MdsLayout, read_rows
from curation.parts.reader import SOURCE
from curation.sources.takedown.lists import STAGE, StoredLists, Takedowns
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from curation.storage.parquet import open_parquet
from curation.storage.stores import open_input
from curation.takedown.folders import BatchFolder
from schemas.verdict import Decision

_READ_ROWS = 4_096
_COLUMNS = ["doc_id", "url", "stage"]


@dataclass(frozen=True, slots=True, order=True)
class Found:
    """A document that a list takes down; ``is_out`` says that its text has gone already."""

    doc_id: str
    url: str
    cause: str
    is_out: bool


@dataclass(frozen=True, slots=True)
class _Piece:
    """A file of documents of one decision."""

    uri: str
    decision: Decision


def find(run: RunTasks, batch: BatchFolder, lists: StoredLists | Takedowns) -> list[Found]:
    """Every document of a batch that lists take down, each once, sorted by its id.

    What the source could not read has no text, and is left as it is.
    """
    pieces = [
        _Piece(storage.join(step.folder, file.name), decision)
        for step in batch.judged
        if step.is_first
        for part in step.made.parts
        for decision, file in sorted(part.files.items())
    ]
    found: dict[str, Found] = {}
    for one in (one for some in run(pieces, partial(_in_file, lists)) for one in some):
        other = found.get(one.doc_id)
        if other is None or other.is_out:
            found[one.doc_id] = one
    return sorted(found.values())


def is_loss(decision: Decision, stage: str) -> bool:
    """Whether a row is what a source could not read."""
    return decision is Decision.QUARANTINE and stage == SOURCE


def _in_file(lists: StoredLists | Takedowns, piece: _Piece) -> list[Found]:
    takedowns = lists.open() if isinstance(lists, StoredLists) else lists
    found = []
    with open_parquet(piece.uri) as parquet:
        for batch in parquet.iter_batches(_READ_ROWS, columns=_COLUMNS):
            for doc_id, url, stage in _rows(batch):
                taken = takedowns.find(url, doc_id)
                if taken and not is_loss(piece.decision, stage):
                    found.append(Found(doc_id, url or "", str(taken), stage == STAGE))
    return found


def _rows(batch: pa.RecordBatch) -> Iterable[tuple[str, str | None, str]]:
    return zip(*(batch[name].to_pylist() for name in _COLUMNS), strict=True)


def parts_with(
    run: RunTasks, folder: str, parts: Iterable[PartResult], doc_ids: frozenset[str]
) -> Mapping[int, int]:
    """How many rows of some documents the parts of a step hold, of those that hold any."""
    every = list(parts)
    counts = run(every, partial(_count, folder, doc_ids))
    return {part.part: count for part, count in zip(every, counts, strict=True) if count}


def _count(folder: str, doc_ids: frozenset[str], part: PartResult) -> int:
    uris = (storage.join(folder, file.name) for file in part.files.values())
    return sum(_holding_rows(uri, doc_ids) or 0 for uri in uris)


def holding_rows(
    run: RunTasks, folder: str, files: Sequence[StoredFile], doc_ids: frozenset[str]
) -> int | None:
    """How many rows of an output hold some documents; None where its files do not say."""
    uris = [storage.join(folder, file.name) for file in files if file.rows]
    counts = [n for n in run(uris, partial(_holding_rows, doc_ids=doc_ids)) if n is not None]
    return sum(counts) if counts or not uris else None


def _holding_rows(uri: str, doc_ids: frozenset[str]) -> int | None:
    wanted = pa.array(sorted(doc_ids), pa.string())
    if uri.endswith(JsonlLayout.suffix):
        with open_input(uri) as file, zstandard.open(file, "rt", encoding="utf-8") as lines:
            return sum(json.loads(line).get("doc_id") in doc_ids for line in lines)
    if uri.endswith(MdsLayout.suffix):
        return sum(row["doc_id"] in doc_ids for row in read_rows(uri))
    if not uri.endswith(".parquet"):
        return None
    with open_parquet(uri) as parquet:
        names = parquet.schema_arrow.names
        if "doc_id" in names:
            batches = parquet.iter_batches(_READ_ROWS, columns=["doc_id"])
            return sum(pc.sum(pc.is_in(b["doc_id"], wanted)).as_py() or 0 for b in batches)
        if "doc_ids" in names:
            batches = parquet.iter_batches(_READ_ROWS, columns=["doc_ids"])
            return sum(_count_lists(batch["doc_ids"], wanted) for batch in batches)
    return None


def _count_lists(lists: pa.ListArray, wanted: pa.Array) -> int:
    hits = pc.filter(pc.list_parent_indices(lists), pc.is_in(pc.list_flatten(lists), wanted))
    return len(pc.unique(hits))
