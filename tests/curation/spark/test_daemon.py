import gc
import os
import sys
from pathlib import Path

import pyarrow as pa
import pytest


@pytest.mark.spark
def test_a_worker_starts_with_the_stages_imported_and_frozen(spark):
    def look(_):
        parent = Path(f"/proc/{os.getppid()}/cmdline").read_bytes().split(b"\0")
        found = {
            "stages": ["stages.registry" in sys.modules],
            "frozen": [gc.get_freeze_count()],
            "parent": [parent[2].decode()],
        }
        yield pa.RecordBatch.from_pydict(found)

    schema = "stages boolean, frozen long, parent string"
    [row] = spark.range(1, numPartitions=1).mapInArrow(look, schema).collect()
    assert row["parent"] == "curation.spark.daemon"
    assert row["stages"]
    assert row["frozen"] > 100_000
