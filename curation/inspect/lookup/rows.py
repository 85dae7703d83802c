"""The row of a page in any step of a run, by its position: files and row groups are in crawl order.

The statistics in a file's footer say from which position to which it goes, so of a step of a
thousand files ten footers are read, and of one file one row group.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from operator import methodcaller

import pyarrow.parquet as pq

from curation import storage
from curation.errors import DamageError
from curation.inspect.run_files import StepRun
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision
from stages.base import Row

_AS_PY = methodcaller("as_py")
Range = tuple[int, int]
"""The first and the last position of a file or a row group."""


@dataclass(frozen=True, slots=True)
class PlacedRow:
    """A whole row, and the decision under which it lies."""

    decision: Decision
    row: Row


def row_at(run: StepRun, position: int) -> PlacedRow | None:
    """The row of the page at a position; None if none of it came into the step."""
    for decision in Decision:
        files = [file for _, file in run.manifest.files(decision)]
        if file := _file_with(run, files, position):
            with open_parquet(storage.join(run.folder, file.name)) as parquet:
                row = _row_in(parquet, position)
            if row is not None:
                return PlacedRow(decision, row)
    return None


def _file_with(run: StepRun, files: list[StoredFile], position: int) -> StoredFile | None:
    low, high = 0, len(files)
    while low < high:
        middle = (low + high) // 2
        first, last = _range_of(storage.join(run.folder, files[middle].name))
        if first <= position <= last:
            return files[middle]
        if position < first:
            high = middle
        else:
            low = middle + 1
    return None


def _range_of(uri: str) -> Range:
    with open_parquet(uri) as parquet:
        ranges = group_ranges(parquet)
        if not ranges:
            raise DamageError.of(uri, "has no rows")
        return ranges[0][0], ranges[-1][1]


def group_ranges(parquet: pq.ParquetFile) -> list[Range]:
    """The range of each row group."""
    schema, every = parquet.metadata.schema, range(parquet.metadata.num_row_groups)
    [column] = [n for n in range(len(schema)) if schema.column(n).path == "position"]
    found = (parquet.metadata.row_group(n).column(column).statistics for n in every)
    return [(statistics.min, statistics.max) for statistics in found]


def _row_in(parquet: pq.ParquetFile, position: int) -> Row | None:
    for group, (first, last) in enumerate(group_ranges(parquet)):
        if first <= position <= last:
            positions = parquet.read_row_group(group, columns=["position"])["position"]
            place = bisect_left(positions, position, key=_AS_PY)
            if place < len(positions) and positions[place].as_py() == position:
                rows: list[Row] = parquet.read_row_group(group).slice(place, 1).to_pylist()
                return rows[0]
    return None
