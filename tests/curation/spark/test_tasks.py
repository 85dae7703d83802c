"""Lists and frames as Spark tasks."""

import os
import uuid
from dataclasses import dataclass

import pyarrow as pa
import pytest

from curation.parts.reader import Part, StepFile, StepFiles
from curation.parts.tasks import run_parts
from curation.spark import tasks
from curation.spark.frames import read_items
from curation.spark.tasks import run_on_partitions, run_tasks

pytestmark = pytest.mark.spark


@dataclass(frozen=True)
class Doubled:
    number: int
    double: int


def double(number):
    return Doubled(number, 2 * number)


def count_stages(spark, action):
    """What the action returns, and the Spark stages of its jobs."""
    group = uuid.uuid4().hex
    spark.sparkContext.setJobGroup(group, "counted")
    try:
        result = action()
    finally:
        spark.sparkContext.setLocalProperty("spark.jobGroup.id", None)
    tracker = spark.sparkContext.statusTracker()
    jobs = [tracker.getJobInfo(job) for job in tracker.getJobIdsForGroup(group)]
    return result, [stage for job in jobs for stage in job.stageIds]


def task_counts(spark, stages):
    tracker = spark.sparkContext.statusTracker()
    return [tracker.getStageInfo(stage).numTasks for stage in stages]


def test_a_list_is_done_in_order_in_one_spark_stage_of_a_task_for_each_item(spark):
    done, stages = count_stages(spark, lambda: run_tasks(spark, range(25), double))
    assert done == [double(number) for number in range(25)]
    assert task_counts(spark, stages) == [25]
    assert count_stages(spark, lambda: run_tasks(spark, [], double)) == ([], [])


def test_many_items_share_tasks_with_their_neighbours(spark, monkeypatch):
    monkeypatch.setattr(tasks, "MAX_TASKS", 4)

    def where(number):
        from pyspark import TaskContext

        return number, TaskContext.get().partitionId()

    done, stages = count_stages(spark, lambda: run_tasks(spark, range(25), where))
    assert [number for number, _ in done] == list(range(25))
    assert task_counts(spark, stages) == [4]
    partitions = [partition for _, partition in done]
    assert partitions == sorted(partitions)
    assert {partitions.count(n) for n in range(4)} <= {5, 6, 7, 8}


def test_an_item_whose_task_is_tried_again_counts_once(spark, tmp_path):
    def crash_once(number):
        marker = tmp_path / "crashed"
        if number == 2 and not marker.exists():
            marker.touch()
            os._exit(1)
        return number

    assert run_tasks(spark, range(4), crash_once) == [0, 1, 2, 3]
    assert (tmp_path / "crashed").exists()


def test_a_list_of_items_becomes_a_frame_of_a_partition_for_each_without_a_shuffle(
    spark, monkeypatch
):
    schema = pa.schema([("number", pa.int32()), ("row", pa.int32())])

    def rows_of(number):
        for row in range(2):
            yield pa.RecordBatch.from_pylist([{"number": number, "row": row}], schema=schema)

    def rows(batches):
        yield [tuple(row.values()) for batch in batches for row in batch.to_pylist()]

    frame = read_items(spark, range(7), rows_of, schema)
    done, stages = count_stages(spark, lambda: run_on_partitions(frame, rows))
    assert done == [[(number, 0), (number, 1)] for number in range(7)]
    assert task_counts(spark, stages) == [7]
    monkeypatch.setattr(tasks, "MAX_TASKS", 3)
    [first, *others] = run_on_partitions(read_items(spark, range(7), rows_of, schema), rows)
    assert first == [(0, 0), (0, 1), (1, 0), (1, 1)]
    assert len(others) == 2
    assert read_items(spark, [], rows_of, schema).collect() == []


def test_lists_and_frames_are_served_by_the_same_workers(spark):
    """Or what a worker has opened for the keys of a step would be opened again to judge it."""

    def process(batches):
        assert list(batches) == []  # a worker that has read all is used again
        yield os.getpid()

    def process_of(_number):
        return os.getpid()

    frame = read_items(spark, range(8), lambda _: [], pa.schema([("none", pa.int32())]))
    on_frame = run_on_partitions(frame, process)
    on_list = run_tasks(spark, range(8), process_of)
    assert set(on_list) & set(on_frame)


def test_each_part_gets_the_flags_on_its_documents(spark, monkeypatch):
    parts = [Part(n, StepFiles((StepFile(f"part-{n}", n, ""),))) for n in (0, 1, 3, 4)]
    raised = [(3, 30, "c"), (0, 7, "a"), (0, 5, "b")]
    flags = spark.createDataFrame(raised, "part int, position long, twin string")

    def look(part, found):
        twins = {position: flag["twin"] for position, flag in found.items()}
        return part, twins

    expected = [{5: "b", 7: "a"}, {}, {30: "c"}, {}]
    assert run_parts(spark, parts, look, flags) == list(zip(parts, expected, strict=True))
    monkeypatch.setattr(tasks, "MAX_TASKS", 2)
    assert run_parts(spark, parts, look, flags) == list(zip(parts, expected, strict=True))
    without, stages = count_stages(spark, lambda: run_parts(spark, parts, look, None))
    assert without == [(part, {}) for part in parts]
    assert len(stages) == 1
