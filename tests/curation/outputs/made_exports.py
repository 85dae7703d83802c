"""A folder as an export leaves it, made without Spark."""

from datetime import UTC, datetime

import pyarrow as pa

from curation import storage
from curation.outputs.dataset_card import CONFIGURATION, DatasetFacts, dataset_card
from curation.outputs.export import ParquetLayout
from curation.outputs.export_counts import total
from curation.outputs.seeded_shards import CARD, _write_shard, describe_shards
from curation.outputs.shards import exported_schema
from curation.testing.output_checks import KEPT

SCHEMA = exported_schema(KEPT)


def rows(count):
    return [
        {
            **dict.fromkeys(SCHEMA.names),
            "doc_id": f"{number:032x}",
            "copy": 0,
            "copies": 1,
            "date": datetime(2024, 3, 1, 5, number % 60, 7, tzinfo=UTC),
            "text": f"第{number}行 of a page",
            "language": "zh",
            "tokens": number,
            "cuts": [],
            "warc_filename": "a/1.warc.gz",
        }
        for number in range(count)
    ]


def make_export(folder, count=40, shards=2, layout=ParquetLayout, options=(8, 3)):
    """Shards with equal parts of some rows, and what lies beside them."""
    made = layout(shards, 0, SCHEMA, *options)
    batches = pa.Table.from_pylist(rows(count), SCHEMA).to_batches(max_chunksize=count // shards)
    written = [_write_shard(made, str(folder), n, iter([b])) for n, b in enumerate(batches)]
    counts, files = total(one.counts for one in written), tuple(one.file for one in written)
    describe_shards(str(folder), made, "abc123", counts, files)
    facts = DatasetFacts("tea", "abc123", made.suffix, counts)
    storage.write_text(str(folder), CARD, dataset_card(facts))
    storage.write_text(str(folder), CONFIGURATION, "{}\n")
    return folder
