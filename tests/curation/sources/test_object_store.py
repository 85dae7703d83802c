"""The same bytes from an S3 server on this machine give the same pages as from the disk."""

import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pyarrow.parquet as pq
import pytest
from pyarrow import Table

from curation import storage
from curation.parts.reader import CrawlSlice, CrawlSlices, Intake, read_documents
from curation.sources.inputs.expand import InputError, expand
from curation.sources.inputs.splits import split
from curation.sources.reader import SourceOptions, read
from curation.sources.warc import read_warc
from curation.storage.faults import storage_error
from tests.curation.conftest import Bucket
from tests.curation.sources.archives import PACKINGS, members, page_record

FILES = {
    f"2024/a.warc{packing}": b"".join(members([page_record(n) for n in range(3)], packing))
    for packing in PACKINGS
}


@pytest.fixture(scope="module")
def crawl(s3_server):
    """A bucket with archives, a table and a note."""
    bucket = Bucket(s3_server, "crawl")
    table = io.BytesIO()
    pq.write_table(Table.from_pylist([{"url": "u", "text": "words"}]), table)
    for name, data in {**FILES, "tables/t.parquet": table.getvalue(), "notes.txt": b"x"}.items():
        bucket.put(name, data)
    return bucket


@pytest.fixture
def bucket(crawl, s3_environment):
    """Its address."""
    s3_environment(crawl.endpoint)
    return crawl.uri


def test_folders_globs_and_files_of_a_bucket_are_found(bucket):
    warcs = sorted(f"{bucket}/{name}" for name in FILES)
    assert [file.path for file in expand([bucket])] == warcs
    assert [file.path for file in expand([f"{bucket}/tables"])] == [f"{bucket}/tables/t.parquet"]
    assert [file.path for file in expand([f"{bucket}/*/*.warc.gz"])] == [f"{bucket}/2024/a.warc.gz"]
    assert [file.path for file in expand([f"{bucket}/2024"])] == warcs
    (file,) = expand([f"{bucket}/2024/a.warc"])
    assert file.size == len(FILES["2024/a.warc"])
    assert file.modified


@pytest.mark.parametrize("name", FILES)
def test_an_archive_in_a_bucket_gives_the_pages_that_it_gives_on_disk(bucket, name, tmp_path):
    local = tmp_path / "a.warc"
    local.write_bytes(FILES[name])
    there = [(item.doc_id, item.offset) for item in read(f"{bucket}/{name}", SourceOptions())]
    here = [(item.doc_id, item.offset) for item in read(str(local), SourceOptions())]
    assert there == here
    assert len(there) == 3


def test_a_table_in_a_bucket_is_read(bucket):
    (page,) = read(f"{bucket}/tables/t.parquet", SourceOptions())
    assert page.text == "words"


@pytest.mark.parametrize(
    "given", ["s3://crawl/gone.warc", "s3://gone/a.warc", "s3://crawl/*.nothing"]
)
def test_what_is_not_in_the_bucket_is_an_error_of_one_line(bucket, given):
    with pytest.raises(InputError) as error:
        expand([given])
    assert "\n" not in str(error.value)
    assert given.partition("*")[0].rstrip("/") in str(error.value)


def test_a_file_that_went_away_is_a_loss(bucket):
    (loss,) = read(f"{bucket}/gone.warc.gz", SourceOptions())
    assert loss.reason == "unreadable_file"


def test_records_of_a_list_are_read_by_range(bucket, crawl):
    data = FILES["2024/a.warc.gz"]
    packed = members([page_record(n) for n in range(3)], ".gz")
    line = '{"filename": "2024/a.warc.gz", "offset": %d, "length": %d}\n'
    crawl.put("lists/a.cdxj", (line % (len(packed[0]), len(packed[1]))).encode())
    (file,) = expand([f"{bucket}/lists/a.cdxj"], bucket)
    ((part, size),) = split(file, 1 << 20)
    (page,) = read(file.path, SourceOptions(), part)
    assert (page.url, page.offset, size) == ("http://e.example/1", len(packed[0]), len(packed[1]))
    assert size < len(data)


class FailingStore(BaseHTTPRequestHandler):
    """Says that every file is there, and gives none, or breaks off."""

    protocol_version = "HTTP/1.1"
    status = 500
    sent = b""

    def do_HEAD(self):
        self.send_response(200)
        self.send_header("Content-Length", "5000")
        self.end_headers()

    def do_GET(self):
        self.send_response(self.status)
        self.send_header("Content-Length", "5000" if self.sent else "0")
        self.end_headers()
        self.wfile.write(self.sent)
        self.close_connection = True

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.do_GET()

    do_PUT = do_POST  # noqa: N815 - the server's name for it

    def log_message(self, *_):
        pass


@pytest.mark.slow
@pytest.mark.parametrize(
    ("status", "sent", "said"),
    [(503, b"", "HTTP status 503"), (206, b"a hundred bytes" * 7, "NETWORK_CONNECTION")],
    ids=["is busy", "breaks off"],
)
def test_a_store_that_is_busy_or_breaks_off_is_an_error_to_read_and_to_write(
    s3_environment, status, sent, said
):
    handler = type("Handler", (FailingStore,), {"status": status, "sent": sent})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    s3_environment(f"http://127.0.0.1:{server.server_port}")
    content = CrawlSlices((CrawlSlice(0, "s3://crawl/a.warc.gz"),))
    with pytest.raises(OSError, match=f"s3://crawl/a.warc.gz: its store failed: .*{said}"):
        list(read_documents(content, "default", SourceOptions(), Intake()))
    with pytest.raises(OSError, match=said) as failed:
        storage.write_bytes("s3://crawl/runs/file", b"some bytes")
    assert str(storage_error(failed.value)).endswith(
        "look whether the store can be reached, then run again to go on"
    )
    server.shutdown()


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a.warc.gz", "a.jsonl", "a.parquet"])
def test_a_store_that_fails_for_good_is_an_error_that_names_the_file(s3_environment, name):
    server = ThreadingHTTPServer(("127.0.0.1", 0), FailingStore)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    s3_environment(f"http://127.0.0.1:{server.server_port}")
    content = CrawlSlices((CrawlSlice(0, f"s3://crawl/{name}"),))
    with pytest.raises(OSError, match=f"s3://crawl/{name}: its store failed: .*500"):
        list(read_documents(content, "default", SourceOptions(), Intake()))
    server.shutdown()


def test_a_file_that_may_not_be_read_is_a_loss_and_a_store_that_fails_is_none(
    tmp_path, monkeypatch
):
    from curation.sources import warc

    def fail_with(error):
        def fail(*_, **__):
            raise error

        monkeypatch.setattr(warc, "open_input", fail)
        return list(read_warc(tmp_path / "a.warc"))

    (loss,) = fail_with(PermissionError(13, "Permission denied"))
    assert (loss.reason, loss.detail) == ("unreadable_file", "Permission denied")
    with pytest.raises(OSError, match="timed out"):
        fail_with(OSError("timed out"))
