"""One part of a step, start to end, in one worker and without Spark.

A part is a contiguous slice of crawl order: some files of the crawl at first, then what is left of
them. It is the unit of work and of determinism: what it becomes depends on what is in it and on
the flags that its step's corpus stage raised, on nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.parquet as pq

from curation import storage
from curation.parts.opened import opened_step
from curation.parts.reader import Part, StepFile, batched, read_batches, read_documents
from curation.parts.writer import PartWriter
from curation.sources.reader import SourceOptions
from curation.storage import StoredFile
from curation.storage.manifest import PartResult
from schemas.verdict import Decision
from stages.base import CorpusStage, Keys, Row, Stage
from stages.chain import run_chain

Flags = Mapping[int, Row]
"""The columns of a flag by the position of its document."""


@dataclass(frozen=True)
class StepWork:
    """What a worker needs to know to do any part of a step."""

    fingerprint: str
    stages: tuple[Stage, ...]
    columns: Mapping[str, pa.DataType]
    folder: str
    batch: str
    source: SourceOptions
    max_removed_chars: int


def process_part(work: StepWork, part: Part, flags: Flags) -> PartResult:
    """Judge every document of a part and write it."""
    chain = opened_step(work.fingerprint).chain(work.stages)
    skipped: dict[str, int] = {}
    found = read_documents(part.content, work.batch, work.source, skipped)
    with PartWriter(work.columns, work.folder, part.number, work.max_removed_chars) as writer:
        for documents in batched(found):
            for document in documents:
                document.flag = flags.get(document.columns["position"])
            run_chain(chain, documents)
            writer.write(documents)
        return writer.finish(skipped)


def write_keys(work: StepWork, stage: CorpusStage, folder: str, part: Part) -> StoredFile:
    """Write the keys of every document of a part that reaches the step's corpus stage."""
    keys = opened_step(work.fingerprint).keys(stage)
    schema = keys_schema(stage)
    rows = 0
    stem = f"part-{part.number:05d}"
    with storage.scratch_file(storage.join(folder, stem)) as path:
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            for batch in _rows_for_keys(work, stage, part):
                made = _with_keys(part.number, stage, keys, batch)
                writer.write_batch(pa.RecordBatch.from_pylist(made, schema=schema))
                rows += len(made)
        return storage.publish_named(path, folder, stem, ".parquet", rows)


def _rows_for_keys(work: StepWork, stage: CorpusStage, part: Part) -> Iterator[Sequence[Row]]:
    """What the stages before the corpus stage keep; its own columns only, where there are none."""
    before = work.stages[: work.stages.index(stage)]
    if isinstance(part.content, StepFile) and not before:
        columns = list(dict.fromkeys([*stage.reads, "position", "doc_id"]))
        yield from (batch.to_pylist() for batch in read_batches(part.content.path, columns))
        return
    chain = opened_step(work.fingerprint).chain(before)
    for documents in batched(read_documents(part.content, work.batch, work.source, {})):
        run_chain(chain, documents)
        yield [d.columns for d in documents if d.decision is Decision.KEEP]


def _with_keys(
    part: int, stage: CorpusStage, keys: Keys, rows: Sequence[Row]
) -> list[dict[str, object]]:
    views = [{name: row[name] for name in stage.reads} for row in rows]
    return [
        {"part": part, "position": row["position"], "doc_id": row["doc_id"], **made}
        for row, made in zip(rows, keys(views), strict=True)
    ]


def keys_schema(stage: CorpusStage) -> pa.Schema:
    """What identifies a document, then the stage's own keys."""
    identity = [("part", pa.int32()), ("position", pa.int64()), ("doc_id", pa.string())]
    return pa.schema([*identity, *stage.keys.items()])
