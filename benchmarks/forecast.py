"""A forecast beside the run that followed: ``curate plan --forecast``, then ``curate run``.

    python -m benchmarks.forecast [--pages 10000] [--sample 0.05] [--seed 0] [--crawl FOLDER]

The crawl is made by ``curate sample-crawl``, unless one is named. Both are processes of their own,
on the same cores, one after the other. A first small run compiles and caches. Printed, step by step
and in all: documents, processor time of all processes, bytes shuffled and written, of the forecast,
of the run, and how far the forecast is off. Times on the clock are not compared: on a machine with
other work they say nothing of either. Linux only.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from conf import locate
from curation.sample_crawl import write_sample_crawl

DONE = re.compile(r"^done in ([\d.]+) s, ([\d.]+) s of processors$", re.MULTILINE)
MIB = 1 << 20
SIZES = {"shuffled_bytes": "shuffle_bytes", "written_bytes": "written_bytes"}
CURATE = (sys.executable, "-m", "curation")


def curate(*arguments: object) -> str:
    """What a command prints on standard output."""
    command = [*CURATE, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(
            f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr[-2000:]}"
        )
    return done.stdout


def beside(forecast: float, measured: float, shape: str) -> str:
    """A forecast, what was measured, and by how much of that they differ.

    >>> beside(110, 100, "{:.0f}")
    '110 / 100 (+10%)'
    """
    values = f"{shape.format(forecast)} / {shape.format(measured)}"
    return f"{values} ({forecast / measured - 1:+.0%})" if measured else values


def report(forecast: dict[str, Any], steps: list[dict[str, Any]], processor_s: float) -> None:
    """A row for each step, forecast / run, and the sums."""
    print("| step | documents | processor, s | MiB shuffled | MiB written |")
    print("|---|---|---|---|---|")
    for said, was in zip(forecast["steps"], steps, strict=True):
        cells = [
            beside(said["documents"], was["rows_in"], "{:,.0f}"),
            beside(said["processor_s"], was["processor_s"], "{:,.1f}"),
            *(beside(said[one] / MIB, was[two] / MIB, "{:,.1f}") for one, two in SIZES.items()),
        ]
        print(f"| {' | '.join([said['name'], *cells])} |")
    sums = [
        beside(forecast[one] / MIB, sum(was[two] for was in steps) / MIB, "{:,.1f}")
        for one, two in SIZES.items()
    ]
    whole = beside(forecast["processor_s"], processor_s, "{:,.1f}")
    print(f"| {' | '.join(['the run', '', whole, *sums])} |")
    peak = max(was["peak_memory_bytes"] or 0 for was in steps)
    print(
        f"\nfrom {forecast['sample_pages']:,} pages; fixed: {forecast['fixed_s']:.1f} s; memory at "
        f"most {forecast['memory_bytes'] / MIB:,.0f} MiB, seen {peak / MIB:,.0f}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=10_000)
    parser.add_argument("--sample", type=float, default=0.05)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--crawl", type=Path)
    parser.add_argument("--conf", default=str(locate("local.toml")))
    parser.add_argument("--master", default="local[2,4]")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        small = write_sample_crawl(folder / "small", seed=1, pages=100)
        where = ("--master", options.master)
        curate("run", options.conf, *small, "--root", folder / "first", *where)
        crawl = options.crawl
        if crawl is None:
            crawl = folder / "crawl"
            write_sample_crawl(crawl, seed=2, pages=options.pages)
        what = (options.conf, crawl, "--root", folder / "runs", *where)
        sampled = ("--forecast", "--json", "--sample", options.sample, "--seed", options.seed)
        forecast = json.loads(curate("plan", *what, *sampled))
        assert not (folder / "runs").exists()
        printed = curate("run", *what)
        [lines] = (folder / "runs").glob("*/*/steps.jsonl")
        steps = [json.loads(line) for line in lines.read_text().splitlines()]
        done = DONE.search(printed)
        assert done, printed
        report(forecast, steps, float(done[2]))


if __name__ == "__main__":
    main()
