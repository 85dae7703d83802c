import gzip
import json

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.sources.table_rows import TableColumns
from curation.sources.tables import read_jsonl, read_parquet
from schemas.page import LossReason, Page

LIMIT = 1 << 20
ROWS = [
    {"url": "http://e.example/1", "html": "<p>一", "title": "T", "date": "2024", "id": "x"},
    {"url": "http://e.example/2", "text": "plain 文"},
]


@pytest.fixture
def read_lines(tmp_path):
    def read(data, name="a.jsonl", columns=None, limit=LIMIT):
        path = tmp_path / name
        path.write_bytes(data)
        return list(read_jsonl(str(path), columns or TableColumns(), max_body_bytes=limit))

    return read


def as_lines(rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def test_rows_with_html_and_with_text_become_pages(read_lines):
    html, text = read_lines(as_lines(ROWS))
    assert (html.url, html.title, html.date, html.offset) == ("http://e.example/1", "T", "2024", 0)
    assert (html.body, html.http_charset, html.content_type) == (
        "<p>一".encode(),
        "utf-8",
        "text/html",
    )
    assert (text.text, text.body, text.content_type) == ("plain 文", b"", "text/plain")
    assert (text.offset, text.status) == (1, 200)
    assert html.doc_id != text.doc_id


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".lz4"])
def test_packed_lines_are_read(read_lines, suffix):
    from tests.curation.sources.archives import PACKINGS

    packed = read_lines(PACKINGS[suffix](as_lines(ROWS)), "a.jsonl" + suffix)
    assert [page.doc_id for page in packed] == [page.doc_id for page in read_lines(as_lines(ROWS))]


def test_columns_have_the_names_that_are_configured(read_lines):
    columns = TableColumns(url="link", text="content", doc_id="key")
    (page,) = read_lines(as_lines([{"link": "u", "content": "c", "key": 7}]), columns=columns)
    assert (page.url, page.text) == ("u", "c")


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[1]",
        b"null",
        b"\xff\xfe{}",
        b'{"url": "u"}',
        b'{"html": null, "text": null}',
        b'{"html": 5}',
        b'{"text": ["a"]}',
        b'{"text": "a", "url": {}}',
        b"[" * 100_000,
        b'{"text": "a", "n": ' + b"9" * 5000 + b"}",
    ],
)
def test_a_bad_row_is_a_loss_with_its_number(read_lines, line):
    first, loss, last = read_lines(as_lines(ROWS[:1]) + line + b"\n" + as_lines(ROWS[1:]))
    assert (loss.reason, loss.offset) == (LossReason.BAD_ROW, 1)
    assert isinstance(first, Page)
    assert (last.url, last.offset) == ("http://e.example/2", 2)


def test_blank_lines_are_no_rows_and_the_last_needs_no_end(read_lines):
    pages = read_lines(b"\n" + as_lines(ROWS).replace(b"\n", b"\r\n\r\n").rstrip())
    assert [page.offset for page in pages] == [0, 1]


def test_a_long_row_is_a_loss_and_not_held(read_lines):
    long = as_lines([{"text": "x" * 3_000_000}])
    loss, page = read_lines(long + as_lines(ROWS[1:]), limit=1000)
    assert (loss.reason, loss.offset) == (LossReason.BODY_TOO_LARGE, 0)
    assert (page.url, page.offset) == ("http://e.example/2", 1)


def test_half_a_surrogate_pair_can_be_stored(read_lines):
    (page,) = read_lines(b'{"text": "a\\ud800b"}')
    assert page.text.encode("utf-8").decode("utf-8") == "a?b"


def test_a_cut_file_gives_the_lines_before_and_one_loss(read_lines):
    import random

    rows = [{"text": random.Random(n).randbytes(40_000).hex()} for n in range(10)]
    data = gzip.compress(as_lines(rows))
    *pages, loss = read_lines(data[: len(data) // 2], "a.jsonl.gz")
    assert 0 < len(pages) < 10
    assert loss.reason is LossReason.TRUNCATED_FILE
    assert loss.offset == len(pages)


def test_an_empty_file_is_a_loss(read_lines):
    (loss,) = read_lines(b"")
    assert loss.reason is LossReason.EMPTY_FILE


def write_parquet(path, rows, **options):
    pq.write_table(pa.Table.from_pylist(rows), path, **options)


def test_parquet_gives_the_same_pages_as_lines(tmp_path, read_lines):
    rows = [{"url": row["url"], "html": row.get("html"), "text": row.get("text")} for row in ROWS]
    write_parquet(tmp_path / "a.parquet", rows)
    pages = list(read_parquet(str(tmp_path / "a.parquet"), TableColumns(), max_body_bytes=LIMIT))
    lines = read_lines(as_lines(rows))
    assert [(p.doc_id, p.body, p.text, p.offset) for p in pages] == [
        (p.doc_id, p.body, p.text, p.offset) for p in lines
    ]


def test_html_in_bytes_leaves_its_charset_open(tmp_path):
    write_parquet(tmp_path / "a.parquet", [{"html": "你".encode("gbk")}])
    (page,) = read_parquet(str(tmp_path / "a.parquet"), TableColumns(), max_body_bytes=LIMIT)
    assert (page.body, page.http_charset) == ("你".encode("gbk"), "")


def test_a_damaged_row_group_costs_its_own_rows(tmp_path):
    path = tmp_path / "a.parquet"
    rows = [{"text": f"row {number} " * 50} for number in range(30)]
    write_parquet(path, rows, row_group_size=10, use_dictionary=False, write_page_checksum=True)
    column = pq.ParquetFile(path).metadata.row_group(1).column(0)
    data = bytearray(path.read_bytes())
    end = column.data_page_offset + column.total_compressed_size
    data[end - 20 : end] = b"\xff" * 20
    path.write_bytes(data)
    items = list(read_parquet(str(path), TableColumns(), max_body_bytes=LIMIT))
    pages = [item for item in items if isinstance(item, Page)]
    assert [page.offset for page in pages] == [*range(10), *range(20, 30)]
    (loss,) = (item for item in items if not isinstance(item, Page))
    assert (loss.reason, loss.offset) == (LossReason.DAMAGED_RECORD, 10)
    assert "rows 10 to 19" in loss.detail


@pytest.mark.parametrize("data", [b"", b"PAR1 nothing PAR1", b"WARC/1.0"])
def test_what_is_no_parquet_is_a_loss(tmp_path, data):
    path = tmp_path / "a.parquet"
    path.write_bytes(data)
    (loss,) = read_parquet(str(path), TableColumns(), max_body_bytes=LIMIT)
    assert loss.reason in {LossReason.NOT_AN_ARCHIVE, LossReason.EMPTY_FILE}


def test_a_table_without_html_or_text_says_which_columns_it_has(tmp_path):
    write_parquet(tmp_path / "a.parquet", [{"content": "x", "link": "y"}])
    (loss,) = read_parquet(str(tmp_path / "a.parquet"), TableColumns(), max_body_bytes=LIMIT)
    assert "content, link" in loss.detail


def test_a_failing_store_is_raised_and_not_taken_for_damage(tmp_path, monkeypatch):
    import io

    from curation.sources import tables

    write_parquet(tmp_path / "a.parquet", ROWS[1:])
    data = (tmp_path / "a.parquet").read_bytes()

    class Failing(io.BytesIO):
        def read(self, size=-1):
            if self.tell() < 4 + 10:
                raise OSError("connection lost")
            return super().read(size)

    monkeypatch.setattr(tables, "open_input", lambda path: Failing(data))
    with pytest.raises(OSError, match="connection lost"):
        list(read_parquet("s3://b/a.parquet", TableColumns(), max_body_bytes=LIMIT))
