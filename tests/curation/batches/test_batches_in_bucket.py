"""Batches in an object store are merged and withdrawn as on a disk."""

import sys

import pytest
from rich.console import Console

from curation.batches import withdrawal
from curation.cli import batch_commands
from curation.config import PipelineConfig, StepConfig
from curation.testing.samples import ENGLISH
from stages.identity import Identity
from stages.line_dedup import LineDedup
from tests.curation.conftest import Bucket
from tests.curation.small_runs import crawl, run

pytestmark = pytest.mark.slow

CONFIG = PipelineConfig(
    name="tiny",
    step=(
        StepConfig("identity", ("identity",)),
        StepConfig("lines", ("line_dedup",)),
    ),
    stage={
        "identity": Identity(),
        "line_dedup": LineDedup(max_occurrences=3),
    },
)


def three_batches(spark, crawls, root):
    """Merged after the second, the first withdrawn: rows and digests of each file."""
    err = Console(file=sys.stderr)
    made = {}
    for name in ("a", "b"):
        made[name] = run(spark, CONFIG, crawls[name], root, name)
    batch_commands.merge_all(root, None, err, err, lambda: spark)
    made["c"] = run(spark, CONFIG, crawls["c"], root, "c")
    withdrawal.withdraw(f"{root}/tiny", "a")
    made["b again"] = run(spark, CONFIG, crawls["b"], root, "b")
    return {name: digests(outcomes) for name, outcomes in made.items()}


def digests(outcomes):
    return [
        (file.rows, file.sha256)
        for outcome in outcomes
        for part in outcome.manifest.parts
        for _, file in sorted(part.files.items())
    ]


@pytest.mark.spark
def test_batches_in_a_bucket_become_what_they_become_on_a_disk(spark, s3_server, tmp_path):
    crawls = {
        name: crawl(
            tmp_path / name,
            a=[f"Menu\n{ENGLISH} {name if n else 'all'} {n}." for n in range(3)],
        )
        for name in "abc"
    }
    there = three_batches(spark, crawls, f"{Bucket(s3_server, 'batches').uri}/runs")
    here = three_batches(spark, crawls, str(tmp_path / "runs"))
    assert there == here
    assert there["b"] != there["b again"]
    assert {rows for rows, _ in there["c"]} == {1, 2}
