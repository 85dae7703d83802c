"""The documents of a run in columns, file by file, and whole ones of some of them.

What is read of all documents is a few narrow columns; text is read of those alone that are shown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa

from curation import storage
from curation.inspect.run_files import StepRun
from curation.storage.parquet import open_parquet
from schemas.verdict import Decision
from stages.base import Row


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where a document's row lies: the file, its row group, the row in that."""

    uri: str
    group: int
    row: int


@dataclass(frozen=True, slots=True)
class Rows:
    """Some columns of a row group of a step; columns that it lacks are left out."""

    step: StepRun
    decision: Decision
    uri: str
    group: int
    table: pa.Table

    def place(self, row: int) -> Place:
        """Where one of the rows lies."""
        return Place(self.uri, self.group, row)


def read_rows(step: StepRun, decision: Decision, columns: Sequence[str]) -> Iterator[Rows]:
    """Every row group of a decision, in crawl order."""
    for _, file in step.manifest.files(decision):
        yield from read_file(step, decision, storage.join(step.folder, file.name), columns)


def read_file(
    step: StepRun, decision: Decision, uri: str, columns: Sequence[str]
) -> Iterator[Rows]:
    """Every row group of a file, in crawl order."""
    with open_parquet(uri) as parquet:
        there = [name for name in columns if name in parquet.schema_arrow.names]
        for group in range(parquet.num_row_groups):
            yield Rows(step, decision, uri, group, parquet.read_row_group(group, columns=there))


def rows_at(places: Iterable[Place], columns: Sequence[str] | None = None) -> dict[Place, Row]:
    """The whole rows at some places, or some columns of them; each row group is read once."""
    wanted: dict[str, dict[int, list[Place]]] = {}
    for place in sorted(places):
        wanted.setdefault(place.uri, {}).setdefault(place.group, []).append(place)
    found: dict[Place, Row] = {}
    for uri, groups in wanted.items():
        with open_parquet(uri) as parquet:
            names = parquet.schema_arrow.names
            there = [name for name in columns if name in names] if columns is not None else None
            for group, some in groups.items():
                table = parquet.read_row_group(group, columns=there)
                rows = table.take(pa.array([place.row for place in some])).to_pylist()
                found |= dict(zip(some, rows, strict=True))
    return found
