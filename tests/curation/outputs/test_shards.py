from collections import Counter

import pyarrow as pa

from curation.outputs.export import ParquetLayout
from curation.outputs.shards import exported_schema, order_of, place_rows, regroup, shard_of


def test_each_copy_of_a_document_has_a_place_of_its_own():
    document = "0123456789abcdef0123456789abcdef"
    assert order_of(1, document, 0) == 9_126_161_860_774_640_191  # as exports had it in 2026
    assert order_of(0, "你好", 3) == 8_573_360_247_412_604_974
    assert len({order_of(1, document, copy) for copy in range(100)}) == 100


def test_shards_share_the_rows_evenly():
    sizes = Counter(shard_of(order_of(0, str(number), 0), 8) for number in range(8_000))
    assert set(sizes) == set(range(8))
    assert max(sizes.values()) < 1.15 * 1_000


def test_regrouping_keeps_rows_and_makes_equal_tables():
    schema = pa.schema([("n", pa.int64())])
    batches = [
        pa.RecordBatch.from_pydict({"n": list(range(a, b))}) for a, b in ((0, 5), (5, 5), (5, 23))
    ]
    tables = list(regroup(batches, 4, schema))
    assert [table.num_rows for table in tables] == [4, 4, 4, 4, 4, 3]
    assert [n for table in tables for n in table.column("n").to_pylist()] == list(range(23))
    assert all(table.column("n").num_chunks == 1 for table in tables)


def test_a_document_with_no_copies_has_no_rows():
    batch = pa.RecordBatch.from_pydict({"doc_id": ["a"], "text": ["t"], "copies": [0]})
    layout = ParquetLayout(1, 0, exported_schema(batch.schema), 10, 3)
    assert list(place_rows(batch, 0, layout)) == []
