"""Frames that the engine makes of files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.parts.tasks import read_frame

pytestmark = pytest.mark.spark


def test_a_frame_of_files_is_not_taken_for_as_small_as_the_list_of_its_files(spark, tmp_path):
    rows = pa.table({"key": pa.array(range(1000), pa.int64())})
    pq.write_table(rows, tmp_path / "rows.parquet")
    frame = read_frame(spark, [str(tmp_path / "rows.parquet")], rows.schema)
    joined = spark.range(10).withColumnRenamed("id", "key").join(frame, "key")
    assert joined.count() == 10
    # As planned, before any size is measured: a crawl's keys would be broadcast to every executor.
    assert "Broadcast" not in joined._jdf.queryExecution().sparkPlan().toString()
