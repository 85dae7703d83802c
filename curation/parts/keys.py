"""The keys of a corpus stage: written part by part, read back as one frame."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Self

import pyarrow as pa

from curation import storage
from curation.spark.frames import BATCH_ROWS, read_items
from curation.storage import StoredFile
from curation.storage.parquet import open_parquet, parquet_writer
from stages.base import CorpusStage, KeyRow, Row
from stages.chain import NoKeys

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

PART = pa.field("part", pa.int32())
IDENTITY = (("position", pa.int64()), ("doc_id", pa.string()))


def keys_schema(stage: CorpusStage) -> pa.Schema:
    """What identifies a document, then the stage's own keys."""
    return pa.schema([PART, *IDENTITY, *stage.keys.items()])


def columns_for_keys(stage: CorpusStage) -> list[str]:
    """The columns of a document that its keys are made of."""
    return list(dict.fromkeys([*stage.reads, *(name for name, _ in IDENTITY)]))


MakeKeys = Callable[[Sequence[Row]], Sequence[KeyRow | NoKeys]]
"""A batch of documents in, the key columns of each out, or why it has none."""


@dataclass(frozen=True, slots=True)
class WrittenKeys:
    """The file of a part's keys, and the positions of documents that could have none, with why."""

    file: StoredFile
    missing: Mapping[int, NoKeys]


class KeyWriter:
    """Writes the keys of a part's documents; ``finish`` publishes the file.

    The part itself is not among them: the step that reads the file may have cut its parts anew.
    """

    def __init__(self, stage: CorpusStage, keys: MakeKeys, folder: str, part: int) -> None:
        self._stage = stage
        self._keys = keys
        self._missing: dict[int, NoKeys] = {}
        self._folder = folder
        self._stem = f"part-{part:05d}"
        self._schema = keys_schema(stage).remove(0)
        self._rows = 0
        self._scratch = ExitStack()

    def __enter__(self) -> Self:
        uri = storage.join(self._folder, self._stem)
        self._path = self._scratch.enter_context(storage.scratch_file(uri))
        writer = parquet_writer(self._path, self._schema)
        self._writer = self._scratch.enter_context(writer)
        return self

    def __exit__(self, *raised: object) -> None:
        self._scratch.close()

    def write(self, rows: Sequence[Row]) -> None:
        """Compute and write the keys of documents, given as their ``columns_for_keys``."""
        views = [{name: row[name] for name in self._stage.reads} for row in rows]
        made = []
        for row, keys in zip(rows, self._keys(views), strict=True):
            if isinstance(keys, NoKeys):
                self._missing[row["position"]] = keys
            else:
                made.append({"position": row["position"], "doc_id": row["doc_id"], **keys})
        self._writer.write_batch(pa.RecordBatch.from_pylist(made, schema=self._schema))
        self._rows += len(made)

    def write_batch(self, documents: pa.RecordBatch) -> None:
        """Compute and write the keys of documents with at least those columns."""
        if documents.num_rows:
            self.write(documents.select(columns_for_keys(self._stage)).to_pylist())

    def finish(self) -> WrittenKeys:
        """Publish the file; it may have no rows."""
        self._writer.close()
        name = (self._folder, self._stem, ".parquet", self._rows)
        return WrittenKeys(storage.publish_named(self._path, *name), self._missing)


@dataclass(frozen=True, slots=True)
class KeysOfPart:
    """Where the keys of a part's documents lie."""

    part: int
    folder: str
    files: tuple[StoredFile, ...]
    missing: Mapping[int, NoKeys] = field(default_factory=dict)

    @property
    def bytes(self) -> int:
        """As they lie on disk."""
        return sum(file.bytes for file in self.files)

    @property
    def rows(self) -> int:
        """One a document."""
        return sum(file.rows for file in self.files)


def read_keys(
    spark: SparkSession, stage: CorpusStage, written: Sequence[KeysOfPart], tasks: int | None
) -> DataFrame:
    """The keys of all parts as a frame of that many partitions (None: of one a part)."""
    schema = keys_schema(stage)
    return read_items(spark, written, partial(_read, schema), schema, tasks)


def _read(schema: pa.Schema, keys: KeysOfPart) -> Iterator[pa.RecordBatch]:
    for file in keys.files:
        with open_parquet(storage.join(keys.folder, file.name)) as parquet:
            for batch in parquet.iter_batches(BATCH_ROWS, columns=schema.names[1:]):
                part = pa.array([keys.part] * batch.num_rows, PART.type)
                yield pa.RecordBatch.from_arrays([part, *batch.columns], schema=schema)
