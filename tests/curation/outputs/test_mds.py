"""Shards of MDS, read by a reader of the test's own; ``test_readers`` has MosaicML's."""

import json
import struct

import pyarrow as pa
import pytest

from curation.errors import UsageError
from curation.outputs import mds
from curation.outputs.dataset_card import DatasetFacts, dataset_card
from curation.outputs.export_counts import ExportCounts
from curation.outputs.mds import ROWS_AT_ONCE, Mds, MdsLayout
from curation.storage import StoredFile
from schemas.shard import SHARD_COLUMNS

COLUMNS = pa.schema(
    [SHARD_COLUMNS[name] for name in ("text", "doc_id", "copy", "quality", "date", "cuts")]
)
ROWS = [
    {
        "doc_id": f"{number:032x}",
        "copy": number % 3,
        "text": f"第{number}行\n\x00“page”" * (number % 5),
        "quality": number / 8 if number % 4 else None,
        "date": None,
        "cuts": [{"stage": "rules", "reason": "prompt", "lines": 2}] * (number % 2),
    }
    for number in range(2 * ROWS_AT_ONCE + 5)
]
LAYOUT = MdsLayout(1, 0, COLUMNS)


def write(path, rows, batch_rows=100):
    table = pa.Table.from_pylist(rows, COLUMNS)
    return LAYOUT.write(path, table.to_batches(max_chunksize=batch_rows))


def words(data, count, at=0):
    return struct.unpack_from(f"<{count}I", data, at)


def sample(data, number):
    """A sample, found as a reader finds it: by two offsets, with nothing before it read."""
    begin, end = words(data, 2, 4 * (1 + number))
    held = data[begin:end]
    lengths = list(words(held, 5))  # of all but `copy`, whose eight bytes are said in the head
    at, row = 20, {}
    for name in ("copy", "cuts", "date", "doc_id", "quality", "text"):
        length = 8 if name == "copy" else lengths.pop(0)
        value = held[at : at + length]
        at += length
        if name == "copy":
            (row[name],) = struct.unpack("<q", value)
        else:
            row[name] = value.decode() if name in {"doc_id", "text"} else json.loads(value)
    assert at == len(held)
    return row


def test_a_sample_is_found_by_its_offsets(tmp_path):
    counts = write(tmp_path / "a.mds", ROWS)
    data = (tmp_path / "a.mds").read_bytes()
    assert words(data, 1) == (len(ROWS),)
    assert [sample(data, number) for number in range(len(ROWS))] == ROWS
    assert words(data, 1, 4 * (1 + len(ROWS))) == (len(data),)
    assert (counts.rows, counts.documents) == (len(ROWS), 173)


def test_the_head_names_columns_sorted_with_what_they_are(tmp_path):
    write(tmp_path / "a.mds", ROWS[:2])
    data = (tmp_path / "a.mds").read_bytes()
    head = json.loads(data[16 : words(data, 1, 4)[0]])
    assert dict(zip(head["column_names"], head["column_encodings"], strict=True)) == {
        "copy": "int", "cuts": "json", "date": "json", "doc_id": "str", "quality": "json",
        "text": "str",
    }  # fmt: skip
    assert head["column_sizes"] == [8, None, None, None, None, None]


@pytest.mark.parametrize("batch_rows", [1, 7, 10_000])
def test_the_bytes_do_not_tell_how_rows_came_in_batches(tmp_path, batch_rows):
    write(tmp_path / "one", ROWS)
    write(tmp_path / "two", ROWS, batch_rows)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_rows_are_read_back_for_those_who_rewrite_a_shard(tmp_path):
    write(tmp_path / "a.mds", ROWS)
    read = pa.Table.from_batches(LAYOUT.read(str(tmp_path / "a.mds"), ["text", "cuts", "doc_id"]))
    wanted = pa.Table.from_pylist(ROWS, COLUMNS).select(["text", "cuts", "doc_id"])
    assert read.equals(wanted)


def test_a_document_is_found_in_a_shard(tmp_path):
    write(tmp_path / "a.mds", [ROWS[3], ROWS[1], ROWS[3]])
    assert list(Mds.find(str(tmp_path / "a.mds"), ROWS[3]["doc_id"])) == [0, 2]


def test_a_shard_without_rows_is_written_and_left_out_of_the_index(tmp_path):
    assert write(tmp_path / "a.mds", []).rows == 0
    assert list(LAYOUT.read(str(tmp_path / "a.mds"), ["text"])) == []
    files = [StoredFile("a.mds", 0, 90, "0"), StoredFile("b.mds", 2, 500, "1")]
    [shard] = json.loads(LAYOUT.index(files)["index.json"])["shards"]
    assert (shard["raw_data"]["basename"], shard["samples"]) == ("b.mds", 2)


def test_a_shard_that_offsets_do_not_reach_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(mds, "MAX_BYTES", 1_000)
    with pytest.raises(UsageError, match=r"a\.mds takes 3,[0-9]{3} bytes.*have more `shards`"):
        write(tmp_path / "a.mds", ROWS[:20])


def test_the_card_does_not_tell_the_hub_to_read_it():
    facts = DatasetFacts("tea", "", "", ExportCounts())
    assert "data_files" not in dataset_card(facts)
