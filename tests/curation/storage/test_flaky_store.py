"""A store that fails now and then is asked again, and what was read and written is whole."""

import pytest

from curation import storage
from curation.parts.reader import CrawlSlice, CrawlSlices, Intake, read_documents
from curation.sources.reader import SourceOptions
from tests.curation.conftest import Bucket
from tests.curation.sources.archives import members, page_record
from tests.faults.flaky_store import StoreFault, flaky


@pytest.fixture(scope="module")
def bucket(s3_server):
    found = Bucket(s3_server, "flaky")
    found.put("a.warc.gz", b"".join(members([page_record(n) for n in range(40)], ".gz")))
    return found


def one_of_three(faults):
    """Every third request fails, each time otherwise: the next try of it does not."""
    number = iter(range(1000))

    def draw(*_):
        n = next(number)
        return None if n % 3 else faults[n // 3 % len(faults)]

    return draw


def read_all():
    content = CrawlSlices((CrawlSlice(0, "s3://flaky/a.warc.gz"),))
    documents = read_documents(content, "default", SourceOptions(), Intake())
    return [document.columns["doc_id"] for document in documents]


def test_a_store_that_fails_now_and_then_gives_and_takes_the_same_bytes(bucket, s3_environment):
    s3_environment(bucket.endpoint)
    expected = read_all()
    faults = [StoreFault.BUSY, StoreFault.SILENT]
    with flaky(bucket.endpoint, one_of_three(faults), silent_s=4.0) as (endpoint, done):
        s3_environment(endpoint)
        assert read_all() == expected
        storage.write_bytes("s3://flaky/out", b"some bytes")
        assert min(done[fault] for fault in faults) > 0
    s3_environment(bucket.endpoint)
    assert storage.read_bytes("s3://flaky/out") == b"some bytes"


def test_a_small_file_is_written_in_one_request_and_a_large_one_in_parts(bucket, s3_environment):
    asked = []
    with flaky(bucket.endpoint, lambda method, _: asked.append(method)) as (endpoint, _):
        s3_environment(endpoint)
        storage.write_bytes("s3://flaky/small?region=us-east-1", b"some bytes")
        small, asked[:] = [*asked], []
        storage.write_bytes("s3://flaky/large", bytes(11 << 20))
    assert small == ["PUT"]
    assert sorted(asked) == ["POST", "POST", "PUT", "PUT"]
    s3_environment(bucket.endpoint)
    assert storage.read_bytes("s3://flaky/small") == b"some bytes"
    assert storage.read_bytes("s3://flaky/large") == bytes(11 << 20)
