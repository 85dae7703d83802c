"""Batches in an object store are merged and withdrawn as on a disk."""

import json
import subprocess
import sys

import pytest

from curation.testing.samples import ENGLISH
from tests.curation.conftest import Bucket
from tests.curation.small_runs import crawl


@pytest.mark.spark
@pytest.mark.timeout(900)
def test_batches_in_a_bucket_become_what_they_become_on_a_disk(s3_server, s3_environment, tmp_path):
    s3_environment(s3_server)
    bucket = Bucket(s3_server, "batches").uri
    for name in "abc":
        texts = [f"Menu\n{ENGLISH} {name if n else 'all'} {n}." for n in range(3)]
        crawl(tmp_path / "crawls" / name, a=texts)
    command = [
        sys.executable,
        "-m",
        "tests.curation.batches.bucket_batches",
        str(tmp_path / "crawls"),
    ]
    ran = subprocess.run(
        [*command, f"{bucket}/runs", str(tmp_path / "runs")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-3000:]
    there, here = json.loads(ran.stdout)
    assert there == here
    assert there["b"] != there["b again"]
    assert {rows for rows, _ in there["c"]} == {1, 2, 3}
