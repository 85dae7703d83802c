import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from stages.fuzzy_dedup.collisions import collide
from tests.stages.fuzzy_dedup import small_executor

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.spark
def test_memory_that_is_short_is_spilled_to_disk_and_nothing_else_changes(tmp_path):
    command = [sys.executable, "-m", "tests.stages.fuzzy_dedup.small_executor", str(tmp_path)]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}  # executors start in folders of their own
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True
    )
    found = json.loads(done.stdout.splitlines()[-1])
    copies = {n for n in range(small_executor.DOCUMENTS) if n % 10 == 9}
    sharing = {n for n in range(small_executor.DOCUMENTS) if n % 20 == 5} - {5}
    assert found["losers"] == sorted(copies | sharing)
    assert found["spilled"] > 30_000_000


@pytest.mark.spark
def test_a_task_that_is_killed_and_tried_again_changes_nothing(spark, tmp_path):
    folder = str(tmp_path)

    def kill_once(batches):
        for number, batch in enumerate(batches):
            yield batch
            marker = Path(folder) / str(batch.column("part")[0])
            if number == 0 and not marker.exists():
                marker.touch()
                os.kill(os.getpid(), signal.SIGKILL)

    numbers = spark.range(3, numPartitions=3).selectExpr("CAST(id AS INT) AS part")
    keys = numbers.mapInArrow(small_executor.make_keys, small_executor.KEYS)
    alone = sorted(collide(keys, None).collect())
    killed = sorted(collide(keys.mapInArrow(kill_once, small_executor.KEYS), None).collect())
    assert len(list(tmp_path.iterdir())) == 3, "every task was killed once"
    assert killed == alone
    assert len(alone) == 1500 + 749
