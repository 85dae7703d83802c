"""The files that a part becomes: one for each decision, and the counts of what was written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from schemas.document import document_schema
from schemas.verdict import Decision, quarantine
from stages.chain import Document

FLUSH_ROWS = 512
FLUSH_CHARS = 32 << 20
REPEATING = ["stage", "reason", "source", "batch", "language", "charset", "content_type", "site"]


class WriteError(StrEnum):
    """Why a judged document could not be stored as it was."""

    UNSTORABLE_VALUE = "unstorable_value"


@dataclass
class _Sink:
    """One decision's file under way."""

    path: Path
    writer: pq.ParquetWriter
    rows: list[dict[str, Any]] = field(default_factory=list)
    chars: int = 0


class PartWriter:
    """Writes documents by decision, in order, in bounded memory; ``finish`` publishes the files."""

    def __init__(
        self, columns: Mapping[str, pa.DataType], folder: str, part: int, max_removed_chars: int
    ) -> None:
        self._schema = document_schema(columns)
        self._folder = folder
        self._part = part
        self._max_removed_chars = max_removed_chars
        self._sinks: dict[Decision, _Sink] = {}
        self._reasons: Counter[str] = Counter()
        self._rows_in = 0
        self._scratch = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for sink in self._sinks.values():
            sink.writer.close()
        self._scratch.close()

    def write(self, documents: Sequence[Document]) -> None:
        """Take judged documents over; those of one decision keep their order."""
        self._rows_in += len(documents)
        for document in documents:
            self._add(_storable(document, self._schema))

    def finish(self, skipped: Mapping[str, int]) -> PartResult:
        """Publish the files and account for them from their own footers."""
        files = {str(decision): self._publish(decision) for decision in sorted(self._sinks)}
        return PartResult(self._part, self._rows_in, files, dict(self._reasons), dict(skipped))

    def _add(self, document: Document) -> None:
        if document.decision is not Decision.KEEP:
            self._reasons[f"{document.decision}/{document.stage}/{document.reason}"] += 1
        row = document.row()
        text = row.get("text") or ""
        if document.decision is not Decision.KEEP:
            row["text"] = text = text[: self._max_removed_chars]
        sink = self._sinks.get(document.decision) or self._open(document.decision)
        sink.rows.append(row)
        sink.chars += len(text)
        if len(sink.rows) >= FLUSH_ROWS or sink.chars >= FLUSH_CHARS:
            self._flush(sink)

    def _target(self, decision: Decision) -> str:
        return storage.join(self._folder, f"decision={decision}")

    def _open(self, decision: Decision) -> _Sink:
        uri = storage.join(self._target(decision), f"part-{self._part:05d}")
        path = self._scratch.enter_context(storage.scratch_file(uri))
        repeating = [name for name in REPEATING if name in self._schema.names]
        writer = pq.ParquetWriter(
            path, self._schema, compression="zstd", compression_level=3, use_dictionary=repeating
        )
        self._sinks[decision] = _Sink(path, writer)
        return self._sinks[decision]

    def _flush(self, sink: _Sink) -> None:
        if sink.rows:
            sink.writer.write_table(pa.Table.from_pylist(sink.rows, schema=self._schema))
        sink.rows, sink.chars = [], 0

    def _publish(self, decision: Decision) -> StoredFile:
        sink = self._sinks[decision]
        self._flush(sink)
        sink.writer.close()
        rows = pq.read_metadata(sink.path).num_rows
        stem = f"part-{self._part:05d}"
        file = storage.publish_named(sink.path, self._target(decision), stem, ".parquet", rows)
        return StoredFile(f"decision={decision}/{file.name}", file.rows, file.bytes, file.sha256)


def _storable(document: Document, schema: pa.Schema) -> Document:
    """The document itself, or a quarantined stand-in when Arrow refuses one of its values."""
    try:
        pa.RecordBatch.from_pylist([document.row()], schema=schema)
    except (pa.ArrowException, UnicodeEncodeError, OverflowError, TypeError, ValueError) as error:
        plain = {name: _plain(document.columns.get(name)) for name in _IDENTITY}
        stand_in = Document(plain)
        detail = f"{type(error).__name__}: {error}"[:500]
        stand_in.apply("storage", quarantine(WriteError.UNSTORABLE_VALUE, _plain(detail)))
        return stand_in
    return document


_IDENTITY = ("doc_id", "url", "batch", "source", "offset", "position", "date", "title", "text")


def _plain(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
