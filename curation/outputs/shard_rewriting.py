"""Shards without some of their documents: those that hold none of them stay as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import pyarrow as pa
import pyarrow.compute as pc

from curation import storage
from curation.outputs.base import Made
from curation.outputs.export_counts import ExportCounts, count_rows, total
from curation.outputs.shards import ShardLayout
from curation.spark.tasks import RunTasks
from curation.storage import StoredFile

_LABELS: Mapping[str, str] = {
    "languages": "language_tokens",
    "page_types": "page_type_tokens",
    "categories": "category_tokens",
    "batches": "batch_tokens",
    "sources": "source_tokens",
}
"""Counts of rows by a label, and those of tokens by the same label."""


@dataclass(frozen=True, slots=True)
class RewrittenShard:
    """A shard as it is now, and what was taken out of it."""

    file: StoredFile
    taken_out: ExportCounts


def rewrite_shards(
    run: RunTasks, layout: ShardLayout, made: Made, into: str
) -> list[RewrittenShard]:
    """The shards of an output without some documents; those that change are written to ``into``."""
    shards = [file for file in made.files if file.name.endswith(layout.suffix)]
    return run(shards, partial(_rewrite, layout, made, into))


def _rewrite(layout: ShardLayout, made: Made, into: str, shard: StoredFile) -> RewrittenShard:
    uri, ids = storage.join(made.folder, shard.name), pa.array(sorted(made.leaving), pa.string())
    names = layout.read(uri, ["doc_id"])
    if not any(pc.any(pc.is_in(batch["doc_id"], ids)).as_py() for batch in names):
        return RewrittenShard(shard, ExportCounts())
    taken_out: list[ExportCounts] = []

    def staying() -> Iterator[pa.RecordBatch]:
        for batch in layout.read(uri, layout.schema.names):
            leaves = pc.is_in(batch["doc_id"], ids)
            taken_out.append(count_rows(pa.Table.from_batches([batch.filter(leaves)])))
            yield batch.filter(pc.invert(leaves))

    with storage.scratch(storage.join(into, shard.name)) as path:
        counts = layout.write(path, staying())
        size, digest = path.stat().st_size, storage.sha256_of(path)
    return RewrittenShard(StoredFile(shard.name, counts.rows, size, digest), total(taken_out))


def subtract(whole: ExportCounts, part: ExportCounts) -> ExportCounts:
    """The counts of what stays. A label without rows is none any more.

    >>> rows = ExportCounts(2, 2, 5, 9, {"en": 1, "zh": 1}, {"en": 5, "zh": 0})
    >>> subtract(rows, ExportCounts(1, 1, 5, 8, {"en": 1}, {"en": 5})).language_tokens
    {'zh': 0}
    """
    made: dict[str, Mapping[str, int]] = {}
    for rows, tokens in _LABELS.items():
        made[rows] = _difference(getattr(whole, rows), getattr(part, rows))
        left = _difference(getattr(whole, tokens), getattr(part, tokens), keep_zero=True)
        made[tokens] = {label: count for label, count in left.items() if label in made[rows]}
    return ExportCounts(
        whole.documents - part.documents,
        whole.rows - part.rows,
        whole.tokens - part.tokens,
        whole.chars - part.chars,
        copies=_difference(whole.copies, part.copies),
        **made,
    )


def _difference(
    whole: Mapping[str, int], part: Mapping[str, int], *, keep_zero: bool = False
) -> dict[str, int]:
    left = {label: count - part.get(label, 0) for label, count in whole.items()}
    return {label: count for label, count in left.items() if count or keep_zero}
