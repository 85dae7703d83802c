"""Memory of Spark's Python workers with a large blocklist, and what an empty task costs them.

    python -m benchmarks.workers [DOMAINS] [WORKERS]

Memory: each of WORKERS workers opens url_filter, with DOMAINS made-up domains in its blocklist,
extract, language and rules, and judges one page. Then all wait while the memory of the process that
they were forked from, theirs, and that of their children is read: PSS, which counts a page that
several processes share once among them, and RSS, which counts it for each.

Empty tasks: two workers that have imported every stage do TASKS tasks of nothing, an item of a list
or a partition of a frame each. Processor time is the worker's own, from one task to its next; wall
time counts Spark's part of a task too. Linux only.
"""

import importlib
import os
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path
from threading import Thread
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import pyarrow as pa
from pyspark.sql import SparkSession

from benchmarks.url_filter import domain
from curation.parts.opened import open_in_daemon, opened_step
from curation.spark.processes import family, memory_bytes
from curation.spark.session import start_session
from curation.spark.tasks import run_on_partitions, run_tasks
from stages.base import Stage
from stages.chain import Document, run_chain
from stages.extract import Extract
from stages.language import Language
from stages.rules import Rules
from stages.url_filter import UrlFilter

DOMAINS, WORKERS, TASKS = 5_000_000, 8, 200
STEP = "measured"
PAGE = {
    "url": "https://www.example.com/a",
    "body": b"<html><body>" + b"<p>The mill was built beside the river by the monks.</p>" * 40,
    "text": None,
    "title": None,
    "content_type": "text/html",
    "http_charset": "utf-8",
}
DAEMON, UNIX_SOCKETS = "spark.python.daemon.module", "spark.python.unix.domain.socket.enabled"
# A second session of a process keeps what the first was given, so each way says all.
MEMORY_WAYS = (
    ("pyspark.daemon", "worker"),
    ("curation.spark.daemon", "worker"),
    ("curation.spark.daemon", "daemon"),
)
TASK_WAYS = (
    ("pyspark.daemon", False),
    ("curation.spark.daemon", False),
    ("curation.spark.daemon", True),
)


class Moment(NamedTuple):
    """When a task of a worker ran, by the worker's processor clock and by the wall clock."""

    worker: int
    processor_s: float
    wall_s: float


def judge_and_wait(stages: tuple[Stage, ...], folder: Path, worker: int) -> str:
    """Open, judge, say which process this one was forked from, and hold on until all have."""
    page = Document(dict(PAGE))
    run_chain(opened_step(STEP).chain(stages), [page])
    (folder / f"{worker}.part").write_text(str(os.getppid()))
    (folder / f"{worker}.part").rename(folder / f"{worker}.parent")
    while not (folder / "measured").exists():
        time.sleep(0.05)
    return page.stage


def memory(spark: SparkSession, stages: tuple[Stage, ...], workers: int) -> str:
    """The figures of all processes that belong to the session's workers."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        work = partial(judge_and_wait, stages, folder)
        tasks = Thread(target=run_tasks, args=(spark, range(workers), work))
        tasks.start()
        while len(parents := list(folder.glob("*.parent"))) < workers:
            tasks.join(0.2)
            if not tasks.is_alive():
                raise SystemExit("the tasks have failed")
        [daemon] = {int(path.read_text()) for path in parents}
        processes = family(daemon)
        pss, rss = (
            sum(memory_bytes(p, kind) for p in processes) / 2**20 for kind in ("Pss", "Rss")
        )
        (folder / "measured").touch()
        tasks.join()
    processor_s = sum(one.own_s + one.children_s for one in processes.values())
    return f"{len(processes):9} {pss:9,.0f} {rss:9,.0f} {processor_s:13.1f}"


def measure_memory(domains: int, workers: int) -> None:
    """Each way to open, in a session of its own."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "domains"
        with path.open("w") as file:
            file.writelines(f"{domain(n)}\n" for n in range(domains))
        lists = UrlFilter(lists=(str(path),))
        stages = (lists, Extract(languages=("zh", "en")), Language(), Rules())
        print(f"{workers} workers, {domains:,} domains")
        print(f"{'forked from':24}{'opened by':12}processes    PSS MB    RSS MB   processor s")
        for module, opener in MEMORY_WAYS:
            spark = start_session({DAEMON: module, "spark.master": f"local[{workers}]"})
            if opener == "daemon":
                open_in_daemon(spark, [(STEP, stages)])
            print(f"{module:24}{opener:12}{memory(spark, stages, workers)}", flush=True)
            spark.stop()


def do_nothing(_: object) -> Moment:
    """An empty task of a worker that has imported what ours have."""
    importlib.import_module("stages.registry")
    return Moment(os.getpid(), time.process_time(), time.monotonic())


def do_nothing_with(batches: Iterator[pa.RecordBatch]) -> Iterable[Moment]:
    """The same, of a partition of a frame."""
    yield from (do_nothing(batch) for batch in batches)


def per_task_ms(moments: list[Moment]) -> str:
    """Milliseconds from one task of a worker to its next, of the processor and of the wall."""
    seen: dict[int, list[Moment]] = {}
    for moment in moments:
        seen.setdefault(moment.worker, []).append(moment)
    spans = [(min(of_one), max(of_one), len(of_one) - 1) for of_one in seen.values()]
    tasks = sum(count for *_, count in spans)
    processor_s = sum(last.processor_s - first.processor_s for first, last, _ in spans)
    wall_s = sum(last.wall_s - first.wall_s for first, last, _ in spans)
    return f"{processor_s / tasks * 1e3:14.1f}{wall_s / tasks * 1e3:9.1f}"


def measure_tasks() -> None:
    """Each way to run workers, in a session of its own."""
    print(f"{'an empty task':36}{'of':10}{'processor, ms':>14}{'wall, ms':>9}{'load':>6}")
    for module, unix_sockets in TASK_WAYS:
        way = f"{module}, {'Unix sockets' if unix_sockets else 'TCP'}"
        sockets = {UNIX_SOCKETS: str(unix_sockets).lower()}
        spark = start_session({DAEMON: module, "spark.master": "local[2]", **sockets})
        frame = spark.range(TASKS, numPartitions=TASKS)
        for _ in range(2):  # the first time warms up
            lists = run_tasks(spark, range(TASKS), do_nothing)
            frames = run_on_partitions(frame, do_nothing_with)
        for kind, moments in (("a list", lists), ("a frame", frames)):
            print(f"{way:36}{kind:10}{per_task_ms(moments)}{os.getloadavg()[0]:6.1f}", flush=True)
        spark.stop()


def main() -> None:
    domains = int(sys.argv[1]) if len(sys.argv) > 1 else DOMAINS
    workers = int(sys.argv[2]) if len(sys.argv) > 2 else WORKERS
    measure_tasks()
    measure_memory(domains, workers)


if __name__ == "__main__":
    from benchmarks import workers  # a worker cannot import what is in __main__

    workers.main()
