"""What a disk or a store refuses is one line that says what to do."""

import pytest

from curation.errors import JobError, StorageError
from curation.run.failures import in_one_line
from curation.storage.faults import is_storage_fault, storage_error
from tests.commands import curate, message
from tests.curation.small_runs import crawl

JAVA = (
    """An error occurred while calling o68.collectToPython.
: org.apache.spark.SparkException: Job aborted due to stage failure: Task 0 in stage 1.0 failed 4 times
org.apache.spark.memory.SparkOutOfMemoryError: error while calling spill() : scratch/b/0a (No space left on device)
\tat org.apache.spark.memory.TaskMemoryManager.trySpillAndAcquire(TaskMemoryManager.java:280)
"""
    + "\tat org.apache.spark.util.Some.method(Some.scala:1)\n" * 60
)


class Step:
    name = "near"


def test_a_full_scratch_folder_is_one_line_and_not_a_page_of_java(monkeypatch):
    from pyspark.errors import PySparkException

    monkeypatch.setattr("curation.run.failures.java_has_ended", lambda: False)
    error = in_one_line(Step, PySparkException(JAVA))
    assert isinstance(error, StorageError)
    assert str(error).startswith("step near failed: ")
    assert "No space left on device" in str(error)
    assert "SPARK_LOCAL_DIRS" in str(error)
    assert "\n" not in str(error)
    assert len(str(error)) < 700
    other = in_one_line(Step, PySparkException("ValueError: no"))
    assert (type(other), str(other)) == (
        JobError,
        "step near failed: ValueError: no; run again to resume",
    )


def test_an_error_of_the_disk_in_the_driver_says_what_to_do():
    error = in_one_line(Step, OSError(30, "Read-only file system", "runs/a"))
    assert str(error) == (
        "step near failed: [Errno 30] Read-only file system: 'runs/a': make it writable, or name "
        "another --root, then run again to go on"
    )


@pytest.mark.parametrize("text", ["ValueError: 3", "Permission denied: words.txt", ""])
def test_what_is_no_fault_of_a_disk_is_not_taken_for_one(text):
    assert not is_storage_fault(text)


def test_a_long_error_is_cut_about_what_it_says():
    said = str(storage_error("x" * 9_000 + " No space left on device " + "y" * 9_000))
    assert "No space left on device" in said
    assert len(said) < 700


def test_an_error_of_the_disk_outside_a_step_ends_a_command_with_its_exit_code(
    tmp_path, monkeypatch
):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    (tmp_path / "conf.toml").write_text(
        'name = "a"\n[[step]]\nname = "prepare"\nstages = ["language"]\n'
    )
    monkeypatch.setattr("curation.cli.plans.make_plan", refuse)
    folder = crawl(tmp_path / "in", a=["one"])
    ran = curate("plan", tmp_path / "conf.toml", folder, "--root", tmp_path / "runs")
    assert ran.exit_code == 8
    assert message(ran).startswith("[Errno 28] No space left on device: free some space there")
