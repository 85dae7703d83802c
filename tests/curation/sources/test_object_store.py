"""The same bytes from an S3 server on this machine give the same pages as from the disk."""

import io
import shutil
import socket
import subprocess
import sys
import time
import urllib.request

import pyarrow.parquet as pq
import pytest
from pyarrow import Table

from curation.sources.inputs import InputError, expand
from curation.sources.reader import SourceOptions, read
from tests.curation.sources.archives import PACKINGS, members, page_record

FILES = {
    f"2024/a.warc{packing}": b"".join(members([page_record(n) for n in range(3)], packing))
    for packing in PACKINGS
}


def find_python_with_moto() -> str:
    for python in (sys.executable, shutil.which("python3"), shutil.which("python")):
        trial = [python or "false", "-c", "import moto.server"]
        if subprocess.run(trial, check=False, capture_output=True).returncode == 0:
            return trial[0]
    pytest.skip("no Python with moto[server] was found: pip install 'moto[server]'")


def put(url: str, data: bytes) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    request = urllib.request.Request(url, data, headers, method="PUT")
    urllib.request.urlopen(request, timeout=20).close()


def upload(server: str) -> None:
    """Make the bucket. The server lets anybody write what is not there yet."""
    table = io.BytesIO()
    pq.write_table(Table.from_pylist([{"url": "u", "text": "words"}]), table)
    put(f"{server}/crawl", b"")
    files = {**FILES, "tables/t.parquet": table.getvalue(), "notes.txt": b"x"}
    for name, data in files.items():
        put(f"{server}/crawl/{name}", data)


@pytest.fixture(scope="module")
def server():
    """The endpoint of a server that keeps a bucket in memory."""
    python = find_python_with_moto()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    code = f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
    process = subprocess.Popen(
        [python, "-c", code], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if not probe.connect_ex(("127.0.0.1", port)):
                break
        time.sleep(0.2)
    upload(f"http://127.0.0.1:{port}")
    yield f"http://127.0.0.1:{port}"
    process.terminate()
    process.wait(10)


@pytest.fixture
def bucket(server, monkeypatch):
    """The bucket, found through the usual environment variables alone."""
    settings = {
        "AWS_ENDPOINT_URL": server,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    return "s3://crawl"


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
