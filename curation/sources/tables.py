"""Read Parquet and JSONL files whose rows hold a page's html or its text."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from curation.sources.stream.compression import detect, read_events
from curation.sources.stream.events import DecodingFault
from curation.sources.stream.lines import LongLine, read_lines
from curation.sources.stream.store_errors import PERMANENT_ERRORS, ErrorTrackingFile
from curation.sources.table_rows import BadRowError, TableColumns, page_of_row
from curation.storage.stores import open_input
from schemas.page import Loss, LossReason, Page, doc_id

_BATCH_ROWS = 64
_LINE_SLACK_BYTES = 1 << 20  # what a line may hold beside the body


@dataclass(slots=True)
class TableReader:
    """The pages and losses of one table, in row order; ``offset`` is the row's number from 0."""

    path: str
    columns: TableColumns
    max_body_bytes: int
    skipped: Counter[str] = field(default_factory=Counter)
    records: int = 0

    def __iter__(self) -> Iterator[Page | Loss]:
        """Read the file from its start. Raises OSError when the store fails while reading."""
        self.records = 0
        for item in self._items():
            self.records += 1
            yield item

    def _items(self) -> Iterator[Page | Loss]:
        try:
            file = open_input(self.path)
        except PERMANENT_ERRORS as error:
            yield self._loss(0, LossReason.UNREADABLE_FILE, error.strerror or str(error))
            return
        with file:
            last = -1
            for item in self._read(file):
                if isinstance(item, Loss) and item.offset <= last:
                    item = self._loss(last + 1, item.reason, item.detail)  # noqa: PLW2901
                last = item.offset
                yield item

    def _read(self, file: BinaryIO) -> Iterator[Page | Loss]:
        raise NotImplementedError

    def _row(self, row: Mapping[str, object], number: int) -> Page | Loss:
        try:
            page = page_of_row(row, self.columns, self.path, number)
        except BadRowError as error:
            return self._loss(number, LossReason.BAD_ROW, str(error))
        size = len(page.body) + len(page.text)
        if size > self.max_body_bytes:
            detail = f"a body of {size} bytes, max_body_bytes is {self.max_body_bytes}"
            return self._loss(number, LossReason.BODY_TOO_LARGE, detail)
        return page

    def _loss(self, number: int, reason: LossReason, detail: str) -> Loss:
        identity = doc_id(PurePosixPath(self.path).name, str(number), str(reason))
        return Loss(self.path, number, reason, detail, doc_id=identity)


class JsonlReader(TableReader):
    """One JSON object a line, the file compressed or not."""

    def _read(self, file: BinaryIO) -> Iterator[Page | Loss]:
        compression = detect(file, self.path)
        if compression is None:
            yield self._loss(0, LossReason.EMPTY_FILE, "the file has no bytes")
            return
        number = 0
        max_line_bytes = 2 * self.max_body_bytes + _LINE_SLACK_BYTES  # \u escapes double Chinese
        for line in read_lines(read_events(file, compression), max_line_bytes):
            if isinstance(line, bytes) and not line.strip():
                continue
            yield self._line(line, number)
            number += 1

    def _line(self, line: bytes | LongLine | DecodingFault, number: int) -> Page | Loss:
        if isinstance(line, DecodingFault):
            return self._loss(number, line.reason, line.detail)
        if isinstance(line, LongLine):
            detail = f"a line of {line.size} bytes"
            return self._loss(number, LossReason.BODY_TOO_LARGE, detail)
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            return self._loss(number, LossReason.BAD_ROW, f"not JSON: {error}")
        if not isinstance(row, dict):
            detail = f"the line is a {type(row).__name__}, not an object"
            return self._loss(number, LossReason.BAD_ROW, detail)
        return self._row(row, number)


class ParquetReader(TableReader):
    """A Parquet file, row group by row group: a damaged group does not cost the others."""

    def _read(self, file: BinaryIO) -> Iterator[Page | Loss]:
        tracked = ErrorTrackingFile(file)
        try:
            table = pq.ParquetFile(tracked, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            if tracked.store_error is not None:
                raise
            yield self._loss(0, LossReason.NOT_AN_ARCHIVE, f"no Parquet file: {error}")
            return
        names = [name for name in self.columns.names() if name in table.schema_arrow.names]
        if self.columns.html not in names and self.columns.text not in names:
            detail = f"no column {self.columns.html!r} or {self.columns.text!r}: it has "
            detail += ", ".join(table.schema_arrow.names)[:300]
            yield self._loss(0, LossReason.NOT_AN_ARCHIVE, detail)
            return
        first = 0
        for group in range(table.num_row_groups):
            rows = table.metadata.row_group(group).num_rows
            number = first
            try:
                for row in _rows(table, group, names):
                    yield self._row(row, number)
                    number += 1
            except (pa.ArrowException, OSError) as error:
                if tracked.store_error is not None:
                    raise
                detail = f"rows {number} to {first + rows - 1}: {error}"
                yield self._loss(number, LossReason.DAMAGED_RECORD, detail)
            first += rows


def _rows(table: pq.ParquetFile, group: int, names: list[str]) -> Iterator[Mapping[str, object]]:
    for batch in table.iter_batches(_BATCH_ROWS, row_groups=[group], columns=names):
        yield from batch.to_pylist()


def read_jsonl(path: str, columns: TableColumns, *, max_body_bytes: int) -> TableReader:
    """The pages of a JSONL file, compressed or not."""
    return JsonlReader(path, columns, max_body_bytes)


def read_parquet(path: str, columns: TableColumns, *, max_body_bytes: int) -> TableReader:
    """The pages of a Parquet file."""
    return ParquetReader(path, columns, max_body_bytes)
