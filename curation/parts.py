"""One part of a step, start to end, in one worker and without Spark.

A part is a contiguous slice of crawl order: some files of the crawl at first, then what is left of
them. It is the unit of work and of determinism: what it becomes depends on what is in it and on
the flags that its step's corpus stage raised, on nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.manifest import PartResult
from curation.part_writer import PartWriter
from curation.sources.reader import SourceOptions, admit, read
from curation.storage import StoredFile
from schemas.document import crawl_position
from schemas.page import Loss, Page
from schemas.verdict import VERDICT_FIELDS, quarantine
from stages.base import CorpusStage, Keys, Row, Stage
from stages.chain import Document, Link, open_chain, run_chain

SOURCE = "source"
BATCH_DOCUMENTS = 64
BATCH_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class CrawlSlice:
    """A stretch of one file of the crawl; ``end`` None is the file's end."""

    file_number: int
    path: str
    start: int = 0
    end: int | None = None


@dataclass(frozen=True, slots=True)
class CrawlSlices:
    """A part of a crawl: neighbouring stretches, to be read from the source."""

    slices: tuple[CrawlSlice, ...]


@dataclass(frozen=True, slots=True)
class StepFile:
    """A part of an earlier step: the file of the documents that it kept."""

    path: str


@dataclass(frozen=True, slots=True)
class Part:
    """A part and what it is read from."""

    number: int
    content: CrawlSlices | StepFile


@dataclass(frozen=True)
class StepWork:
    """What a worker needs to know to do any part of a step."""

    stages: tuple[Stage, ...]
    columns: Mapping[str, pa.DataType]
    folder: str
    batch: str
    source: SourceOptions
    max_removed_chars: int


def process_part(work: StepWork, part: Part, flags: Mapping[int, Mapping[str, Any]]) -> PartResult:
    """Judge every document of a part and write it; ``flags`` is by position."""
    chain = _opened(work.stages)
    skipped: dict[str, int] = {}
    with PartWriter(work.columns, work.folder, part.number, work.max_removed_chars) as writer:
        for documents in _batches(_documents(work, part.content, skipped)):
            for document in documents:
                document.flag = flags.get(document.columns["position"])
            run_chain(chain, documents)
            writer.write(documents)
        return writer.finish(skipped)


def write_keys(stage: CorpusStage, folder: str, part: Part) -> StoredFile:
    """Write the keys of every document of a part, narrow columns only."""
    if not isinstance(part.content, StepFile):
        raise TypeError("a corpus stage judges what a step has kept, never the crawl itself")
    keys = _opened_keys(stage)
    schema = keys_schema(stage)
    columns = list(dict.fromkeys([*stage.reads, "position", "doc_id"]))
    rows = 0
    stem = f"part-{part.number:05d}"
    with storage.scratch_file(storage.join(folder, stem)) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in _read_batches(part.content.path, columns):
                made = _with_keys(part.number, stage, keys, batch.to_pylist())
                writer.write_batch(pa.RecordBatch.from_pylist(made, schema=schema))
                rows += len(made)
        return storage.publish_named(path, folder, stem, ".parquet", rows)


def _with_keys(
    part: int, stage: CorpusStage, keys: Keys, rows: Sequence[Row]
) -> list[dict[str, Any]]:
    views = [{name: row[name] for name in stage.reads} for row in rows]
    return [
        {"part": part, "position": row["position"], "doc_id": row["doc_id"], **made}
        for row, made in zip(rows, keys(views), strict=True)
    ]


def keys_schema(stage: CorpusStage) -> pa.Schema:
    """What identifies a document, then the stage's own keys."""
    identity = [("part", pa.int32()), ("position", pa.int64()), ("doc_id", pa.string())]
    return pa.schema([*identity, *stage.keys.items()])


def _read_batches(path: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    store, name = storage.resolve(path)
    with store.open_input_file(name) as stream:
        reader = pq.ParquetFile(stream)
        yield from reader.iter_batches(BATCH_DOCUMENTS, columns=columns)


def _documents(
    work: StepWork, content: CrawlSlices | StepFile, skipped: dict[str, int]
) -> Iterator[Document]:
    if isinstance(content, StepFile):
        yield from _kept_documents(content.path)
        return
    for piece in content.slices:
        reader = read(piece.path, work.source, piece.start, piece.end)
        for item in reader:
            yield _crawled(item, piece.file_number, work.batch)
        for kind, count in reader.skipped.items():
            skipped[kind] = skipped.get(kind, 0) + count


_VERDICT_NAMES = [field.name for field in VERDICT_FIELDS]


def _kept_documents(path: str) -> Iterator[Document]:
    for batch in _read_batches(path):
        for row in batch.to_pylist():
            edits = row["edits"] or []
            for name in _VERDICT_NAMES:
                del row[name]
            yield Document(row, edits=edits)


def _crawled(item: Page | Loss, file_number: int, batch: str) -> Document:
    columns = {
        "doc_id": item.doc_id,
        "url": item.url,
        "batch": batch,
        "source": item.source,
        "offset": item.offset,
        "position": crawl_position(file_number, item.offset),
    }
    document = Document(columns)
    if isinstance(item, Loss):
        document.apply(SOURCE, quarantine(item.reason, item.detail))
        return document
    for name in ("date", "status", "content_type", "http_charset", "body", "title", "text"):
        columns[name] = getattr(item, name)
    document.apply(SOURCE, admit(item))
    return document


def _batches(documents: Iterator[Document]) -> Iterator[list[Document]]:
    """Documents in lists bounded by number and by size, so that a worker's memory is."""
    batch: list[Document] = []
    size = 0
    for document in documents:
        batch.append(document)
        size += len(document.columns.get("body") or b"") + len(document.columns.get("text") or "")
        if len(batch) >= BATCH_DOCUMENTS or size >= BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def _opened(stages: tuple[Stage, ...]) -> list[Link]:
    return once(f"chain {stages!r}", lambda: open_chain(stages))


def _opened_keys(stage: CorpusStage) -> Keys:
    return once(f"keys {stage!r}", stage.open_keys)


_OPENED: dict[str, Any] = {}

Opened = TypeVar("Opened")


def once(key: str, open_it: Callable[[], Opened]) -> Opened:
    """What ``open_it`` returns, opened once and kept for the life of the worker process."""
    if key not in _OPENED:
        _OPENED[key] = open_it()
    return _OPENED[key]
