"""Whole runs on an object store that fails at times: they end well, or in one line, and as they would have."""

from random import Random

import pytest
from pyarrow import fs

from curation.sample_crawl import write_sample_crawl
from tests.conftest import s3_variables
from tests.curation.conftest import Bucket
from tests.faults.__main__ import CONF
from tests.faults.flaky_store import StoreFault, flaky
from tests.faults.runs import begin, digests
from tests.faults.trial import UNCLEAR

pytestmark = [pytest.mark.spark, pytest.mark.slow, pytest.mark.timeout(1800)]

STORE_FAILED = 8
MAX_STARTS = 5
ODDS = {StoreFault.BUSY: 0.1, StoreFault.CUT: 0.05, StoreFault.SILENT: 0.015}


def seeded(seed):
    """One request in seven fails; only what is read is cut off."""
    random = Random(seed)

    def draw(method, _path):
        fault = random.choices([None, *ODDS], [1 - sum(ODDS.values()), *ODDS.values()])[0]
        return None if fault is StoreFault.CUT and method != "GET" else fault

    return draw


def files_of_run(endpoint, bucket, folder):
    """The SHA-256 of all that a run has left in a bucket, as it is of one on a disk."""
    host = endpoint.removeprefix("http://")
    store = fs.S3FileSystem(
        access_key="key", secret_key="secret", endpoint_override=host, scheme="http"
    )
    fs.copy_files(bucket, str(folder), source_filesystem=store)
    return digests(folder)


@pytest.mark.parametrize("seed", [1, 2])
def test_a_run_on_a_store_that_fails_at_times_makes_the_same_files(s3_server, tmp_path, seed):
    crawl = write_sample_crawl(tmp_path / "crawl", seed=3, pages=100)
    conf = tmp_path / "conf.toml"
    conf.write_text(CONF)
    clean, shaken = Bucket(s3_server, f"clean-{seed}"), Bucket(s3_server, f"shaken-{seed}")
    for path in crawl:
        clean.put(f"in/{path.name}", path.read_bytes())

    def start(endpoint, bucket, name):
        inputs = [f"{clean.uri}/in/{path.name}" for path in crawl]
        arguments = [str(conf), *inputs, "--master", "local[2,4]"]
        root = f"{bucket.uri}/runs"
        begun = begin(tmp_path / name, arguments, s3_variables(endpoint), root)
        return begun.wait(), begun.said, begun.left()

    code, said, left = start(s3_server, clean, "clean")
    assert (code, left) == (0, []), said
    with flaky(s3_server, seeded(seed)) as (endpoint, done):
        for number in range(MAX_STARTS):
            code, said, left = start(endpoint, shaken, f"shaken-{number}")
            assert code in {0, STORE_FAILED}, said
            assert left == []
            assert not UNCLEAR.search(said), said
            if code == 0:
                break
    assert code == 0, said
    assert min(done[fault] for fault in ODDS) > 0, done
    made, expected = (
        files_of_run(s3_server, f"{name}-{seed}/runs", tmp_path / "files" / name)
        for name in ("shaken", "clean")
    )
    assert made
    assert made == expected
