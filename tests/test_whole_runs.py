"""Whole runs that are not the sample's: killed, on real archives, without a network."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from curation import storage
from curation.inspect.run_files import load_run
from curation.sample_crawl import write_sample_crawl
from curation.storage import ledger
from tests.commands import output
from tests.whole_runs import LOCAL, command, judged, other_conf, product_digests, run
from tests.without_network import NOT_TO_BE_HAD

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1800), pytest.mark.slow]

FEW_PAGES = 150
# The executors of a cluster are as small as the tests' other JVMs (tests/conftest.py).
EXECUTOR = '"spark.executor.extraJavaOptions" = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"'


@pytest.mark.usefixtures("tests_own_session")
def test_a_run_killed_midway_and_finished_elsewhere_makes_the_same_bytes(tmp_path):
    """Also with other numbers of parts and partitions, on one thread and then on a cluster of two."""
    few = write_sample_crawl(tmp_path / "crawl", seed=2, pages=FEW_PAGES)
    quick = ["--set", "stage.extract.timeout_s=2"]  # for the pages that hang
    output("run", LOCAL, *few, "--root", tmp_path / "whole", *quick)
    whole = tmp_path / "whole" / "local" / "default"
    settings = f'[spark.settings]\n"spark.sql.shuffle.partitions" = "3"\n{EXECUTOR}\n'
    conf = other_conf(tmp_path, "[spark]\n", f"{settings}\n[spark]\n")
    begun = subprocess.Popen(
        [*command(few, tmp_path / "runs", "local[1,4]", conf), *quick],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    again = tmp_path / "runs" / "local" / "default"
    wait_for_manifests(again, 2, begun)
    os.killpg(begun.pid, signal.SIGKILL)
    begun.wait()
    done = len(list(again.glob("*/_manifest.json")))
    assert done < len(load_run(str(whole)))
    ran = run(few, tmp_path / "runs", "local-cluster[2,1,1024]", conf, options=quick)
    assert ran.stderr.count("done before") >= 2
    assert product_digests(again) == product_digests(whole)


def wait_for_manifests(batch, count, process):
    deadline = time.monotonic() + 900
    while len(list(batch.glob("*/_manifest.json"))) < count:
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_run_needs_no_network(tmp_path):
    few = write_sample_crawl(tmp_path / "crawl", seed=2, pages=FEW_PAGES)
    root = tmp_path / "runs"
    python, *arguments = command(few, root, "local[2,4]", LOCAL)
    ran = subprocess.run(
        [python, "-m", "tests.without_network", *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parents[1],
    )
    if ran.returncode == NOT_TO_BE_HAD:
        pytest.skip(f"no namespaces here: {ran.stderr}")
    assert ran.returncode == 0, ran.stderr[-3000:]
    assert all(product_digests(root / "local" / "default"))


@pytest.mark.usefixtures("tests_own_session")
def test_real_archives_good_and_broken_are_accounted_for(real_data, tmp_path):
    conf = other_conf(tmp_path, "max_quarantine_ratio = 0.1", "max_quarantine_ratio = 0.2")
    folders = [real_data / "warc" / name for name in ("real", "built", "edge")]
    output("run", conf, *folders, "--root", tmp_path / "runs")
    batch = tmp_path / "runs" / "local" / "default"
    steps = judged(batch)
    before = None
    for step in steps:
        ledger.check(step.manifest, before)
        before = step.manifest
    assert steps[-1].manifest.keep > 50
    assert not list(Path(batch).rglob("*.tmp"))
    assert storage.exists(str(batch / "report.html"))
