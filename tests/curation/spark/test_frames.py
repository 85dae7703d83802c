"""Frames that the engine makes of files, and writes as files."""

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from curation.spark.frames import read_frame, write_frame

pytestmark = pytest.mark.spark


def test_a_frame_of_files_is_not_taken_for_as_small_as_the_list_of_its_files(spark, tmp_path):
    rows = pa.table({"key": pa.array(range(1000), pa.int64())})
    pq.write_table(rows, tmp_path / "rows.parquet")
    frame = read_frame(spark, [str(tmp_path / "rows.parquet")], rows.schema)
    joined = spark.range(10).withColumnRenamed("id", "key").join(frame, "key")
    assert joined.count() == 10
    # As planned, before any size is measured: a crawl's keys would be broadcast to every executor.
    assert "Broadcast" not in joined._jdf.queryExecution().sparkPlan().toString()


def test_a_frame_is_written_as_a_file_for_each_partition_with_rows_and_read_back(spark, tmp_path):
    schema = pa.schema([("key", pa.int64()), ("parity", pa.int32())])
    frame = spark.range(0, 9, 1, 4).where("id < 2 or id > 3").selectExpr("id as key", "9 as more")
    frame = frame.selectExpr("more", "CAST(key % 2 AS INT) as parity", "key")
    files = write_frame(frame, str(tmp_path), schema)
    assert [file.rows for file in files] == [2, 2, 3]
    assert [path.name for path in sorted(tmp_path.iterdir())] == [file.name for file in files]
    again = read_frame(spark, [str(tmp_path / file.name) for file in files], schema)
    assert [tuple(row) for row in again.collect()] == [(n, n % 2) for n in (0, 1, 4, 5, 6, 7, 8)]
