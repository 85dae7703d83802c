"""The whole pipeline of ``conf/local.toml`` over a crawl of 1, 2, 4 and 8 times the size.

    python -m benchmarks.whole_pipeline [--pages 5000] [--times 1 2 4 8] [--conf CONF]

Every crawl is made by ``curate sample-crawl``; every run is a process of its own on two cores, the
smallest crawl is run on one core too. A first small run compiles and caches.

Printed, step by step: wall and processor time, the latter also a page of the crawl, of the process
and all that it started (Java, its Python workers and their children); the most memory that all of
them had together, what several share counted once; the bytes that the step left on disk. The run
is more than its steps: imports, Spark's start, the report. Linux only.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from curation.inspect.run_files import choose_run, load_run
from curation.sample_crawl import write_sample_crawl
from curation.spark.processes import processor_s, shared_bytes
from curation.storage.manifest import Manifest

ROOT = Path(__file__).resolve().parents[1]
STEP = re.compile(r"\d\d (\S+) +[\d,]+ (?:documents |rows )?in ")
LOOK_EVERY_S = 0.2


@dataclass(frozen=True, slots=True)
class Usage:
    """What a step has taken, and left on disk."""

    wall_s: float
    processor_s: float
    peak_bytes: int
    written_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Run:
    """A run over a crawl of so many pages: what its steps took, in order, and all of it."""

    pages: int
    steps: dict[str, Usage]
    whole: Usage


class Watch:
    """Looks at a process and all below it now and then, until that ends."""

    def __init__(self, process: int) -> None:
        self._process = process
        self._times = [time.monotonic()]
        self._processor_s = [0.0]
        self._bytes = [0]
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def usage(self, start: float, end: float) -> Usage:
        """What was taken between two times, interpolated between the looks."""
        first, last = (float(np.interp(at, self._times, self._processor_s)) for at in (start, end))
        seen = [
            size for at, size in zip(self._times, self._bytes, strict=True) if start <= at <= end
        ]
        return Usage(end - start, last - first, max(seen, default=0))

    def stop(self) -> None:
        """Look no more."""
        self._stop.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._stop.wait(LOOK_EVERY_S):
            size = shared_bytes(self._process)
            used = processor_s(self._process)
            self._times.append(time.monotonic())
            self._processor_s.append(max(used, self._processor_s[-1]))
            self._bytes.append(size)


def run(conf: str, crawl: Path, pages: int, out: Path, cores: int) -> Run:
    """Run a pipeline from scratch on that many cores, and account for its steps."""
    some = ",".join(map(str, sorted(os.sched_getaffinity(0))[:cores]))
    program = f"taskset --cpu-list {some} {sys.executable} -m curation run --master local[{cores}]"
    command = [*program.split(), conf, str(crawl), "--root", str(out)]
    start = time.monotonic()
    ends, said = {}, []
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as process:
        watch = Watch(process.pid)
        for line in process.stderr or ():
            said.append(line)
            if step := STEP.match(line):
                ends[step[1]] = time.monotonic()
    watch.stop()
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}:\n{''.join(said)[-2000:]}")
    steps = {
        made.step: replace(
            watch.usage(ends[made.step] - made.seconds, ends[made.step]),
            written_bytes=_written(made),
        )
        for made in _manifests(out)
    }
    whole = watch.usage(start, time.monotonic())
    return Run(
        pages, steps, replace(whole, written_bytes=sum(s.written_bytes for s in steps.values()))
    )


def _manifests(root: Path) -> Iterator[Manifest]:
    return (step.manifest for step in load_run(choose_run(str(root), None, None)))


def _written(made: Manifest) -> int:
    files = [file for part in made.parts for file in part.files.values()]
    return sum(file.bytes for file in (*files, *made.state, *made.fitted, *made.products))


def print_steps(done: Run) -> None:
    """A row for each step, and one for the run."""
    rate = done.pages / done.whole.wall_s
    print(f"\n{done.pages:,} pages in {done.whole.wall_s:.0f} s: {rate:.0f} pages/s\n")
    print("| step | wall, s | processor, s | us a page | peak, MiB | written, MiB |")
    print("|---|---|---|---|---|---|")
    for name, usage in (*done.steps.items(), ("the run", done.whole)):
        _print_row(name, usage, done.pages)


def _print_row(name: str, usage: Usage, pages: int) -> None:
    print(
        f"| {name} | {usage.wall_s:.1f} | {usage.processor_s:.1f} "
        f"| {usage.processor_s / pages * 1e6:,.0f} | {usage.peak_bytes / 2**20:,.0f} "
        f"| {usage.written_bytes / 2**20:,.1f} |",
        flush=True,
    )


def print_ratios(runs: Sequence[Run], on_one_core: Run) -> None:
    """What a page costs in the largest crawl to the smallest, and what two cores are worth."""
    small, large = runs[0], runs[-1]
    times = large.pages / small.pages
    wall = large.whole.wall_s / small.whole.wall_s / times
    processor = large.whole.processor_s / small.whole.processor_s / times
    print(f"\na page at {times:g} times the size: {processor:.2f} of the processor time, ", end="")
    print(f"{wall:.2f} of the wall time")
    speedup = on_one_core.whole.wall_s / small.whole.wall_s
    print(f"two cores are {speedup:.2f} times as fast as one: {speedup / 2:.2f} times two")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=5_000)
    parser.add_argument("--times", type=int, nargs="+", default=[1, 2, 4, 8])
    parser.add_argument("--conf", default="conf/local.toml")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        warm = make_crawl(folder / "warm", 200)
        run(options.conf, warm, 200, folder / "warm-out", 2)
        runs = []
        for times in options.times:
            pages = times * options.pages
            crawl = make_crawl(folder / f"crawl-{times}", pages)
            runs.append(run(options.conf, crawl, pages, folder / f"out-{times}", 2))
            print_steps(runs[-1])
        first = folder / f"crawl-{options.times[0]}"
        pages = options.times[0] * options.pages
        print_ratios(runs, run(options.conf, first, pages, folder / "one-core", 1))


def make_crawl(folder: Path, pages: int) -> Path:
    """A sample crawl of so many pages."""
    write_sample_crawl(folder, seed=1, pages=pages)
    return folder


if __name__ == "__main__":
    main()
