"""Kept documents to shards: fixed count, seeded order, the same bytes however Spark cut the work.

The only place where a document becomes several rows, and where text crosses a shuffle.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import pyarrow as pa
import pyarrow.parquet as pq
from annotated_types import Interval

from curation import storage
from curation.outputs.dataset_card import dataset_card
from curation.outputs.shards import ShardLayout, Tally, exported_columns, place_rows, write_shard
from curation.parts.tasks import file_tasks
from curation.storage import StoredFile, stores
from schemas.shard import SHARD_COLUMNS
from stages.base import Count, Positive

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

MANIFEST = "manifest.json"
CARD = "README.md"
READ_ROWS = 256  # documents read at once: at 100 kB each, 25 MB


@dataclass(frozen=True)
class ExportOptions:
    """How shards are cut and written. ``shards`` 0 means as many as ``rows_per_shard`` asks for.

    ``compression_level`` is zstd's; ``row_group_rows`` bounds what a writer and a reader hold.
    """

    shards: Count = 0
    rows_per_shard: Positive = 50_000
    seed: Count = 0
    row_group_rows: Positive = 1_000
    compression_level: Annotated[int, Interval(ge=1, le=22)] = 3


@dataclass(frozen=True)
class ExportResult:
    """What an export wrote: the shards in order, the card and manifest, and the counts."""

    shards: tuple[StoredFile, ...]
    others: tuple[StoredFile, ...]
    tally: Tally = field(default_factory=Tally)

    @property
    def files(self) -> tuple[StoredFile, ...]:
        """Everything that was written."""
        return (*self.shards, *self.others)


def export_shards(
    spark: SparkSession,
    files: Sequence[str],
    directory: str,
    options: ExportOptions,
    *,
    name: str = "curated web pages",
    fingerprint: str = "",
) -> ExportResult:
    """Write the documents of Parquet files (the last step's kept ones) as shards.

    Each row of the files is written ``copies`` times (once if there is no such column). The bytes
    depend on the rows and the options alone. No files, or no rows, give one empty shard.
    """
    layout = _layout(spark, files, options)
    placed = _placed(spark, files, layout)
    sorted_rows = placed.repartitionById(layout.shards, "_shard").sortWithinPartitions(
        "_order", "doc_id", "_part", "_position", "copy"
    )
    write = partial(_write_shards, layout, directory)
    done = [json.loads(row[0]) for row in sorted_rows.mapInArrow(write, "result string").collect()]
    written = {result["shard"]: result for result in done}
    for number in range(layout.shards):
        if number not in written:
            written[number] = _write_one(layout, directory, number, iter(()))
    ordered = [written[number] for number in range(layout.shards)]
    tally = Tally()
    for result in ordered:
        tally.merge(result["tally"])
    shards = tuple(StoredFile(**result["file"]) for result in ordered)
    return ExportResult(
        shards, _describe(directory, shards, tally, layout, name, fingerprint), tally
    )


def _layout(spark: SparkSession, files: Sequence[str], options: ExportOptions) -> ShardLayout:
    found = _schema_names(files[0]) if files else list(SHARD_COLUMNS)
    shards = options.shards
    if not shards:
        count = partial(_count_files, "copies" in found)
        counts = file_tasks(spark, files).mapInArrow(count, "rows long").collect() if files else []
        shards = max(1, -(-sum(row[0] for row in counts) // options.rows_per_shard))
    return ShardLayout(
        shards,
        options.seed,
        exported_columns(found),
        options.row_group_rows,
        options.compression_level,
    )


def _schema_names(file: str) -> list[str]:
    store, path = stores.resolve(file)
    with store.open_input_file(path) as stream:
        return list(pq.read_schema(stream).names)


def _placed(spark: SparkSession, files: Sequence[str], layout: ShardLayout) -> DataFrame:
    from pyspark.sql.pandas.types import from_arrow_schema

    kinds = from_arrow_schema(layout.placed_schema)
    if not files:
        return spark.createDataFrame([], kinds)
    return file_tasks(spark, files).mapInArrow(partial(_place_files, layout), kinds)


def _count_files(copied: bool, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    rows = 0
    for file in _file_names(batches):
        store, path = stores.resolve(file[1])
        with store.open_input_file(path) as stream:
            parquet = pq.ParquetFile(stream)
            if copied:
                rows += sum(parquet.read(["copies"]).column("copies").to_pylist())
            else:
                rows += parquet.metadata.num_rows
    yield pa.RecordBatch.from_pydict({"rows": pa.array([rows], pa.int64())})


def _place_files(
    layout: ShardLayout, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    for number, file in _file_names(batches):
        store, path = stores.resolve(file)
        with store.open_input_file(path) as stream:
            parquet = pq.ParquetFile(stream)
            wanted = {*layout.columns, "copies", "position"}
            names = [name for name in parquet.schema_arrow.names if name in wanted]
            for batch in parquet.iter_batches(READ_ROWS, columns=names):
                yield from place_rows(batch, number, layout)


def _file_names(batches: Iterator[pa.RecordBatch]) -> Iterator[tuple[int, str]]:
    for batch in batches:
        rows = batch.to_pydict()
        yield from zip(rows["number"], rows["file"], strict=True)


def _write_shards(
    layout: ShardLayout, directory: str, batches: Iterator[pa.RecordBatch]
) -> Iterator[pa.RecordBatch]:
    """Write the one shard that a partition holds; a partition without rows writes nothing."""
    first = next((batch for batch in batches if batch.num_rows), None)
    if first is None:
        return
    number = first.column("_shard")[0].as_py()

    def all_batches() -> Iterator[pa.RecordBatch]:
        yield first
        yield from batches

    result = _write_one(layout, directory, number, all_batches())
    yield pa.RecordBatch.from_pydict({"result": [json.dumps(result)]})


def _write_one(
    layout: ShardLayout, directory: str, number: int, batches: Iterator[pa.RecordBatch]
) -> dict[str, Any]:
    name = layout.file_name(number)
    with storage.scratch(storage.join(directory, name)) as path:
        tally = write_shard(path, batches, layout)
        file = StoredFile(name, tally.rows, path.stat().st_size, storage.sha256_of(path))
    return {"shard": number, "file": asdict(file), "tally": tally.to_json()}


def _describe(
    directory: str,
    shards: Sequence[StoredFile],
    tally: Tally,
    layout: ShardLayout,
    name: str,
    fingerprint: str,
) -> tuple[StoredFile, ...]:
    """Write the dataset card and the manifest."""
    card = dataset_card(name, tally, asdict(layout), fingerprint)
    content = {
        "fingerprint": fingerprint,
        "layout": asdict(layout),
        "counts": tally.to_json(),
        "files": [asdict(file) for file in shards],
    }
    text = json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    return tuple(
        storage.write_text(directory, file, body) for file, body in ((CARD, card), (MANIFEST, text))
    )
