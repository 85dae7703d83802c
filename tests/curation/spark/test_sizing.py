"""A session set for few keys, and for many."""

import pyarrow as pa
import pytest

from curation.spark import sizing
from curation.spark.frames import read_items
from curation.spark.sizing import PARTITIONS, fit_one_task, sized_for

pytestmark = pytest.mark.spark

SCHEMA = pa.schema([("key", pa.int64()), ("item", pa.int64())])
ADAPTIVE = "spark.sql.adaptive.enabled"


def rows_of(item):
    yield pa.RecordBatch.from_pylist([{"key": n % 3, "item": item} for n in range(4)], SCHEMA)


def count_by_key(spark, tasks):
    """Groups and a join of them, as corpus stages have; and Spark's plan for the groups."""
    frame = read_items(spark, range(5), rows_of, SCHEMA, tasks).persist()
    counts = frame.groupBy("key").count()
    joined = frame.join(counts, "key").groupBy("item").agg({"count": "sum"})
    rows = sorted(map(tuple, joined.collect()))
    plan = counts._jdf.queryExecution().executedPlan().toString()
    frame.unpersist()
    return rows, plan


def test_few_keys_are_grouped_without_a_shuffle_and_many_say_the_same(spark):
    with sized_for(spark, 1000):
        few, plan = count_by_key(spark, 1)
    assert "Exchange" not in plan
    with sized_for(spark, sizing.TASK_BYTES * 3):
        many, plan = count_by_key(spark, None)
    assert "Exchange" in plan
    assert few == many == [(item, 10 + 5 + 5 + 10) for item in range(5)]


def test_the_session_is_as_before_when_the_comparison_is_done_or_fails(spark):
    before = {key: spark.conf.get(key) for key in sizing.IN_ONE_TASK}
    with pytest.raises(ValueError, match="in the middle"), sized_for(spark, 0):
        assert spark.conf.get(ADAPTIVE) == "false"
        raise ValueError("in the middle")
    assert {key: spark.conf.get(key) for key in sizing.IN_ONE_TASK} == before


def test_there_are_as_many_partitions_as_keys_fill_and_no_more_than_the_user_has_set(spark):
    assert spark.sparkContext.getConf().get(PARTITIONS) == "4"
    for filled, expected in ((1, "1"), (2, "2"), (3, "3"), (900, "4")):
        with sized_for(spark, filled * sizing.TASK_BYTES):
            assert spark.conf.get(PARTITIONS) == expected
            assert spark.conf.get(ADAPTIVE) == ("false" if filled == 1 else "true")


def test_keys_that_fill_one_partition_fit_one_task():
    assert fit_one_task(sizing.TASK_BYTES)
    assert not fit_one_task(sizing.TASK_BYTES + 1)
