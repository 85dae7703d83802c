import json

import pyarrow as pa
import pytest
import zstandard

from curation.outputs.jsonl import LINES_AT_ONCE, JsonlLayout
from curation.sources.table_rows import TableColumns
from curation.sources.tables import read_jsonl
from schemas.shard import SHARD_COLUMNS

COLUMNS = pa.schema([SHARD_COLUMNS[name] for name in ("doc_id", "copy", "url", "text", "quality")])
ROWS = [
    {
        "doc_id": f"{number:032x}",
        "copy": 0,
        "url": f"http://a.example/{number}",
        "text": f'第{number}行\u2028\n"quoted" \\ \x7f',
        "quality": number / 8,
    }
    for number in range(2 * LINES_AT_ONCE + 5)
]


def write(path, rows, batch_rows=100):
    layout = JsonlLayout(1, 0, COLUMNS, 3)
    table = pa.Table.from_pylist(rows, layout.schema)
    return layout.write(path, table.to_batches(max_chunksize=batch_rows))


def test_a_line_is_the_row(tmp_path):
    counts = write(tmp_path / "a.jsonl.zst", ROWS)
    text = zstandard.decompress((tmp_path / "a.jsonl.zst").read_bytes(), 1 << 20).decode()
    assert [json.loads(line) for line in text.removesuffix("\n").split("\n")] == ROWS
    assert (counts.rows, counts.documents) == (len(ROWS), len(ROWS))


@pytest.mark.parametrize("batch_rows", [1, 7, 10_000])
def test_the_bytes_do_not_tell_how_rows_came_in_batches(tmp_path, batch_rows):
    write(tmp_path / "one", ROWS)
    write(tmp_path / "two", ROWS, batch_rows)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_a_reader_that_stops_after_one_frame_reads_everything(tmp_path):
    write(tmp_path / "a", ROWS)
    with (tmp_path / "a").open("rb") as file:
        text = zstandard.ZstdDecompressor().stream_reader(file, read_across_frames=False).read()
    assert text.count(b"\n") == len(ROWS)


def test_our_own_source_reads_it_back(tmp_path):
    write(tmp_path / "a.jsonl.zst", ROWS)
    pages = read_jsonl(str(tmp_path / "a.jsonl.zst"), TableColumns(), max_body_bytes=1 << 20)
    assert [(page.url, page.text) for page in pages] == [(row["url"], row["text"]) for row in ROWS]


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf"), None])
def test_what_json_has_no_number_for_is_null(tmp_path, number):
    write(tmp_path / "a", [{**ROWS[0], "quality": number}])
    text = zstandard.decompress((tmp_path / "a").read_bytes(), 1 << 20).decode()
    assert json.loads(text, parse_constant=pytest.fail) == {**ROWS[0], "quality": None}
