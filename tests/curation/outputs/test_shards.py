from collections import Counter

import pyarrow as pa
import pytest

from curation.outputs.export import ParquetLayout
from curation.outputs.shards import (
    exported_schema,
    needed_columns,
    order_of,
    place_rows,
    regroup,
    shard_of,
)


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


DOCUMENTS = pa.RecordBatch.from_pydict(
    {
        "doc_id": ["a", "b", "c"],
        "position": [70, 30, 50],
        "copies": pa.array([2, None, 1], pa.int32()),
        "text": ["one", "two", None],
        "url": ["http://a.b/1", "http://a.b/2", None],
        "date": ["2026-01-02T03:04:05Z", None, "never"],
        "source": ["/crawl/x/1.warc", "/crawl/x/2.warc", "/crawl/y.warc"],
        "edits": [[{"stage": "s", "line": 0, "text": "t", "reason": "r"}], [], []],
        "rank": [1, 2, 3],
    }
)


def placed(documents, chosen=()):
    layout = ParquetLayout(4, 9, exported_schema(documents.schema, chosen), 10, 3)
    return [
        row for found in place_rows(documents, 5, layout, "/crawl") for row in found.to_pylist()
    ]


def test_a_row_knows_its_place_and_holds_what_its_document_says():
    rows = placed(DOCUMENTS)
    assert [(row["doc_id"], row["copy"], row["copies"]) for row in rows] == [
        ("a", 0, 2),
        ("a", 1, 2),
        ("c", 0, 1),
    ]
    assert [row["_order"] for row in rows] == [order_of(9, r["doc_id"], r["copy"]) for r in rows]
    assert [row["_shard"] for row in rows] == [row["_order"] >> 61 for row in rows]
    assert [(row["_part"], row["_position"]) for row in rows] == [(5, 70), (5, 70), (5, 50)]
    assert [row["text"] for row in rows] == ["one", "one", ""]
    assert [row["url"] for row in rows] == ["http://a.b/1", "http://a.b/1", None]
    assert [row["warc_filename"] for row in rows] == ["x/1.warc", "x/1.warc", "y.warc"]
    assert [str(row["date"]) for row in rows[1:]] == ["2026-01-02 03:04:05+00:00", "None"]
    assert rows[0]["cuts"] == [{"stage": "s", "reason": "r", "lines": 1}]
    assert rows[2]["cuts"] == []
    assert "rank" not in rows[0]


def test_without_counts_and_places_there_is_one_row_a_document_in_the_order_of_the_file():
    rows = placed(DOCUMENTS.drop_columns(["copies", "position"]))
    assert [(r["doc_id"], r["copy"], r["copies"], r["_position"]) for r in rows] == [
        ("a", 0, 1, 0),
        ("b", 0, 1, 1),
        ("c", 0, 1, 2),
    ]


def test_columns_are_the_chosen_ones_in_their_order_after_what_names_the_row():
    assert exported_schema(DOCUMENTS.schema, ["rank", "copy", "text"]).names == [
        "doc_id",
        "rank",
        "copy",
        "text",
    ]
    assert exported_schema(DOCUMENTS.schema).names[:4] == ["doc_id", "copy", "copies", "url"]
    assert placed(DOCUMENTS, ["rank"])[2]["rank"] == 3


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        (["text", "rang"], "columns has 'rang', which no document has: .*text.*rank"),
        (["text", "url", "text"], "columns names 'text' twice: name it once"),
        (["language"], "columns has 'language', which no document has"),
    ],
)
def test_a_column_that_is_not_there_or_named_twice_is_refused(chosen, message):
    with pytest.raises(ValueError, match=message):
        exported_schema(DOCUMENTS.schema, chosen)


def test_what_rows_and_their_places_are_made_of_is_read():
    schema = exported_schema(DOCUMENTS.schema, ["warc_filename", "cuts", "text"])
    places = {"doc_id", "copies", "position"}
    assert needed_columns(schema) - places - {"copy", ""} == {"source", "edits", "text"}
    assert places <= needed_columns(schema)
