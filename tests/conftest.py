"""What every test may ask for: real pages, some of their texts, and a Spark session."""

import gzip
import json
import os
import socket
from pathlib import Path

import pytest
import setuptools  # noqa: F401 - before anybody imports distutils, of which it has its own
from hypothesis import HealthCheck, settings

# Examples take as long as the machine is busy: no deadline, and no complaint about slow ones.
settings.register_profile(
    "busy", deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
settings.load_profile("busy")

# A JVM of these tests lives for minutes and holds little. Without the compiler for long lives, the
# collector for many threads and a code cache that must be swept, it takes 40% less processor time:
# 52 s in place of 86 s over the tests of batches. Nor does it check the bytecode of Spark's own classes:
# a fifth of what Java takes to start and to run two steps.
os.environ.setdefault(
    "SPARK_SUBMIT_OPTS",
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=240m "
    "-XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote",
)

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
REAL_TEXTS = (
    ("dedup/debian_installguide_en.jsonl.gz", 15),
    ("dedup/debian_installguide_zh_CN.jsonl.gz", 15),
    ("dedup/g0v_law_zh_hant.jsonl.gz", 15),
    ("corpus/lctt_zh_sample.jsonl.gz", 15),
)


def pytest_collection_modifyitems(items):
    """Files that take longest first: two processes that take file by file then end together."""
    items.sort(key=lambda item: item.get_closest_marker("spark") is None)
    items.sort(key=lambda item: item.get_closest_marker("timeout") is None)


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real pages that stands beside the checkout; the test skips without it."""
    if not SHARED.is_dir():
        pytest.skip(f"the folder of real pages is not there: {SHARED}")
    return SHARED


@pytest.fixture(scope="session")
def real_texts(real_data) -> list[str]:
    """Some documents of each collection, English and Chinese, spread over it."""
    texts = []
    for name, count in REAL_TEXTS:
        with gzip.open(real_data / name, "rt") as lines:
            found = [json.loads(line)["text"] for line in lines]
        texts += found[:: len(found) // count][:count]
    return texts


@pytest.fixture(scope="session")
def s3_endpoint():
    """Where the tests' object store answers once a test asks for it (``s3_server``)."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}"


@pytest.fixture(scope="session")
def spark(s3_endpoint):
    """One session for all tests: two threads, small shuffles; its workers know the object store."""
    from curation.spark.session import start_session

    os.environ.update(s3_variables(s3_endpoint))
    session = start_session(
        {"spark.sql.shuffle.partitions": "4", "spark.driver.memory": "1g"}, master="local[2,4]"
    )
    yield session
    session.stop()


def s3_variables(endpoint: str) -> dict[str, str]:
    """The usual environment variables for a store that anybody may write to."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


@pytest.fixture
def tests_own_session(spark, monkeypatch):
    """Commands that a test runs in this process take its Spark session, with its settings."""
    monkeypatch.setattr("curation.spark.session.start_session", lambda *_, **__: spark)
