"""The documents of a part: pages of the crawl at first, then what a step has kept of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from curation.errors import LedgerError
from curation.sources.admission import admit
from curation.sources.inputs.splits import WHOLE, Split
from curation.sources.reader import SourceOptions, read
from curation.sources.takedown.lists import NOTHING, STAGE, TakedownReason, Takedowns, Taken
from curation.storage.integrity import refuse_changed
from curation.storage.ledger import add_sums, identity_sum
from curation.storage.parquet import open_parquet
from schemas.document import crawl_position
from schemas.page import Loss, Page
from schemas.verdict import VERDICT_FIELDS, quarantine, remove
from stages.base import Row
from stages.chain import Document, NoKeys

SOURCE = "source"
BATCH_DOCUMENTS = 64
BATCH_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class CrawlSlice:
    """A split of one file of the crawl, with the file's place in crawl order."""

    file_number: int
    path: str
    split: Split = WHOLE


@dataclass(frozen=True, slots=True)
class CrawlSlices:
    """A part of a crawl: neighbouring slices of its files, to be read from the source."""

    slices: tuple[CrawlSlice, ...]


@dataclass(frozen=True, slots=True)
class StepFile:
    """A file of documents that a part of an earlier step kept, and that part's number."""

    path: str
    part: int
    sha256: str


@dataclass(frozen=True, slots=True)
class StepFiles:
    """A part of what an earlier step kept: neighbouring files of it."""

    files: tuple[StepFile, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A part and what it is read from; ``unkeyed`` are the positions that have no keys, and why."""

    number: int
    content: CrawlSlices | StepFiles
    unkeyed: Mapping[int, NoKeys] = field(default_factory=dict)


@dataclass
class Intake:
    """What was read: documents by number and identity; of a crawl, records and those skipped."""

    rows: int = 0
    identities: int = 0
    records: int | None = None
    skipped: Counter[str] = field(default_factory=Counter)

    def count(self, documents: Iterable[Document]) -> Iterator[Document]:
        """The documents, each counted as it comes. Raises LedgerError where one comes twice."""
        last = -1
        for document in documents:
            position: int = document.columns["position"]
            if position <= last:
                raise LedgerError(f"position {position} comes after position {last}")
            last = position
            self.rows += 1
            row = (position, document.columns["doc_id"])
            self.identities = add_sums([self.identities, identity_sum([row])])
            yield document


def read_documents(
    content: CrawlSlices | StepFiles,
    batch: str,
    options: SourceOptions,
    intake: Intake,
    takedowns: Takedowns = NOTHING,
) -> Iterator[Document]:
    """The documents in crawl order; of a crawl, ``intake`` is told of its records.

    A loss of the source comes as a quarantined document, a page that is not admitted or that a list
    takes down as a removed one. Raises OSError when a store fails: the task is tried again, and in
    the end the run fails.
    """
    if isinstance(content, StepFiles):
        for file in content.files:
            yield from _kept_documents(file)
        return
    for piece in content.slices:
        reader = read(piece.path, options, piece.split)
        try:
            for item in reader:
                yield crawled(item, piece.file_number, batch, options, takedowns)
        except OSError as error:
            raise OSError(f"{piece.path}: its store failed: {error}") from error
        intake.records = (intake.records or 0) + reader.records
        intake.skipped.update(reader.skipped)


_OF_PAGE = (
    *("date", "status", "content_type", "http_charset"),
    *("truncated", "x_robots_tag", "tdm_reservation", "body", "title", "text", "record_id"),
)
_VERDICT_NAMES = [field.name for field in VERDICT_FIELDS]


def _kept_documents(file: StepFile) -> Iterator[Document]:
    refuse_changed(file.path, file.sha256)
    for batch in read_batches(file.path):
        for row in batch.to_pylist():
            edits = row["edits"] or []
            for name in _VERDICT_NAMES:
                del row[name]
            yield Document(row, edits=edits)


_OF_CAPTURE = (
    *("doc_id", "url", "date", "batch", "source"),
    *("offset", "record_length", "record_id", "position"),
)


def taken_down(columns: Row, taken: Taken) -> Document:
    """A page that a list takes down: of its columns, those that say which capture it is."""
    document = Document({name: columns.get(name) for name in _OF_CAPTURE})
    document.apply(STAGE, remove(TakedownReason.TAKEN_DOWN, str(taken)))
    return document


def crawled(
    item: Page | Loss,
    file_number: int,
    batch: str,
    options: SourceOptions,
    takedowns: Takedowns = NOTHING,
) -> Document:
    """What a source yielded, as a document at the start of its way."""
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
    for name in _OF_PAGE:
        columns[name] = getattr(item, name)
    columns["record_length"] = item.length
    if taken := takedowns.find(item.url, item.doc_id):
        return taken_down(columns, taken)
    document.apply(SOURCE, admit(item, remove_truncated=options.remove_truncated))
    return document


def batched(documents: Iterator[Document]) -> Iterator[list[Document]]:
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


def read_batches(path: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
    """The rows of a Parquet file, or some of their columns, a bounded number at a time."""
    with open_parquet(path) as parquet:
        yield from parquet.iter_batches(BATCH_DOCUMENTS, columns=columns)
